"""Search: what somebody types, with slips, finds the place meant; nothing typed breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.reading.search import FOUND, find
from tests.unit.campaign.test_read_model import snapshot

SHOWN = snapshot()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("naibonat", "53.01.02.1001"),
        ("Nabionat", "53.01.02.1001"),  # letters swapped
        ("kel. naibonat", "53.01.02.1001"),
        ("naibonat kupang timur", "53.01.02.1001"),
        ("fatumnas", "53.02.01.2001"),
        ("53.02.01.2002", "53.02.01.2002"),
        ("timor tengah selatan", "53.02"),
        ("kec semau", "53.01.01"),
    ],
)
def test_the_place_meant_comes_first(typed: str, first: str) -> None:
    assert find(SHOWN, typed)[0] == first


def test_both_villages_of_one_name_are_found() -> None:
    assert {"53.01.01.2001", "53.01.01.2002"} <= set(find(SHOWN, "oesao"))


def test_only_villages_when_asked_for_and_nothing_for_nothing() -> None:
    assert all(len(kode) == 13 for kode in find(SHOWN, "semau", villages_only=True))
    assert find(SHOWN, "  ") == []
    assert find(SHOWN, "qqqqxxyy") == []


@given(st.text(max_size=60))
def test_whatever_is_typed_gives_known_places_at_most_a_handful(typed: str) -> None:
    found = find(SHOWN, typed)
    assert len(found) <= FOUND
    assert set(found) <= set(SHOWN.labels)
    assert len(found) == len(set(found))
