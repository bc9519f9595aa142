"""What villages answer on their clarification sheets: listed, entered, decided, done."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from commands.console import Command, Console, opened, pair
from data.errors import WrongUse
from data.workspace import Workspace
from words import t

if TYPE_CHECKING:
    from campaign.reading.snapshot import Snapshot
    from data.store.store import Store


def _corrections(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.reading.snapshot import Snapshot

    with opened(workspace) as store:
        snapshot = Snapshot.load(workspace, store)
        act = {"list": _list, "add": _add, "decide": _decide, "done": _done}[args.what]
        console.result(outcome="ok", **act(args, store, snapshot, console))
    return 0


def _list(args: argparse.Namespace, store: Store, snapshot: Snapshot, console: Console) -> dict[str, Any]:
    from campaign.office.desk import requests_of
    from campaign.sessions.replies import import_of, label_of, state_of

    rows = requests_of(args.actor, store)
    for row in rows:
        console.say(
            "cli.usulan_baris",
            nomor=str(row.id),
            desa=snapshot.name(row.kode),
            kode=row.kode,
            hal=label_of(row.hal, console.lang),
            lama=row.nilai_lama or "–",
            baru=row.nilai_baru,
            keadaan=t(f"lembar.keadaan.{state_of(row)}", console.lang),
        )
    if not rows:
        console.say("lembar.tanpa")
    return {
        "requests": [{**asdict(row), "keadaan": state_of(row), "impor": import_of(row.hal, snapshot)} for row in rows]
    }


def _add(args: argparse.Namespace, store: Store, snapshot: Snapshot, console: Console) -> dict[str, Any]:
    """With lines: keeps them. Without: says which lines the sheet has."""
    from campaign.sessions.replies import held, propose
    from campaign.sessions.sheet_code import read_sheet_code

    code = _needed(args.which)
    if args.lines:
        wrong = dict(pair(text, "USAGE_CORRECTIONS") for text in args.lines)
        numbers = propose(args.actor, store, snapshot, code, wrong, lang=console.lang)
        console.say("cli.usulan_dicatat", n=len(numbers), nomor=", ".join(map(str, numbers)))
        return {"numbers": numbers}
    lembar, kode, versi = read_sheet_code(code, store)
    console.say(
        "cli.usulan_lembar",
        lembar=lembar,
        desa=snapshot.name(kode),
        kode=kode,
        versi=versi or t("lembar.tanpa_daftar", console.lang),
    )
    lines = held(snapshot, kode, console.lang)
    for line in lines:
        console.say("cli.usulan_hal", hal=line.hal, label=line.label, nilai=line.value)
    return {"sheet": lembar, "kode": kode, "list": versi, "lines": {line.hal: line.value for line in lines}}


def _decide(args: argparse.Namespace, store: Store, snapshot: Snapshot, console: Console) -> dict[str, Any]:
    from campaign.sessions.replies import decide

    number = _number(args.which)
    if args.accept == args.reject:
        raise WrongUse("USAGE_CORRECTIONS")
    decide(args.actor, store, number, accept=args.accept, reason=args.reason)
    return _said(number, "diterima" if args.accept else "ditolak", console)


def _done(args: argparse.Namespace, store: Store, snapshot: Snapshot, console: Console) -> dict[str, Any]:
    from campaign.sessions.replies import finish

    number = _number(args.which)
    finish(args.actor, store, snapshot, number, _needed(args.batch))
    return _said(number, "selesai", console)


def _said(number: int, state: str, console: Console) -> dict[str, Any]:
    console.say("cli.usulan_putus", nomor=str(number), keadaan=t(f"lembar.keadaan.{state}", console.lang))
    return {"number": number, "state": state}


def _needed(text: str) -> str:
    if not text:
        raise WrongUse("USAGE_CORRECTIONS")
    return text


def _number(text: str) -> int:
    if not text.isdecimal():
        raise WrongUse("USAGE_CORRECTIONS")
    return int(text)


def register(command: Command) -> None:
    """The commands of this module."""
    corrections = command("corrections", _corrections)
    corrections.add_argument("what", nargs="?", choices=("list", "add", "decide", "done"), default="list")
    corrections.add_argument("which", nargs="?", default="", metavar="CODE|NUMBER")
    corrections.add_argument("lines", nargs="*", metavar="LINE=VALUE")
    corrections.add_argument("--accept", action="store_true")
    corrections.add_argument("--reject", action="store_true")
    corrections.add_argument("--reason", default="", metavar="TEXT")
    corrections.add_argument("--batch", default="", metavar="BATCH")
