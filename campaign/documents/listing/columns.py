"""The columns of a target list, one row each: XLSX, CSV, map files, data dictionary and annex loop over them.

No count of cases, no score of a village, no name of a person. ``p_topN`` is a word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from campaign.documents.listing.arranged import quarter_text
from campaign.documents.listing.source import ListSource, costs
from campaign.handover.columns import Cell, Column, ColumnProtection, FilledBy, Origin
from campaign.handover.lists import CARRIED_OUT
from campaign.planning.tables import avoid_text
from campaign.statements.factors import reason_sentence
from risk.scoring.bands import CERTAIN, UNCERTAIN
from words import date_text, t

PEOPLE_15_35 = r"(jumlah_)?(penduduk_)?(usia_|umur_)?15_(s_d_|sampai_|hingga_)?35(_tahun)?"
HOUSEHOLDS = r"(jumlah_|jml_|banyaknya_)?(kk|kepala_keluarga)"
"""How the key of an indicator may read from which a column is filled once somebody brought it in."""


@dataclass(frozen=True)
class Annex:
    """Where a column stands in the annex of the decree, under which head (text key), how wide in centimetres."""

    place: int
    head: str
    width: float


@dataclass(frozen=True, kw_only=True)
class ListColumn(Column[ListSource]):
    """A column of the list. ``annex``: it stands in the annex too, which is public; without ``sheets`` only there."""

    annex: Annex | None = None
    sheets: bool = True


def _column(
    name: str,
    value: Callable[[ListSource], Sequence[Any] | pd.Series],
    origin: Origin,
    protection: ColumnProtection = ColumnProtection.OPEN,
    **more: Any,
) -> ListColumn:
    return ListColumn(
        name=name, meaning=f"dokumen.kolom.{name}", value=value, origin=origin, protection=protection, **more
    )


def _place(name: str) -> Callable[[ListSource], pd.Series]:
    return lambda source: source.here[name]


def _arranged(name: str) -> Callable[[ListSource], Sequence[str]]:
    return lambda source: source.arranged[name]


def _reason(i: int) -> Callable[[ListSource], Sequence[str]]:
    return lambda source: [reason_sentence(one, source.lang) if one else "" for one in source.reasons(i)]


def _same(text: Callable[[ListSource], str]) -> Callable[[ListSource], Sequence[str]]:
    """One text in every row."""
    return lambda source: [text(source)] * len(source.rows)


def left_to_office(source: ListSource) -> Sequence[str]:
    """Empty: nothing here knows it, the office writes it."""
    return [""] * len(source.rows)


CHANCE_WORDS = ("tegas", "seri", "luar")


def chance_word(p_top: float) -> str:
    """One of `CHANCE_WORDS`: surely in the list, in the tie zone, surely out."""
    certain, tied, out = CHANCE_WORDS
    return certain if p_top >= CERTAIN else tied if p_top >= UNCERTAIN else out


def _bands(source: ListSource) -> list[str]:
    return [t(f"prioritas.{band}", source.lang) if isinstance(band, str) else "" for band in source.scored["prioritas"]]


def _evidence(source: ListSource) -> list[str]:
    return [t(f"peta.bukti.{name}", source.lang) if name else "" for name in source.scored["tingkat_bukti"].fillna("")]


def _last_session(source: ListSource) -> list[str]:
    return [
        date_text(source.held[kode], source.lang) if kode in source.held else t("dokumen.belum_ada", source.lang)
        for kode in source.rows["kode"]
    ]


def _hours(source: ListSource) -> pd.Series:
    effort = source.plan["wishes"]["effort"]
    hours = (source.rows["team_days"] + source.rows["trip_days"]) * effort["jam_per_hari"] - effort["jam_per_sesi"]
    return hours.clip(lower=0).round(1)


def _trip_share(source: ListSource) -> pd.Series:
    """The village's share of the trip to its kecamatan."""
    return (source.rows["trip_days"] / source.rows.groupby("trip")["kode"].transform("size")).round(2)


def _rupiah(source: ListSource) -> pd.Series:
    return costs(source.plan).reindex(source.rows["kode"]).round(-3).astype("int64")


def _status(source: ListSource) -> list[str]:
    made = dt.date.fromisoformat(source.plan["made"])
    done = {kode for kode, day in source.held.items() if day >= made}
    return [
        t(f"dokumen.status.{CARRIED_OUT if kode in done else source.target_list.status}", source.lang)
        for kode in source.rows["kode"]
    ]


def _data_status(source: ListSource) -> str:
    return t("app.contoh" if source.plan.get("data_contoh") else "dokumen.data_kantor", source.lang)


_OFFICE: dict[str, Any] = {"origin": Origin.OFFICE, "filled_by": FilledBy.OFFICE}
_SCHEDULE: dict[str, Any] = {"origin": Origin.SCHEDULE, "filled_by": FilledBy.EITHER}
_COUNT: dict[str, Any] = {"protection": ColumnProtection.ROUNDED, "cell": Cell.NUMBER}

