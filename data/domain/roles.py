"""Roles, what each may do, and which of them see counts of people unrounded. Who has which role is decided outside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from data.errors import WrongUse


class Role(StrEnum):
    """What somebody is in this work; a person has one or several, each for an area."""

    PUBLIC = "publik"
    PLANNER = "perencana"
    LEADER = "pimpinan"
    DATA_OFFICER = "petugas_data"
    SUPERVISOR = "penyelia"
    OFFICIAL = "pejabat"
    ADMIN = "admin"


ROLES = tuple(Role)
DEFAULT_ROLE = Role.PLANNER
_PLANNING = frozenset({Role.PLANNER, Role.ADMIN})
_DATA = frozenset({Role.DATA_OFFICER, Role.ADMIN})
_COUNTING = frozenset({Role.DATA_OFFICER})
_EVERYBODY = frozenset(ROLES)
_COMPUTING = _PLANNING | _DATA
_CHECKING = frozenset({Role.SUPERVISOR, Role.ADMIN})
_APPROVING = frozenset({Role.OFFICIAL, Role.ADMIN})
_OFFICE = _EVERYBODY - {Role.PUBLIC}


@dataclass(frozen=True)
class Rule:
    """Who may do an act: one of ``roles``; ``everywhere`` when it concerns the whole installation and not one area,
    ``anywhere`` when no area is asked for."""

    roles: frozenset[Role]
    everywhere: bool = False
    anywhere: bool = False


class Act(StrEnum):
    """What a person does that changes something, takes something along, or looks at what is not for everybody."""

    IMPORT = "impor"
    IMPORT_GUARDED = "impor_lindung"
    SETTLE_NAMES = "tetapkan_nama"
    ASSIGN_COLUMNS = "tetapkan_kolom"
    FORGET = "lupakan"
    UNDO = "batalkan"
    PREFER_SOURCE = "pilih_sumber"
    FETCH_PUBLIC = "ambil_publik"
    SCORE = "hitung_skor"
    EVALUATE = "nilai"
    FIND_HOTSPOTS = "cari_konsentrasi"
    ASSUME_REPORTING = "asumsi_pelaporan"
    RETIRE_MODEL = "nonaktifkan_model"
    PLAN = "rencanakan"
    SCHEDULE = "jadwalkan"
    ARRANGE_HELP = "atur_bantuan"
    KEEP_DRAFT = "simpan_draf"
    FREEZE_LIST = "bekukan_daftar"
    CHECK_LIST = "periksa_daftar"
    APPROVE_LIST = "setujui_daftar"
    HAND_OVER = "unduh"
    HAND_OVER_WORK = "unduh_kerja"
    SEE_WORK = "lihat_kerja"
    SEE_EXACT = "lihat_persis"
    SEE_NOTICES = "lihat_peringatan"
    ENTER_REPLY = "isi_klarifikasi"
    DECIDE_REPLY = "putuskan_klarifikasi"
    FINISH_REPLY = "selesaikan_klarifikasi"
    WRITE_NOTE = "tulis_catatan"
    REMOVE_NOTE = "hapus_catatan"
    LOAD_ROADS = "muat_jalan"
    INSTALL = "pasang"
    BACK_UP = "cadangkan"
    RESTORE = "pulihkan"
    READ_AUDIT = "baca_jejak"
    REPORT_INCIDENT = "laporkan_insiden"
    CUT_AUDIT = "potong_jejak"
    SIGN_IN = "masuk"
    SIGN_OUT = "keluar"
    CHANGE_PASSWORD = "ganti_sandi"
    MANAGE_ACCOUNTS = "kelola_akun"


RULES: dict[Act, Rule] = {
    Act.IMPORT: Rule(_DATA),
    Act.IMPORT_GUARDED: Rule(_COUNTING),
    Act.SETTLE_NAMES: Rule(_DATA),
    Act.ASSIGN_COLUMNS: Rule(_DATA, anywhere=True),
    Act.FORGET: Rule(_DATA),
    Act.UNDO: Rule(_DATA),
    Act.PREFER_SOURCE: Rule(_DATA, everywhere=True),
    Act.FETCH_PUBLIC: Rule(_DATA, everywhere=True),
    Act.SCORE: Rule(_COMPUTING, everywhere=True),
    Act.EVALUATE: Rule(_COMPUTING, everywhere=True),
    Act.FIND_HOTSPOTS: Rule(_COMPUTING, everywhere=True),
    Act.ASSUME_REPORTING: Rule(_COMPUTING, everywhere=True),
    Act.RETIRE_MODEL: Rule(_COMPUTING | _APPROVING, everywhere=True),
    Act.PLAN: Rule(_PLANNING),
    Act.SCHEDULE: Rule(_PLANNING),
    Act.ARRANGE_HELP: Rule(_PLANNING),
    Act.KEEP_DRAFT: Rule(_PLANNING, anywhere=True),
    Act.FREEZE_LIST: Rule(_PLANNING),
    Act.CHECK_LIST: Rule(_CHECKING),
    Act.APPROVE_LIST: Rule(_APPROVING),
    Act.HAND_OVER: Rule(_EVERYBODY, anywhere=True),
    Act.HAND_OVER_WORK: Rule(_OFFICE),
    Act.SEE_WORK: Rule(_OFFICE),
    Act.SEE_EXACT: Rule(_DATA),
    Act.SEE_NOTICES: Rule(frozenset({Role.ADMIN}), everywhere=True),
    Act.ENTER_REPLY: Rule(_DATA),
    Act.DECIDE_REPLY: Rule(_CHECKING),
    Act.FINISH_REPLY: Rule(_DATA),
    Act.WRITE_NOTE: Rule(_OFFICE),
    Act.REMOVE_NOTE: Rule(_OFFICE),
    Act.LOAD_ROADS: Rule(_DATA, everywhere=True),
    Act.INSTALL: Rule(frozenset({Role.ADMIN}), everywhere=True),
    Act.BACK_UP: Rule(frozenset({Role.ADMIN}), everywhere=True),
    Act.RESTORE: Rule(frozenset({Role.ADMIN}), everywhere=True),
    Act.READ_AUDIT: Rule(frozenset({Role.ADMIN}), everywhere=True),
    Act.REPORT_INCIDENT: Rule(frozenset({Role.ADMIN}), everywhere=True),
    Act.CUT_AUDIT: Rule(frozenset({Role.ADMIN}), everywhere=True),
    Act.SIGN_IN: Rule(frozenset(ROLES), anywhere=True),
    Act.SIGN_OUT: Rule(frozenset(ROLES), anywhere=True),
    Act.CHANGE_PASSWORD: Rule(frozenset(ROLES), anywhere=True),
    Act.MANAGE_ACCOUNTS: Rule(frozenset({Role.ADMIN}), everywhere=True),
}
"""Every act has a rule. Sessions held come in by `Act.IMPORT`, as every other table; files that hold counts of single
people below the kabupaten need `Act.IMPORT_GUARDED` besides, to be stored and to be taken back. `Act.HAND_OVER` is for
files that everybody may have; what the office works with is handed over by `Act.HAND_OVER_WORK`."""


def check_role(role: str) -> Role:
    """``role`` as a `Role`; raises `WrongUse` (``UNKNOWN_ROLE``) when it is none."""
    if role not in ROLES:
        raise WrongUse("UNKNOWN_ROLE", value=role, known=", ".join(ROLES))
    return Role(role)


def sees_exact_counts(role: str) -> bool:
    """Whether the role may see counts of people unrounded; each such view is for the caller to log."""
    return check_role(role) in RULES[Act.SEE_EXACT].roles
