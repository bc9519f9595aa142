"""How much of a file is read at most; beyond it the file is refused before it can fill the memory."""

from __future__ import annotations

from data.errors import Refused

MAX_MEGABYTES = 64
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
MAX_ROWS, MAX_COLUMNS = 200_000, 300


def too_large() -> Refused:
    """The refusal (``TOO_LARGE``) with the limits its text names."""
    return Refused("TOO_LARGE", allowed=MAX_MEGABYTES, rows=MAX_ROWS, columns=MAX_COLUMNS)
