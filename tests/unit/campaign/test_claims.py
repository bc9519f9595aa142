"""Roles and areas from what a provider claims, by the office's table."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.access.claims import FILE, ClaimRule, read_rules, rights, values_of
from data.domain.roles import Role
from data.errors import WrongUse

TABLE = """klaim,nilai,peran,wilayah
groups,perencana,perencana penyelia,
realm_access.roles,petugas,petugas_data,53.01;53.02
jabatan,*,pimpinan,{kode}
"""


@pytest.fixture
def rules(tmp_path: Path) -> list[ClaimRule]:
    (tmp_path / FILE).write_text(TABLE, encoding="utf-8")
    return read_rules(tmp_path / FILE)


def test_no_table_and_no_rule_that_fits_give_nothing(rules: list[ClaimRule], tmp_path: Path) -> None:
    assert read_rules(tmp_path / "tidak-ada.csv") == []
    for claims in ({}, {"groups": ["lain"]}, {"groups": "perencana2"}, {"groups": {"perencana": 1}}, {"groups": None}):
        assert rights(rules, claims) == ((), ())


def test_roles_of_all_rules_that_fit_are_added_up_and_areas_hold_for_all(rules: list[ClaimRule]) -> None:
    assert rights(rules, {"groups": ["x", "perencana"]}) == ((Role.PLANNER, Role.SUPERVISOR), ())
    both = {"groups": "perencana", "realm_access": {"roles": ["petugas"]}}
    assert rights(rules, both) == ((Role.PLANNER, Role.DATA_OFFICER, Role.SUPERVISOR), ("53.01", "53.02"))


def test_an_area_from_a_claim_is_a_code_or_the_rule_does_not_fit(rules: list[ClaimRule]) -> None:
    assert rights(rules, {"jabatan": "Kepala", "kode": ["53.04", "53"]}) == ((Role.LEADER,), ("53.04", "53"))
    for kode in (None, "", "semua", "53.04.01", "*"):
        assert rights(rules, {"jabatan": "Kepala", "kode": kode}) == ((), ()), "never everywhere by a slip"
    assert rights(rules, {"jabatan": "", "kode": "53"}) == ((), ())


def test_a_claim_is_found_by_its_name_before_its_path() -> None:
    assert values_of({"a.b": 1, "a": {"b": 2}}, "a.b") == ["1"]
    assert values_of({"a": {"b": {"c": ["x"]}}}, "a.b.c") == ["x"]
    assert values_of({"a": "b"}, "a.b") == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("klaim;nilai;peran;wilayah\n", 1),
        ("klaim,nilai,peran,wilayah\ngroups,a,perencana,\ngroups,b,raja,\n", 3),
        ("klaim,nilai,peran,wilayah\ngroups,,perencana,\n", 2),
        ("klaim,nilai,peran,wilayah\ngroups,a,,53\n", 2),
        ("klaim,nilai,peran,wilayah\ngroups,a,perencana,kupang\n", 2),
        ("klaim,nilai,peran,wilayah\ngroups,a,perencana,53,54\n", 2),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(WrongUse, match="ROLE_TABLE") as fault:
        read_rules(tmp_path / FILE)
    assert fault.value.params == {"baris": line}
