"""The lottery of the tie zone: villages nobody can tell apart are drawn in the open, and anyone can draw again.

Within a kecamatan that is visited anyway, villages whose chance to be among the highest is neither high nor low
(0.2–0.8) share the places the plan has for them. The order is that of SHA-256 over the public seed and the village's
code, so every village of a stratum has the same chance, nobody can steer it, and those not drawn can be compared with
those drawn when the sessions are evaluated.
"""

from __future__ import annotations

import hashlib

import numpy as np


def place_in_draw(seed: str, kode: str) -> str:
    """The village's ticket: 64 hex digits, the lowest are drawn first."""
    return hashlib.sha256(f"{seed}|{kode}".encode()).hexdigest()


def draw(seed: str, kode: np.ndarray, places: int) -> list[str]:
    """``places`` of the codes, by their tickets."""
    return sorted((str(one) for one in kode), key=lambda one: place_in_draw(seed, one))[:places]


def strata(tied: np.ndarray, chosen: np.ndarray, group: np.ndarray) -> list[np.ndarray]:
    """Groups of villages (arrays of indices) among which a draw decides: of one ``group`` (number per village: the
    kecamatan, one island of it), all ``tied``, some ``chosen`` and some not."""
    found = []
    for number in np.unique(group[tied & chosen]):
        members = np.flatnonzero(tied & (group == number))
        if chosen[members].any() and not chosen[members].all():
            found.append(members)
    return found