LIST_COLUMNS: tuple[ListColumn, ...] = (
    _column(
        "no",
        lambda s: range(1, len(s.rows) + 1),
        Origin.LIST,
        width=5,
        cell=Cell.NUMBER,
        annex=Annex(1, "sk.kolom.no", 0.9),
    ),
    _column("kode_desa", lambda s: s.rows["kode"], Origin.PLAN, width=15, annex=Annex(5, "sk.kolom.kode", 2.4)),
    _column("kode_bps", _place("kode_bps"), Origin.GAZETTEER, width=12),
    _column("kabupaten", _place("kabupaten"), Origin.GAZETTEER, width=26, annex=Annex(2, "sk.kolom.kab", 3.4)),
    _column("kecamatan", _place("kecamatan"), Origin.GAZETTEER, width=20, annex=Annex(3, "sk.kolom.kec", 2.6)),
    _column("desa_kel", _place("nama"), Origin.GAZETTEER, width=22, annex=Annex(4, "sk.kolom.desa", 2.9)),
    _column("status", _place("jenis"), Origin.GAZETTEER),
    _column("pulau", lambda s: s.islands(), Origin.PLAN),
    _column("penduduk", lambda s: s.rows["orang"].round(-1).astype(int), Origin.PLAN, width=10, **_COUNT),
    _column("penduduk_15_35", lambda s: s.counted(PEOPLE_15_35), Origin.INDICATOR, filled_by=FilledBy.EITHER, **_COUNT),
    _column("kk", lambda s: s.counted(HOUSEHOLDS), Origin.INDICATOR, filled_by=FilledBy.EITHER, **_COUNT),
    _column("prioritas", _bands, Origin.SCORE, ColumnProtection.WORDED),
    _column(
        "p_topN",
        lambda s: [t(f"dokumen.p.{chance_word(p)}", s.lang) for p in s.rows["p_top"]],
        Origin.SCORE,
        ColumnProtection.WORDED,
    ),
    *(_column(f"alasan_{i + 1}", _reason(i), Origin.SCORE, ColumnProtection.WORDED, width=55) for i in range(3)),
    _column("kualitas_data", lambda s: s.scored["kualitas_data"].fillna(""), Origin.SCORE, ColumnProtection.WORDED),
    _column("tingkat_bukti", _evidence, Origin.SCORE, ColumnProtection.WORDED, width=16),
    _column("cara_pilih", lambda s: [t(f"dokumen.cara.{how}", s.lang) for how in s.rows["how"]], Origin.PLAN, width=22),
    _column("kode_override", lambda s: s.decided(0), Origin.PLAN, ColumnProtection.TYPED),
    _column("alasan_override", lambda s: s.decided(1), Origin.PLAN, ColumnProtection.TYPED),
    _column("sesi_terakhir", _last_session, Origin.SESSIONS, width=16),
    _column("topik_belum", lambda s: s.open_topics(), Origin.SESSIONS),
    _column(
        "moda",
        lambda s: [t("dokumen.moda.laut" if sea else "dokumen.moda.darat", s.lang) for sea in s.rows["laut"]],
        Origin.PLAN,
    ),
    _column("waktu_tempuh_jam", _hours, Origin.PLAN, cell=Cell.NUMBER),
    _column(
        "musim_hindari",
        lambda s: [avoid_text(months, s.lang) for months in s.rows["musim_hindari"]],
        Origin.PLAN,
        width=20,
    ),
    _column("hari_tim", lambda s: s.rows["team_days"].round(2), Origin.PLAN, cell=Cell.NUMBER),
    _column("hari_jalan", _trip_share, Origin.PLAN, cell=Cell.NUMBER),
    _column("biaya_rp", _rupiah, Origin.PLAN, width=13, **_COUNT),
    _column("pelaksana", _arranged("pelaksana"), annex=Annex(6, "sk.kolom.pelaksana", 2.9), **_SCHEDULE),
    _column("tim", _arranged("tim"), **_SCHEDULE),
    _column("tgl_rencana", _arranged("tgl_rencana"), **_SCHEDULE),
    _column("urutan_kunjungan", _arranged("urutan_kunjungan"), **_SCHEDULE),
    _column("lokasi", left_to_office, **_OFFICE),
    _column("kelompok_sasaran", _arranged("kelompok_sasaran"), Origin.PLAN),
    _column("bantuan", _arranged("bantuan"), Origin.PLAN),
    _column("mitra", left_to_office, **_OFFICE),
    _column("kontak_kantor", left_to_office, **_OFFICE),
    _column("bahasa_daerah", left_to_office, **_OFFICE),
    _column("status_plan", _status, Origin.LIST),
    _column("verifikasi_kab", left_to_office, **_OFFICE),
    _column("versi", _same(lambda s: s.target_list.name), Origin.LIST, width=18),
    _column("hash", _same(lambda s: s.target_list.sidik[:16]), Origin.LIST, width=18),
    _column("berlaku_sampai", _same(lambda s: date_text(s.target_list.until, s.lang)), Origin.LIST, width=18),
    _column("status_data", _same(_data_status), Origin.LIST),
    _column(
        "triwulan",
        lambda s: [quarter_text(s.days.get(kode)) for kode in s.rows["kode"]],
        Origin.SCHEDULE,
        annex=Annex(7, "sk.kolom.triwulan", 1.7),
        sheets=False,
    ),
)


def sheet_columns() -> tuple[ListColumn, ...]:
    """Columns of the sheet, the CSV and the map files, in their order."""
    return tuple(column for column in LIST_COLUMNS if column.sheets)


def annex_columns() -> tuple[tuple[ListColumn, Annex], ...]:
    """Columns of the annex with what is said of them there, in their order."""
    found = [(column, column.annex) for column in LIST_COLUMNS if column.annex is not None]
    return tuple(sorted(found, key=lambda one: one[1].place))
