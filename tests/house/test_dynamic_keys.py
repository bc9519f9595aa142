"""Text keys that are put together in code: every one of them is in the catalogue, in both languages.

A key like ``t(f"prioritas.{band}")`` is found in the code. Where its parts run over a constant (a literal, or a name
that the module defines or imports) the values are read from there; all others are listed in `REGISTRIES` with the
registry or enumeration their values come from. A new one that is in neither makes these tests fail.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from campaign.documents.registry import DOCUMENTS
from campaign.maps.registry import LAYERS
from campaign.planning.help import kinds
from data.domain.kinds import KINDS
from data.domain.levels import Level
from risk.scoring.choices import RANKINGS
from risk.scoring.covariates import COVARIATES, Covariate, score_texts
from tests.house.dynamic_values import REGISTRIES
from words import catalogue

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("campaign", "commands", "pages")
CALLED = {"t", "say", "has", "Clause"}
MODULES = [ROOT / "cli.py", ROOT / "app.py", *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))]


@dataclass(frozen=True)
class Key:
    """A key in the code: ``pattern`` with ``{}`` for each part, and the values of the parts, None where unknown."""

    place: str
    pattern: str
    values: tuple[tuple[str, ...] | None, ...]

    def keys(self) -> set[str]:
        """Every key it may be, by what runs over constants and what is listed."""
        listed = REGISTRIES.get(self.pattern)
        if all(self.values):
            return {self.pattern.format(*parts) for parts in product(*(values or () for values in self.values))}
        return {self.pattern.format(*([one] if isinstance(one, str) else one)) for one in listed or ()}


class Finder(ast.NodeVisitor):
    """Finds the keys of one module; ``loops`` are the names that run over a constant where the visitor is."""

    def __init__(self, source: str, place: str) -> None:
        self.place = place
        self.found: list[Key] = []
        self.loops: dict[str, tuple[str, ...] | None] = {}
        self.names: dict[str, Any] = {}
        tree = ast.parse(source)
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] != "pages":
                for alias in node.names:
                    self.names[alias.asname or alias.name] = _imported(node.module, alias.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                values = list(_constants(node.value, self.names))
                for target in targets:
                    if isinstance(target, ast.Name) and len(values) == 1:
                        self.names[target.id] = values[0]
        self.visit(tree)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in CALLED and node.args:
            for one in _written(node.args[0]):
                self.found.append(self._key(one))
        self.generic_visit(node)

    def _key(self, text: ast.JoinedStr) -> Key:
        pattern, values = "", []
        for part in text.values:
            if isinstance(part, ast.FormattedValue):
                pattern += "{}"
                values.append(self._values(part.value))
            else:
                pattern += str(ast.literal_eval(part))
        return Key(f"{self.place}:{text.lineno}", pattern, tuple(values))

    def _values(self, node: ast.expr) -> tuple[str, ...] | None:
        if isinstance(node, ast.Name):
            if node.id in self.loops:
                return self.loops[node.id]
            known = self.names.get(node.id)
            return (known,) if isinstance(known, str) else None
        if isinstance(node, ast.IfExp):
            both = [self._values(one) for one in (node.body, node.orelse)]
            return tuple(value for values in both for value in values or ()) if all(both) else None
        return (node.value,) if isinstance(node, ast.Constant) and isinstance(node.value, str) else None

    def _inside(self, node: ast.AST, targets: Iterable[tuple[ast.expr, ast.expr]]) -> None:
        before = dict(self.loops)
        for target, over in targets:
            for name in ast.walk(target):
                if isinstance(name, ast.Name):
                    self.loops[name.id] = None
            self.loops |= _running(target, over, self.names)
        self.generic_visit(node)
        self.loops = before

    def visit_For(self, node: ast.For) -> None:
        self._inside(node, [(node.target, node.iter)])

    def _comprehension(self, node: Any) -> None:
        self._inside(node, [(part.target, part.iter) for part in node.generators])

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension


def _imported(module: str, name: str) -> Any:
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


def _constants(node: ast.expr, names: dict[str, Any]) -> Iterator[Any]:
    """The value of an expression made of literals and known names; nothing for any other."""
    allowed = (
        ast.Constant,
        ast.Name,
        ast.Tuple,
        ast.List,
        ast.Set,
        ast.Dict,
        ast.Starred,
        ast.Load,
        ast.Subscript,
        ast.Slice,
    )
    used = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    if all(isinstance(one, allowed) for one in ast.walk(node)) and all(names.get(name) is not None for name in used):
        yield eval(compile(ast.Expression(node), "constant", "eval"), {name: names[name] for name in used})


def _running(target: ast.expr, over: ast.expr, names: dict[str, Any]) -> dict[str, tuple[str, ...] | None]:
    """The values of the names of a loop over a constant: of the one name, or of each in a tuple of them."""
    if isinstance(over, ast.Call) and getattr(over.func, "id", "") == "zip":
        found: dict[str, tuple[str, ...] | None] = {}
        for part, column in zip(target.elts if isinstance(target, ast.Tuple) else [], over.args, strict=False):
            found |= _running(part, column, names)
        return found
    if isinstance(over, ast.Call) and isinstance(over.func, ast.Attribute) and over.func.attr == "items":
        over = over.func.value
        as_pairs = True
    else:
        as_pairs = False
    for value in _constants(over, names):
        rows = list(value.items()) if as_pairs else list(value)
        if isinstance(target, ast.Name):
            return {target.id: _texts(rows)}
        parts = target.elts if isinstance(target, ast.Tuple) else []
        if parts and all(isinstance(row, tuple) and len(row) == len(parts) for row in rows):
            columns = zip(parts, zip(*rows, strict=True), strict=True)
            return {part.id: _texts(column) for part, column in columns if isinstance(part, ast.Name)}
    return {}


def _texts(values: Iterable[Any]) -> tuple[str, ...] | None:
    found = list(values)
    return tuple(map(str, found)) if all(isinstance(value, str | int) for value in found) else None


def _written(node: ast.expr) -> Iterator[ast.JoinedStr]:
    """The f-strings that a key may be."""
    if isinstance(node, ast.JoinedStr):
        yield node
    elif isinstance(node, ast.IfExp):
        yield from _written(node.body)
        yield from _written(node.orelse)


FOUND = [key for path in MODULES for key in Finder(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))).found]


def test_the_code_is_searched_as_a_whole() -> None:
    assert len(FOUND) > 150
    assert {key.place.partition("/")[0] for key in FOUND} >= {"campaign", "pages", "commands"}


@pytest.mark.parametrize("pattern", sorted({key.pattern for key in FOUND}))
def test_every_key_put_together_in_code_is_in_both_languages(pattern: str) -> None:
    for one in (key for key in FOUND if key.pattern == pattern):
        assert all(one.values) or pattern in REGISTRIES, (
            f"{one.place}: nothing says which keys {pattern!r} may be; list it in tests/house/dynamic_values.py"
        )
        assert one.keys() <= set(catalogue()), one.place


def test_nothing_is_listed_that_the_code_does_not_say() -> None:
    assert set(REGISTRIES) <= {key.pattern for key in FOUND if not all(key.values)}


def test_a_new_key_is_found_and_its_values_are_only_believed_where_they_are_written_down() -> None:
    source = """
