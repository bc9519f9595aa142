"""Identity numbers cut into pieces: ``9501 | 0144 | 0891 | 0002`` in neighbouring cells, or a digit a box.

Numbers of a table stand beside one another too. So pieces count only where they are cut as forms cut them, the whole
can be an identity number, and a piece shows zeros in front (no count does), or it begins with a kecamatan of the
province, or every row of the columns says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set

from data.intake.files.raw import Cell

_CUTS: dict[int, tuple[tuple[int, ...], ...]] = {
    1: ((1,) * 16,),
    2: ((2, 2, 2, 6, 4),),
    4: ((4, 4, 4, 4),),
    6: ((6, 6, 4), (6, 2, 2, 2, 4), (6, 10)),
    8: ((8, 8),),
    12: ((12, 4),),
}
"""Digits of each piece, by those of the first, which never begins with a zero."""


def can_be_identity(digits: str) -> bool:
    """Whether sixteen digits can be an identity number: a province, then a day (women's plus 40) and a month."""
    day, month = int(digits[6:8]), int(digits[8:10])
    return int(digits[:2]) >= 11 and 1 <= month <= 12 and (1 <= day <= 31 or 41 <= day <= 71)


def split_identity(
    rows: Sequence[tuple[int, list[Cell]]], width: int, named: Set[int], figures: Set[int], districts: Set[str]
) -> tuple[int, list[int]] | None:
    """The first column and the rows of identity numbers cut into neighbouring cells, None when there are none.

    ``named`` columns hold places or times by their headers and are no pieces; among ``figures`` two signs are wanted
    instead of one: zeros in front, a beginning of the ``districts`` (six digits) people here are registered in, every
    row of the columns.
    """
    found: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    zeros: set[tuple[int, tuple[int, ...]]] = set()
    local: set[tuple[int, tuple[int, ...]]] = set()
    filled: Counter[int] = Counter()
    columns = [column for column in range(width) if column not in named]
    for number, cells in rows:
        pieces = {column: piece for column in columns if column < len(cells) and (piece := _piece(cells[column]))}
        if len(pieces) < 2:
            continue
        filled.update(pieces.keys())
        for column, piece in pieces.items():
            for cut in _CUTS.get(len(piece), ()) if column + 1 in pieces else ():
                parts = [pieces.get(column + step, "") for step in range(len(cut))]
                if not _fits(parts, cut, cells[column : column + len(cut)]):
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
        counted = bool(set(range(column, column + len(cut))) & figures)
        every = cut[0] > 1 and len(numbers) == filled[column] and len(numbers) > counted
        if (key in zeros) + (key in local) + every > counted:
            return column, numbers
    return None


def _fits(parts: list[str], cut: tuple[int, ...], cells: Sequence[Cell]) -> bool:
    """Whether pieces have the digits of a cut; numbers have lost the zeros in front."""
    return all(parts) and all(
        len(part) == length or (0 < len(part) < length and isinstance(cell, float))
        for part, length, cell in zip(parts, cut, cells, strict=True)
    )


def _piece(cell: Cell) -> str:
    """The digits of a piece, empty for anything else."""
    if isinstance(cell, float) and cell.is_integer() and 0 <= cell < 1e12:
        return str(int(cell))
    return cell if isinstance(cell, str) and len(cell) <= 12 and cell.isascii() and cell.isdigit() else ""
