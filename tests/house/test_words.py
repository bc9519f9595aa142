"""The catalogue: complete, in both languages, without words that stigmatise."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from words import catalogue, date_text, number, percent, t

ROOT = Path(__file__).resolve().parents[2]
SPEAKING = [
    "cli.py",
    "app.py",
    *sorted(str(p.relative_to(ROOT)) for d in ("campaign", "commands", "pages") for p in (ROOT / d).glob("**/*.py")),
]


def literal_keys(path: Path) -> set[str]:
    """Keys given as plain strings to ``t(...)`` or ``say(...)`` in a module."""
    keys = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            value = node.args[0].value
            if name in {"t", "say", "text"} and isinstance(value, str) and re.fullmatch(r"[a-z_]+\.[\w.]+", value):
                keys.add(value)
    return keys


@pytest.mark.parametrize("module", SPEAKING)
def test_every_key_a_module_speaks_is_in_the_catalogue(module: str) -> None:
    path = ROOT / module
    assert path.exists()
    assert literal_keys(path) <= set(catalogue())


def test_both_languages_take_the_same_values() -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    differing = {key: texts for key, texts in catalogue().items() if names(texts["id"]) != names(texts["en"])}
    assert not differing


def test_every_reason_code_of_the_interface_has_a_sentence() -> None:
    page = ROOT.parent / "shared" / "INTERFACE.md"
    if not page.exists():
        pytest.skip("the interface page is not beside this checkout")
    text = page.read_text(encoding="utf-8")
    listed = text[text.index("File reasons:") : text.index("A fuzzy name match")]
    codes = set(re.findall(r"\b[A-Z][A-Z_]{3,}\b", listed))
    assert {"EMPTY_FILE", "UNKNOWN_CODE", "OVERLAP"} <= codes
    assert {code for code in codes if f"intake.{code}" not in catalogue()} == set()


def test_numbers_and_dates_are_written_as_the_language_writes_them() -> None:
    import datetime as dt

    assert number(1234567.891, "id", 2) == "1.234.567,89"
    assert number(1234567.891, "en", 2) == "1,234,567.89"
    assert percent(0.1234, "id", 1) == "12,3%"
    assert date_text(dt.date(2026, 11, 2)) == "2 November 2026"
    assert "1.250" in t("cli.berkas_ditulis", berkas="a.csv", n=1250)
