"""What a person decides about a file, remembered for the next one: which village a name means, what a column holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from campaign.importing import examine
from data.codes import level_of
from data.errors import Refused, WrongUse
from data.intake.personal import value_kind
from data.intake.remembered import hash_of_mapped
from data.intake.report import Proposal
from data.intake.tables import read_tables
from data.intake.text import words_of
from data.workspace import Workspace


def confirmable(found: Any) -> dict[int, list[Proposal]]:
    """Rows of an examined import whose name a person can settle here, each with its proposals, the best first."""
    rows: dict[int, list[Proposal]] = {}
    for proposal in found.report.proposals:
        if proposal.kunci:
            rows.setdefault(proposal.row, []).append(proposal)
    return {row: sorted(those, key=lambda one: -one.similarity) for row, those in rows.items()}


def confirm(
    found: Any, choices: Mapping[int, str], kind: str, path: Path, store: Any, workspace: Workspace,
    options: dict[str, Any], user: str, *, every_source: bool = False,
) -> Any:  # fmt: skip
    """Remembers which area the names of some rows mean (row → code) and examines the file again.

    A choice holds for the name as written inside its kecamatan or kabupaten, for files of the same source
    (``options["source"]``; of any source without one or with ``every_source``). Stored in one transaction, audited;
    `data.store.store.Store.forget_alias` takes one back.

    Raises `WrongUse`: ``NOT_CONFIRMABLE`` for a row without such a proposal, ``CHOICE_OUTSIDE`` for a code that is not
    in the gazetteer or not inside the scope. Nothing is remembered then.
    """
    settle = confirmable(found)
    villages = store.gazetteer()
    known = set(villages["kode"]) | set(villages["kode_kec"])
    source = "" if every_source else words_of(str(options.get("source") or ""))
    chosen = []
    for row, kode in choices.items():
        if row not in settle:
            raise WrongUse("NOT_CONFIRMABLE", row=row)
        first = settle[row][0]
        wanted = "kecamatan" if first.kunci.endswith("/") else "desa"
        if kode not in known or level_of(kode) != wanted or not kode.startswith(first.lingkup + "."):
            raise WrongUse("CHOICE_OUTSIDE", row=row, kode=str(kode)[:20])
        if value_kind(first.value) is not None:
            raise Refused("PII_VALUE", column="", header="", what=value_kind(first.value), rows=str(row), count=1)
        chosen.append(
            {"teks": first.value, "kunci": first.kunci, "kode": kode, "lingkup": first.lingkup, "sumber": source}
        )
    store.remember_aliases(chosen, user)
    return examine(kind, path, store, workspace, options)


def remember_columns(
    kind: str, path: Path, columns: dict[str, str], store: Any, workspace: Workspace, options: dict[str, Any], user: str
) -> Any:
    """Remembers what columns mean (field → header) for tables with these headers, and examines the file with them.

    They hold for the kind and the source of ``options`` (any source without one). Raises `Refused`
    (``COLUMN_MAPPING`` …) when the file cannot be read that way as a whole; nothing is remembered then.
    """
    found = examine(kind, path, store, workspace, {**options, "columns": columns})
    if found.report.outcome == "refused":
        raise Refused(found.report.reason or "COLUMN_MAPPING", **found.report.params)
    tajuk = hash_of_mapped(read_tables(path, options), columns)
    if tajuk is None:
        # A header of two rows: its joined labels stand in no single row, so it is not found again.
        raise Refused(
            "COLUMN_MAPPING", field=next(iter(columns), ""), header=next(iter(columns.values()), ""), known=""
        )
    store.remember_mapping(kind, words_of(str(options.get("source") or "")), tajuk, columns, user)
    return examine(kind, path, store, workspace, options)
