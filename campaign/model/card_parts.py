"""What a card is made of, on the screen and in its file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table of the card: texts ready to show, columns in order."""

    key: str
    columns: list[str]
    rows: list[list[str]]
