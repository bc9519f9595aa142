"""What was done, seen and taken along: the audit, its cut by rule, the report for the notice within 3 × 24 hours."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from commands.console import Command, Console, opened
from data.errors import WrongUse
from data.workspace import Workspace


def _audit(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.evidence.retention import cut_audit
    from campaign.evidence.trail import TrailQuery, read_audit
    from campaign.handover.log import handed_over, in_words

    with opened(workspace) as store:
        gone = cut_audit(args.actor, store, args.cut_before) if args.cut_before else None
        query = TrailQuery(user=args.person, since=args.since, until=args.until)
        rows = read_audit(args.actor, store, query, lang=console.lang)
        files = handed_over(store, *args.list)
        verdict, key = store.audit.verify(), store.audit.key()
        known = store.audit.has_head(args.head) if args.head else None
    if gone is not None:
        console.say("cli.jejak_dipotong", n=gone, hari=args.cut_before)
    if args.list:
        for row in in_words(files, console.lang).to_numpy().tolist():
            names = ("saat", "oleh", "dokumen", "berkas", "baris", "tujuan", "sidik")
            console.say("cli.serah_baris", **dict(zip(names, row, strict=True)))
        if files.empty:
            console.say("cli.serah_kosong")
    else:
        for one in rows[::-1].to_dict("records"):
            told = {name: one[name] for name in ("nama", "akun", "tindakan", "rincian")}
            console.say("cli.jejak_baris", nomor=str(one["nomor"]), saat=f"{one['saat']:%Y-%m-%d %H:%M}", **told)
        if rows.empty:
            console.say("cli.jejak_kosong")
    console.say("cli.jejak_kepala", kepala=verdict.head.short, kunci=key, n=verdict.rows)
    if verdict.broken is not None:
        print_problem(console, "AUDIT_BROKEN", row=verdict.broken, why=verdict.why)
    if known is not None:
        console.say("cli.jejak_cocok" if known else "cli.jejak_asing", kepala=args.head)
    whole = verdict.broken is None and known is not False
    console.result(
        outcome="ok" if whole else "unhealthy",
        rows=rows.to_dict("records"),
        files=files.to_dict("records"),
        head=verdict.head.short,
        hash=verdict.head.hash,
        key=key,
        broken=verdict.broken,
        head_known=known,
        cut=gone,
    )
    return 0 if whole else 1


def print_problem(console: Console, reason: str, **params: object) -> None:
    """The sentence of a fault that does not end the command."""
    import sys

    print(console.render(reason, dict(params)), file=sys.stderr)


def _incident(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.evidence.incident import report_incident

    if not args.person:
        raise WrongUse("USAGE", detail="--user", usage="peta-aman incident-report --user NAME --since DATE --out FILE")
    until = args.until or dt.date.today()
    with opened(workspace) as store:
        rows = report_incident(args.actor, store, args.person, args.since, until, args.out, lang=console.lang)
    console.say("cli.insiden_ditulis", berkas=str(args.out), n=rows)
    console.result(outcome="ok", file=str(args.out), rows=rows, person=args.person, since=args.since, until=until)
    return 0


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _about_a_person(parser: argparse.ArgumentParser) -> None:
    """``--user`` of these commands names whom the rows are of, not who asks; who asks is named before the command."""
    (option,) = [action for action in parser._actions if action.dest == "user"]
    option.dest, option.default = "person", ""
    parser.set_defaults(person="")


def register(command: Command) -> None:
    """The commands of this module."""
    audit = command("audit", _audit)
    _about_a_person(audit)
    audit.add_argument("--since", type=_day, metavar="DATE")
    audit.add_argument("--until", type=_day, metavar="DATE")
    audit.add_argument("--list", nargs="+", default=[], metavar="VERSION")
    audit.add_argument("--head", default="", metavar="HEAD")
    audit.add_argument("--cut-before", type=_day, metavar="DATE")
    incident = command("incident-report", _incident)
    _about_a_person(incident)
    incident.add_argument("--since", type=_day, required=True, metavar="DATE")
    incident.add_argument("--until", type=_day, metavar="DATE")
    incident.add_argument("--out", type=Path, required=True, metavar="FILE")
