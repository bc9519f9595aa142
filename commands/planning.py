"""From scores to a campaign: choose the villages, say who goes when."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

from commands.console import Command, Console, opened, pair
from data.errors import WrongUse
from data.files import write_atomically
from data.workspace import Workspace


def _plan(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.planning.effort import Effort, changed, split_sources
    from campaign.planning.kept_plans import keep_plan
    from campaign.planning.plan import make_plan
    from campaign.planning.request import PlanRequest, confined
    from campaign.statements.plan import warning_sentences

    if not args.out.parent.is_dir():
        raise WrongUse("NO_FOLDER", path=str(args.out.parent))
    numbers, sources = split_sources(dict(pair(text, "USAGE_ASSUME") for text in args.assume))
    request = PlanRequest(
        team_days=args.team_days,
        villages=args.villages,
        rupiah=args.rupiah,
        floor_per_kabupaten=args.floor_per_kabupaten,
        floor_per_island=args.floor_per_island,
        ceiling_per_kabupaten=args.ceiling_per_kabupaten,
        ceiling_per_island=args.ceiling_per_island,
        must=tuple(text.partition("=")[0] for text in args.must),
        must_reasons=dict(pair(text, "USAGE_MUST") for text in args.must if "=" in text),
        exclude=dict(pair(text, "USAGE_EXCLUDE") for text in args.exclude),
        explore=args.explore,
        months=tuple(args.month),
        avoid=dict(_months(text) for text in args.avoid),
        seed=args.seed,
        effort=changed(Effort(), numbers),
        effort_sources=sources,
        name=args.name,
        objective=args.objective,
    )
    with opened(workspace) as store:
        request = confined(request, args.actor, store.gazetteer.villages())
        plan = make_plan(store, workspace, request, lang=args.lang)
        keep_plan(args.actor, store, plan)
    write_atomically(args.out, json.dumps(plan, ensure_ascii=False, indent=1, default=str).encode(), private=False)
    console.say(
        "cli.rencana_selesai",
        versi=plan["version"],
        n=len(plan["villages"]),
        hari=plan["used_team_days"],
        berkas=str(args.out),
    )
    for sentence in plan["binding"]:
        print(f"- {sentence}", file=sys.stderr)
    for sentence in warning_sentences(plan, args.lang):
        console.say("cli.rencana_peringatan", apa=sentence)
    if plan["solver"] == "greedy":
        console.say("cli.rencana_rakus")
    if plan["data_contoh"]:
        console.say("cli.data_contoh")
    console.result(outcome="ok", file=str(args.out), **plan)
    return 0


def _schedule(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.handover.lists import listed, read_plan
    from campaign.planning.schedule import Terms, keep_schedule, make_schedule

    plan = read_plan(args.plan)
    terms = Terms(args.start, args.teams, tuple(day - 1 for day in args.weekday), tuple(args.day_off), args.agency)
    with opened(workspace) as store:
        target_list = listed(store, plan)
        schedule = make_schedule(plan, store.gazetteer.villages(), terms)
        keep_schedule(args.actor, store, plan, schedule)
        if args.out is not None:
            from campaign.documents.registry import CALENDAR
            from campaign.handover.document import DocumentRequest
            from campaign.handover.handing_over import hand_over_document

            request = DocumentRequest(lang=args.lang, target_list=target_list)
            hand_over_document(args.actor, CALENDAR, request, args.out, store, workspace)
    days = [day for trip in schedule["perjalanan"] for day in (trip["mulai"], trip["selesai"]) if day]
    console.say(
        "cli.jadwal_selesai",
        versi=target_list.name,
        n=len(schedule["perjalanan"]),
        tim=args.teams,
        mulai=min(days, default="–"),
        selesai=max(days, default="–"),
    )
    console.result(outcome="ok", file=str(args.out) if args.out else None, version=plan["version"], **schedule)
    return 0


def _months(text: str) -> tuple[str, tuple[int, ...]]:
    """``53.20=1,2`` → the code and its months. Raises `WrongUse` (``USAGE_AVOID``)."""
    kode, months = pair(text, "USAGE_AVOID")
    try:
        return kode, tuple(int(month) for month in months.split(","))
    except ValueError:
        raise WrongUse("USAGE_AVOID", value=text) from None


def register(command: Command) -> None:
    """The commands of this module."""
    plan = command("plan", _plan)
    budget = plan.add_mutually_exclusive_group(required=True)
    budget.add_argument("--team-days", type=float, metavar="N")
    budget.add_argument("--villages", type=int, metavar="N")
    budget.add_argument("--rupiah", type=float, metavar="N")
    plan.add_argument("--floor-per-kabupaten", type=int, default=0, metavar="K")
    plan.add_argument("--floor-per-island", type=int, default=0, metavar="K")
    plan.add_argument("--ceiling-per-kabupaten", type=int, metavar="K")
    plan.add_argument("--ceiling-per-island", type=int, metavar="K")
    plan.add_argument("--must", nargs="+", action="extend", default=[], metavar="KODE[=REASON]")
    plan.add_argument("--exclude", nargs="+", action="extend", default=[], metavar="KODE=REASON")
    plan.add_argument("--explore", type=float, default=0.1, metavar="SHARE")
    plan.add_argument("--month", nargs="+", action="extend", type=int, default=[], metavar="1-12")
    plan.add_argument("--avoid", nargs="+", action="extend", default=[], metavar="KODE=MONTHS")
    plan.add_argument("--assume", nargs="+", action="extend", default=[], metavar="NAME=NUMBER[:SOURCE]")
    plan.add_argument("--objective", choices=("concave", "linear"), default="concave")
    plan.add_argument("--seed", metavar="TEXT")
    plan.add_argument("--name", default="", metavar="TEXT")
    plan.add_argument("--out", type=Path, required=True, metavar="PLAN.json")
    schedule = command("schedule", _schedule)
    schedule.add_argument("plan", type=Path, metavar="PLAN.json")
    schedule.add_argument("--start", type=dt.date.fromisoformat, required=True, metavar="DATE")
    schedule.add_argument("--teams", type=int, default=1, metavar="N")
    schedule.add_argument("--weekday", nargs="+", type=int, default=[1, 2, 3, 4, 5], metavar="1-7")
    schedule.add_argument("--day-off", nargs="+", type=dt.date.fromisoformat, default=[], metavar="DATE")
    schedule.add_argument("--agency", default="", metavar="NAME")
    schedule.add_argument("--out", type=Path, metavar="FILE.pdf")
