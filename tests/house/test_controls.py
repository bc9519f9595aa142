"""What our papers promise is a control, and each control has its test; R1–R25 have a test or a sentence why not."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

import cli
from campaign.evidence.controls import CONTROLS, Control
from tests.house.test_house import ROOT
from words import t

TEXTS = {f"kendali.{control.name}": t(f"kendali.{control.name}") for control in CONTROLS}


@cache
def functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def exists(test: str) -> bool:
    file, _, function = test.partition("::")
    return (ROOT / file).is_file() and function in functions(file)


def folded(text: str) -> str:
    return text.strip().rstrip(".").casefold()


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
def test_each_control_has_its_tests(control: Control) -> None:
    assert control.tests
    assert [test for test in control.tests if not exists(test)] == []


def test_a_missing_test_would_be_seen() -> None:
    assert not exists("tests/store/test_chain.py::test_nothing_of_the_kind")
    assert not exists("tests/store/test_none.py::test_x")


def test_the_impact_assessment_promises_controls_only() -> None:
    text = (ROOT / "docs" / "dpia.md").read_text(encoding="utf-8")
    table = text.partition("| risiko |")[2].partition("## 4.")[0].splitlines()[2:]
    rows = [re.split(r"(?<!\\)\|", line) for line in table if line.startswith("|")]
    assert len(rows) >= 8
    known = {folded(said) for said in TEXTS.values()}
    promised = [folded(one) for row in rows for one in row[4].split(";")]
    assert [one for one in promised if one not in known] == []


def test_security_says_every_control_and_no_other() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    said = text.partition("<!-- kendali -->")[2].partition("<!-- sampai sini -->")[0]
    lines = [folded(line.removeprefix("* ")) for line in said.strip().splitlines()]
    assert lines == [folded(text) for text in TEXTS.values()]
    assert "10 hari kerja" in text
    assert "3 × 24 jam" in text


def test_the_page_for_incidents_names_commands_and_options_that_exist() -> None:
    text = " ".join((ROOT / "docs" / "insiden.md").read_text(encoding="utf-8").split())
    parsers = cli.commands()
    named = [words.split()[1:] for words in re.findall(r"`(peta-aman [^`]+)`", text)]
    assert {words[0] for words in named} >= {"audit", "incident-report", "backup", "restore", "check", "undo"}
    for name, *words in named:
        options = {option for action in parsers[name]._actions for option in action.option_strings}
        assert {word for word in words if word.startswith("--")} <= options, name


def test_each_goal_has_a_test_or_a_reason() -> None:
    text = (ROOT / "docs" / "uji-keamanan.md").read_text(encoding="utf-8")
    rows = {row[1].strip(): row for row in (line.split("|") for line in text.splitlines()) if len(row) > 4}
    assert [name for name in rows if name.startswith("R")] == [f"R{number}" for number in range(1, 26)]
    for name, row in rows.items():
        if not name.startswith("R"):
            continue
        held = re.findall(r"`([^`]+)`", row[3])
        if not held:
            assert row[3].strip().startswith("alasan: "), name
            assert len(row[3].split()) > 6, name
        for one in held:
            found = exists(one) if "::" in one else (ROOT / one).is_file()
            assert found, (name, one)
