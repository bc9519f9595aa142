"""Roads drawn on the map, when the office loads them."""

from __future__ import annotations

import argparse
from pathlib import Path

from commands.console import Command, Console, opened
from data.errors import WrongUse
from data.workspace import Workspace
from words import t


def _roads(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.office.roads import load_roads, remove_roads

    if args.remove == (args.file is not None):
        raise WrongUse("USAGE", detail=t("jalan.cara", console.lang), usage="roads BERKAS.geojson | --remove")
    with opened(workspace) as store:
        lines: list[list[int]] = []
        if args.file is None:
            remove_roads(args.actor, store)
        else:
            if not args.file.is_file():
                raise WrongUse("NO_FILE", path=str(args.file))
            lines = load_roads(args.actor, store, workspace, args.file, args.source)
    console.say("jalan.tersimpan" if lines else "jalan.dihapus", n=len(lines))
    console.result(outcome="ok", lines=len(lines), points=sum(len(line) // 2 for line in lines))
    return 0


def register(command: Command) -> None:
    """The commands of this module."""
    roads = command("roads", _roads)
    roads.add_argument("file", nargs="?", type=Path, metavar="BERKAS.geojson")
    roads.add_argument("--source", default="", metavar="TEKS")
    roads.add_argument("--remove", action="store_true")
