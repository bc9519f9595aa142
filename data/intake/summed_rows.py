"""Several rows of one area told apart by a column (country, sex, sector): parts of one count, which are added up.

Rows nobody tells apart stay duplicates; so do those where one of the rows is already the sum.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from data.domain.kinds import measure_of
from data.intake.cells.numbers import Convention, read_number
from data.intake.cells.text import header_key, words_of
from data.intake.files.raw import Cell
from data.intake.header.headers import Header

_CATEGORIES = {
    "negara tujuan",
    "negara",
    "tujuan",
    "negara penempatan",
    "negara tujuan penempatan",
    "jenis kelamin",
    "kelamin",
    "jk",
    "l p",
    "gender",
    "sex",
    "sektor",
    "sektor pekerjaan",
    "jabatan",
    "pekerjaan",
    "bidang pekerjaan",
    "kelompok umur",
    "golongan umur",
    "p3mi",
    "nama p3mi",
    "perusahaan",
    "skema",
    "skema penempatan",
    "pendidikan",
    "modus",
    "bentuk",
    "bentuk eksploitasi",
}
_SUM = re.compile(r"(?:jumlah|total|jml|semua|seluruh\w*|l p|lp|laki(?: laki)? (?:dan )?perempuan)\b.*")

Fact = dict[str, Any]


def category_columns(header: Header) -> list[int]:
    """Columns whose headers divide a count and name nobody."""
    return [column for column, label in enumerate(header.labels) if header_key(label) in _CATEGORIES]


def categories(cells: Sequence[Cell], columns: Sequence[int]) -> tuple[str, ...]:
    """The folded categories of a row."""
    return tuple(words_of(str(cells[at])) if at < len(cells) and cells[at] is not None else "" for at in columns)


def add_up(facts: Sequence[Fact], told: Mapping[int, tuple[str, ...]]) -> tuple[list[Fact], list[int]]:
    """The facts with those of one figure added where ``told`` (categories by row) tells all of its rows apart; and the
    rows that were added to others. Only counts are added; what is missing adds nothing.
    """
    groups: defaultdict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        key = (fact["indikator"], fact["kode"], fact["period_start"], fact["period_end"], fact["source"])
        groups[key].append(fact)
    kept: list[Fact] = []
    rows: list[int] = []
    for group in groups.values():
        named = [told.get(fact["row"], ()) for fact in group]
        apart = len(set(named)) == len(group) and all(any(one) for one in named)
        whole = any(_SUM.fullmatch(text) for one in named for text in one)
        if len(group) == 1 or not apart or whole or not measure_of(group[0]["indikator"]).whole:
            kept += group
            continue
        known = [fact["value"] for fact in group if fact["value"] is not None]
        kept.append({**group[0], "value": sum(known) if known else None})
        rows += [fact["row"] for fact in group]
    return kept, rows


_MEN = {"l", "lk", "laki", "laki laki", "pria", "male", "jumlah laki laki", "korban laki laki", "korban l"}
_WOMEN = {"p", "pr", "perempuan", "wanita", "female", "jumlah perempuan", "korban perempuan", "korban p"}


def sexes_that_disagree(header: Header, rows: Sequence[tuple[int, list[Cell]]], total: int) -> list[int]:
    """Rows where men and women, each in a column, do not add up to the count in the column ``total``."""
    keys = [header_key(label) for label in header.labels]
    men, women = ([at for at, key in enumerate(keys) if key in names] for names in (_MEN, _WOMEN))
    if len(men) != 1 or len(women) != 1:
        return []
    found = []
    for number, cells in rows:
        three = [
            read_number(cells[at] if at < len(cells) else None, Convention(), whole=True).value
            for at in (men[0], women[0], total)
        ]
        if None not in three and three[0] + three[1] != three[2]:  # type: ignore[operator]
            found.append(number)
    return found
