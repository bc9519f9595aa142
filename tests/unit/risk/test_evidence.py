"""What an order may claim: where cases were looked for, which covariates order, what is published, what is missing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest

from data.batches import BatchMeta
from data.domain.levels import Level
from data.store.store import Store
from geo.figures import village_attributes
from risk.scoring.bands import RANKED
from risk.scoring.evidence import Evidence, Standing, area_evidence, village_evidence
from risk.scoring.inputs import Inputs, build_inputs, fit_models
from risk.scoring.released import released_cells
from risk.scoring.score import larger, village_scores

Fill = Callable[..., Store]
Batch = tuple[BatchMeta, pd.DataFrame]


def cases(level: str, values: Mapping[str, float], kind: str = "tppo", *, published: bool = False) -> Batch:
    rows = pd.DataFrame(
        {
            "indikator": kind,
            "level": level,
            "kode": list(values),
            "value": [float(value) for value in values.values()],
            "period_start": pd.Timestamp("2024-01-01"),
            "period_end": pd.Timestamp("2024-12-31"),
            "published": published,
        }
    )
    return BatchMeta("kasus", f"Daftar {level} {kind}", data_contoh=False), rows


def figures(name: str, values: Mapping[str, float], level: str = "desa") -> Batch:
    _, rows = cases(level, values)
    return BatchMeta("indikator", "BPS", data_contoh=False), rows.assign(indikator=name)


def inputs_of(fill: Fill, province: pd.DataFrame, *batches: Batch) -> Inputs:
    store = fill(province, *batches)
    facts = store.facts.read()
    return build_inputs(village_attributes(store.gazetteer.villages(), facts), facts)


@pytest.fixture(scope="module")
def kabupaten(province: pd.DataFrame) -> list[str]:
    return sorted(set(province["kode_kab"]))


def per_kab(kabupaten: list[str], *counts: float) -> dict[str, float]:
    return dict(zip(kabupaten, counts, strict=False))


# --- where cases were looked for


def test_a_kabupaten_is_looked_at_as_finely_as_its_lists_tell_places(
    fill: Fill, province: pd.DataFrame, kabupaten: list[str]
) -> None:
    of_kec = {f"{kab}.01": 12.0 for kab in kabupaten[:1]}
    zeros = dict.fromkeys(province.loc[province["kode_kab"] == kabupaten[1], "kode"], 0.0)
    sums = per_kab(kabupaten, 20, 20, 20)
    found = inputs_of(
        fill,
        province,
        cases("kecamatan", of_kec),
        cases("desa", zeros, "pmi_bermasalah"),
        cases("kabupaten", sums, "pmi_meninggal"),
    ).observed.looked
    assert found[kabupaten[:3]].tolist() == ["kecamatan", "desa", "kabupaten"], (
        "zeros that were written count as located"
    )
    grades_of = dict(zip(kabupaten, found, strict=True))
    assert grades_of[kabupaten[5]] == "kabupaten", "the list of sums names half of the kabupaten and speaks for all"


def test_where_nobody_looked_an_order_has_no_evidence_and_no_grade_above_d(
    fill: Fill, province: pd.DataFrame, kabupaten: list[str]
) -> None:
    inputs = inputs_of(fill, province, cases("kabupaten", per_kab(kabupaten, 30, 12)))
    villages = village_scores(inputs, fit_models(inputs), 20)
    table = villages.table.set_index("kode")
    seen = table.index.str[:5].isin(kabupaten[:2])
    assert set(table["tingkat_bukti"][seen]) == {"kabupaten"}
    assert set(table["tingkat_bukti"][~seen]) == {"tanpa"}
    assert set(table["kualitas_data"]) == {"D"}
    assert set(table["prioritas"]) == {"data_belum_cukup"}
    of_kab = larger(inputs, villages, Level.KABUPATEN, 20).set_index("kode")
    assert of_kab["tingkat_bukti"].tolist() == ["kabupaten"] * 2 + ["tanpa"] * 4
    assert of_kab["kualitas_data"].ne("D").tolist() == [True] * 2 + [False] * 4


def test_a_shown_kecamatan_total_is_evidence_at_the_kecamatan(
    fill: Fill, province: pd.DataFrame, kabupaten: list[str]
) -> None:
    counts = {f"{kab}.{i:02d}": 30.0 if i == 1 else 4.0 for kab in kabupaten for i in range(1, 7)}
    inputs = inputs_of(fill, province, cases("kecamatan", counts))
    villages = village_scores(inputs, fit_models(inputs), 20)
    table = villages.table.set_index("kode")
    own = table.index.str[6:8] == "01"
    assert set(table["tingkat_bukti"][own]) == {"kecamatan"}
    assert set(table["tingkat_bukti"][~own]) == {"kabupaten"}, "of the others the rest of the kabupaten is known"
    assert set(table["kualitas_data"]) == {"C"}
    of_kec = larger(inputs, villages, Level.KECAMATAN, 20).set_index("kode")["tingkat_bukti"]
    assert of_kec[f"{kabupaten[0]}.01"] == "kecamatan"
    assert of_kec[f"{kabupaten[0]}.02"] == "kabupaten"


def test_a_clear_covariate_is_evidence_at_the_village_only_where_all_of_it_is_known_there(
    fill: Fill, province: pd.DataFrame, kabupaten: list[str]
) -> None:
    rng = np.random.default_rng(0)
    counts = dict(zip(province["kode"], rng.poisson(0.3, len(province)), strict=True))
    people = dict.fromkeys(province["kode"][1:], 1000.0)
    idm = dict(zip(province["kode"][2:], rng.uniform(0.3, 0.9, len(province) - 2), strict=True))
    inputs = inputs_of(fill, province, cases("desa", counts), figures("penduduk", people), figures("idm", idm))
    cell = pd.Series(province["kode_kab"].to_numpy(), province["kode"])

    def told(learned: Level, clear: bool) -> pd.Series:
        standing = {"idm": Standing(learned, clear=clear, kept=clear)}
        return village_evidence(inputs.observed, cell, standing, inputs.features)

    found = told(Level.DESA, True)
    assert found.tolist()[:4] == ["kabupaten", "kabupaten", "desa", "desa"], "people unknown, no figure, both known"
    assert set(told(Level.KECAMATAN, True)) == {"kabupaten", "kecamatan"}
    assert set(told(Level.DESA, False)) == {"kabupaten"}


def test_an_area_stands_on_what_most_of_its_people_stand_on_and_never_finer_than_itself() -> None:
    villages = pd.Series(["desa", "kabupaten", "kabupaten", "tanpa", "tanpa"], list("abcde"))
    people = pd.Series([10.0, 1, 1, 1, 1], villages.index)
    area = pd.Series(["x", "x", "y", "z", "z"], villages.index)
    found = area_evidence(villages, area, people, Level.KECAMATAN)
    assert found.to_dict() == {"x": "kecamatan", "y": "kabupaten", "z": "tanpa"}
    assert area_evidence(villages, area, people, Level.KABUPATEN)["x"] == Evidence.KABUPATEN


# --- which covariates order


def gradient(province: pd.DataFrame, kabupaten: list[str], means: Mapping[str, float]) -> dict[str, float]:
    rng = np.random.default_rng(1)
    return {kode: float(np.clip(means[kode[:5]] + rng.uniform(-0.1, 0.1), 0.05, 0.95)) for kode in province["kode"]}


def spread_within(inputs: Inputs) -> tuple[Standing, float]:
    """What IDM stands on, and by how much expected cases per person differ inside kabupaten."""
    models = fit_models(inputs)
    rate = pd.Series(models.published.predict(inputs.a_year()), inputs.frame["kode"]) / inputs.features.population
    return models.published.standing["idm"], float(rate.map(math.log).groupby(rate.index.str[:5]).std().max())


@pytest.fixture(scope="module")
def wide() -> tuple[pd.DataFrame, list[str]]:
    from tests.unit.risk.conftest import make_province

    large = make_province(n_kab=20, n_kec=2, n_desa=4)
    return large, sorted(set(large["kode_kab"]))


def test_a_covariate_learned_from_sums_orders_villages_only_when_it_is_clear(
    fill: Fill, wide: tuple[pd.DataFrame, list[str]]
) -> None:
    province, kabupaten = wide
    level = per_kab(kabupaten, *np.linspace(0.2, 0.8, 20))
    idm = figures("idm", gradient(province, kabupaten, level))
    people = figures("penduduk", dict.fromkeys(province["kode"], 1000.0))
    clear = {kab: 20.0 * np.exp(5 * (level[kab] - 0.5)) for kab in kabupaten}
    standing, spread = spread_within(
        inputs_of(fill, province, idm, people, cases("kabupaten", {k: round(n) for k, n in clear.items()}))
    )
    assert (standing.learned, standing.why, standing.orders) == (Level.KABUPATEN, "jelas", True)
    assert spread > 0.1


def test_an_unclear_one_leaves_villages_of_a_kabupaten_alike_and_is_kept_with_its_reason(
    fill: Fill, wide: tuple[pd.DataFrame, list[str]]
) -> None:
    province, kabupaten = wide
    level = per_kab(kabupaten, *np.linspace(0.2, 0.8, 20))
    idm = figures("idm", gradient(province, kabupaten, level))
    people = figures("penduduk", dict.fromkeys(province["kode"], 1000.0))
    noise = per_kab(kabupaten, *np.random.default_rng(2).integers(10, 40, 20))
    standing, spread = spread_within(inputs_of(fill, province, idm, people, cases("kabupaten", noise)))
    assert (standing.why, standing.orders) == ("belum_jelas", False)
    assert spread < 1e-9
    located = dict.fromkeys(province["kode"][::3], 1.0)
    free, spread = spread_within(inputs_of(fill, province, idm, people, cases("desa", located)))
    assert (free.why, free.orders) == ("desa", True), "cases in villages can tell them apart"
    assert spread > 0


def test_a_sign_that_hangs_on_one_kabupaten_orders_nothing() -> None:
    assert Standing(Level.KABUPATEN, clear=True, kept=False).why == "berubah"
    assert not Standing(Level.KABUPATEN, clear=True, kept=False).orders
    assert Standing(Level.KECAMATAN, clear=True, kept=True).orders
    assert not Standing(Level.KECAMATAN, clear=False).orders


# --- what is published


def test_published_totals_are_known_exactly_and_others_by_the_rule(
    fill: Fill, province: pd.DataFrame, kabupaten: list[str]
) -> None:
    dead = per_kab(kabupaten, 7, 13, 41, 0, 2, 58)
    open_ = inputs_of(fill, province, cases("kabupaten", dead, "pmi_meninggal", published=True)).observed
    assert released_cells(open_).kabupaten.to_dict() == {kab: n for kab, n in dead.items() if n}
    assert open_.kabupaten[kabupaten[0]] == 7


def test_figures_nobody_published_stay_under_the_rule(fill: Fill, province: pd.DataFrame, kabupaten: list[str]) -> None:
    dead = per_kab(kabupaten, 7, 13, 41, 0, 2, 58)
    guarded = released_cells(inputs_of(fill, province, cases("kabupaten", dead, "pmi_meninggal")).observed)
    assert guarded.kabupaten.to_dict() == {kabupaten[1]: 15, kabupaten[2]: 40, kabupaten[5]: 60}


def test_what_remains_of_a_published_total_beside_located_cases_is_no_published_figure(
    fill: Fill, province: pd.DataFrame, kabupaten: list[str]
) -> None:
    """13 published, 4 of them known to a village: an exact 9 would give the 4 away."""
    dead = per_kab(kabupaten, 13, 30)
    village = str(province["kode"][0])
    observed = inputs_of(
        fill,
        province,
        cases("kabupaten", dead, "pmi_meninggal", published=True),
        cases("desa", {village: 4}, "pmi_meninggal"),
    ).observed
    assert observed.kabupaten[kabupaten[0]] == 9
    assert observed.public.empty
    assert kabupaten[0] not in released_cells(observed).kabupaten.index
    one = inputs_of(fill, province, cases("kecamatan", {f"{kabupaten[0]}.01": 6}, published=True)).observed
    assert released_cells(one).kecamatan.to_dict() == {f"{kabupaten[0]}.01": 6}


# --- what is missing


@pytest.mark.parametrize("group", ["kelurahan", "pulau", "kabupaten"])
def test_no_group_is_passed_over_because_a_figure_is_missing(
    fill: Fill, province: pd.DataFrame, kabupaten: list[str], group: str
) -> None:
    """The same villages get bands as often with a figure that skips them as without that figure altogether."""
    rng = np.random.default_rng(3)
    kode = province["kode"]
    own = {
        "kelurahan": province["jenis"] == "kelurahan",
        "pulau": province["kode_kec"].isin([f"{kabupaten[1]}.05", f"{kabupaten[1]}.06"]),
        "kabupaten": province["kode_kab"] == kabupaten[2],
    }[group].to_numpy()
    idm = rng.uniform(0.3, 0.9, len(kode))
    counts = rng.poisson(0.9 * np.exp(-2 * (idm - 0.6)))
    found = cases("desa", dict(zip(kode, counts, strict=True)))
    people = figures("penduduk", dict(zip(kode, rng.integers(500, 3000, len(kode)), strict=True)))
    rated = figures("idm", dict(zip(kode[~own], idm[~own], strict=True)))

    def ranked(*batches: Batch) -> float:
        inputs = inputs_of(fill, province, *batches)
        table = village_scores(inputs, fit_models(inputs), 60).table
        assert table["kualitas_data"].ne("D").all()
        return float(table["prioritas"].isin(RANKED)[own].mean())

    without = ranked(found, people)
    assert without > 0.1
    assert ranked(found, people, rated) >= 0.7 * without
