"""What a reader of a plan must know before signing it: codes with their numbers."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from campaign.planning.plan_types import PlanWarning
from risk.scoring.bands import Grade

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
