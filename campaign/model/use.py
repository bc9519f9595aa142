"""The model card's chapter on use: what the score is for, what it learned from, how to take it out of use."""

from __future__ import annotations

import math
from textwrap import shorten
from typing import Any

import pandas as pd

from campaign.model.card_parts import Table
from words import date_text, has, number, percent, t

STEPS = {
    "kemiskinan": 10.0,
    "keterpencilan": math.log(2),
    "idm": 0.1,
    "rata_lama_sekolah": 1.0,
    "pengangguran_terbuka": 1.0,
}
"""The difference in a figure that a factor is told for; the distance, which the model knows as a logarithm, doubles."""
LONGEST_SOURCE = 60
_Z = 1.6449  # a 90 % interval


def use(params: dict[str, Any], lang: str = "id") -> list[str | Table]:
    """The chapter from what a score version keeps of its model (``params``)."""
    parts: list[str | Table] = [t(f"model.guna.{name}", lang) for name in ("untuk", "bukan", "hasil")]
    period = params.get("period")
    if period:
        first, last = (date_text(pd.Timestamp(day).date(), lang) for day in period)
        parts.append(t("model.guna.masa", lang, awal=first, akhir=last, n=len(params["case_sources"])))
    rows = [_row(name, one, lang) for name, one in params["covariates"].items()]
    if rows:
        columns = [t(f"model.guna.kolom.{name}", lang) for name in ("faktor", "kali", "sendiri", "sumber")]
        parts += [t("model.guna.faktor", lang), Table("faktor", columns, rows)]
    return [*parts, t("model.guna.lemah", lang), t("model.guna.henti", lang)]


def _row(name: str, one: dict[str, Any], lang: str) -> list[str]:
    step = STEPS.get(name, 1.0)
    times = [math.exp(step * (one["coef"] + z * one["sd"])) for z in (0.0, -_Z, _Z)]
    middle, low, high = (number(value, lang, 2) for value in times)
    title, unit = (
        t(f"{kind}.{name}", lang) if has(f"{kind}.{name}") else name for kind in ("banding.faktor", "model.langkah")
    )
    source = shorten(str(one["sumber"]).split(" via ")[0], LONGEST_SOURCE, placeholder=" …")
    return [title, f"{unit}: ×{middle} ({low}–{high})", percent(1 - one["borrowed"], lang), source]