from risk.scoring.bands import RANKED
PARTS = ("satu", "dua")
def words(kind):
    t(f"baru.{kind}")
    [t(f"kelas.{band}") for band in RANKED]
    for part in PARTS:
        t(f"bagian.{part}" if kind else f"lain.{kind}_{part}")
    for _, kind in {"a": "b"}.items():
        console.say(f"jenis.{kind}")
"""
    found = {key.pattern: key.values for key in Finder(source, "uji.py").found}
    assert found == {
        "baru.{}": (None,),
        "kelas.{}": (("I", "II", "III"),),
        "bagian.{}": (("satu", "dua"),),
        "lain.{}_{}": (None, ("satu", "dua")),
        "jenis.{}": (("b",),),
    }


def test_every_row_of_a_registry_has_its_texts() -> None:
    texts = [row.texts for row in COVARIATES.values()] + [row.texts for row in LAYERS.values()]
    texts += [row.texts for row in kinds().values()]
    texts += [tuple(row.text_keys()) for row in DOCUMENTS]
    texts += [row.text_keys for row in KINDS.values()]
    needed = {key for own in texts for key in own} | set(score_texts())
    assert needed <= set(catalogue())


def test_a_covariate_without_texts_is_found_here_and_not_by_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Covariate(name="uji", native=Level.DESA, unit="persen", why="for this test", step=1.0, compared=True)
    monkeypatch.setitem(COVARIATES, "uji", row)
    assert set(score_texts()) - set(catalogue()) == set(row.texts)


def test_every_reason_a_score_may_give_has_a_sentence() -> None:
    instead = {f"alasan.{why}.{ranking}" for why in ("pilihan", "cadangan") for ranking in RANKINGS}
    assert {*instead, "alasan.tidak_menonjol"} <= set(catalogue())
    said = {key for key in catalogue() if key.startswith("alasan.")}
    assert said == instead | {"alasan.tidak_menonjol"} | {key for key in score_texts() if key.startswith("alasan.")}
