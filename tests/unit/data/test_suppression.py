"""Tables that add up, against an attacker who solves integer programmes over everything shown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from data.disclosure import HIDDEN
from data.suppression import WITHHELD, release_tables, release_tree

small = st.integers(0, 18)


def told(shown: Any) -> tuple[float, float] | None:
    """What an attacker who knows the rule reads from a cell; written apart from the code under test."""
    if shown == WITHHELD:
        return None
    if shown == HIDDEN:
        return 0, 9
    return max(10, shown - 2), shown + 2


def widths(rows: list[tuple[np.ndarray, object]], targets: list[np.ndarray]) -> list[float]:
    """How many whole values are left for each target sum, given sums of atoms as shown."""
    n = len(rows[0][0])
    known = [(row, seen) for row, shown in rows if (seen := told(shown)) is not None]
    limits = LinearConstraint(
        np.array([row for row, _ in known]).reshape(-1, n), [t[0] for _, t in known], [t[1] for _, t in known]
    )
    out = []
    for target in targets:
        ends = [
            milp(sign * target, constraints=limits, integrality=np.ones(n), bounds=Bounds(0, 300)) for sign in (1, -1)
        ]
        assert all(end.success for end in ends), "what is shown contradicts itself"
        out.append(-ends[1].fun - ends[0].fun + 1)
    return out


@st.composite
def provinces(draw: st.DrawFn) -> pd.Series:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    codes = [f"98.{i + 1:02d}.{j + 1:02d}" for i, n in enumerate(sizes) for j in range(n)]
    return pd.Series([float(draw(small)) for _ in codes], codes)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(provinces(), st.data())
def test_no_hidden_cell_of_a_table_with_totals_is_left_with_fewer_than_ten_values(
    counts: pd.Series, data: st.DataObject
) -> None:
    kab = sorted({kec[:5] for kec in counts.index})
    only = pd.Series([float(data.draw(st.integers(0, 14))) for _ in kab], kab)
    tree = release_tree(counts, only)
    atoms = list(counts.index)

    def sum_of(part: str) -> np.ndarray:
        return np.array([float(kec.startswith(part)) for kec in atoms])

    # the attacker knows the few cases that no kecamatan is known of
    rest = {k: only[k] if only[k] < 10 else 0 for k in kab}
    rows: list[tuple[np.ndarray, object]] = [(sum_of(kec), shown) for kec, shown in tree.kecamatan.items()]
    shifted = []
    for part, shown in [*tree.kabupaten.items(), ("", tree.provinsi)]:
        known = sum(n for k, n in rest.items() if k.startswith(part))
        shifted.append((sum_of(part), shown, known))
    hidden = [sum_of(kec) for kec, shown in tree.kecamatan.items() if not isinstance(shown, int)]
    n = len(atoms)
    lines = [(row, seen) for row, shown in rows if (seen := told(shown))]
    lines += [(row, (seen[0] - known, seen[1] - known)) for row, shown, known in shifted if (seen := told(shown))]
    matrix = np.array([row for row, _ in lines]).reshape(-1, n)
    limits = LinearConstraint(matrix, [t[0] for _, t in lines], [t[1] for _, t in lines])
    for target in hidden:
        ends = [
            milp(sign * target, constraints=limits, integrality=np.ones(n), bounds=Bounds(0, 300)) for sign in (1, -1)
        ]
        assert all(end.success for end in ends)
        assert -ends[1].fun - ends[0].fun + 1 >= 10


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        ({"98.01.01": 30, "98.01.02": 1}, "a total beside its only large part"),
        ({"98.01.01": 5, "98.01.02": 7}, "ten in all of two that are below ten"),
        ({"98.01.01": 11, "98.02.01": 40, "98.02.02": 3}, "across kabupaten"),
    ],
)
def test_what_the_rule_for_single_cells_would_give_away_is_held_back(counts: dict[str, int], why: str) -> None:
    tree = release_tree(pd.Series(counts, dtype=float), pd.Series(0.0, sorted({k[:5] for k in counts})))
    assert HIDDEN not in [tree.kecamatan[k] for k, n in counts.items() if n < 10 and k[:5] != "98.03"], why


def test_a_kabupaten_with_many_small_kecamatan_shows_all_it_can() -> None:
    counts = pd.Series({f"98.01.{i:02d}": float(n) for i, n in enumerate([24, 16, 3, 0, 1, 5, 2, 9], start=1)})
    tree = release_tree(counts, pd.Series({"98.01": 13.0}))
    assert (tree.provinsi, tree.kabupaten, tree.only_kab) == (60, {"98.01": 60}, {"98.01": 15})
    assert list(tree.kecamatan.values()) == [25, 15, *[HIDDEN] * 6]


def test_the_count_of_a_kecamatan_of_one_village_is_never_shown() -> None:
    counts = pd.Series({"98.01.01": 25.0, "98.01.02": 40.0, "98.01.03": 4.0, "98.01.04": 2.0})
    tree = release_tree(counts, pd.Series({"98.01": 0.0}), single={"98.01.01"})
    assert tree.kecamatan["98.01.01"] == WITHHELD


@st.composite
def years(draw: st.DrawFn) -> pd.DataFrame:
    codes = [f"98.01.{j + 1:02d}" for j in range(draw(st.integers(1, 4)))]
    names = [str(2022 + i) for i in range(draw(st.integers(1, 3)))]
    return pd.DataFrame({name: [float(draw(small)) for _ in codes] for name in names}, index=codes)


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(years())
def test_years_their_sums_and_earlier_releases_together_narrow_no_hidden_cell(counts: pd.DataFrame) -> None:
    """Sums of the first k years are what an earlier release showed; a filter may ask for any of them."""
    names = list(counts.columns)
    sums = {f"sampai {name}": names[: i + 1] for i, name in enumerate(names) if i}
    shown = release_tables(counts, sums)
    assert list(shown.columns) == [*sums, *names]
    assert sorted(shown.index) == ["98.01", *counts.index]
    rows, hidden = [], []
    for name in shown.columns:
        of = sums.get(name, [name])
        for area in shown.index:
            inside = np.array([[kec.startswith(area) and year in of for year in names] for kec in counts.index])
            row = inside.ravel().astype(float)
            rows.append((row, shown.loc[area, name]))
            if not isinstance(shown.loc[area, name], int):
                hidden.append(row)
    assert all(width >= 10 for width in widths(rows, hidden))


def test_kinds_and_their_sum_are_shown_where_nothing_is_given_away() -> None:
    counts = pd.DataFrame({"tppo": [12.0, 24.0, 31.0], "pmi": [15.0, 18.0, 22.0]}, ["98.01.01", "98.01.02", "98.01.03"])
    shown = release_tables(counts, {"semua": ["tppo", "pmi"]})
    assert shown.loc["98.01"].tolist() == [120, 65, 55]
    assert shown.loc["98.01.02"].tolist() == [40, 25, 20]
    few = counts.assign(pmi=[0.0, 1.0, 0.0])
    assert release_tables(few, {"semua": ["tppo", "pmi"]}).loc["98.01.02", "pmi"] != 0


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(years(), st.integers(0, 9))
def test_years_beside_a_total_that_is_shown_already_narrow_neither(counts: pd.DataFrame, slack: int) -> None:
    whole = counts.sum(axis=1)
    tree = release_tree(whole, pd.Series({"98.01": float(slack)}))
    shown = release_tables(counts, tree=tree, slack={"98.01": slack})
    n = counts.size
    lines: list[tuple[np.ndarray, tuple[float, float]]] = []
    hidden = []
    for area in shown.index:
        of_area = np.array([[kec.startswith(area)] * counts.shape[1] for kec in counts.index], dtype=float)
        total = tree.kabupaten[area] if area == "98.01" else tree.kecamatan[area]
        if (seen := told(total)) is not None:
            known = slack if area == "98.01" else 0
            lines.append((of_area.ravel(), (seen[0] - known, seen[1] - known)))
        for i, year in enumerate(counts.columns):
            row = of_area * (np.arange(counts.shape[1]) == i)
            if (seen := told(shown.loc[area, year])) is not None:
                lines.append((row.ravel(), seen))
            if not isinstance(shown.loc[area, year], int):
                hidden.append(row.ravel())
    limits = LinearConstraint(
        np.array([row for row, _ in lines]).reshape(-1, n), [t[0] for _, t in lines], [t[1] for _, t in lines]
    )
    for target in hidden:
        ends = [
            milp(sign * target, constraints=limits, integrality=np.ones(n), bounds=Bounds(0, 300)) for sign in (1, -1)
        ]
        width = -ends[1].fun - ends[0].fun + 1
        told_by_total = any(t[1] - t[0] + 1 < 10 for row, t in lines if (row == target).all())
        assert width >= 10 or told_by_total
