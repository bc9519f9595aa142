"""Why one area is above another."""

from __future__ import annotations

import argparse
import sys

from commands.console import Command, Console, opened
from data.errors import WrongUse
from data.workspace import Workspace
from words import t


def _why(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.model.pairs import pair_words
    from campaign.office.desk import pairs_of

    with opened(workspace) as store:
        version = store.scores.version()
        content = pairs_of(args.actor, store)
        names = {
            kode: nama
            for level in ("kecamatan", "kabupaten")
            for kode, nama in store.gazetteer.areas(level)[["kode", "nama"]].itertuples(index=False)
        }
        names |= dict(store.gazetteer.villages()[["kode", "nama"]].itertuples(index=False))
    if version is None or content is None:
        print(t("banding.tidak_ada", console.lang), file=sys.stderr)
        console.result(outcome="ok", verdict=None)
        return 0
    told = pair_words(content, args.a, args.b, lambda kode: names.get(kode, kode), console.lang)
    if told is None:
        raise WrongUse("NOT_COMPARABLE", a=args.a, b=args.b)
    print(told.verdict.replace("*", ""), file=sys.stderr)
    for cause in told.causes:
        print(f"- {cause}", file=sys.stderr)
    if version.data_contoh:
        console.say("cli.data_contoh")
    console.result(
        outcome="ok",
        a=args.a,
        b=args.b,
        p=round(told.p, 3),
        verdict=told.outcome,
        causes=list(told.causes),
        version=version.versi,
        data_contoh=version.data_contoh,
    )
    return 0


def register(command: Command) -> None:
    """The commands of this module."""
    why = command("why", _why)
    why.add_argument("a", metavar="KODE_A")
    why.add_argument("b", metavar="KODE_B")
