from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.domain.codes import CodeError, digits_of, level_of, parent, parse_code, up_to
from data.domain.levels import LEVELS

codes = st.integers(10, 99).flatmap(
    lambda prov: st.sampled_from([0, 2, 4, 8]).flatmap(
        lambda more: st.text("0123456789", min_size=more, max_size=more).map(lambda rest: f"{prov}{rest}")
    )
)


@given(codes)
def test_a_code_with_and_without_dots_is_the_same_place(digits: str) -> None:
    dotted = parse_code(digits)
    assert digits_of(dotted) == digits
    assert parse_code(dotted) == dotted
    assert level_of(dotted) == {2: "provinsi", 4: "kabupaten", 6: "kecamatan", 10: "desa"}[len(digits)]


@given(codes)
def test_going_up_ends_at_the_province(digits: str) -> None:
    kode: str | None = parse_code(digits)
    steps = []
    while kode is not None:
        steps.append(level_of(kode))
        kode = parent(kode)
    assert steps == list(("desa", "kecamatan", "kabupaten", "provinsi")[-len(steps) :])


@given(st.text(max_size=14))
def test_any_text_is_a_code_or_a_code_error(text: str) -> None:
    with suppress(CodeError):
        assert level_of(parse_code(text)) in LEVELS


@pytest.mark.parametrize("text", ["5303100", "53.1", "53.01.4", "5301042003.0", "53-01-04-2003", "", "٥٣٠١"])
def test_look_alikes_are_not_codes(text: str) -> None:
    with pytest.raises(CodeError):
        parse_code(text)


def test_the_kabupaten_of_a_village() -> None:
    assert up_to("53.01.04.2003", "kabupaten") == "53.01"
    with pytest.raises(CodeError):
        up_to("53.01", "desa")
