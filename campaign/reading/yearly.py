"""Figures year by year, as the map's slider of years shows them: what was measured, what was counted.

Counts of people are published ones or pass the disclosure rule for everybody, whoever looks: a map is shown around.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.choose import KEY, LONG_DAYS, chosen
from data.disclosure import release_facts

INDICATORS = {
    "kemiskinan": ("persen_miskin", "penduduk_miskin"),
    "idm": ("idm",),
    "keberangkatan": ("prosedural",),
    "meninggal": ("pmi_meninggal",),
}
"""Layers whose figures have years, and the indicators they show; the first is preferred."""
COUNTED = ("keberangkatan", "meninggal")
"""Layers of people counted over a time, whose years may not be mixed in one map."""
KABUPATEN_ONLY = ("meninggal",)
"""Layers that are never painted on anything smaller than a kabupaten."""
YEARLY_COLUMNS = ["indikator", "level", "kode", "tahun", "value", "source", "period_start", "period_end", "data_contoh"]


def yearly(store: Any, measured: pd.DataFrame) -> pd.DataFrame:
    """One row an indicator, area and year, with `YEARLY_COLUMNS`; ``value`` is a number or ``"<10"``.

    ``measured`` are facts chosen already (`data.choose.chosen`): of several in a year the newest stands. Departures and
    published deaths of kabupaten are summed over the parts of a year that do not overlap, then released; a recap over
    several years is no year's figure.
    """
    known = measured[measured["indikator"].isin([*INDICATORS["kemiskinan"], "idm"])]
    known = known.assign(tahun=known["period_end"].dt.year).sort_values("period_end", kind="stable")
    frames = [known.drop_duplicates([*KEY, "tahun"], keep="last")[YEARLY_COLUMNS]]
    for jenis, layer in (("keberangkatan", "keberangkatan"), ("kasus", "meninggal")):
        facts = store.facts(jenis=jenis, indikator=INDICATORS[layer][0], level="kabupaten").dropna(subset=["value"])
        facts = chosen(facts[~facts["data_contoh"]].reset_index(drop=True))
        if jenis == "kasus":
            facts = facts[facts["published"]]
        frames.append(_counted(facts))
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def _counted(facts: pd.DataFrame) -> pd.DataFrame:
    short = facts[(facts["period_end"] - facts["period_start"]).dt.days <= LONG_DAYS]
    if short.empty:
        return pd.DataFrame(columns=YEARLY_COLUMNS)
    grouped = short.assign(tahun=short["period_end"].dt.year).groupby([*KEY, "tahun"], as_index=False)
    sums = grouped.agg(
        value=("value", "sum"),
        source=("source", "last"),
        period_start=("period_start", "min"),
        period_end=("period_end", "max"),
        published=("published", "all"),
        data_contoh=("data_contoh", "any"),
    )
    return release_facts(sums, role="publik")[YEARLY_COLUMNS]
