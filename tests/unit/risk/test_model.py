from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GroupKFold, cross_validate
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator

from risk.estimator import laplace
from risk.model import VillageRiskRegressor

Simulated = Callable[..., tuple[pd.DataFrame, np.ndarray, np.ndarray]]


def chain(X: pd.DataFrame) -> pd.DataFrame:
    """Each village a neighbour of the next."""
    return pd.DataFrame({"a": X["desa"].to_numpy()[:-1], "b": X["desa"].to_numpy()[1:]})


def test_scikit_learn_accepts_it_as_an_estimator() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(VillageRiskRegressor(), on_fail=None)
    failed = [(r["check_name"], r["exception"]) for r in results if r["status"] not in ("passed", "skipped")]
    assert failed == []
    assert sum(r["status"] == "passed" for r in results) >= 50


def test_clone_pickle_pipeline_and_grouped_cross_validation(simulated: Simulated) -> None:
    X, y, _ = simulated()
    model = VillageRiskRegressor(graph=chain(X), random_state=3).fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    np.testing.assert_array_equal(again.sample(5), model.sample(5))
    assert clone(model).get_params()["random_state"] == 3
    piped = Pipeline([("same", FunctionTransformer()), ("model", VillageRiskRegressor())]).fit(X, y)
    np.testing.assert_allclose(piped.predict(X), VillageRiskRegressor().fit(X, y).predict(X))
    scores = cross_validate(VillageRiskRegressor(), X, y, cv=GroupKFold(4), groups=X["kec"], error_score="raise")
    assert len(scores["test_score"]) == 4
    assert scores["test_score"].mean() > 0  # better than a constant rate in kecamatan it never saw


@pytest.mark.parametrize("with_graph", [False, True])
def test_factors_multiply_exactly_to_the_prediction(simulated: Simulated, with_graph: bool) -> None:
    X, y, _ = simulated(1)
    model = VillageRiskRegressor(graph=chain(X) if with_graph else None).fit(X, y)
    factors = model.decompose(X)
    assert list(factors.columns[:4]) == ["baseline", "miskin", "kab", "kec"]
    assert {"neighbours", "own_history"} <= set(factors.columns)
    np.testing.assert_allclose(factors.prod(axis=1) * X["penduduk"], model.predict(X), rtol=1e-12)
    assert (factors["neighbours"] == 1).all() != with_graph
    rising = np.sign(X["miskin"] - model.covariate_mean_[0]) * np.sign(model.coef_[0])
    assert (np.sign(np.log(factors["miskin"])) == rising).all()


def test_a_rate_that_goes_with_the_size_of_a_place_is_learned_and_years_of_watching_are_not_size(
    simulated: Simulated,
) -> None:
    X, y, rate = simulated(40, cases=1500)
    size = np.log(X["penduduk"]) - np.log(X["penduduk"]).groupby(X["kab"]).transform("mean")
    rng = np.random.default_rng(0)
    true = rate * np.exp(-0.5 * size.to_numpy())
    watched = X.assign(penduduk=X["penduduk"] * np.where(X["kab"] < "b4", 1.0, 4.0))  # whole kabupaten for longer
    y = rng.poisson(true * watched["penduduk"]).astype(float)
    model = VillageRiskRegressor().fit(watched, y)
    assert model.size_coef_[0] == pytest.approx(-0.5, abs=0.15)
    factors = model.decompose(X)
    assert np.corrcoef(np.log(factors["area_size"]), -size)[0, 1] > 0.999
    np.testing.assert_allclose(factors.prod(axis=1) * X["penduduk"], model.predict(X), rtol=1e-12)
    without = watched.assign(penduduk=np.where(X["kab"] == "b1", 0.0, watched["penduduk"]))
    blind = VillageRiskRegressor().fit(without, np.where(X["kab"] == "b1", 0.0, y))
    assert (blind.decompose(X)["area_size"][X["kab"] == "b1"] == 1).all()
    assert VillageRiskRegressor(groups=()).fit(X.drop(columns=["kab", "kec"]), y).size_coef_ is None


