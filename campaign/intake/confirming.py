"""What a person decides about a file, remembered for the next one: which village a name means, what a column holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from campaign.intake.importing import File, Upload, examine
from campaign.permission import act, within
from data.domain.actor import Actor
from data.domain.codes import level_of
from data.domain.provinces import PROVINCE_CODES
from data.domain.roles import Act
from data.errors import Refused, WrongUse
from data.intake.cells.text import words_of
from data.intake.examined import Examined, ImportOptions
from data.intake.files.tables import read_content, read_tables
from data.intake.header.columns import FileColumn, columns_of
from data.intake.header.remembered import with_remembered
from data.intake.privacy.personal import value_kind
from data.intake.report import Proposal
from data.store.store import Store
from data.workspace import Workspace


def confirmable(found: Examined) -> dict[int, list[Proposal]]:
    """Rows of an examined import whose name a person can settle here, each with its proposals, the best first.

    Where nothing is like the name, the one proposal has no code.
    """
    rows: dict[int, list[Proposal]] = {}
    for proposal in [*found.report.proposals, *found.report.unmatched]:
        if proposal.kunci:
            rows.setdefault(proposal.row, []).append(proposal)
    return {row: sorted(those, key=lambda one: -one.similarity) for row, those in rows.items()}


def level_wanted(proposal: Proposal) -> str:
    """Whether a name is that of a village, a kecamatan or a kabupaten."""
    if proposal.kunci.startswith("//"):
        return "kabupaten"
    return "kecamatan" if proposal.kunci.endswith("/") else "desa"


@act(Act.SETTLE_NAMES)
def confirm(
    actor: Actor,
    found: Examined,
    choices: Mapping[int, str],
    store: Store,
    source: str | None,
    *,
    every_source: bool = False,
) -> int:
    """Remembers which area the names of some rows mean (row → code) and returns how many names that were.

    A choice holds for the name as written inside its kecamatan, kabupaten or province, for files of the same
    ``source`` (of any source without one or with ``every_source``); files read from now on use it. Stored in one
    transaction, audited; `Store.names.forget` takes one back.

    Raises `WrongUse`: ``NOT_CONFIRMABLE`` for a row without such a proposal, ``CHOICE_OUTSIDE`` for a code that is not
    in the gazetteer or not inside the scope, ``CHOICE_TWICE`` for one name with two codes. Nothing is remembered then.
    """
    within(actor, Act.SETTLE_NAMES, choices.values())
    settle = confirmable(found)
    villages = store.gazetteer.villages()
    known = {kode for column in ("kode", "kode_kec", "kode_kab") for kode in villages[column]}
    holds_for = "" if every_source else words_of(source or "")
    chosen: dict[tuple[str, str], dict[str, str]] = {}
    for row, kode in choices.items():
        if row not in settle:
            raise WrongUse("NOT_CONFIRMABLE", row=row)
        first = settle[row][0]
        if kode not in known or level_of(kode) != level_wanted(first) or not kode.startswith(first.lingkup + "."):
            raise WrongUse("CHOICE_OUTSIDE", row=row, kode=str(kode)[:20])
        if value_kind(first.value) is not None:
            raise Refused("PII_VALUE", column="", header="", what=value_kind(first.value), rows=str(row), count=1)
        one = {"teks": first.value, "kunci": first.kunci, "kode": kode, "lingkup": first.lingkup, "sumber": holds_for}
        if chosen.setdefault((first.lingkup, first.kunci), one)["kode"] != kode:
            raise WrongUse("CHOICE_TWICE", row=row, kode=kode)
    if chosen:
        store.names.remember_all(list(chosen.values()), actor.name)
    return len(chosen)


def file_columns(kind: str, file: File, store: Store, options: ImportOptions = ImportOptions()) -> list[FileColumn]:
    """The columns of a table to choose from, as they are read now; see `data.intake.header.columns.columns_of`."""
    sheet = options.sheet
    raw = read_content(file.content, file.name, sheet) if isinstance(file, Upload) else read_tables(file, sheet)
    known = with_remembered(options, raw, kind, store.columns.all())
    return columns_of(kind, raw, store.gazetteer.villages(), known.columns)


@act(Act.ASSIGN_COLUMNS)
def remember_columns(
    actor: Actor,
    kind: str,
    file: File,
    columns: dict[str, str],
    store: Store,
    workspace: Workspace,
    options: ImportOptions,
) -> Examined:
    """Remembers what columns mean (field → header) for tables with these headers, and examines the file with them.

    They hold for the kind and the source of ``options`` (any source without one). Raises `Refused`
    (``COLUMN_MAPPING`` …) when the file cannot be read that way as a whole and `WrongUse` (``COLUMN_TWICE``) when one
    column is to hold two things; nothing is remembered then.
    """
    headers = list(columns.values())
    twice = next((header for header in headers if headers.count(header) > 1), None)
    if twice is not None:
        raise WrongUse("COLUMN_TWICE", header=twice)
    found = examine(kind, file, store, workspace, replace(options, columns=columns))
    if found.report.outcome == "refused":
        raise Refused(found.report.reason or "COLUMN_MAPPING", **found.report.params)
    store.columns.remember(kind, words_of(options.source), found.headers, columns, actor.name)
    return examine(kind, file, store, workspace, options)


@act(Act.FORGET)
def forget_name(actor: Actor, store: Store, number: int) -> None:
    """Takes a confirmed name back. Raises `WrongUse` (``UNKNOWN_ALIAS``)."""
    known = store.names.all()
    within(actor, Act.FORGET, known.loc[known["id"] == number, "kode"].astype(str))
    store.names.forget(number, actor.name)


@act(Act.FORGET)
def forget_columns(actor: Actor, store: Store, number: int) -> None:
    """Takes remembered columns back. Raises `WrongUse` (``UNKNOWN_MAPPING``)."""
    store.columns.forget(number, actor.name)


def remembered_names(store: Store) -> pd.DataFrame:
    """Names people confirmed, the newest first: ``id, teks, kode, nama, lingkup_nama, sumber, user, created_at``."""
    known = store.names.all().sort_values("id", ascending=False, ignore_index=True)
    names = _names(store.gazetteer.villages())
    known["nama"] = [names.get(kode, kode) for kode in known["kode"]]
    known["lingkup_nama"] = [names.get(kode, kode) for kode in known["lingkup"]]
    return known[["id", "teks", "kode", "nama", "lingkup_nama", "sumber", "user", "created_at"]]


def remembered_columns(store: Store) -> pd.DataFrame:
    """Columns people assigned, the newest first: ``id, jenis, kolom (field → header), sumber, user, created_at``."""
    known = store.columns.all().sort_values("id", ascending=False, ignore_index=True)
    return known[["id", "jenis", "kolom", "sumber", "user", "created_at"]]


def _names(villages: pd.DataFrame) -> dict[str, str]:
    names = {code: name.title() for name, code in reversed(PROVINCE_CODES.items())}  # the full name stands first
    for row in villages.itertuples():
        names[str(row.kode_kab)] = str(row.kabupaten)
        names[str(row.kode_kec)] = str(row.kecamatan)
        # A village of the same name may lie in the same kecamatan.
        names[str(row.kode)] = f"{row.nama} (kel.)" if row.jenis == "kelurahan" else str(row.nama)
    return names
