"""One name for one thing: no two classes of the product are called alike, and no two modules need each other."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.house.test_house import ROOT

ROOMS = ("words", "data", "geo", "risk", "campaign", "commands", "pages")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for room in ROOMS
    for path in sorted((ROOT / room).glob("**/*.py"))
}


def classes(tree: ast.AST) -> list[str]:
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def needed(tree: ast.AST) -> Iterator[str]:
    """Modules of the product that a module imports, inside functions as well; what only types name is not needed."""
    types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Modules that need each other, and those that need one of them; empty when there are none."""
    left = {name: set(others) for name, others in graph.items()}
    while free := [name for name, others in left.items() if not others]:
        for name in free:
            del left[name]
        for others in left.values():
            others.difference_update(free)
    return sorted(left)


def test_no_two_classes_have_the_same_name() -> None:
    where: dict[str, list[str]] = defaultdict(list)
    for name, path in MODULES.items():
        for one in classes(ast.parse(path.read_text(encoding="utf-8"))):
            where[one].append(name)
    assert {one: modules for one, modules in where.items() if len(modules) > 1} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_needs_one_that_needs_it(room: str) -> None:
    own = {name for name in MODULES if name == room or name.startswith(room + ".")}
    graph = {
        name: {other for other in needed(ast.parse(MODULES[name].read_text(encoding="utf-8"))) if other in own} - {name}
        for name in own
    }
    assert circle(graph) == []


def test_the_checks_would_see_a_fault() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]
    assert circle({"a": {"b"}, "b": set()}) == []
    lazy = ast.parse("def f():\n    from data.intake.files import sheets\n")
    assert "data.intake.files.sheets" in set(needed(lazy))
    assert classes(ast.parse("class Part: ...\nclass Part: ...")) == ["Part", "Part"]
