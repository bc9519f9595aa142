"""What to call a column: its header, its letter where the header does not tell, and when two names mean the same."""

from __future__ import annotations

from data.intake.cells.text import header_key


def wanted_key(text: str) -> str:
    """A header as a person names it, made comparable; signs alone (``%``, ``#``) stand for themselves."""
    return header_key(text) or text.strip().lower()


def column_letter(column: int) -> str:
    """``0`` → ``A``, ``27`` → ``AB``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_names(labels: list[str]) -> list[str]:
    """What each column can be named by: its header, with its letter behind it (``Jumlah (kolom D)``) where the header
    is blank or stands twice.
    """
    keys = [wanted_key(label) for label in labels]
    return [
        label if keys[column] and keys.count(keys[column]) == 1 else f"{label} (kolom {column_letter(column)})".strip()
        for column, label in enumerate(labels)
    ]
