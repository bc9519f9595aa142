"""Protection of tables that add up, on tables small enough to work out by hand: what is withheld, in which order."""

from __future__ import annotations

import pandas as pd
import pytest

from data.disclosure import HIDDEN
from data.suppression import WITHHELD, limits, release_tables, release_tree


def kecamatan(*counts: float, kab: str = "98.01") -> pd.Series:
    return pd.Series([float(n) for n in counts], [f"{kab}.{i:02d}" for i in range(1, len(counts) + 1)])


def only(n: float = 0, kab: str = "98.01") -> pd.Series:
    return pd.Series({kab: float(n)})


def test_what_counts_a_shown_cell_may_stand_for() -> None:
    assert limits(HIDDEN) == (0, 9)
    assert limits(10) == (10, 12), "nine would have been hidden"
    assert limits(15) == (13, 17)
    assert limits(WITHHELD)[0] == 0
    assert limits(WITHHELD)[1] > 1e6


def test_ten_cases_known_to_the_kabupaten_only_are_a_number_of_their_own_and_nine_are_part_of_its_total() -> None:
    counts = kecamatan(24, 16, *[3] * 8)
    ten = release_tree(counts, only(10))
    assert (ten.only_kab, ten.kabupaten) == ({"98.01": 10}, {"98.01": 65})
    nine = release_tree(counts, only(9))
    assert (nine.only_kab, nine.kabupaten) == ({}, {"98.01": 75})


def test_the_word_for_few_goes_before_a_number_and_small_numbers_before_large_ones() -> None:
    # 40 in all beside 40: the other lies between 0 and 4, so it is withheld, then the smallest number as well
    tree = release_tree(kecamatan(40, 1), only())
    assert tree.kecamatan == {"98.01.01": WITHHELD, "98.01.02": WITHHELD}
    tree = release_tree(kecamatan(40, 20, 1), only())
    assert tree.kecamatan == {"98.01.01": 40, "98.01.02": WITHHELD, "98.01.03": WITHHELD}
    assert tree.kabupaten == {"98.01": 60}


def test_many_cells_below_ten_are_said_to_be_below_ten() -> None:
    tree = release_tree(kecamatan(20, *[4] * 5), only())
    assert list(tree.kecamatan.values()) == [20, *[HIDDEN] * 5]


def test_a_kecamatan_of_one_village_shows_no_number_but_may_be_said_to_have_few() -> None:
    counts = kecamatan(25, 40, *[4] * 6)
    tree = release_tree(counts, only(), single={"98.01.01", "98.01.03"})
    assert tree.kecamatan["98.01.01"] == WITHHELD
    assert tree.kecamatan["98.01.02"] == 40
    assert tree.kecamatan["98.01.03"] == tree.kecamatan["98.01.04"] == HIDDEN


def test_the_provinces_total_is_withheld_where_it_would_give_a_hidden_kabupaten_away() -> None:
    both = pd.concat([kecamatan(30, 40, 50), kecamatan(1, kab="98.02")])
    tree = release_tree(both, pd.concat([only(), only(kab="98.02")]))
    assert tree.kabupaten["98.02"] == HIDDEN
    assert tree.provinsi == WITHHELD
    alone = release_tree(kecamatan(30, 40, 50), only())
    assert alone.provinsi == 120


def test_the_provinces_total_is_withheld_where_it_would_narrow_a_kabupaten_from_below() -> None:
    """31 in all is shown as 30 (28-32), the other kabupaten as 20 (18-22): six to nine would be left for this one."""
    both = pd.concat([kecamatan(22), kecamatan(5, 4, kab="98.02")])
    tree = release_tree(both, pd.concat([only(), only(kab="98.02")]))
    assert (tree.provinsi, tree.kabupaten) == (WITHHELD, {"98.01": 20, "98.02": HIDDEN})
    assert list(tree.kecamatan.values()) == [20, HIDDEN, HIDDEN]


def test_the_provinces_total_is_withheld_where_it_would_narrow_a_kecamatan_by_way_of_its_kabupaten() -> None:
    """74 in all is shown as 75 (73-77), the other kabupaten as 35 (33-37): 36 or 37 would be left for this one, so
    three or more for each of its small kecamatan."""
    both = pd.concat([kecamatan(12, 12, 7, 6), kecamatan(37, kab="98.02")])
    tree = release_tree(both, pd.concat([only(), only(kab="98.02")]))
    assert (tree.provinsi, tree.kabupaten) == (WITHHELD, {"98.01": 35, "98.02": 35})
    assert list(tree.kecamatan.values()) == [10, 10, HIDDEN, HIDDEN, 35]


def test_one_kecamatan_of_one_village_is_not_given_back_by_the_totals() -> None:
    """Its number is withheld; the kabupaten's total less the other kecamatan would say it within five."""
    tree = release_tree(kecamatan(25, 40), only(), single={"98.01.01"})
    assert tree.kecamatan["98.01.01"] == WITHHELD
    assert not isinstance(tree.kecamatan["98.01.02"], int)


def test_tables_withhold_single_years_of_kecamatan_before_sums_and_kecamatan_before_the_kabupaten() -> None:
    counts = pd.DataFrame({"2023": [30.0, 20.0], "2024": [1.0, 25.0]}, ["98.01.01", "98.01.02"])
    shown = release_tables(counts, {"semua": ["2023", "2024"]})
    assert list(shown.loc["98.01"]) == [75, 50, 25], "the kabupaten's numbers stay"
    assert list(shown["semua"][["98.01.01", "98.01.02"]]) == [30, 45], "and so do the sums"
    assert (shown.loc[["98.01.01", "98.01.02"], ["2023", "2024"]].to_numpy() == WITHHELD).all()


def test_tables_of_a_kecamatan_of_one_village_show_no_number_but_may_say_that_it_is_small() -> None:
    large = [f"98.01.{i:02d}" for i in range(1, 4)]
    counts = pd.DataFrame({"2023": [30.0, 20.0, 25.0], "2024": [20.0, 25.0, 40.0]}, large)
    assert all(isinstance(cell, int) for cell in release_tables(counts).loc[large].to_numpy().ravel())
    shown = release_tables(counts, single={"98.01.01"})
    assert (shown.loc["98.01.01"] == WITHHELD).all()
    few = pd.DataFrame({"2024": [20.0, *[4.0] * 5]}, [f"98.01.{i:02d}" for i in range(1, 7)])
    assert release_tables(few, single={"98.01.02"}).loc["98.01.02", "2024"] == HIDDEN


@pytest.mark.parametrize("slack", [0, 9])
def test_years_beside_a_total_that_is_known_already_count_the_cases_no_kecamatan_is_known_of(slack: int) -> None:
    counts = pd.DataFrame({"2023": [15.0, 15.0], "2024": [20.0, 20.0]}, ["98.01.01", "98.01.02"])
    tree = release_tree(counts.sum(axis=1), only(slack))
    shown = release_tables(counts, tree=tree, slack={"98.01": slack})
    assert list(shown.loc["98.01"]) == [30, 40]
