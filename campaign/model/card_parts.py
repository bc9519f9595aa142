"""What a card is made of, on the screen and in its file."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from data.disclosure import HIDDEN
from words import has, number, percent, t


@dataclass(frozen=True)
class Table:
    """A table of the card: texts ready to show, columns in order."""

    key: str
    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Picture:
    """A picture of the card: ``svg`` and the ``title`` above it, which stands for it where it is not seen."""

    key: str
    title: str
    svg: str

    def markdown(self) -> str:
        """The picture within a Markdown file, nothing beside it."""
        data = base64.b64encode(self.svg.encode()).decode()
        return f"![{self.title}](data:image/svg+xml;base64,{data})"


def list_columns(found: dict[str, Any], lang: str) -> list[str]:
    """Headings of a table with a column for each length of list."""
    return [t("evaluasi.peringkat", lang), *(t("evaluasi.daftar", lang, n=n) for n in found["lists"])]


def ranking_name(key: str, lang: str) -> str:
    """What a ranking is called."""
    return t(f"evaluasi.{key}", lang) if has(f"evaluasi.{key}") else key


def cell(value: Any, lang: str) -> str:
    """A number or text as a cell shows it."""
    return value if isinstance(value, str) else number(float(value), lang)


def share(value: float | None, lang: str) -> str:
    """A share as a percentage; one that is not shown reads ``<10``."""
    return HIDDEN if value is None else percent(value, lang)
