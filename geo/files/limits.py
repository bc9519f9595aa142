"""How much of a boundary file is read: sizes a province's real files stay far below."""

from __future__ import annotations

from data.errors import Refused

MAX_BYTES = 200_000_000
"""Bytes of a file, or of all members of an archive after unpacking."""
MAX_FOLDER_BYTES = 600_000_000
"""Bytes of all files of a folder, which only the command line can give: the dumps of the whole country have 360 MB."""
MAX_FEATURES = 100_000
"""Features; all villages of the country are 83,400."""
MAX_COLUMNS = 200
MAX_VERTICES = 20_000
"""Vertices of one feature. The most of any published village of NTT is 3,740, of any kabupaten 1,562."""


def too_large(file: str, size: int = 0) -> Refused:
    """The refusal of a file beyond these limits; ``size`` in bytes where that is the reason."""
    return Refused(
        "TOO_LARGE",
        file=file,
        megabytes=size // 1_000_000,
        allowed=MAX_BYTES // 1_000_000,
        rows=MAX_FEATURES,
        columns=MAX_COLUMNS,
    )
