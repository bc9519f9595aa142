"""The columns of a file as a person needs to see them to say what they hold: name, first cells, today's reading.

Samples pass the door against personal data like everything else: a column that announces or holds any is closed, and
of other columns only cells are shown that cannot be about a person (numbers, days, codes, places, words of the trade).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.domain.kinds import KINDS, Holds
from data.errors import Refused
from data.intake.cells.numbers import MISSING, NONE_AT_ALL, looks_numeric
from data.intake.cells.periods import read_date
from data.intake.cells.text import header_key, shorten, words_of
from data.intake.examined import ImportOptions
from data.intake.files.raw import Cell, RawFile, RawTable
from data.intake.header.header_names import column_names
from data.intake.header.headers import Header, find_header, is_data_row, is_part_of_year, read_header
from data.intake.kinds.record_kinds import reader_of
from data.intake.places.gazetteer_index import GazetteerIndex, build_index
from data.intake.privacy.personal import header_kind, value_kind

SEARCHED_ROWS, SAMPLE_ROWS = 40, 3
_CHOSEN_AS = {"bps": "kode_bps", "lama": "kode_lama"}
"""Own fields of the crosswalk that go by another name here."""

_TRADE = {
    "tppo",
    "pmi",
    "tki",
    "prosedural",
    "nonprosedural",
    "non",
    "kasus",
    "orang",
    "jiwa",
    "meninggal",
    "bermasalah",
    "legal",
    "ilegal",
    "resmi",
    "tidak",
    "ada",
    "nihil",
    "dunia",
    "kk",
    "rumah",
    "tangga",
    "persen",
    "indeks",
    "desa",
    "kelurahan",
}
"""Words that name no person, alone or together."""


@dataclass(frozen=True)
class FileColumn:
    """One column: what to name it by, its first cells as text (empty where blank or kept back), the field it is read
    as now, and the kind of personal data it seems to hold (empty for none; such a column cannot be chosen).
    """

    name: str
    samples: tuple[str, ...]
    field: str = ""
    personal: str = ""


def columns_of(kind: str, raw: RawFile, gazetteer: Any, named: Mapping[str, str] | None = None) -> list[FileColumn]:
    """The columns of the table of a file that looks most like one of ``kind``; empty when it has no row of headers.

    ``gazetteer`` as the store gives it: names of places may be shown. ``named`` is what was chosen (field → header).
    """
    index = build_index(gazetteer)
    found = [one for table in raw.tables if (one := _header(kind, table, index, named)) is not None]
    if not found:
        return []
    table, header = max(found, key=lambda one: (len(one[1].fields) + len(one[1].measures), len(one[0].rows)))
    fields = {column: name for name, column in header.fields.items()}
    fields |= {one.column: one.key or "nilai" for one in header.measures}
    below = [cells for number, cells in table.rows if number > header.last]
    width = max((len(cells) for cells in below[:200]), default=0)
    labels = [*header.labels, *[""] * (width - len(header.labels))]
    return [
        _column(
            name,
            labels[place],
            [cells[place] if place < len(cells) else None for cells in below],
            fields.get(place, ""),
            index,
        )
        for place, name in enumerate(column_names(labels))
        if labels[place] or any(place < len(cells) and cells[place] is not None for cells in below[:200])
    ]


def _header(
    kind: str, table: RawTable, index: GazetteerIndex, named: Mapping[str, str] | None
) -> tuple[RawTable, Header] | None:
    """The header of a table as it is read, else the row that looks most like one."""
    records = KINDS[kind].holds is Holds.RECORDS
    if records:
        reader = reader_of(kind)(index, ImportOptions(columns=named or {}), dt.date.today())
        columns = reader.find_columns(table)
        if columns.at:
            at = {_CHOSEN_AS.get(name, name): places[0] for name, places in columns.at.items() if len(places) == 1}
            return table, Header(columns.header.first, columns.header.last, columns.header.labels, fields=at)
    else:
        try:
            return table, find_header(table, KINDS[kind], named)
        except Refused:
            pass
    rows = [(number, cells) for number, cells in table.rows[:SEARCHED_ROWS] if not is_data_row(cells)]
    wide = [(number, cells) for number, cells in rows if sum(isinstance(cell, str) for cell in cells) > 1]
    if not wide:
        return None
    number, cells = max(wide, key=lambda row: (sum(isinstance(cell, str) for cell in row[1]), -row[0]))
    labels = [str(cell) if isinstance(cell, str) else "" for cell in cells]
    if records:
        return table, Header(number, number, labels)
    position = next(at for at, row in enumerate(table.rows) if row[0] == number)
    return table, read_header(number, number, labels, KINDS[kind], table, position)


def _column(name: str, label: str, cells: list[Cell], read_as: str, index: GazetteerIndex) -> FileColumn:
    what = header_kind(label) or value_kind(label) or next(filter(None, map(value_kind, cells)), None)
    if what is not None:
        return FileColumn(shorten(name, 60) if value_kind(label) is None else "", (), "", what)
    texts = [cell for cell in cells[:200] if isinstance(cell, str) and not _is_plain(cell)]
    of_places = sum(map(index.is_place, texts)) >= len(texts) / 2
    samples = []
    for cell in cells[:SAMPLE_ROWS]:
        shown = isinstance(cell, str) and not of_places and not _is_plain(cell)
        samples.append("…" if shown else _written(cell))
    return FileColumn(name, tuple(samples), read_as)


def _is_plain(text: str) -> bool:
    """Whether a text cannot be about a person: a number, a day, a month, a code, or a word of the trade."""
    low = text.strip().lower()
    return (
        looks_numeric(text)
        or low in MISSING | NONE_AT_ALL
        or not re.search(r"[A-Za-z]{2}", text)
        or is_part_of_year(header_key(text))
        or read_date(text) is not None
        or set(words_of(text).split()) <= _TRADE
    )


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime | dt.date):
        return f"{cell:%d/%m/%Y}"
    return shorten(f"{cell:.15g}" if isinstance(cell, float) else str(cell), 30)
