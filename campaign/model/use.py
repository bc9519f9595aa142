"""The model card's chapter on use: what the score is for, what it learned from, how to take it out of use."""

from __future__ import annotations

import math
from textwrap import shorten
from typing import Any

import pandas as pd

from campaign.model.card_parts import Table
from risk.scoring.covariates import COVARIATES
from words import date_text, number, percent, t

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
    step = COVARIATES[name].step if name in COVARIATES else 1.0
    times = [math.exp(step * (one["coef"] + z * one["sd"])) for z in (0.0, -_Z, _Z)]
    middle, low, high = (number(value, lang, 2) for value in times)
    title, unit = t(f"banding.faktor.{name}", lang), t(f"model.langkah.{name}", lang)
    source = shorten(str(one["sumber"]).split(" via ")[0], LONGEST_SOURCE, placeholder=" …")
    return [title, f"{unit}: ×{middle} ({low}–{high})", percent(1 - one["borrowed"], lang), source]
