"""Identity numbers cut into pieces: ``9501 | 0144 | 0891 | 0002`` in neighbouring cells, or a digit to a box.

Numbers of a table stand beside one another too, so pieces count only where they are cut as forms cut them, the whole
can be an identity number, and either a piece shows zeros in front (no count does) or every row of the columns says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set

from data.intake.tables import Cell

_CUTS = {(4, 4, 4, 4), (6, 6, 4), (8, 8), (2, 2, 2, 6, 4), (6, 2, 2, 2, 4), (6, 10), (12, 4), (2,) * 8, (1,) * 16}
"""Digits of each piece."""
_ENOUGH_ROWS = 3
_PIECE = re.compile(r"[0-9]{1,12}")


def can_be_identity(digits: str) -> bool:
    """Whether sixteen digits can be an identity number: a province, then a day (women's plus 40) and a month."""
    day, month = int(digits[6:8]), int(digits[8:10])
    return int(digits[:2]) >= 11 and 1 <= month <= 12 and (1 <= day <= 31 or 41 <= day <= 71)


def split_identity(
    rows: Sequence[tuple[int, list[Cell]]], width: int, named: Set[int], figures: Set[int], districts: Set[str]
) -> tuple[int, list[int]] | None:
    """The first column and the rows of identity numbers cut into neighbouring cells, None when there are none.

    ``named`` columns hold places or times by their headers and are no pieces; among ``figures`` two signs are wanted
    instead of one: zeros in front, a first piece of the ``districts`` (six digits) people here are registered in,
    every row of several.
    """
    found: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    zeros: set[tuple[int, tuple[int, ...]]] = set()
    local: set[tuple[int, tuple[int, ...]]] = set()
    filled: Counter[int] = Counter()
    for number, cells in rows:
        pieces = ["" if column in named else _piece(cell) for column, cell in enumerate(cells[:width])]
        filled.update(column for column, piece in enumerate(pieces) if piece)
        for column, piece in enumerate(pieces):
            for cut in _CUTS if piece else ():
                parts = pieces[column : column + len(cut)]
                if len(parts) < len(cut) or not _fits(parts, cut, cells[column : column + len(cut)]):
                    continue
                whole = "".join(part.zfill(length) for part, length in zip(parts, cut, strict=True))
                if not can_be_identity(whole):
                    continue
                key = (column, cut)
                found.setdefault(key, []).append(number)
                if any(part.startswith("0") and len(part) > 1 for part in parts):
                    zeros.add(key)
                if whole[:6] in districts:
                    local.add(key)
    for key, numbers in found.items():
        column, cut = key
        every = len(numbers) >= _ENOUGH_ROWS and len(numbers) == filled[column]
        wanted = 2 if set(range(column, column + len(cut))) & figures else 1
        if (key in zeros) + (key in local) + every >= wanted:
            return column, numbers
    return None


def _fits(parts: list[str], cut: tuple[int, ...], cells: Sequence[Cell]) -> bool:
    """Whether pieces have the digits of a cut; numbers have lost the zeros in front."""
    return all(
        len(part) == length or (0 < len(part) < length and isinstance(cell, float))
        for part, length, cell in zip(parts, cut, cells, strict=True)
    )


def _piece(cell: Cell) -> str:
    """The digits of a piece, empty for anything else."""
    if isinstance(cell, float) and cell.is_integer() and 0 <= cell < 1e12:
        return str(int(cell))
    return cell if isinstance(cell, str) and _PIECE.fullmatch(cell) else ""
