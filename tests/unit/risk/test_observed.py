"""Three levels of location, no case counted twice, and nobody-looked told apart from nothing-found."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from data.batches import BatchMeta
from data.store.store import Store
from geo.figures import village_attributes
from risk.scoring.features import build_features
from risk.scoring.observed import Observed, observe

Fill = Callable[..., Store]
KAB, KEC, DESA = "98.01", "98.01.02", "98.01.02.2001"


def rows(
    level: str,
    values: Mapping[str, float | None],
    indikator: str = "tppo",
    start: str = "2024-01-01",
    end: str = "2024-12-31",
    **more: object,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indikator": indikator,
            "level": level,
            "kode": list(values),
            "value": list(values.values()),
            "period_start": pd.Timestamp(start),
            "period_end": pd.Timestamp(end),
            **more,
        }
    )


def batch(
    part: pd.DataFrame, jenis: str = "kasus", source: str = "Polda uji", **more: object
) -> tuple[BatchMeta, pd.DataFrame]:
    return BatchMeta(jenis, source, **more), part  # type: ignore[arg-type]


def seen(store: Store, **window: pd.Timestamp) -> Observed:
    gazetteer = store.gazetteer.villages()
    people = build_features(village_attributes(gazetteer, store.facts.read())).population
    return observe(store.facts.read(), gazetteer, people, **window)


def years_of(found: Observed, kab: str) -> float:
    """Years of a kabupaten's villages, which must be the same for all of them."""
    years = found.years[found.years.index.str.startswith(kab)]
    assert years.nunique() == 1
    return float(years.iloc[0])


def test_each_record_counts_at_the_level_it_is_known_to(fill: Fill, province: pd.DataFrame) -> None:
    found = seen(
        fill(
            province,
            batch(rows("desa", {DESA: 2.0})),
            batch(rows("kecamatan", {KEC: 5.0})),
            batch(rows("kabupaten", {KAB: 9.0})),
        )
    )
    assert found.village[DESA] == 2
    assert found.kecamatan[KEC] == 3  # two of its five are the village's
    assert found.kabupaten[KAB] == 4  # five of its nine are the kecamatan's
    assert found.total == 9
    assert found.located[KEC] == 5
    assert len(found.village) == len(province)


def test_finer_records_of_another_kind_or_time_are_not_taken_off(fill: Fill, province: pd.DataFrame) -> None:
    found = seen(
        fill(
            province,
            batch(rows("desa", {DESA: 3.0}, "pmi_meninggal")),
            batch(rows("desa", {DESA: 2.0}, start="2023-01-01", end="2023-12-31")),
            batch(rows("kabupaten", {KAB: 4.0})),
        )
    )
    assert found.kabupaten[KAB] == 4
    assert found.total == 9


def test_cumulative_recaps_are_not_summed(fill: Fill, province: pd.DataFrame) -> None:
    early = batch(rows("kabupaten", {KAB: 6.0}, end="2024-06-30", cumulative=True))
    late = batch(rows("kabupaten", {KAB: 11.0}, end="2024-11-30", cumulative=True))
    assert seen(fill(province, early, late)).total == 11


def test_suspects_and_missing_values_are_no_cases(fill: Fill, province: pd.DataFrame) -> None:
    found = seen(fill(province, batch(rows("desa", {DESA: 4.0}, "tppo_tersangka")), batch(rows("desa", {DESA: None}))))
    assert found.total == 0
    assert found.period is None


def test_a_list_naming_most_kabupaten_speaks_for_all_and_one_naming_few_does_not(
    fill: Fill, province: pd.DataFrame
) -> None:
    most = {f"98.0{i}": 1.0 for i in (1, 2, 3, 4)}
    found = seen(fill(province, batch(rows("kabupaten", most))))
    assert (found.years > 0.99).all()
    assert (found.calendar_years == 1).all()


