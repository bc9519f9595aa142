"""What whole commands cost, as a multiple of ``python -c "import pandas"``, on real data, mixed ones or DATA CONTOH.

    uv run python -m benchmarks.commands --data real
    uv run python -m benchmarks.commands --data mixed --only score evaluate

Processor seconds, best of three, in turns (`benchmarks.office`). ``init``: an empty workspace with the boundaries of
the public files; ``score`` in a workspace that has none yet; ``evaluate`` after it; ``scores`` and ``export``: the
first table and the first list of a version. Whether compiled bytecode is there changes the ratios: the environment
variable PYTHONDONTWRITEBYTECODE and a fresh installation have none.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.office import beside_pandas, boundaries_of, command, data_options, made, peta_aman
from data.workspace import Workspace

ASKED = {"init": 10.0, "score": 3.0, "scores": 1.0, "export": 1.0}
COMMANDS = ("init", "score", "evaluate", "scores", "export")


def measured(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Each command asked for, with what was asked of it."""
    found: dict[str, Any] = {}
    if "init" in args.only:
        fresh = Workspace(folder / "baru")
        whole = command(fresh, "init", "--empty", "--boundaries", str(boundaries_of(args.files)))
        found["init"] = beside_pandas(whole, fresh, args.runs)
    workspace = made(args, folder / "kerja")
    if "score" in args.only:
        found["score"] = beside_pandas(command(workspace, "score"), workspace, args.runs)
    else:
        peta_aman(workspace, "score")
    plan = folder / "rencana.json"
    if "export" in args.only:
        peta_aman(workspace, "plan", "--villages", "60", "--out", str(plan))
    for name, parts in (
        ("scores", ("scores", "--out", str(folder / "skor.csv"))),
        ("export", ("export", str(plan), "--out", str(folder / "daftar.csv"))),
        ("evaluate", ("evaluate",)),
    ):
        if name in args.only:
            found[name] = beside_pandas(command(workspace, *parts), workspace, args.runs)
    for name, most in ASKED.items():
        if name in found:
            found[name]["asked"] = most
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    data_options(parser, "real")
    parser.add_argument("--only", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = {"data": args.data, "bytecode": not os.environ.get("PYTHONDONTWRITEBYTECODE")}
        print(json.dumps(result | measured(args, Path(folder)), indent=1))


if __name__ == "__main__":
    main()
