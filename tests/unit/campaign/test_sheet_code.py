"""The code on a village's sheet: found again, and no slip of the pen gives another village."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.sessions.sheet_code import LENGTH, SIGNS, read_sheet_code, sheet_code
from data.errors import WrongUse
from tests.stand_ins import as_store
from tests.unit.campaign.conftest import Planned

KODE = "53.01.04.2003"


class Villages:
    """A store of two villages, no list and no plan."""

    lists = SimpleNamespace(all=lambda: [SimpleNamespace(versi="D20261122-01")])
    results = SimpleNamespace(all=lambda jenis: [("R20261120-abcdef01", None)])
    gazetteer = SimpleNamespace(villages=lambda: {"kode": [KODE, "53.01.04.2004"]})


@pytest.mark.parametrize("versi", ["", "D20261122-01", "R20261120-abcdef01"])
def test_a_code_says_village_and_list(versi: str) -> None:
    code = sheet_code(KODE, versi)
    assert read_sheet_code(code, as_store(Villages())) == (code, KODE, versi)
    sloppy = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_sheet_code(sloppy, as_store(Villages())) == (code, KODE, versi)


@given(at=st.integers(0, LENGTH - 1), sign=st.sampled_from(SIGNS))
def test_one_wrong_sign_is_found(at: int, sign: str) -> None:
    right = sheet_code(KODE, "D20261122-01").replace("-", "")
    if right[at] == sign:
        return
    with pytest.raises(WrongUse) as caught:
        read_sheet_code(right[:at] + sign + right[at + 1 :], as_store(Villages()))
    assert caught.value.reason == "SHEET_CODE"


@given(one=st.integers(0, LENGTH - 2), other=st.integers(0, LENGTH - 2))
def test_two_signs_changed_about_are_found(one: int, other: int) -> None:
    signs = list(sheet_code(KODE, "D20261122-01").replace("-", ""))
    if signs[one] == signs[other]:
        return
    signs[one], signs[other] = signs[other], signs[one]
    with pytest.raises(WrongUse) as caught:
        read_sheet_code("".join(signs), as_store(Villages()))
    assert caught.value.reason == "SHEET_CODE"


@given(text=st.text(max_size=40))
def test_anything_else_is_no_code(text: str) -> None:
    with pytest.raises(WrongUse):
        read_sheet_code(text, as_store(Villages()))


def test_a_list_or_a_village_of_elsewhere_is_told_apart_from_a_slip(planned_once: Planned) -> None:
    own = planned_once.plan["villages"][0]["kode"]
    for strange in (sheet_code(own, "D19990101-01"), sheet_code("53.99.99.2001")):
        with pytest.raises(WrongUse) as caught:
            read_sheet_code(strange, planned_once.store)
        assert caught.value.reason == "SHEET_STRANGER"
    code = sheet_code(own, planned_once.plan["version"])
    assert read_sheet_code(code, planned_once.store)[1:] == (own, planned_once.plan["version"])
