"""Kills every act of a person with SIGKILL at random moments, in a province of 3,442 villages; is any half done?

    nice uv run python benchmarks/crash_acts.py --kills 500   # makes a workspace of NTT
    nice uv run python benchmarks/crash_acts.py --kills 40 --workspace FOLDER   # copies that one

Each kill meets a process of its own that does one act on a copy of the same workspace. Before that the act is done
twice without a kill, and what the tables hold after each of its transactions is written down (without times, chains and
running numbers of rows). After a kill the workspace must hold one of those states or the one before the act; the chain
of the audit must verify, boundary and layer files must be what their hashes say, no temporary file may be left once the
workspace was opened again, and a file that was to be written is whole or absent.

Output: one JSON object; exit code 1 when anything was ever between.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pandas as pd
from crash_ground import Ground
from sqlalchemy import DateTime, select

from data.backup import restore
from data.errors import PetaAmanError
from data.store.content import hash_rows, hash_text
from data.store.part import Database
from data.store.store import Store
from data.store.tables import metadata
from data.workspace import Workspace
from geo.boundaries.proof import damaged_boundaries
from geo.drawing.layer_proof import damaged_files

_NOT_STATE = {"id", "before", "hash", "sha256", "content", "what_json"}
"""Columns that differ between two runs of the same act."""


def state(store: Store) -> str:
    """What the tables hold, without times, chains and running numbers."""
    parts = []
    with store._database.reading() as connection:
        for table in metadata.sorted_tables:
            if table.name == "keadaan":
                continue
            columns = [c for c in table.columns if c.name not in _NOT_STATE and not isinstance(c.type, DateTime)]
            parts.append(hash_rows(tuple(row) for row in connection.execute(select(*columns))))
    return hash_text(*parts)


@contextmanager
def stages(seen: list[str], store: Store) -> Iterator[None]:
    """Writes down what the tables hold after each transaction inside."""
    plain = Database.writing

    @contextmanager
    def watched(database: Database) -> Iterator[Any]:
        with plain(database) as connection:
            yield connection
        seen.append(state(store))

    Database.writing = watched  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Database.writing = plain  # type: ignore[method-assign]


class ActHarness:
    """One ground, many kills."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground, self.chance = ground, random.Random(seed)
        self.acts = ground.acts()
        self.allowed: dict[str, set[str]] = {}
        self.seconds: dict[str, float] = {}
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.left_out: dict[str, str] = {}

    def learn(self, name: str) -> None:
        """The act twice without a kill: its stages, and how long it takes."""
        seen: list[list[str]] = []
        for _ in range(2):
            workspace = self.ground.fresh()
            store = workspace.store()
            before, stage = state(store), cast(list[str], [])
            start = time.perf_counter()
            with stages(stage, store):
                self.acts[name].do(store, workspace)
            self.seconds[name] = time.perf_counter() - start
            seen.append([before, *stage, state(store)])
            store.close()
        if seen[0] != seen[1]:
            raise ValueError("two runs differ")
        self.allowed[name] = set(seen[0])

    def _start(self, name: str, workspace: Workspace) -> int:
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            os.setsid()
            store = workspace.store()
            self.acts[name].do(store, workspace)
            store.close()
            code = 0
        finally:
            os._exit(code)

    def kill(self, name: str) -> None:
        """One act, one SIGKILL somewhere in it, one look at what is left."""
        workspace = self.ground.fresh()
        pid = self._start(name, workspace)
        end = time.perf_counter() + self.chance.uniform(0.0, 1.0) * self.seconds[name]
        done = 0
        while time.perf_counter() < end and not done:
            done, _ = os.waitpid(pid, os.WNOHANG)
            time.sleep(0.0005)
        if done:
            self.counts["finished before the kill"] += 1
            self.seconds[name] *= 0.9
        else:
            os.killpg(os.getpgid(pid), signal.SIGKILL) if os.getpgid(pid) == pid else os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            self.counts["killed"] += 1
            self.counts[f"killed: {name}"] += 1
        self._look(name, workspace)

    def _look(self, name: str, workspace: Workspace) -> None:
        """As the next user finds it."""

        def fault(what: str) -> None:
            self.faults.append(f"{name}: {what}")

        store = workspace.store()
        try:
            now = state(store)
            if now not in self.allowed[name]:
                fault("between")
            verdict = store.audit.verify()
            if verdict.broken is not None:
                fault(f"audit {verdict.broken} {verdict.why}")
            if store.damage():
                fault("database")
            for wrong in damaged_boundaries(store, workspace)[1] + damaged_files(workspace.layers):
                fault(f"file {wrong}")
        finally:
            store.close()
        self.counts["after: as before" if now == self._before() else "after: further"] += 1
        for left in [path.name for path in workspace.path.rglob(".*")]:
            fault(f"left behind {left}")
        self._look_at_file(name, fault)

    def _before(self) -> str:
        if not hasattr(self, "_first"):
            store = Workspace(self.ground.first).store()
            self._first = state(store)
            store.close()
        return self._first

    def _look_at_file(self, name: str, fault: Callable[[str], None]) -> None:
        out = self.ground.folder / self.acts[name].out
        if not self.acts[name].out or not out.exists():
            return
        self.counts["file or folder was whole"] += 1
        try:
            if out.suffix == ".csv":
                if self.ground.last not in out.read_text(encoding="utf-8-sig"):
                    fault("half a file")
            elif out.suffix == ".xlsx":
                pd.read_excel(out, sheet_name=None)
            elif out.suffix == ".zip":
                restore(Workspace(self.ground.folder / "hasil-coba"), out, key=str(self.ground.work / "kunci.pem"))
            elif out.is_dir():
                store = Workspace(out).store()
                if store.audit.verify().broken is not None:
                    fault("restored audit")
                store.close()
        except (OSError, ValueError, PetaAmanError) as error:
            fault(f"half a file: {type(error).__name__}")


