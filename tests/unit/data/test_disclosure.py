from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.disclosure import HIDDEN, release_count, release_facts, release_frame, release_total, rounded
from data.domain.roles import ROLES, sees_exact_counts
from data.errors import WrongUse

OUTSIDE = [role for role in ROLES if not sees_exact_counts(role)]
counts = st.integers(0, 2000)
above_village = st.sampled_from(["kecamatan", "kabupaten", "provinsi"])
outside = st.sampled_from(OUTSIDE)


@given(counts, counts, outside, st.booleans())
def test_a_village_looks_the_same_whatever_its_count(one: int, other: int, role: str, published: bool) -> None:
    shown = [release_count(n, level="desa", role=role, published=published) for n in (one, other)]
    assert shown == [None, None]


@given(st.lists(counts, min_size=1, max_size=20), outside)
def test_a_village_table_does_not_tell_none_from_one(values: list[int], role: str) -> None:
    none = pd.DataFrame({"kode": range(len(values)), "kasus": values})
    one = none.assign(kasus=[max(n, 1) for n in values])
    first, second = (release_frame(df, level="desa", role=role, counts=["kasus"]) for df in (none, one))
    pd.testing.assert_frame_equal(first, second)


@given(st.integers(0, 9), st.integers(0, 9), above_village, outside)
def test_below_ten_all_counts_look_alike(one: int, other: int, level: str, role: str) -> None:
    assert release_count(one, level=level, role=role) == release_count(other, level=level, role=role) == HIDDEN


@given(st.integers(10, 10**6), above_village, outside)
def test_from_ten_on_the_nearest_five(count: int, level: str, role: str) -> None:
    shown = release_count(count, level=level, role=role)
    assert isinstance(shown, int)
    assert shown % 5 == 0
    assert abs(shown - count) <= 2
    assert shown >= 10


@given(counts, above_village, outside)
def test_releasing_again_never_says_more(count: int, level: str, role: str) -> None:
    first = release_count(count, level=level, role=role)
    assert all(release_count(count, level=level, role=role) == first for _ in range(3))
    if isinstance(first, int):
        assert rounded(first) == first, "rounding what was shown shows the same"


@given(st.lists(counts, max_size=30), outside)
def test_totals_are_made_from_shown_cells_only(values: list[int], role: str) -> None:
    cells = [release_count(n, level="kecamatan", role=role) for n in values]
    total = release_total(cells)
    assert total.at_least == sum(cell for cell in cells if isinstance(cell, int))
    assert total.hidden == cells.count(HIDDEN)
    swapped = [0 if n < 10 else n for n in values]
    again = release_total([release_count(n, level="kecamatan", role=role) for n in swapped])
    assert again == total, "hidden counts leave no trace in a total"


@given(counts, st.sampled_from(["desa", "kecamatan", "kabupaten", "provinsi"]))
def test_officers_who_keep_the_data_see_it(count: int, level: str) -> None:
    assert release_count(count, level=level, role="petugas_data") == count
    assert release_count(count, level=level, role="admin") == count


def test_published_figures_are_shown_as_published_above_the_village() -> None:
    assert release_count(3, level="kabupaten", role="publik", published=True) == 3
    assert release_count(0, level="kabupaten", role="publik", published=True) == 0
    assert release_count(3, level="desa", role="publik", published=True) is None


def test_missing_stays_missing_and_nonsense_is_refused() -> None:
    assert release_count(None, level="kabupaten", role="publik") is None
    assert release_count(float("nan"), level="kabupaten", role="admin") is None
    with pytest.raises(ValueError, match="negative"):
        release_count(-1, level="kabupaten", role="publik")
    with pytest.raises(ValueError, match="dusun"):
        release_count(1, level="dusun", role="publik")
    with pytest.raises(WrongUse) as fault:
        release_count(1, level="desa", role="bupati")
    assert fault.value.reason == "UNKNOWN_ROLE"
    with pytest.raises(ValueError, match="not a released cell"):
        release_total(["sekitar 3"])


def test_a_frame_may_say_row_by_row_what_is_public() -> None:
    df = pd.DataFrame({"kode": ["98.01", "98.02", "98.71"], "kasus": [3.0, 3.0, None], "terbit": [True, False, True]})
    shown = release_frame(df, level="kabupaten", role="perencana", counts=["kasus"], published="terbit")
    assert shown["kasus"].tolist() == [3, HIDDEN, None]
    assert df["kasus"].tolist()[:2] == [3.0, 3.0], "the frame of the caller is not touched"


def test_facts_leave_by_the_same_door() -> None:
    facts = pd.DataFrame(
        {
            "jenis": ["kasus", "kasus", "kasus", "keberangkatan", "kemiskinan", "indikator"],
            "indikator": ["tppo", "tppo", "pmi_meninggal", "prosedural", "persen_miskin", "idm"],
            "level": ["desa", "kecamatan", "kabupaten", "kecamatan", "kabupaten", "desa"],
            "value": [4.0, 4.0, 4.0, 13.0, 21.5, 0.63],
            "published": [True, False, True, False, True, True],
            "row": [2, 3, 4, 5, 6, 7],
            "period_end": dt.date(2024, 12, 31),
        }
    )
    shown = release_facts(facts, role="pimpinan")
    assert shown["value"].tolist() == [None, HIDDEN, 4, 15, 21.5, 0.63]
    assert "row" not in shown, "a row number leads back to the hidden cell"
    assert release_facts(facts, role="admin")["value"].tolist() == [4, 4, 4, 13, 21.5, 0.63]
