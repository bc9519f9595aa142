"""What changes the store is an act with an actor: no page, no command and no helper writes past it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from data.store.store import Store
from tests.house.test_house import ROOT

WRITES = {
    "gazetteer": {"replace"},
    "facts": {"commit"},
    "records": {"commit"},
    "boundaries": {"add", "add_one"},
    "batches": {"undo"},
    "names": {"remember", "remember_all", "forget"},
    "columns": {"remember", "forget"},
    "preferences": {"set", "forget"},
    "scores": {"save"},
    "results": {"save"},
    "lists": {"freeze", "sign"},
    "notes": {"add", "remove"},
    "requests": {"ask", "decide", "resolve"},
    "accounts": {"add", "change", "spend_code"},
    "signins": {"attempt", "told", "forgive", "release", "start", "stay", "end", "end_all", "end_of_provider"},
    "audit": {"record", "adopt", "cut"},
}
"""What each part of the store offers that changes it."""
SCREENS = [*(ROOT / "pages").glob("**/*.py"), *(ROOT / "commands").glob("**/*.py")]
DOORS = sorted([*SCREENS, ROOT / "app.py", ROOT / "cli.py"])
CAMPAIGN = sorted((ROOT / "campaign").glob("**/*.py"))
NO_ACTS = {"campaign/office/installation.py", "campaign/evidence/recording.py"}
"""The first fills a workspace nobody else can see yet; the act around it is `campaign.office.custody.install`. The
second writes the audit rows of acts and views."""


def writes(tree: ast.AST) -> list[int]:
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        part = node.func.value
        if isinstance(part, ast.Attribute) and node.func.attr in WRITES.get(part.attr, ()):
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", DOORS, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_and_commands_change_nothing_themselves(path: Path) -> None:
    assert writes(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", CAMPAIGN, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_changes_the_store_is_an_act(path: Path) -> None:
    """A public function that writes is decorated with ``act``; a private one is called by such a one of its module."""
    if str(path.relative_to(ROOT)) in NO_ACTS:
        return
    functions = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)]
    acts = {node.name for node in functions if any(ast.unparse(one).startswith("act(") for one in node.decorator_list)}
    free = [node.name for node in functions if writes(node) and node.name not in acts and not node.name.startswith("_")]
    assert free == []
    assert acts or not any(writes(node) for node in functions)


def test_the_check_sees_a_write_past_an_act() -> None:
    assert writes(ast.parse("def page(store):\n    store.notes.add('53', 'x', user='a', now=None)")) == [2]
    assert writes(ast.parse("store.notes.all()")) == []


def test_the_list_of_writes_is_what_the_store_offers() -> None:
    """A method that opens a writing transaction is in `WRITES`, and nothing else is."""
    offered: dict[str, set[str]] = {}
    parts = {type(part).__name__: name for name, part in vars(Store("sqlite://")).items()}
    for path in (ROOT / "data" / "store" / "parts").glob("*.py"):
        for cls in (n for n in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(n, ast.ClassDef)):
            found = {
                method.name
                for method in cls.body
                if isinstance(method, ast.FunctionDef)
                and any(way in ast.unparse(method) for way in ("self._writing", "self.add(", "self.remember_all("))
            }
            if found:
                offered.setdefault(parts[cls.name], set()).update(found)
    assert offered == WRITES