def test_where_nobody_looked_there_are_no_years(fill: Fill, province: pd.DataFrame) -> None:
    found = seen(fill(province, batch(rows("kabupaten", {KAB: 12.0, "98.02": 0.0}))))
    assert years_of(found, KAB) == pytest.approx(1.0, abs=0.01)
    assert years_of(found, "98.02") > 0.99  # a reported zero is an observation
    assert (found.years[~found.years.index.str[:5].isin([KAB, "98.02"])] == 0).all()


def test_an_incomplete_list_speaks_for_those_it_names(fill: Fill, province: pd.DataFrame) -> None:
    most = {f"98.0{i}": 1.0 for i in (1, 2, 3, 4)}
    found = seen(fill(province, batch(rows("kabupaten", most, completeness="sebagian"))))
    assert (found.years[found.years.index.str[:5].isin(["98.05", "98.06"])] == 0).all()


def test_years_weigh_kinds_by_how_common_they_are(fill: Fill, province: pd.DataFrame) -> None:
    """Everywhere deaths (90 % of cases), in one kabupaten returns too: the others were observed 90 % as long."""
    deaths = dict.fromkeys(sorted(province["kode_kab"].unique()), 15.0)
    people = province.assign(penduduk=1000.0)
    found = seen(
        fill(
            people,
            batch(rows("kabupaten", deaths, "pmi_meninggal")),
            batch(rows("kabupaten", {KAB: 15.0}, "pmi_bermasalah")),
        )
    )
    assert years_of(found, KAB) == pytest.approx(1.0, abs=0.01)
    # same rate per person where observed, so each kind is half of what a place has that is watched for both
    assert years_of(found, "98.02") == pytest.approx(0.5, abs=0.01)


def test_what_was_known_then_and_what_came_after(fill: Fill, province: pd.DataFrame) -> None:
    store = fill(
        province,
        *[
            batch(rows("desa", {DESA: float(year - 2020)}, start=f"{year}-01-01", end=f"{year}-12-31"))
            for year in (2021, 2022, 2023)
        ],
    )
    assert seen(store, until=pd.Timestamp(2022, 12, 31)).total == 3
    assert seen(store, since=pd.Timestamp(2023, 1, 1)).total == 3
    assert seen(store).calendar_years[DESA] == 3


def test_precision_is_a_kabupatens_own_from_ten_cases_on(fill: Fill, province: pd.DataFrame) -> None:
    found = seen(
        fill(province, batch(rows("desa", {DESA: 9.0, "98.02.01.2004": 9.0})), batch(rows("kecamatan", {KEC: 12.0})))
    )
    assert found.precision.loc[KAB, "desa"] == pytest.approx(9 / 12)
    assert found.precision.loc[KAB, "kecamatan"] == 1
    assert found.precision.loc["98.02", "desa"] == pytest.approx(18 / 21)  # nine cases: the province's share


def test_real_records_replace_demonstration_ones(fill: Fill, province: pd.DataFrame) -> None:
    demo = batch(rows("desa", {DESA: 50.0}, data_contoh=True), data_contoh=True, source="DATA CONTOH")
    assert seen(fill(province, demo)).data_contoh
    real = seen(fill(province, batch(rows("desa", {DESA: 3.0}))))
    assert real.total == 3
    assert not real.data_contoh
    assert real.sources == ["Polda uji"]


def test_a_list_that_writes_zeros_tells_which_villages_it_looked_at(fill: Fill, province: pd.DataFrame) -> None:
    villages = province["kode"][province["kode_kec"] == KEC].tolist()
    store = fill(
        province,
        batch(rows("desa", dict.fromkeys(villages, 0.0) | {DESA: 2.0})),  # a year of one kecamatan, zeros and all
        batch(rows("desa", {"98.02.02.2001": 1.0}), source="lain"),  # where cases were, in another kabupaten
    )
    found = seen(store)
    looked_at = found.years.index.str.startswith(KEC)
    assert (found.years[looked_at] > 0.99).all()
    assert (found.years[found.years.index.str.startswith(KAB) & ~looked_at] == 0).all()
    assert years_of(found, "98.02") > 0.99
