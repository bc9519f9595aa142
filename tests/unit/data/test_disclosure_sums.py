"""Sums over a file's cells: every branch of `release_sum` at its boundary values, and single cells at theirs."""

from __future__ import annotations

import pandas as pd
import pytest

from data.disclosure import HIDDEN, release_count, release_facts, release_sum, release_total, rounded
from data.domain.kinds import KINDS
from data.domain.measures import MEASURES, Measure
from data.domain.roles import ROLES, sees_exact_counts

ABOUT_PEOPLE = ("kasus", "keberangkatan")
KEEPERS = [role for role in ROLES if sees_exact_counts(role)]
READERS = [role for role in ROLES if not sees_exact_counts(role)]


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("jenis", ABOUT_PEOPLE)
@pytest.mark.parametrize(
    ("value", "cells", "shown"),
    [
        (0, 0, "<10"),
        (0, 50, "<10"),
        (9, 1, "<10"),
        (9, 10, "<10"),
        (9, 50, "<10"),
        (10, 1, ">=10"),
        (10, 9, ">=10"),
        (10, 10, 10),
        (10, 11, 10),
        (12, 10, 10),
        (13, 10, 15),
        (500, 9, ">=10"),
        (501, 10, 500),
    ],
)
def test_a_sum_of_counts_of_people_as_a_reader_sees_it(
    value: float, cells: int, shown: str | int, jenis: str, role: str
) -> None:
    assert release_sum(value, cells=cells, jenis=jenis, role=role) == shown


@pytest.mark.parametrize("role", KEEPERS)
@pytest.mark.parametrize("value", [0, 1, 9, 10, 13])
def test_those_who_keep_the_data_see_every_sum(value: int, role: str) -> None:
    for jenis in KINDS:
        for cells in (1, 9, 10):
            assert release_sum(value, cells=cells, jenis=jenis, role=role) == value


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda measure: measure.key)
def test_a_measure_hides_its_sums_exactly_when_it_counts_single_people(measure: Measure) -> None:
    jenis, key = measure.jenis, measure.key
    hidden = release_sum(3, cells=20, jenis=jenis, indikator=key, role="publik") == HIDDEN
    assert hidden == (jenis in ABOUT_PEOPLE)
    if not hidden:
        assert release_sum(3.25, cells=1, jenis=jenis, indikator=key, role="publik") == 3.25


@pytest.mark.parametrize("jenis", sorted(KINDS))
def test_a_sum_that_does_not_say_what_it_counts_is_hidden(jenis: str) -> None:
    assert release_sum(3, cells=20, jenis=jenis, role="publik") == (3 if KINDS[jenis].free else HIDDEN)


def test_a_single_count_turns_from_hidden_to_shown_at_ten() -> None:
    shown = {9: "<10", 9.9: "<10", 10: 10, 12: 10, 12.5: 15, 13: 15}
    assert {count: rounded(count) for count in shown} == shown


def test_published_counts_are_whole_numbers_rounded_halves_up() -> None:
    assert release_count(12.6, level="kabupaten", role="publik", published=True) == 13
    assert release_count(12.5, level="desa", role=KEEPERS[0]) == 13


def test_a_total_adds_the_numbers_and_counts_the_hidden_cells_only() -> None:
    total = release_total([15, "<10", None, float("nan"), 20, "<10"])
    assert (total.at_least, total.hidden) == (35, 2)
    assert release_total([]).at_least == 0


def test_keepers_of_the_data_see_the_row_of_the_file_and_others_do_not() -> None:
    facts = pd.DataFrame({"jenis": ["kasus"], "level": ["desa"], "value": [4.0], "published": [False], "row": [7]})
    assert release_facts(facts, role=KEEPERS[0])["row"].tolist() == [7]
    assert "row" not in release_facts(facts, role="perencana")
