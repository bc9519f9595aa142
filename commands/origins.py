"""Where stored data came from: batches and their cards, sources that differ and which one is preferred."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from typing import Any

from commands.console import Command, Console, opened
from data.domain.levels import LEVELS
from data.domain.roles import Act
from data.errors import WrongUse
from data.workspace import Workspace
from words import t


def _batches(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.intake.notices import notice_text, notices
    from campaign.office.desk import cards_of

    with opened(workspace) as store:
        found = cards_of(args.actor, store, workspace)
        noticed = notices(args.actor, store) if args.actor.may(Act.SEE_NOTICES) else []
        if args.batch is not None:
            one = next((one for one in found if one["batch"] == args.batch), None)
            if one is None:
                raise WrongUse("UNKNOWN_BATCH", batch=args.batch[:40])
            _tell_card(one, console)
            console.result(outcome="ok", batches=[one])
            return 0
    for one in found:
        rows = t("cli.batch_terlindung", console.lang) if one["guarded"] else one["rows_ok"]
        said = f"{one['batch']}  {one['jenis']:13} {one['status']:10} {rows:>10}  {one['file_name']}"
        print(f"{said}  ({one['user']})", file=sys.stderr)
    if noticed:
        console.say("cli.peringatan_banyak", n=len(noticed))
        for notice in noticed:
            print(f"- {notice_text(notice, console.lang)}", file=sys.stderr)
    console.result(outcome="ok", batches=found, notices=[dataclasses.asdict(one) for one in noticed])
    return 0


def _tell_card(about: dict[str, Any], console: Console) -> None:
    from campaign.intake.provenance_text import card_rows, use_lines

    for label, text in card_rows(about, console.lang):
        print(f"{label:18} {text}", file=sys.stderr)
    for line in use_lines(about, console.lang):
        print(f"- {line}", file=sys.stderr)


def _sources(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.intake.provenance_text import conflict_lines, conflict_title, say_line
    from campaign.intake.sources import forget_preference, prefer
    from campaign.office.desk import conflicts_of

    with opened(workspace) as store:
        if args.prefer is not None:
            if args.figure is None or args.reason is None:
                raise WrongUse("USAGE", detail="--prefer", usage="--prefer SOURCE --figure F --level L --reason TEXT")
            number = prefer(args.actor, store, args.figure, args.level, args.prefer, args.reason)
            console.say("cli.sumber_diutamakan", nomor=str(number))
        if args.forget is not None:
            forget_preference(args.actor, store, args.forget)
            console.say("sumber.dilepas")
        found, preferred = conflicts_of(args.actor, store), store.preferences.all()
    for one in found:
        print(conflict_title(one, console.lang), file=sys.stderr)
        for line in [*conflict_lines(one, console.lang), *(say_line(say, console.lang) for say in one.says)]:
            print(line, file=sys.stderr)
    if not found:
        console.say("sumber.tidak_ada")
    told: list[dict[str, Any]] = [dataclasses.asdict(one) for one in found]
    kept = json.loads(preferred.to_json(orient="records", date_format="iso"))
    console.result(outcome="ok", conflicts=told, preferred=kept)
    return 0


def register(command: Command) -> None:
    """The commands of this module."""
    command("batches", _batches).add_argument("batch", nargs="?")
    sources = command("sources", _sources)
    sources.add_argument("--prefer", metavar="SOURCE")
    sources.add_argument("--figure", metavar="INDIKATOR")
    sources.add_argument("--level", choices=LEVELS, default="kabupaten")
    sources.add_argument("--reason", metavar="TEXT")
    sources.add_argument("--forget", type=int, metavar="NUMBER")
