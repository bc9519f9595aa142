"""A column of a table that is handed over: what it is called, where it comes from, how it is protected and computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

import pandas as pd

Source = TypeVar("Source")


class FilledBy(StrEnum):
    """Who fills a column in; the values are keys of ``dokumen.kamus``."""

    PRODUCT = "otomatis"
    OFFICE = "tangan"
    EITHER = "bersama"
    """The product where it knows, else the office."""


class Cell(StrEnum):
    """How a spreadsheet shows a column."""

    TEXT = "teks"
    NUMBER = "angka"


class ColumnProtection(StrEnum):
    """Why a column may leave the office."""

    OPEN = "terbuka"
    """Codes, names, versions, days: public, or the office's own."""
    ROUNDED = "dibulatkan"
    """Numbers of people or rupiah, rounded."""
    WORDED = "kata"
    """What the score says, as a class, a word or a sentence; never the number behind it."""
    SCORE = "skor"
    """A number of the score; the role ``publik`` does not see it for villages."""
    TYPED = "ketikan"
    """Words of a person, which passed the refusal of personal data and of terms that mark a village."""


class Origin(StrEnum):
    """Where a column's values come from."""

    GAZETTEER = "gazetir"
    PLAN = "rencana"
    SCORE = "skor"
    SCHEDULE = "jadwal"
    SESSIONS = "sesi"
    INDICATOR = "indikator"
    LIST = "daftar"
    OFFICE = "kantor"


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Source]):
    """One column; ``value`` gives its cells from the table's source, in the order of the rows, and can't be left out.

    ``meaning``: text key of what the data dictionary says of it. ``width`` in characters of a spreadsheet.
    """

    name: str
    meaning: str
    value: Callable[[Source], Sequence[Any] | pd.Series]
    origin: Origin
    protection: ColumnProtection
    width: int = 14
    cell: Cell = Cell.TEXT
    filled_by: FilledBy = FilledBy.PRODUCT

    def __post_init__(self) -> None:
        if not callable(self.value):
            raise TypeError(f"column {self.name!r} has no value function")


def table_of(columns: Sequence[Column[Source]], source: Source, rows: int) -> pd.DataFrame:
    """A frame of the columns in their order. Raises `ValueError` for a column with other than ``rows`` cells."""
    cells = {column.name: list(column.value(source)) for column in columns}
    if wrong := [name for name, values in cells.items() if len(values) != rows]:
        raise ValueError(f"columns {wrong} have another number of cells than {rows}")
    return pd.DataFrame({name: pd.Series(values, dtype=None if values else object) for name, values in cells.items()})
