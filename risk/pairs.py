"""Why is A above B? The same factors that make the score, as ratios, and how sure the order of the two is.

What the answer needs (draws of expected cases and log factors of every village, from the published model) is kept with
each score version, so that a screen answers without a model.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from risk.scoring.covariates import COVARIATES, PEOPLE

RESULT = "banding"
"""Name under which the store keeps what comparisons need of a score version."""
KEPT_DRAWS = 300
APART = 0.7
"""Probability that one expects more cases than the other from which on they are called different."""
REASONS = 3
NEGLIGIBLE = 1.05  # times
RANKING = "peringkat"
"""The factor that stands for what a simple ranking says per person."""


@dataclass(frozen=True)
class PairComparison:
    """``p``: probability that ``a`` expects more cases than ``b`` in a year; ``verdict``: ``di_atas`` (a is higher),
    ``di_bawah`` or ``seri`` (cannot be told apart); ``ratio``: expected cases of a over those of b; ``factors``: the
    strongest parts of that ratio, each name and times; of two villages all parts multiply to ``ratio``, of larger areas
    nearly: their factors are averages over people; ``clear``: those of them that may be told as a cause."""

    a: str
    b: str
    p: float
    verdict: str
    ratio: float
    factors: tuple[tuple[str, float], ...]
    clear: frozenset[str] = frozenset()


def kept(
    codes: list[str], expected: np.ndarray, draws: np.ndarray, strength: Any, clear: Iterable[str] | None = None
) -> dict[str, Any]:
    """What to keep of a score version, as plain values. ``draws`` (s, n) and ``expected`` (n,) cases a year;
    ``strength`` a table of log factors (index ``kode``) that add up to the log of expected cases but for a constant;
    ``clear`` the factors among them that may be told as a cause (`risk.scoring.reasons.clear_factors`)."""
    said = {} if clear is None else {"jelas": [str(name) for name in clear]}
    return said | {
        "kode": list(codes),
        "faktor": [str(name) for name in strength.columns],
        "n": min(len(draws), KEPT_DRAWS),
        "harapan": _pack(np.log(expected)),
        "undian": _pack(np.log(draws[:KEPT_DRAWS])),
        "kekuatan": _pack(strength.to_numpy()),
    }


def of_ranking(expected: np.ndarray, people: Any) -> Any:
    """Log factors of a simple ranking in the model's place: ``people`` (series by ``kode``) and the rest per person."""
    size = np.log(people / people.mean())
    return size.to_frame(PEOPLE).assign(**{RANKING: np.log(expected) - size})


def compare(content: dict[str, Any], a: str, b: str) -> PairComparison | None:
    """Two areas of one level compared: villages, or kecamatan or kabupaten as the sums of theirs; None when one of
    them is not known or they are of different levels. ``content`` is what `kept` made."""
    codes = content["kode"]
    rows = [np.flatnonzero([kode == one or kode.startswith(one + ".") for kode in codes]) for one in (a, b)]
    if len(a) != len(b) or not all(len(row) for row in rows):
        return None
    expected, draws, strength = _opened(content["harapan"], content["undian"], content["kekuatan"], len(codes))
    sums = [float(np.exp(expected[row]).sum()) for row in rows]
    drawn = [np.exp(draws[:, row]).sum(axis=1) for row in rows]
    p = float(np.mean(drawn[0] > drawn[1]) + 0.5 * np.mean(drawn[0] == drawn[1]))
    names = content["faktor"]
    people = np.exp(strength[:, names.index(PEOPLE)])
    shares = [people[row] / people[row].sum() for row in rows]
    gap = shares[0] @ strength[rows[0]] - shares[1] @ strength[rows[1]]
    gap[names.index(PEOPLE)] = np.log(people[rows[0]].sum() / people[rows[1]].sum())
    # Versions of earlier programs did not keep which coefficients are clear: then no covariate is told as a cause.
    clear = frozenset(content.get("jelas", set(names) - set(COVARIATES)))
    return PairComparison(a, b, p, _verdict(p), sums[0] / sums[1], _strongest(names, gap), clear)


def chances_of_top(content: dict[str, Any], n: int) -> dict[str, float]:
    """Per village the chance to be among the ``n`` with most expected cases, over the draws that `kept` kept; 1 for all
    where there are no more villages than that."""
    codes = content["kode"]
    draws = _unpack(content["undian"]).reshape(-1, len(codes))
    if n >= len(codes):
        return dict.fromkeys(codes, 1.0)
    if n < 1:
        return dict.fromkeys(codes, 0.0)
    inside = np.zeros(len(codes))
    for one in draws:
        inside[np.argpartition(-one, n - 1)[:n]] += 1
    return dict(zip(codes, (inside / len(draws)).tolist(), strict=True))


def among_top(content: dict[str, Any], n: int) -> pd.Series:
    """Per village (index ``kode``) the share of kept draws in which it is among the ``n`` highest: its chance for a
    list of any length. ``content`` is what `kept` made."""
    draws = _opened(content["harapan"], content["undian"], content["kekuatan"], len(content["kode"]))[1]
    n = min(n, draws.shape[1])
    if n < 1:
        return pd.Series(0.0, content["kode"])
    top = np.argsort(-draws, axis=1, kind="stable")[:, :n]
    times = np.bincount(top.ravel(), minlength=draws.shape[1])
    return pd.Series(times / len(draws), content["kode"])


def above(content: dict[str, Any], kode: str) -> pd.Series:
    """Per village (index ``kode``) the probability that it expects more cases than village ``kode``, .5 for itself."""
    draws = _opened(content["harapan"], content["undian"], content["kekuatan"], len(content["kode"]))[1]
    own = draws[:, [content["kode"].index(kode)]]
    return pd.Series((draws > own).mean(axis=0) + 0.5 * (draws == own).mean(axis=0), content["kode"])


def _verdict(p: float) -> str:
    return "di_atas" if p >= APART else "di_bawah" if p <= 1 - APART else "seri"


def _strongest(names: list[str], gap: np.ndarray) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-np.abs(gap), kind="stable")[:REASONS]
    return tuple((names[i], float(np.exp(gap[i]))) for i in order if np.abs(gap[i]) > np.log(NEGLIGIBLE))


def _pack(values: np.ndarray) -> str:
    return base64.b64encode(zlib.compress(np.ascontiguousarray(values, dtype="<f2").tobytes(), 6)).decode("ascii")


def _unpack(text: str) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype="<f2").astype(np.float32)


@lru_cache(maxsize=2)
def _opened(expected: str, draws: str, strength: str, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return _unpack(expected), _unpack(draws).reshape(-1, n), _unpack(strength).reshape(n, -1)
