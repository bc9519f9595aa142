"""Undo over random histories: whatever came in, in whatever order it is taken back, the tables are as before."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from campaign.intake.importing import examine
from campaign.office.installation import prepare
from data.intake.examine import commit as commit_table
from data.intake.examined import ImportOptions
from data.workspace import Workspace
from geo.boundaries.importing import commit_batas
from tests.databases import TESTED, empty_schema

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import crash

VERSIONS = 3
ACTS = st.one_of(
    st.tuples(st.just("import"), st.sampled_from(crash.KINDS), st.integers(0, VERSIONS - 1)),
    st.tuples(st.sampled_from(["alias", "mapping", "prefer"]), st.integers(0, 2), st.integers(0, 1)),
    st.tuples(st.just("undo"), st.integers(0, 99), st.just(0)),
)


class History:
    """An installation, files of every kind that were examined already, and what is in it now.

    ``seen`` has the table hashes by what is live: the same things in force must always mean the same tables, whatever
    was done and undone in between.
    """

    def __init__(self, folder: Path) -> None:
        (folder / "g.csv").write_text(crash.province(20), encoding="utf-8")
        self.workspace = Workspace(folder / "kerja")
        prepare(self.workspace, gazetteer=folder / "g.csv", demo=False)
        self.store = self.workspace.store()
        villages = self.store.gazetteer.villages()
        self.files: dict[tuple[str, int], Any] = {}
        for kind in crash.KINDS:
            for number in range(VERSIONS):
                path = crash.write_file(folder, kind, villages, number)
                found = examine(kind, path, self.store, self.workspace, ImportOptions(source=f"Sumber {number}"))
                assert found.report.outcome == "ok", (kind, found.report)
                self.files[kind, number] = found
        self.codes = list(villages["kode"])
        self.before = self.state()
        self.live: list[tuple[tuple[Any, ...], Any]] = []
        self.seen: dict[frozenset[Any], Any] = {frozenset(): self.before}

    def state(self) -> tuple[dict[str, str], str]:
        return self.store.table_hashes(), self.store.input_version()

    def do(self, act: tuple[Any, ...]) -> None:
        what, first, second = act
        if what == "import":
            self.live.append((act, self._import(first, second)))
        elif what == "undo":
            if self.live:
                self.take_back(first % len(self.live))
            return
        else:
            # One alias, mapping or preference a key: the newer takes the older one's place.
            self.live = [item for item in self.live if item[0][:2] != (what, first)]
            self.live.append((act, self._remember(what, first, second)))
        self.check()

    def _import(self, kind: str, number: int) -> str:
        found = copy.copy(self.files[kind, number])
        found.report = copy.copy(found.report)
        found.version = None  # examined before the history began
        if kind == "batas":
            return commit_batas(found, self.store, self.workspace, "uji")
        return commit_table(found, self.store, "uji")

    def _remember(self, what: str, first: int, second: int) -> int:
        if what == "alias":
            return self.store.names.remember(f"Nama {first}", f"nama{first}", self.codes[second], "97.01", "", "uji")
        if what == "mapping":
            return self.store.columns.remember("kasus", f"sumber {first}", "f" * 64, {"nilai": f"K{second}"}, "uji")
        level = ("desa", "kecamatan", "kabupaten")[first]
        return self.store.preferences.set("kasus", "tppo", level, f"Sumber {second}", "karena diperiksa", "uji")

    def take_back(self, at: int) -> None:
        (what, *_), name = self.live.pop(at)
        forget: dict[str, Callable[[Any, str], object]] = {
            "import": self.store.batches.undo,
            "alias": self.store.names.forget,
            "mapping": self.store.columns.forget,
            "prefer": self.store.preferences.forget,
        }
        forget[what](name, "uji")
        self.check()

    def check(self) -> None:
        # A batch's own number is part of its rows, so states are compared with what holds the same batches.
        now = frozenset((act, str(name)) for act, name in self.live)
        tables, version = self.seen.setdefault(now, self.state())
        assert self.state() == (tables, version)


@pytest.fixture(scope="module", params=TESTED)
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    folder = tmp_path_factory.mktemp(f"riwayat-{request.param}")
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "sqlite":
            patch.delenv("PETA_AMAN_DATABASE", raising=False)
            made = History(folder)
            yield made
            made.store.close()
            return
        with empty_schema(request.getfixturevalue("postgres")) as address:
            patch.setenv("PETA_AMAN_DATABASE", address)
            made = History(folder)
            yield made
            made.store.close()


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACTS, min_size=4, max_size=14), chance=st.randoms(use_true_random=False))
def test_undoing_everything_in_any_order_brings_every_table_back(
    history: History, acts: list[tuple[Any, ...]], chance: Any
) -> None:
    for act in acts:
        history.do(act)
    while history.live:
        history.take_back(chance.randrange(len(history.live)))
    assert history.state() == history.before
