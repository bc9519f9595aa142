"""Handing over: lists that are frozen and signed, files of a list."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.console import Command, Console, opened
from data.errors import WrongUse
from data.workspace import Workspace
from words import LANGUAGES, t

if TYPE_CHECKING:
    from campaign.handover.lists import TargetList
    from campaign.reading.snapshot import Snapshot
    from data.store.store import Store


def _export(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.documents.listing.files import export_list

    with opened(workspace) as store:
        target_list = _listed(args.plan, store)
        digest = export_list(
            target_list, args.out, store, workspace, lang=args.lang, user=args.user, purpose=args.purpose
        )
    console.say(
        "cli.daftar_ditulis",
        berkas=str(args.out),
        n=len(target_list.plan["villages"]),
        versi=target_list.name,
        status=t(f"dokumen.status.{target_list.status}", console.lang),
        berlaku=target_list.until,
    )
    _remarks(target_list, console)
    console.result(
        outcome="ok",
        file=str(args.out),
        rows=len(target_list.plan["villages"]),
        list=target_list.name,
        hash=target_list.sidik,
        status=target_list.status,
        valid_until=target_list.until,
        sha256=digest,
        current_score=target_list.current_score,
        data_contoh=bool(target_list.plan.get("data_contoh")),
    )
    return 0


def _briefing(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.documents.briefing.note import FORMATS, newest_list, write_briefing
    from campaign.handover.log import hand_over

    _known_format(args.out, FORMATS)
    with opened(workspace) as store:
        snapshot = _scored(workspace, store)
        known = _listed(args.plan, store) if args.plan else newest_list(store, snapshot.versi)
        what = {
            "what": "briefing",
            "versi": known.name if known else snapshot.versi,
            "rows": 0,
            "purpose": args.purpose,
        }
        digest = hand_over(
            lambda place: write_briefing(place, snapshot, store, workspace, known, args.lang),
            args.out,
            store,
            workspace,
            user=args.user,
            what=what,
        )
    console.say("cli.nota_ditulis", berkas=str(args.out), tentang=what["versi"])
    if known:
        _remarks(known, console)
    elif snapshot.data_contoh:
        console.say("cli.data_contoh")
    console.result(
        outcome="ok",
        file=str(args.out),
        list=known.name if known else None,
        sha256=digest,
        score_version=snapshot.versi,
        data_contoh=bool(snapshot.data_contoh),
    )
    return 0


def _atlas(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.documents.atlas import atlas_pages
    from campaign.documents.briefing.note import newest_list
    from campaign.handover.log import hand_over

    _known_format(args.out, (".pdf",))
    with opened(workspace) as store:
        snapshot = _scored(workspace, store)
        target_list = newest_list(store, snapshot.versi)
        pages, n = atlas_pages(snapshot, workspace, target_list, args.kabupaten, args.lang)
        what = {"what": "atlas", "versi": snapshot.versi, "rows": n, "purpose": args.purpose}
        digest = hand_over(
            lambda place: place.write_bytes(pages), args.out, store, workspace, user=args.user, what=what
        )
    console.say("cli.atlas_ditulis", n=n, berkas=str(args.out))
    if snapshot.data_contoh:
        console.say("cli.data_contoh")
    console.result(
        outcome="ok",
        file=str(args.out),
        pages=n,
        sha256=digest,
        score_version=what["versi"],
        data_contoh=bool(snapshot.data_contoh),
    )
    return 0


def _clarify(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.documents.clarification import clarification_sheets
    from campaign.handover.log import hand_over
    from campaign.reading.snapshot import Snapshot

    _known_format(args.out, (".pdf",))
    with opened(workspace) as store:
        known = _listed(args.plan, store) if args.plan else None
        codes = list(args.kode) + ([row["kode"] for row in known.plan["villages"]] if known else [])
        if not codes:
            raise WrongUse("USAGE_CLARIFY")
        snapshot = Snapshot.load(workspace, store)
        versi = known.name if known else ""
        pages = clarification_sheets(snapshot, codes, args.lang, versi=versi)
        what = {"what": "klarifikasi", "versi": versi, "rows": len(set(codes)), "purpose": args.purpose}
        digest = hand_over(
            lambda place: place.write_bytes(pages), args.out, store, workspace, user=args.user, what=what
        )
    console.say("cli.klarifikasi_ditulis", n=len(set(codes)), berkas=str(args.out))
    if snapshot.data_contoh:
        console.say("cli.data_contoh")
    console.result(
        outcome="ok", file=str(args.out), pages=len(set(codes)), sha256=digest, data_contoh=bool(snapshot.data_contoh)
    )
    return 0


def _rad(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.documents.action_row import FORMATS, write_action_row
    from campaign.handover.log import hand_over

    _known_format(args.out, FORMATS)
    with opened(workspace) as store:
        target_list = _listed(args.plan, store)
        what = {
            "what": "rad",
            "versi": target_list.name,
            "rows": len(target_list.plan["villages"]),
            "purpose": args.purpose,
        }
        digest = hand_over(
            lambda place: write_action_row(target_list, store, place, args.lang, args.purpose),
            args.out,
            store,
            workspace,
            user=args.user,
            what=what,
        )
    console.say("cli.rad_ditulis", versi=target_list.name, berkas=str(args.out))
    _remarks(target_list, console)
    console.result(
        outcome="ok",
        file=str(args.out),
        list=target_list.name,
        rows=what["rows"],
        sha256=digest,
        data_contoh=bool(target_list.plan.get("data_contoh")),
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


def _audit(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.handover.log import handed_over, in_words

    with opened(workspace) as store:
        found = handed_over(store, *args.list)
    for row in in_words(found, console.lang).to_numpy().tolist():
        names = ("saat", "oleh", "dokumen", "berkas", "baris", "tujuan", "sidik")
        console.say("cli.serah_baris", **dict(zip(names, row, strict=True)))
    if found.empty:
        console.say("cli.serah_kosong")
    console.result(outcome="ok", files=found.to_dict("records"))
    return 0


def _known_format(path: Path, formats: tuple[str, ...]) -> None:
    """Raises `WrongUse` (``UNKNOWN_FORMAT``, ``NO_FOLDER``) before anything is computed."""
    if path.suffix.lower() not in formats:
        raise WrongUse("UNKNOWN_FORMAT", format=path.suffix or path.name, allowed=", ".join(formats))
    if not path.parent.is_dir():
        raise WrongUse("NO_FOLDER", path=str(path.parent))


def _scored(workspace: Workspace, store: Store) -> Snapshot:
    """The read model of a workspace that has scores. Raises `WrongUse` (``NO_SCORE``)."""
    from campaign.reading.snapshot import Snapshot

    snapshot = Snapshot.load(workspace, store)
    if snapshot.version is None:
        raise WrongUse("NO_SCORE")
    return snapshot


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
    _remarks(target_list, console)
    console.result(outcome="ok", **_told(target_list))
    return 0


def _approve(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.handover.lists import approve_list, check_list

    with opened(workspace) as store:
        known = (check_list if args.checked else approve_list)(args.actor, store, args.list)
    console.say(
        "cli.daftar_ditandatangani",
        versi=known.name,
        status=t(f"dokumen.status.{known.status}", console.lang),
        oleh=args.user,
    )
    console.result(outcome="ok", **_told(known))
    return 0


def _lists(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.handover.lists import chain, list_of

    with opened(workspace) as store:
        known = [list_of(store, row.versi) for row in store.lists.all()]
        chains = {one.versi: chain(store, one.versi) for one in known}
    for one in known:
        console.say(
            "cli.daftar_baris",
            versi=one.versi,
            n=len(one.plan["villages"]),
            berlaku=one.until,
            status=t(f"dokumen.status.{one.status}", console.lang),
            rantai=" ← ".join(chains[one.versi]),
        )
    if not known:
        console.say("cli.daftar_kosong")
    console.result(outcome="ok", lists=[{**_told(one), "chain": chains[one.versi]} for one in known])
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


def _told(target_list: TargetList) -> dict[str, Any]:
    return {
        "list": target_list.versi,
        "plan": target_list.plan["version"],
        "hash": target_list.sidik,
        "status": target_list.status,
        "rows": len(target_list.plan["villages"]),
        "score_version": target_list.plan["score_version"],
        "valid_until": target_list.until,
        "replaces": target_list.menggantikan,
        "signed": [{"step": step, "user": who, "at": day} for step, who, day in target_list.signed if day],
    }


def _remarks(target_list: TargetList, console: Console) -> None:
    if not target_list.current_score:
        console.say("cli.daftar_skor_lama", skor=target_list.plan["score_version"])
    if target_list.status == "digantikan":
        console.say("cli.daftar_digantikan", versi=target_list.versi)
    if target_list.plan.get("data_contoh"):
        console.say("cli.data_contoh")


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def register(command: Command) -> None:
    """The commands of this module."""
    from campaign.handover.log import PURPOSES

    export = command("export", _export)
    export.add_argument("plan", metavar="PLAN.json")
    export.add_argument("--out", type=Path, required=True, metavar="FILE")
    export.add_argument("--purpose", choices=PURPOSES, default=PURPOSES[0])
    briefing = command("briefing", _briefing)
    briefing.add_argument("--out", type=Path, required=True, metavar="FILE")
    briefing.add_argument("--plan", metavar="PLAN.json")
    briefing.add_argument("--purpose", choices=PURPOSES, default="penetapan")
    atlas = command("atlas", _atlas)
    atlas.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    atlas.add_argument("--kabupaten", default="", metavar="KODE")
    atlas.add_argument("--purpose", choices=PURPOSES, default=PURPOSES[0])
    clarify = command("clarify", _clarify)
    clarify.add_argument("kode", nargs="*", metavar="KODE")
    clarify.add_argument("--plan", metavar="PLAN.json")
    clarify.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    clarify.add_argument("--purpose", choices=PURPOSES, default="koordinasi")
    freeze = command("freeze", _freeze)
    freeze.add_argument("plan", type=Path, metavar="PLAN.json")
    freeze.add_argument("--valid-until", type=_day, metavar="DATE")
    approve = command("approve", _approve)
    approve.add_argument("list", metavar="VERSION")
    approve.add_argument("--checked", action="store_true")
    command("lists", _lists)
    rad = command("rad", _rad)
    rad.add_argument("plan", metavar="PLAN.json")
    rad.add_argument("--out", type=Path, required=True, metavar="FILE")
    rad.add_argument("--purpose", choices=PURPOSES, default="pelaporan")
    wording = command("wording", _wording)
    wording.add_argument("files", type=Path, nargs="+", metavar="FILE")
    audit = command("audit", _audit)
    audit.add_argument("--list", nargs="+", default=[], metavar="VERSION")