def test_expected_cases_add_up_to_the_observed_ones(simulated: Simulated) -> None:
    X, y, _ = simulated(2)
    extra = pd.Series({"b0": 17.0, "b3": 4.0})
    model = VillageRiskRegressor().fit(X, y, aggregates={"kab": extra, "kec": pd.Series({"c2": 5.0})})
    assert model.predict(X).sum() == pytest.approx(y.sum() + 26, rel=1e-6)


def test_draws_are_seeded_centred_on_the_total_and_wide_where_nothing_was_observed(simulated: Simulated) -> None:
    X, y, _ = simulated(3)
    unseen = X["kab"] == "b5"
    X = X.assign(penduduk=X["penduduk"].where(~unseen, 0.0))
    y = np.where(unseen, 0.0, y)
    model = VillageRiskRegressor(random_state=7).fit(X, y)
    draws = model.sample(400)
    assert draws.shape == (400, len(X))
    np.testing.assert_array_equal(draws, model.sample(400))
    assert not np.array_equal(draws, clone(model).set_params(random_state=8).fit(X, y).sample(400))
    assert (draws @ X["penduduk"]).mean() == pytest.approx(y.sum(), rel=1e-9)
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    width = np.log(high / low)
    assert (low > 0).all()
    assert np.median(width[unseen]) > 1.3 * np.median(width[~unseen])


def test_intervals_hold_the_true_rate_as_often_as_they_say(simulated: Simulated) -> None:
    inside = []
    for seed in range(12):
        X, y, rate = simulated(10 + seed)
        low, high = np.quantile(VillageRiskRegressor().fit(X, y).sample(300), [0.05, 0.95], axis=0)
        inside.append(np.mean((low <= rate) & (rate <= high)))
    assert 0.86 <= np.mean(inside) <= 0.97


def test_effects_find_risk_better_than_past_counts_or_covariates_alone(simulated: Simulated) -> None:
    won = []
    for seed in range(5):
        X, y, rate = simulated(20 + seed, cases=250)
        true = rate * X["penduduk"].to_numpy()

        def hit(ranking: np.ndarray, true: np.ndarray = true) -> float:
            return true[np.argsort(-ranking, kind="stable")[:50]].sum()

        full = hit(VillageRiskRegressor().fit(X, y).predict(X))
        bare = X[["penduduk", "miskin"]]
        plain = VillageRiskRegressor(groups=(), area=None).fit(bare, y).predict(bare)
        won.append((full / hit(y + 1e-9 * X["penduduk"].to_numpy()), full / hit(plain)))
    past, covariates = np.mean(won, axis=0)
    assert past > 1.05
    assert covariates > 1.05


def test_counts_known_to_the_kecamatan_only_help(simulated: Simulated) -> None:
    """Half of the kabupaten report by kecamatan: using their sums beats leaving them out."""
    with_sums, without = [], []
    for seed in range(4):
        X, y, rate = simulated(30 + seed)
        coarse = X["kab"].isin(["b0", "b2", "b4", "b6"]).to_numpy()
        sums = pd.Series(y[coarse]).groupby(X["kec"][coarse].to_numpy()).sum()
        fine = np.where(coarse, 0.0, y)
        year = X
        kept = VillageRiskRegressor().fit(X, fine, aggregates={"kec": sums}).predict(year)
        left = X.assign(penduduk=X["penduduk"].where(~coarse, 0.0))
        dropped = VillageRiskRegressor().fit(left, fine).predict(year)
        log_true = np.log(rate * X["penduduk"])[coarse]
        with_sums.append(np.corrcoef(np.log(kept[coarse]), log_true)[0, 1])
        without.append(np.corrcoef(np.log(dropped[coarse]), log_true)[0, 1])
    assert np.mean(with_sums) > np.mean(without) + 0.05


