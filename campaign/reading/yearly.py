"""Figures year by year, as the map's slider of years shows them: what was measured, what was counted.

Counts of people are published ones or pass the disclosure rule for everybody, whoever looks: a map is shown around.
"""

from __future__ import annotations

import pandas as pd

from campaign.maps.registry import LAYERS, measured_indicators
from data.choose import KEY, LONG_DAYS, chosen
from data.disclosure import release_facts
from data.store.store import Store

YEARLY_COLUMNS = ["indikator", "level", "kode", "tahun", "value", "source", "period_start", "period_end", "data_contoh"]


def yearly(store: Store, measured: pd.DataFrame) -> pd.DataFrame:
    """One row an indicator, area and year, with `YEARLY_COLUMNS`; ``value`` is a number or ``"<10"``.

    ``measured`` are facts chosen already (`data.choose.chosen`): of several in a year the newest stands. Departures and
    published deaths of kabupaten are summed over the parts of a year that do not overlap, then released; a recap over
    several years is no year's figure.
    """
    known = measured[measured["indikator"].isin(measured_indicators())]
    known = known.assign(tahun=known["period_end"].dt.year).sort_values("period_end", kind="stable")
    frames = [known.drop_duplicates([*KEY, "tahun"], keep="last")[YEARLY_COLUMNS]]
    for layer in LAYERS.values():
        if layer.counted is None:
            continue
        jenis, indikator = layer.counted.jenis, layer.indicators[0]
        facts = store.facts.read(jenis=jenis, indikator=indikator, level="kabupaten").dropna(subset=["value"])
        facts = chosen(facts[~facts["data_contoh"]].reset_index(drop=True))
        if layer.counted.published:
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