def run_acts(
    kills: int, seed: int, folder: Path, given: Path | None = None, only: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The whole experiment; ``faults`` is empty when nothing was ever between."""
    start = time.perf_counter()
    harness = ActHarness(Ground(folder, given), seed)
    for name in list(harness.acts):
        if only and name not in only:
            del harness.acts[name]
            continue
        try:
            harness.learn(name)
        except (PetaAmanError, ValueError, TypeError, AttributeError, KeyError) as error:
            harness.left_out[name] = f"{type(error).__name__}: {error}"[:120]
            del harness.acts[name]
        print(
            f"{name}: {harness.seconds.get(name, 0):.2f} s {harness.left_out.get(name, '')}",
            file=sys.stderr,
            flush=True,
        )
    total = sum(act.weight for act in harness.acts.values())
    turns = [
        name for name, act in harness.acts.items() for _ in range(max(1, round(1.15 * kills * act.weight / total)))
    ]
    harness.chance.shuffle(turns)
    for name in turns:
        harness.kill(name)
        if harness.counts["killed"] >= kills:
            break
        if sum(harness.counts[k] for k in ("killed", "finished before the kill")) % 25 == 0:
            print(harness.counts["killed"], harness.faults[-3:], file=sys.stderr, flush=True)
    store = Workspace(harness.ground.first).store()
    villages = len(store.gazetteer.villages())
    store.close()
    return {
        "kills": harness.counts["killed"],
        "faults": harness.faults,
        "left_out": harness.left_out,
        **dict(sorted(harness.counts.items())),
        "act_seconds": {name: round(seconds, 2) for name, seconds in harness.seconds.items()},
        "villages": villages,
        "seed": seed,
        "minutes": round((time.perf_counter() - start) / 60, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=53)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peta-aman-crash-") as folder:
        result = run_acts(args.kills, args.seed, Path(folder), args.workspace, tuple(args.only))
    print(json.dumps(result, indent=2, ensure_ascii=False))
    return 1 if result["faults"] or result["left_out"] else 0


if __name__ == "__main__":
    sys.exit(main())
