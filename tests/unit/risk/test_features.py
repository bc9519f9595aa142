from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from data.batches import BatchMeta
from data.store.store import Store
from geo.figures import village_attributes
from risk.scoring.covariates import COVARIATES
from risk.scoring.features import build_features

Fill = Callable[..., Store]


def figures(jenis: str, indikator: str, level: str, values: dict[str, float]) -> tuple[BatchMeta, pd.DataFrame]:
    part = pd.DataFrame(
        {
            "indikator": indikator,
            "level": level,
            "kode": list(values),
            "value": list(values.values()),
            "period_start": pd.Timestamp(2024, 1, 1),
            "period_end": pd.Timestamp(2024, 12, 31),
        }
    )
    return BatchMeta(jenis, f"sumber {indikator}"), part


def frame_of(store: Store) -> pd.DataFrame:
    return village_attributes(store.gazetteer.villages(), store.facts.read())


def test_the_finest_figure_is_taken_and_borrowed_ones_are_marked(fill: Fill, province: pd.DataFrame) -> None:
    own, other = province["kode"].iloc[5], province["kode"].iloc[6]
    store = fill(
        province.assign(penduduk=1000.0),
        figures("kemiskinan", "penduduk_miskin", "desa", {own: 400.0}),
        figures("kemiskinan", "persen_miskin", "kabupaten", {"98.01": 22.0, "98.02": 30.0}),
    )
    found = build_features(frame_of(store))
    assert found.values.loc[own, "kemiskinan"] == 40
    assert found.values.loc[other, "kemiskinan"] == 22
    borrowed = found.borrowed()["kemiskinan"]
    assert not borrowed[own]
    assert borrowed[other]
    assert not found.borrowed("kabupaten").loc[other, "kemiskinan"]
    nowhere = province["kode"][province["kode_kab"] == "98.06"]
    assert found.borrowed("kabupaten").loc[nowhere, "kemiskinan"].all()
    assert found.values.notna().all(axis=None)


def test_a_kabupaten_figure_is_a_villages_own_when_it_exists_from_there_up_only(
    fill: Fill, province: pd.DataFrame
) -> None:
    store = fill(province, figures("indikator", "rata_lama_sekolah", "kabupaten", {"98.01": 6.5, "98.02": 8.1}))
    found = build_features(frame_of(store))
    borrowed = found.borrowed()["rata_lama_sekolah"]
    assert not borrowed[found.values.index.str[:5].isin(["98.01", "98.02"])].any()
    assert borrowed[found.values.index.str[:5] == "98.03"].all()
    assert found.sources["rata_lama_sekolah"] == "sumber rata_lama_sekolah"


def test_population_left_over_is_shared_by_villages_nobody_counted(fill: Fill, province: pd.DataFrame) -> None:
    villages = province["kode"][province["kode_kab"] == "98.01"].tolist()
    store = fill(
        province,
        figures("indikator", "penduduk", "desa", {villages[0]: 5000.0}),
        figures("indikator", "penduduk", "kabupaten", {"98.01": 5000.0 + 59 * 700}),
    )
    found = build_features(frame_of(store))
    assert found.population[villages[0]] == 5000
    np.testing.assert_allclose(found.population[villages[1:]], 700)
    assert found.borrowed()["penduduk"][villages].tolist() == [False] + [True] * 59
    assert (found.population > 0).all()


def test_counts_of_people_that_are_not_public_are_never_covariates(fill: Fill, province: pd.DataFrame) -> None:
    some = dict.fromkeys(province["kode"].iloc[:40], 3.0)
    store = fill(
        province,
        figures("kasus", "tppo", "desa", some),
        figures("keberangkatan", "nonprosedural", "desa", some),
        figures("indikator", "penganut_agama_x", "desa", some),
        figures("indikator", "idm", "desa", {kode: 0.5 + i / 100 for i, kode in enumerate(some)}),
    )
    found = build_features(frame_of(store))
    assert set(found.values.columns) == {"keterpencilan", "idm"}
    assert set(found.values.columns) <= set(COVARIATES)


def test_a_figure_that_is_the_same_everywhere_is_left_out(fill: Fill, province: pd.DataFrame) -> None:
    store = fill(province, figures("indikator", "pengangguran_terbuka", "provinsi", {"98": 3.1}))
    assert "pengangguran_terbuka" not in build_features(frame_of(store)).values


def test_without_any_figure_villages_still_differ_by_where_they_lie(fill: Fill, province: pd.DataFrame) -> None:
    store = fill(province)
    found = build_features(frame_of(store))
    assert list(found.values.columns) == ["keterpencilan"]
    assert np.isfinite(found.values["keterpencilan"]).all()
    assert found.borrowed()["penduduk"].all()
    assert not found.data_contoh
