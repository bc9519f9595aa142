"""Why poverty alone will not do: the published figures say so, and anyone can recompute it."""

from __future__ import annotations

import pandas as pd
import pytest

from data.choose import chosen
from data.published import published_batches


def test_poverty_and_deaths_per_head_go_opposite_ways_over_the_kabupaten() -> None:
    """Spearman -0.41 between the poverty rate 2024 and deaths of migrant workers per head, 22 kabupaten.

    Deaths: of each year 2022-2025 the last cumulative snapshot (never their sum); a kabupaten that a snapshot does not
    name counts none in it.
    """
    facts = pd.concat([rows for _, rows in published_batches()], ignore_index=True)
    kabupaten = facts[facts["kode"].str.len() == 5]
    year = pd.to_datetime(kabupaten["period_end"]).dt.year

    def latest(indikator: str, years: list[int]) -> pd.DataFrame:
        return kabupaten[(kabupaten["indikator"] == indikator) & year.isin(years)]

    poor = latest("persen_miskin", [2024]).set_index("kode")["value"]
    people = latest("penduduk", [2024]).set_index("kode")["value"]
    deaths = latest("pmi_meninggal", [2022, 2023, 2024, 2025])
    last = deaths.groupby(deaths["period_end"].map(lambda day: pd.Timestamp(day).year))["period_end"].transform("max")
    counted = deaths[deaths["period_end"] == last].groupby("kode")["value"].sum().reindex(poor.index).fillna(0)
    assert len(poor) == 22
    assert (counted / people).corr(poor, method="spearman") == pytest.approx(-0.41, abs=0.01)


def test_snapshots_of_one_year_are_never_added_up() -> None:
    facts = pd.concat(
        [
            rows.assign(jenis=meta.jenis, batch="B", data_contoh=False, created_at=pd.Timestamp("2026-01-01"))
            for meta, rows in published_batches()
        ],
        ignore_index=True,
    )
    used = chosen(facts)
    deaths = used[(used["indikator"] == "pmi_meninggal") & (used["kode"].str.len() == 5)]
    ends = pd.to_datetime(deaths["period_end"])
    assert not deaths.assign(year=ends.dt.year).duplicated(["kode", "year"]).any()
    november = deaths[ends == "2024-11-30"]
    assert november["value"].sum() == 119, "the published total of that snapshot"
