"""Handing over: lists that are frozen and signed, files of a list."""

from __future__ import annotations

import argparse
import datetime as dt
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.console import Command, Console, opened
from data.errors import WrongUse
from data.workspace import Workspace
from words import LANGUAGES, t

if TYPE_CHECKING:
    from campaign.handover.lists import TargetList
    from data.store.store import Store


def _hand_over(command: str, args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    """One document of the registry, as its row says."""
    from campaign.documents.registry import document_for
    from campaign.handover.document import DocumentRequest
    from campaign.handover.handing_over import hand_over_document

    document = document_for(command, args.out.name)
    if not args.out.parent.is_dir():
        raise WrongUse("NO_FOLDER", path=str(args.out.parent))
    with opened(workspace) as store:
        request = DocumentRequest(
            lang=args.lang,
            purpose=getattr(args, "purpose", ""),
            target_list=_listed(args.plan, store) if getattr(args, "plan", None) else None,
            codes=tuple(getattr(args, "kode", ())),
            kabupaten=getattr(args, "kabupaten", ""),
        )
        handed = hand_over_document(args.actor, document, request, args.out, store, workspace)
        version = store.scores.version()
    target_list, snapshot = handed.request.target_list, handed.request.snapshot
    made_from = version.versi if version else None
    if target_list and snapshot is None:
        made_from = target_list.plan["score_version"]
    contoh = bool(snapshot and snapshot.data_contoh) or bool(target_list and target_list.plan.get("data_contoh"))
    console.say(
        document.said,
        berkas=str(args.out),
        n=handed.rows,
        tentang=handed.version,
        versi=target_list.name if target_list else handed.version,
        status=t(f"dokumen.status.{target_list.status}", console.lang) if target_list else "–",
        berlaku=target_list.until if target_list else "–",
    )
    _remarks(target_list, contoh, console)
    console.result(
        outcome="ok",
        file=str(args.out),
        **{"pages" if document.counts_pages else "rows": handed.rows},
        list=target_list.name if target_list else None,
        hash=target_list.sidik if target_list else None,
        status=target_list.status if target_list else None,
        valid_until=target_list.until if target_list else None,
        current_score=target_list.current_score if target_list else None,
        sha256=handed.sha256,
        score_version=made_from,
        data_contoh=contoh,
    )
    return 0


def _wording(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.office.wording import look_through

    found = {str(path): look_through(path) for path in args.files}
    for name, findings in found.items():
        for one in findings:
            if one.instead[0]:
                console.say(
                    "cli.kata_ditemukan",
                    berkas=name,
                    tempat=one.where,
                    kata=one.words,
                    ganti=one.instead[LANGUAGES.index(console.lang)],
                )
            else:
                console.say("cli.warna_ditemukan", berkas=name, tempat=one.where, warna=one.words)
        if not findings:
            console.say("cli.kata_bersih", berkas=name)
    marks = [
        {"file": name, "where": one.where, "words": one.words, "instead": one.instead}
        for name, findings in found.items()
        for one in findings
    ]
    console.result(outcome="row_errors" if marks else "ok", findings=marks)
    return 3 if marks else 0


def _figures(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    """Exact counts of an area for whoever may see them; the view is recorded."""
    from campaign.intake.preview_text import measure_name, period_text
    from campaign.reading.exact import exact_figures

    with opened(workspace) as store:
        found = exact_figures(args.actor, store, args.where)
    for row in found.to_dict("records"):
        console.say(
            "cli.persis_baris",
            nama=row["nama"],
            kode=row["kode"],
            ukuran=measure_name(row["indikator"], console.lang),
            masa=period_text(row["period_start"], row["period_end"], console.lang),
            nilai=row["value"],
            sumber=row["source"],
        )
    if found.empty:
        console.say("persis.kosong")
    console.result(outcome="ok", figures=found.to_dict("records"))
    return 0


def _freeze(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.handover.lists import freeze, read_plan

    with opened(workspace) as store:
        target_list = freeze(args.actor, store, read_plan(args.plan), until=args.valid_until)
    console.say(
        "cli.daftar_dibekukan",
        versi=target_list.name,
        n=len(target_list.plan["villages"]),
        berlaku=target_list.until,
        hash=target_list.sidik[:16],
    )
    if target_list.menggantikan:
        console.say("cli.daftar_menggantikan", versi=target_list.menggantikan)
    _remarks(target_list, bool(target_list.plan.get("data_contoh")), console)
    console.result(outcome="ok", **_told(target_list))
    return 0


def _approve(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.handover.lists import approve_list, check_list

    with opened(workspace) as store:
        target_list = (check_list if args.checked else approve_list)(args.actor, store, args.list)
    console.say(
        "cli.daftar_ditandatangani",
        versi=target_list.name,
        status=t(f"dokumen.status.{target_list.status}", console.lang),
        oleh=args.user,
    )
    _remarks(target_list, False, console)
    console.result(outcome="ok", **_told(target_list))
    return 0


def _lists(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.handover.lists import chain
    from campaign.office.desk import lists_of

    with opened(workspace) as store:
        target_list = lists_of(args.actor, store)
        chains = {one.versi: chain(store, one.versi) for one in target_list}
    for one in target_list:
        console.say(
            "cli.daftar_baris",
            versi=one.versi,
            n=len(one.plan["villages"]),
            berlaku=one.until,
            status=t(f"dokumen.status.{one.status}", console.lang),
            rantai=" ← ".join(chains[one.versi]),
        )
    if not target_list:
        console.say("cli.daftar_kosong")
    console.result(outcome="ok", lists=[{**_told(one), "chain": chains[one.versi]} for one in target_list])
    return 0


def _listed(given: str, store: Store) -> TargetList:
    """A plan file, or the version of a frozen list."""
    from campaign.handover.lists import list_of, listed, read_plan

    path = Path(given)
    if path.exists() or not any(row.versi == given for row in store.lists.all()):
        return listed(store, read_plan(path))
    target_list = list_of(store, given)
    if target_list.status == "kedaluwarsa":
        raise WrongUse("PLAN_EXPIRED", versi=target_list.name, until=target_list.until)
    return target_list


def _told(target_list: Any) -> dict[str, Any]:
    return {
        "list": target_list.versi,
        "plan": target_list.plan["version"],
        "hash": target_list.sidik,
        "status": target_list.status,
        "rows": len(target_list.plan["villages"]),
        "score_version": target_list.plan["score_version"],
        "valid_until": target_list.until,
        "replaces": target_list.menggantikan,
        "signed_in": not target_list.unproved,
        "signed": [{"step": step, "user": who, "at": day} for step, who, day in target_list.signed if day],
    }


def _remarks(target_list: TargetList | None, contoh: bool, console: Console) -> None:
    if target_list and target_list.unproved:
        console.say("dokumen.meta.tanpa_akun_arti")
    if target_list and not target_list.current_score:
        console.say("cli.daftar_skor_lama", skor=target_list.plan["score_version"])
    if target_list and target_list.status == "digantikan":
        console.say("cli.daftar_digantikan", versi=target_list.versi)
    if contoh:
        console.say("cli.data_contoh")


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def register(command: Command) -> None:
    """The commands of this module."""
    from campaign.documents.registry import commands, made_by_command
    from campaign.handover.document import Need
    from campaign.handover.purposes import PURPOSES

    for name in commands():
        rows = made_by_command(name)
        parser = command(name, partial(_hand_over, name))
        needs, takes = rows[0].needs, rows[0].takes
        if Need.VILLAGES in takes:
            parser.add_argument("kode", nargs="*", metavar="KODE")
        if Need.LIST in needs:
            parser.add_argument("plan", metavar="PLAN.json")
        elif Need.LIST in takes:
            parser.add_argument("--plan", metavar="PLAN.json")
        if Need.KABUPATEN in takes:
            parser.add_argument("--kabupaten", default="", metavar="KODE")
        only = {suffix for row in rows for suffix in row.formats}
        parser.add_argument(
            "--out", type=Path, required=True, metavar=f"FILE{only.pop()}" if len(only) == 1 else "FILE"
        )
        if rows[0].asks_purpose:
            parser.add_argument("--purpose", choices=PURPOSES, default=rows[0].purpose)
    freeze = command("freeze", _freeze)
    freeze.add_argument("plan", type=Path, metavar="PLAN.json")
    freeze.add_argument("--valid-until", type=_day, metavar="DATE")
    approve = command("approve", _approve)
    approve.add_argument("list", metavar="VERSION")
    approve.add_argument("--checked", action="store_true")
    command("lists", _lists)
    wording = command("wording", _wording)
    wording.add_argument("files", type=Path, nargs="+", metavar="FILE")
    command("figures", _figures).add_argument("where", metavar="KODE")