def test_kabupaten_totals_alone_still_give_a_wide_map(simulated: Simulated) -> None:
    X, y, _ = simulated(4)
    sums = pd.Series(y).groupby(X["kab"].to_numpy()).sum()
    coarse = VillageRiskRegressor().fit(X, np.zeros(len(X)), aggregates={"kab": sums})
    fine = VillageRiskRegressor().fit(X, y)
    by_kab = pd.Series(coarse.predict(X)).groupby(X["kab"].to_numpy()).sum()
    assert np.corrcoef(by_kab, sums)[0, 1] > 0.95

    def width(model: VillageRiskRegressor) -> float:
        low, high = np.quantile(model.sample(200), [0.05, 0.95], axis=0)
        return float(np.median(np.log(high / low)))

    assert width(coarse) > width(fine)


def test_a_column_of_labels_that_only_aggregates_name_is_no_covariate_and_not_needed_to_predict(
    simulated: Simulated,
) -> None:
    X, y, _ = simulated(5)
    cells = X.assign(sel=np.where(X["kab"] == "b1", "satu", "lain"))
    model = VillageRiskRegressor().fit(cells, y, aggregates={"sel": pd.Series({"satu": 12.0})})
    assert list(model.covariate_names_) == ["miskin"]
    np.testing.assert_array_equal(model.predict(cells), model.predict(X))


def test_a_village_no_model_has_seen_gets_its_priors_centre_and_width(simulated: Simulated) -> None:
    X, y, _ = simulated(6)
    model = VillageRiskRegressor().fit(X, y)
    stranger = X.iloc[[0]].assign(desa="baru", kec="baru", kab="baru")
    factors = model.decompose(stranger)
    assert (factors[["kab", "kec", "own_history"]] == 1).all(axis=None)
    known, unknown = model.sample(300, X.iloc[[0]]), model.sample(300, stranger)
    assert np.log(unknown).std() > 1.3 * np.log(known).std()


def test_what_is_known_from_elsewhere_is_held(simulated: Simulated) -> None:
    X, y, _ = simulated(7)
    prior: dict[str, dict[str, Any]] = {"coef": {"miskin": (-1.0, 1e-4)}, "variance": {"kec": 0.25}}
    model = VillageRiskRegressor(prior=prior).fit(X, y)
    assert model.coef_[0] == pytest.approx(-1.0, abs=1e-3)
    assert model.variance_components_["kec"] == 0.25
    assert set(model.variance_components_) == {"kab", "kec", "own_history"}


def test_the_field_finds_a_smooth_gradient_that_groups_do_not_know() -> None:
    rng = np.random.default_rng(0)
    n = 400
    X = pd.DataFrame({"desa": [f"d{i}" for i in range(n)], "penduduk": 1000.0})
    log_rate = np.sin(np.arange(n) / 30)
    y = rng.poisson(np.exp(log_rate - 1)).astype(float)
    smooth = VillageRiskRegressor(groups=(), graph=chain(X)).fit(X, y).predict(X)
    alone = VillageRiskRegressor(groups=()).fit(X, y).predict(X)
    assert np.corrcoef(np.log(smooth), log_rate)[0, 1] > 0.9
    assert np.corrcoef(np.log(smooth), log_rate)[0, 1] > np.corrcoef(np.log(alone), log_rate)[0, 1] + 0.1


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_and_the_names_of_places_do_not_matter(shuffler: object) -> None:
    rng = np.random.default_rng(5)
    n = 60
    X = pd.DataFrame(
        {
            "desa": [f"d{i}" for i in range(n)],
            "kec": [f"c{i // 6}" for i in range(n)],
            "kab": [f"b{i // 20}" for i in range(n)],
            "penduduk": rng.uniform(500, 3000, n),
            "x": rng.normal(size=n),
        }
    )
    y = rng.poisson(X["penduduk"] / 800).astype(float)
    expected = VillageRiskRegressor().fit(X, y).predict(X)
    order = list(range(n))
    shuffler.shuffle(order)  # type: ignore[attr-defined]
    renamed = X.assign(kec="k" + X["kec"], kab=X["kab"].str.upper()).iloc[order]
    again = VillageRiskRegressor().fit(renamed, y[order]).predict(renamed)
    np.testing.assert_allclose(again, expected[order], rtol=0.02)


