from __future__ import annotations

import pandas as pd
import pytest
from province98 import SHARED

from data.choose import chosen
from data.published import kab_crosswalk, province_series, published_batches
from data.store.store import Store

CODES = [f"53.{n:02d}" for n in [*range(1, 22), 71]]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('terbit') / 'x.db'}")
    for meta, rows in published_batches():
        store.facts.commit(meta, rows)
    stored = store.facts.read()
    store.close()
    return stored


def test_every_figure_has_source_date_and_is_real_and_public(facts: pd.DataFrame) -> None:
    assert len(facts) > 600
    assert (facts["source"].str.len() > 5).all()
    assert facts["as_of"].notna().all()
    assert facts["value"].notna().all()
    assert facts["published"].all()
    assert not facts["data_contoh"].any()
    assert set(facts["level"]) == {"kabupaten", "provinsi"}


@pytest.mark.parametrize(
    ("indikator", "years"),
    [
        ("persen_miskin", [2019, 2021, 2024]),
        ("rata_lama_sekolah", [2021, 2024]),
        ("penduduk", [2024]),
        ("penduduk_laki", [2024]),
        ("penduduk_perempuan", [2024]),
        ("pengangguran_terbuka", [2019, 2021]),
        ("ipm", [2019, 2021]),
        ("air_minum", [2021, 2024]),
        ("sanitasi", [2021, 2024]),
        ("luas_km2", [2024]),
    ],
)
def test_indicators_cover_all_22_kabupaten(facts: pd.DataFrame, indikator: str, years: list[int]) -> None:
    rows = facts[(facts["indikator"] == indikator) & (facts["level"] == "kabupaten")]
    for year in years:
        of_year = rows[rows["period_end"].dt.year == year]
        assert sorted(of_year["kode"]) == CODES
    assert sorted(set(rows["period_end"].dt.year)) == years


def test_poverty_weighted_by_population_is_near_the_published_provincial_rate(facts: pd.DataFrame) -> None:
    kab = facts[facts["level"] == "kabupaten"].set_index("kode")
    people = kab.loc[kab["indikator"] == "penduduk", "value"]
    assert 5_500_000 < people.sum() < 5_900_000
    for year, provincial in ((2019, 21.09), (2021, 20.99), (2024, 19.48)):
        rate = kab.loc[(kab["indikator"] == "persen_miskin") & (kab["period_end"].dt.year == year), "value"]
        assert (rate * people).sum() / people.sum() == pytest.approx(provincial, abs=0.1)


def test_women_and_men_make_up_the_population(facts: pd.DataFrame) -> None:
    counts = facts[facts["indikator"].str.startswith("penduduk")]
    table = counts.pivot(index="kode", columns="indikator", values="value")
    assert (table["penduduk_laki"] + table["penduduk_perempuan"] == table["penduduk"]).all()


def test_recaps_of_deaths_are_cumulative_and_one_a_year_is_used(facts: pd.DataFrame) -> None:
    deaths = facts[(facts["indikator"] == "pmi_meninggal") & (facts["level"] == "kabupaten")]
    recaps = deaths[["period_start", "period_end"]].drop_duplicates()
    assert len(recaps) == 10
    assert deaths["cumulative"].all()
    used = chosen(facts)
    used = used[(used["indikator"] == "pmi_meninggal") & (used["level"] == "kabupaten")]
    of_2024 = used[used["period_start"].dt.year == 2024]
    november = of_2024[of_2024["period_end"] == "2024-11-30"]
    assert november["value"].sum() == 119
    assert (november["completeness"] == "lengkap").all()
    assert not of_2024.duplicated("kode").any()
    of_2022 = used[used["period_start"].dt.year == 2022]
    assert "2022-03-31" not in set(of_2022.loc[of_2022["kode"] == "53.21", "period_end"].astype(str))


def test_sources_that_disagree_are_all_kept_and_one_is_used(facts: pd.DataFrame) -> None:
    deaths = facts[(facts["indikator"] == "pmi_meninggal") & (facts["level"] == "provinsi")]
    assert set(deaths.loc[deaths["period_end"] == "2024-12-31", "value"]) == {123, 125}
    departures = facts[(facts["indikator"] == "prosedural") & (facts["level"] == "provinsi")]
    year = departures[(departures["period_start"] == "2024-01-01") & (departures["period_end"] == "2024-12-31")]
    assert set(year["value"]) == {1096, 1401, 2146}
    used = chosen(facts)
    used = used[(used["level"] == "provinsi") & (used["period_end"] == "2024-12-31")]
    figures = used.set_index("indikator")["value"]
    assert figures["pmi_meninggal"] == 123
    assert figures["prosedural"] == 1096


def test_returns_and_placements_say_how_complete_they_are(facts: pd.DataFrame) -> None:
    returns = facts[facts["indikator"] == "pmi_bermasalah"]
    assert returns["value"].sum() == 156
    assert returns["note"].str.contains("156").all()
    placed = facts[(facts["indikator"] == "prosedural") & (facts["level"] == "kabupaten")]
    assert (placed["completeness"] == "sebagian").all()
    assert placed["note"].str.contains("1305").all()


def test_crosswalk_of_the_22_kabupaten() -> None:
    table = kab_crosswalk()
    assert table["kode"].tolist() == CODES
    assert table["kode_bps"].is_unique
    assert (table["kode"].str.replace(".", "") != table["kode_bps"]).sum() == 16
    assert (table["kode_hdx"] == "ID" + table["kode_bps"]).all()
    assert table.set_index("kode").loc["53.12", "kode_bps"] == "5301"


def test_the_provincial_series_runs_from_2017_to_2026() -> None:
    series = province_series()
    assert series["period_start"].dt.year.min() == 2017
    assert series["period_end"].dt.year.max() == 2026
    assert (series["kode"] == "53").all()


def test_another_province_gets_no_figures_of_ntt() -> None:
    assert list(published_batches("98")) == []


@pytest.mark.skipif(not SHARED.exists(), reason="the shared development data is not beside this checkout")
def test_typed_figures_equal_the_collected_ones(facts: pd.DataFrame) -> None:
    deaths = pd.read_csv(SHARED / "figures" / "pmi_deaths_kab.csv", dtype={"kab_code": str})
    typed = facts[(facts["indikator"] == "pmi_meninggal") & (facts["level"] == "kabupaten")]
    assert len(typed) == len(deaths)
    assert typed["value"].sum() == deaths["value"].sum()
    long = pd.read_csv(SHARED / "figures" / "kab_indicators_long.csv", dtype={"kab_code": str})
    rate = long[(long["indicator"] == "p0_poverty_rate") & (long["year"] == 2024)].set_index("kab_code")["value"]
    ours = facts[(facts["indikator"] == "persen_miskin") & (facts["level"] == "kabupaten")]
    ours = ours[ours["period_end"].dt.year == 2024].set_index("kode")["value"]
    assert (ours.sort_index() == rate.sort_index()).all()
