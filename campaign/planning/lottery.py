"""The lottery: villages nobody can tell apart are drawn in the open, and anyone can draw again.

How many places there are is decided by allocation (`campaign.planning.choosing`), which of the villages that cannot be
told apart get them by lot, across kecamatan and, where evidence stands at village level, across kabupaten. A village
takes part when it cannot be told from the last one the allocation took (`risk.pairs.APART`). The order is that of
SHA-256 over the public seed and the village's code, so every village of a pool has the same chance, nobody can steer
it, and those not drawn can be compared with those drawn when the sessions are evaluated. With a budget of days or
rupiah a village whose way does not fit into what is left is passed over, and that is noted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np

from campaign.planning.problem import Problem
from campaign.planning.solver.greedy import fits
from risk.pairs import APART

PRICE_OWN, PRICE = 0.015, 0.05
"""A draw gives up at most the first share of what its villages in the plan reach where they have evidence of their own,
else the second: the pool is made smaller until it does. Who is larger than the pool is in by computation."""


def place_in_draw(seed: str, kode: str) -> str:
    """The village's ticket: 64 hex digits, the lowest are drawn first."""
    return hashlib.sha256(f"{seed}|{kode}".encode()).hexdigest()


def in_draw(seed: str, kode: np.ndarray) -> list[str]:
    """The codes in the order of their tickets."""
    return sorted((str(one) for one in kode), key=lambda one: place_in_draw(seed, one))


def draw(seed: str, kode: np.ndarray, places: int) -> list[str]:
    """``places`` of the codes, by their tickets."""
    return in_draw(seed, kode)[:places]


def pools(
    problem: Problem, chosen: np.ndarray, stratum: np.ndarray, own: np.ndarray, above: Callable[[int], np.ndarray]
) -> list[np.ndarray]:
    """Groups of villages (arrays of indices) among which a draw decides, some ``chosen`` and some not.

    ``stratum``: number per village of those that may change places, -1 for who takes no part; ``own``: villages with
    evidence of their own; ``above``: per village the probability that it expects more than
    the one given.
    """
    found = []
    for number in np.unique(stratum[(stratum >= 0) & chosen]):
        members = np.flatnonzero(stratum == number)
        last = members[chosen[members]][np.argmin(problem.value[members[chosen[members]]])]
        near = above(int(last))[members]
        members = members[((near > 1 - APART) & (near < APART)) | (members == last)]
        reached = float(problem.value[(stratum == number) & chosen].sum())
        members = _cheap(problem, chosen, members, int(last), reached * (PRICE_OWN if own[last] else PRICE))
        if chosen[members].any() and not chosen[members].all():
            found.append(members)
    return found


def _cheap(problem: Problem, chosen: np.ndarray, members: np.ndarray, last: int, allowed: float) -> np.ndarray:
    """The pool without those farthest from its last village, until the draw gives up no more than ``allowed``."""
    value = np.maximum(problem.value[members], 1e-12)
    members = members[np.argsort(np.abs(np.log(value / max(problem.value[last], 1e-12))), kind="stable")]
    while len(members) > 1:
        inside = members[chosen[members]]
        if problem.value[inside].sum() - len(inside) * problem.value[members].mean() <= allowed:
            break
        members = members[:-1]
    return np.sort(members)


def drawn(
    problem: Problem, chosen: np.ndarray, members: np.ndarray, codes: np.ndarray, seed: str
) -> tuple[np.ndarray, np.ndarray]:
    """The choice after a draw among ``members`` for as many places as it has there, and who was passed over because
    the way there did not fit any more (both bool per village)."""
    places = int(chosen[members].sum())
    final, passed = chosen.copy(), np.zeros(len(chosen), dtype=bool)
    final[members] = False
    by_code = {codes[i]: i for i in members}
    for kode in in_draw(seed, codes[members]):
        if final[members].sum() == places:
            break
        final[by_code[kode]] = True
        if not fits(problem, final):
            final[by_code[kode]] = False
            passed[by_code[kode]] = True
    return final, passed