def test_no_case_at_all_gives_small_rates_not_zero(simulated: Simulated) -> None:
    X, y, _ = simulated(8)
    expected = VillageRiskRegressor().fit(X, np.zeros(len(y))).predict(X)
    assert (expected > 0).all()
    assert expected.sum() < 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": -1.0}, "negative counts"),
        ({"exposure": 0.0}, "exposure is 0"),
        ({"exposure": -5.0}, "negative exposure"),
        ({"aggregates": {"kab": pd.Series({"b0": -2.0})}}, "missing or negative"),
        ({"aggregates": {"kab": pd.Series({"tidak ada": 2.0})}}, "without exposure"),
        ({"aggregates": {"provinsi": pd.Series({"b0": 2.0})}}, "does not have"),
    ],
)
def test_wrong_input_is_refused_with_a_reason(simulated: Simulated, change: dict, message: str) -> None:
    X, y, _ = simulated(9)
    y = y.copy()
    y[0] = change.get("y", 3.0)
    if "exposure" in change:
        X = X.assign(penduduk=np.where(np.arange(len(X)) == 0, change["exposure"], X["penduduk"]))
    with pytest.raises(ValueError, match=message):
        VillageRiskRegressor().fit(X, y, aggregates=change.get("aggregates"))


def test_an_unfitted_model_says_so(simulated: Simulated) -> None:
    X, _, _ = simulated()
    for ask in (lambda m: m.predict(X), lambda m: m.decompose(X), lambda m: m.sample(3)):
        with pytest.raises(NotFittedError):
            ask(VillageRiskRegressor())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"miskin": np.nan}, r"NaN in the covariates \['miskin'\]"),
        ({"agama": "x"}, r"columns \['agama'\] to numbers"),
        ({"kec": None}, "'kec' holds missing labels"),
        ({"desa": None}, "'desa' holds missing labels"),
        ({"penduduk": np.nan}, "penduduk contains NaN"),
        ({"neighbours": 1.0}, "must not be called"),
    ],
)
def test_gaps_and_text_in_a_table_are_refused_by_name(simulated: Simulated, change: dict, message: str) -> None:
    X, y, _ = simulated(9)
    (column, value), first = *change.items(), np.arange(len(X)) == 0
    wrong = X.assign(**{column: value if column not in X else X[column].mask(first, value)})
    with pytest.raises(ValueError, match=message):
        VillageRiskRegressor().fit(wrong, y)


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        (pd.DataFrame({"a": [1, 2], "b": [2, 3]}), "names none of the areas"),
        (pd.DataFrame({"a": ["d1", None], "b": ["d2", "d3"]}), "missing labels"),
        ({"d1": ["d2", "d3"]}, "two columns"),
    ],
)
def test_a_graph_of_other_places_is_refused(simulated: Simulated, graph: Any, message: str) -> None:
    X, y, _ = simulated(9)
    with pytest.raises(ValueError, match=message):
        VillageRiskRegressor(graph=graph).fit(X, y)


def test_a_graph_may_be_an_array_one_way_or_both_with_loops_islands_and_strangers(simulated: Simulated) -> None:
    X, y, _ = simulated(9, n_kab=2)
    table = chain(X).iloc[:60]  # the second half of the villages are islands
    expected = VillageRiskRegressor(graph=table).fit(X, y).predict(X)
    both: Any = np.vstack([table.to_numpy(), table.to_numpy()[:, ::-1], [["d3", "d3"]]])
    np.testing.assert_allclose(VillageRiskRegressor(graph=both).fit(X, y).predict(X), expected)
    pairs: Any = [*table.itertuples(index=False, name=None), ("d60", "luar")]
    stranger = VillageRiskRegressor(graph=pairs).fit(X, y)
    assert np.isfinite(stranger.predict(X)).all()
    assert np.isfinite(stranger.predict(X.iloc[[0]].assign(desa="luar"))).all()


