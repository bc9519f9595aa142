"""What a file may be handed out for."""

from __future__ import annotations

from data.errors import WrongUse

PURPOSES = ("pelaksanaan", "penetapan", "koordinasi", "pelaporan")
"""What a file may be handed out for; none of them restricts or accuses anybody."""


def check_purpose(purpose: str) -> None:
    """Raises `WrongUse` (``UNKNOWN_PURPOSE``) for one that is none of `PURPOSES`."""
    if purpose not in PURPOSES:
        raise WrongUse("UNKNOWN_PURPOSE", value=purpose[:40], allowed=", ".join(PURPOSES))
