"""Who may do what is said once: the page of roles is made from the rules, and nothing is kept of an answer without the
scope it was given in."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from data.domain.roles import RULES, Act
from scripts.role_table import PAGE, between_marks, written
from tests.house.test_house import ROOT
from words import LANGUAGES, has, t

PUBLIC_DATA = {
    "card_of": "the model card of a score version, the same for everybody",
    "_comparisons": "comparisons of areas of the published score; the page asks who sees them",
    "_chain_verdict": "whether the chain of the audit is whole and where it ends, which every signed list bears",
    "_store": "the open store itself",
    "_snapshot": "the read model of the public map; what is the office's in it is handed out by campaign.office.desk",
    "_remembered": "what people decided about names and columns of files; no figure",
    "_read_key": "the server's own key for cookies, told to nobody",
    "_neighbours": "who is next to whom",
    "_older": "older names of villages",
    "_columns": "columns of one upload, kept for the session that sent it",
    "_last_preview": "an empty box of one session; who looked is kept beside what was told",
    "_facts": "the briefing without a list, or with the one that is named in its key and was asked for as an act",
}
"""Cached functions of the pages that hold nothing that depends on who asks, and why."""


def cached() -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for path in sorted((ROOT / "pages").glob("**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                "cache_" in ast.unparse(one) or "lru_cache" in ast.unparse(one) for one in node.decorator_list
            ):
                found.append((str(path.relative_to(ROOT)), node))
    return found


@pytest.mark.parametrize(("path", "node"), cached(), ids=lambda one: getattr(one, "name", str(one)))
def test_what_is_cached_takes_the_scope_or_is_public(path: str, node: ast.FunctionDef) -> None:
    """Of an argument that begins with ``_`` Streamlit makes no part of the key."""
    takes = {arg.arg for arg in node.args.args if arg.annotation is not None and "Scope" in ast.unparse(arg.annotation)}
    assert "scope" in takes or node.name in PUBLIC_DATA, f"{path}: {node.name} keeps an answer for whoever comes next"


def test_every_exception_is_still_there() -> None:
    assert set(PUBLIC_DATA) <= {node.name for _, node in cached()}


def test_the_page_of_roles_is_what_the_rules_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert between_marks(page) == written(), "uv run python scripts/role_table.py writes docs/peran.md anew"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_act_and_role_has_a_name(lang: str) -> None:
    assert all(has(f"tindakan.{kind}") for kind in Act)
    assert all(t(f"peran.{role}", lang) for rule in RULES.values() for role in rule.roles)


def test_pages_learn_who_acts_in_one_place() -> None:
    """No page makes an actor of its own, but the gate."""
    makers = {"owner", "Actor"}
    for path in sorted([*(ROOT / "pages").glob("**/*.py"), Path(ROOT / "app.py")]):
        if path.name == "gate.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in makers, f"{path}:{node.lineno}"


def test_what_runs_in_a_fragment_does_not_ask_the_router() -> None:
    """Streamlit reruns a fragment without the router, so nobody is let in then; parts shared by pages ask for the actor
    and draw on."""
    for name in ("common", "catatan", "unduh", "purpose"):
        assert "gate.require(" not in (ROOT / "pages" / "parts" / f"{name}.py").read_text(encoding="utf-8"), name
