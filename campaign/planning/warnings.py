"""What a reader of a plan must know before signing it: codes with their numbers, and a sentence for each."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from campaign.planning.plan_types import Plan, PlanWarning
from risk.scoring.bands import Grade
from words import number, percent, t

CONCENTRATED, MOSTLY_UNKNOWN, GAP = "CONCENTRATED", "MOSTLY_UNKNOWN", "GAP"
CODES = (CONCENTRATED, MOSTLY_UNKNOWN, GAP)
ONE_KABUPATEN = 0.4
"""More than this share of a plan in one kabupaten is said."""
UNKNOWN = 0.5
SAID_GAP = 0.02
COARSE = ("kabupaten", "tanpa")
"""Levels of evidence that say nothing of a village or its kecamatan."""


def warnings_of(chosen: pd.DataFrame, expected: pd.Series, gap: float) -> list[PlanWarning]:
    """Warnings of a plan with the villages ``chosen`` (``kode_kab, kabupaten, kualitas_data, tingkat_bukti``);
    ``expected`` is each kabupaten's share of the expected cases (index ``kode_kab``), ``gap`` the solver's."""
    out: list[PlanWarning] = []
    n = len(chosen)
    if n:
        kode, most = Counter(chosen["kode_kab"]).most_common(1)[0]
        if most / n > ONE_KABUPATEN:
            out.append(
                {
                    "code": CONCENTRATED,
                    "kabupaten": str(kode),
                    "nama": str(chosen.loc[chosen["kode_kab"] == kode, "kabupaten"].iloc[0]),
                    "villages": int(most),
                    "of": n,
                    "share": round(most / n, 4),
                    "expected_share": round(float(expected.get(kode, 0.0)), 4),
                }
            )
        poor = chosen["kualitas_data"] == Grade.D
        coarse = chosen["tingkat_bukti"].isin(COARSE)
        if (poor | coarse).mean() > UNKNOWN:
            out.append(
                {
                    "code": MOSTLY_UNKNOWN,
                    "villages": int((poor | coarse).sum()),
                    "of": n,
                    "share": round(float((poor | coarse).mean()), 4),
                    "grade_d": int(poor.sum()),
                    "coarse": int(coarse.sum()),
                }
            )
    if gap > SAID_GAP:
        out.append({"code": GAP, "gap": round(gap, 4), "of": n})
    return out


def warning_sentences(plan: Plan, lang: str = "id") -> list[str]:
    """The warnings of a plan in words, each with its numbers; none of plans made before there were any."""
    return [warning_sentence(one, lang) for one in plan.get("warnings", [])]


def warning_sentence(one: PlanWarning, lang: str = "id") -> str:
    """One warning in words."""
    shares = {name: percent(float(one[name]), lang, 1) for name in ("share", "expected_share", "gap") if name in one}
    counts = {name: number(int(one[name]), lang) for name in ("villages", "of", "grade_d", "coarse") if name in one}
    return t(f"rencana.peringatan.{one['code']}", lang, **shares, **counts, nama=str(one.get("nama", "")))