@pytest.mark.parametrize("groups", [(), None, "kab", ["kab", "kec"], ("kab",)])
def test_groups_may_be_none_one_or_several(simulated: Simulated, groups: Any) -> None:
    X, y, _ = simulated(9, n_kab=3)
    names = [] if groups is None else [groups] if isinstance(groups, str) else list(groups)
    model = VillageRiskRegressor(groups=groups).fit(X.drop(columns=[c for c in ("kab", "kec") if c not in names]), y)
    assert set(model.variance_components_) == {*names, "own_history"}


def test_numbers_categories_small_floats_and_odd_indices_are_the_same_table(simulated: Simulated) -> None:
    X, y, _ = simulated(9, n_kab=3)
    graph = chain(X)
    expected = VillageRiskRegressor(graph=graph).fit(X, y).predict(X)
    codes = {label: number for number, label in enumerate(X["desa"])}
    numbers = X.assign(desa=X["desa"].map(codes), kec=pd.factorize(X["kec"])[0], kab=X["kab"].astype("category"))
    numbers = numbers.astype({"miskin": "float32"}).set_axis(["sama"] * len(X))
    model = VillageRiskRegressor(graph=graph.map(codes.get)).fit(numbers, list(y.astype(int)))
    np.testing.assert_allclose(model.predict(numbers), expected, rtol=1e-4)
    assert (model.decompose(numbers).index == "sama").all()


def test_years_as_rows_of_their_own_say_the_same_as_their_sum(simulated: Simulated) -> None:
    X, y, _ = simulated(9, n_kab=4)
    half = y // 2
    panel = pd.concat([X.assign(penduduk=X["penduduk"] / 2)] * 2, ignore_index=True)
    yearly = VillageRiskRegressor().fit(panel, np.concatenate([half, y - half])).predict(X)
    np.testing.assert_allclose(yearly, VillageRiskRegressor().fit(X, y).predict(X), rtol=1e-3)


@pytest.mark.parametrize("scale", [0.0, 1e-9, 1.0, 1e6])
def test_any_size_of_counts_and_a_few_areas_give_finite_rates(simulated: Simulated, scale: float) -> None:
    X, y, _ = simulated(9, n_kab=1, n_kec=5)
    X = X.assign(tetap=3.0)  # says nothing
    model = VillageRiskRegressor(graph=chain(X)).fit(X, y * scale)
    assert model.predict(X).sum() == pytest.approx(max(y.sum() * scale, 0.5 if scale == 0 else 0.0), rel=1e-5)
    draws = model.sample(50)
    assert np.isfinite(draws).all()
    assert (draws > 0).all()
    assert (model.decompose(X)["tetap"] == 1).all()


def test_no_variance_is_learned_from_totals_that_say_nothing_of_it(simulated: Simulated) -> None:
    """Sums over kecamatan must not be read as "villages of a kecamatan are all alike"."""
    inside = []
    for seed, column in ((12, "kec"), (13, "kec"), (12, "kab"), (13, "kab")):
        X, y, rate = simulated(seed, cases=900)
        sums = pd.Series(y).groupby(X[column].to_numpy()).sum()
        model = VillageRiskRegressor().fit(X, np.zeros(len(X)), aggregates={column: sums})
        assert model.variance_components_["own_history"] == pytest.approx(laplace.UNKNOWN_SD**2, rel=0.1)
        low, high = np.quantile(model.sample(300), [0.05, 0.95], axis=0)
        inside.append(np.mean((low <= rate) & (rate <= high)))
    assert np.mean(inside) > 0.82  # 0.6 when totals shrink the variance


def test_a_fitted_model_is_small_to_keep(simulated: Simulated) -> None:
    X, y, _ = simulated(9, n_kab=20)
    assert len(pickle.dumps(VillageRiskRegressor(graph=chain(X)).fit(X, y))) < 1_000_000
