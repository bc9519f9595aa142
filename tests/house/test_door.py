"""One door out: no room above `risk` reads counts of people without passing the disclosure rule."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from data.domain.kinds import KINDS, fact_kinds
from tests.house.test_house import ROOT

DOOR = {"data.disclosure", "data.suppression"}
OUTWARD = sorted(
    path
    for name in ("campaign", "commands", "pages", "cli.py", "app.py")
    for path in ([ROOT / name] if name.endswith(".py") else (ROOT / name).glob("**/*.py"))
)
OPEN_KINDS = {name for name in fact_kinds(of_places=True) if not KINDS[name].free}
"""Kinds of nothing but open figures; an undeclared indicator may be guarded."""
INNER = {"campaign/intake/comparison.py": "campaign/intake/preview.py"}
"""Modules that hand unreleased numbers to one other, which is to use the door."""


def imports(tree: ast.AST) -> set[str]:
    return {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }


def guarded_calls(tree: ast.AST) -> list[int]:
    """Lines that read facts of any kind that may hold guarded ones, or what the full model says."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        called = ast.unparse(node.func)
        if called.endswith(".scores.internal"):
            found.append(node.lineno)
        if called.endswith(".facts.read"):
            kinds = [k.value.value for k in node.keywords if k.arg == "jenis" and isinstance(k.value, ast.Constant)]
            if not kinds or kinds[0] not in OPEN_KINDS:
                found.append(node.lineno)
    return found


def reads_values(tree: ast.AST) -> bool:
    """Whether a module looks at the numbers of facts at all: the column ``value``, by name or as an attribute."""
    return any(
        (isinstance(node, ast.Constant) and node.value == "value")
        or (isinstance(node, ast.Attribute) and node.attr == "value")
        for node in ast.walk(tree)
    )


@pytest.mark.parametrize("path", OUTWARD, ids=lambda path: str(path.relative_to(ROOT)))
def test_who_reads_counts_uses_the_door(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = str(path.relative_to(ROOT))
    if not guarded_calls(tree) or not reads_values(tree):
        return
    taker = ROOT / INNER.get(name, name)
    assert imports(ast.parse(taker.read_text(encoding="utf-8"))) & DOOR, f"{name} reads counts: {guarded_calls(tree)}"


@pytest.mark.parametrize("inner", INNER)
def test_numbers_not_released_yet_go_to_one_module_only(inner: str) -> None:
    module = inner.removesuffix(".py").replace("/", ".")
    givers = {"as_stored", "changes_of", "live_facts"}
    for path in OUTWARD:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == module and givers & {a.name for a in node.names}:
                assert str(path.relative_to(ROOT)) == INNER[inner]


def test_the_full_model_is_read_in_the_risk_room_only() -> None:
    users = [str(path.relative_to(ROOT)) for path in OUTWARD if "scores.internal" in path.read_text(encoding="utf-8")]
    assert users == []


def test_the_check_would_see_a_second_way_out() -> None:
    leaky = ast.parse("def f(store):\n    return store.facts.read(jenis='kasus', level='desa')['value'].sum()")
    assert guarded_calls(leaky) == [2]
    assert reads_values(leaky)
    assert not imports(leaky) & DOOR
    assert guarded_calls(ast.parse("store.facts.read()")) == [1]
    assert guarded_calls(ast.parse("store.facts.read(jenis='indikator')")) == [1]
    assert guarded_calls(ast.parse("store.facts.read(jenis='kemiskinan')")) == []
