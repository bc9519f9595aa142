"""Who reads: five roles, and what each may do. Sign-in comes from outside; this room only knows the answer."""

from __future__ import annotations

from data.errors import WrongUse

ROLES = ("publik", "perencana", "pimpinan", "petugas_data", "admin")
DEFAULT_ROLE = "perencana"

_EXACT = {"petugas_data", "admin"}
_ACTS = {
    "lihat": set(ROLES),
    "unduh": set(ROLES) - {"publik"},
    "hitung_skor": {"perencana", "petugas_data", "admin"},
    "unggah": {"petugas_data", "admin"},
    "batalkan": {"petugas_data", "admin"},
    "kelola": {"admin"},
}


def check_role(role: str) -> str:
    """``role`` itself; raises `WrongUse` (``UNKNOWN_ROLE``) when it is none of `ROLES`."""
    if role not in ROLES:
        raise WrongUse("UNKNOWN_ROLE", value=role, known=", ".join(ROLES))
    return role


def may(role: str, act: str) -> bool:
    """Whether the role may do the act (``lihat, unduh, hitung_skor, unggah, batalkan, kelola``)."""
    return check_role(role) in _ACTS[act]


def sees_exact_counts(role: str) -> bool:
    """Whether the role may see counts of people unrounded; each such view is for the caller to log."""
    return check_role(role) in _EXACT
