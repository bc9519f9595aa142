"""Files in: read, store, take back, fetch; what people decided about names and columns on the way."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.console import Command, Console, opened, pair
from data.domain.kinds import KINDS, Holds
from data.errors import WrongUse
from data.workspace import Workspace

if TYPE_CHECKING:
    from data.intake.examined import Examined, ImportOptions
    from data.store.store import Store


def _import(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.intake.importing import commit, examine
    from data.intake.examined import ImportOptions

    if not args.file.exists():
        raise WrongUse("NO_FILE", path=str(args.file))
    options = ImportOptions(
        sheet=args.sheet,
        layer=args.layer,
        columns=dict(pair(text, "USAGE_COLUMN") for text in args.column),
        source=args.source or "",
        as_of=args.as_of,
        valid_rows_only=args.valid_rows_only,
    )
    if args.dry_run and (args.confirm or args.remember):
        raise WrongUse("REMEMBER_DRY_RUN")
    with opened(workspace) as store:
        if args.confirm or args.remember:
            _decide(args, options, store, workspace, console)
        found = examine(args.kind, args.file, store, workspace, options, args.actor)
        report = found.report
        storable = report.outcome == "ok" or (
            report.outcome == "row_errors" and args.valid_rows_only and report.rows_ok > 0
        )
        if storable and not args.dry_run:
            report.batch = commit(args.actor, found, args.kind, store, workspace)
            report.committed = True
            if report.outcome == "row_errors":
                report.outcome = "ok"
        body = report.to_json(lambda reason, params: console.render(reason, params, args.kind))
        if args.dry_run and report.rows_ok:
            _tell_preview(args, found, store, workspace, console)
    if args.rest is not None:
        _write_rest(found, args.rest, console)
    return _tell_import(body, console, args.dry_run)


def _decide(
    args: argparse.Namespace, options: ImportOptions, store: Store, workspace: Workspace, console: Console
) -> None:
    """Remembers what the person says about columns and names; the file is read with it afterwards."""
    from campaign.intake.confirming import confirm, remember_columns
    from campaign.intake.importing import examine

    if args.remember and options.columns and KINDS[args.kind].holds is not Holds.BOUNDARIES:
        remember_columns(args.actor, args.kind, args.file, dict(options.columns), store, workspace, options)
        console.say("cli.kolom_diingat", n=len(options.columns))
    choices = {}
    for text in args.confirm:
        row, kode = pair(text, "USAGE_CONFIRM")
        if not (row.isascii() and row.isdecimal()):
            raise WrongUse("USAGE_CONFIRM", value=text[:40])
        choices[int(row)] = kode
    if choices:
        found = examine(args.kind, args.file, store, workspace, options, args.actor)
        if found.report.outcome != "refused":
            n = confirm(args.actor, found, choices, store, args.source, every_source=args.every_source)
            console.say("cli.nama_diingat", n=n)


def _tell_import(body: dict[str, Any], console: Console, dry_run: bool = False) -> int:
    for error in body["errors"][:20]:
        console.say("cli.baris_galat", baris=str(error["row"]), kolom=error["column"] or "-", pesan=error["message"])
    if len(body["errors"]) > 20:
        console.say("cli.baris_galat_lagi", n=len(body["errors"]) - 20)
    for one in body["proposals"][:20]:
        console.say(
            "cli.usulan",
            baris=str(one["row"]),
            nama=one["value"],
            kode=one["kode"],
            persen=round(100 * one["similarity"]),
        )
    for warning in body["warnings"][:20]:
        console.say("cli.peringatan", pesan=warning["message"])
    print(body["message"], file=sys.stderr)
    console.say(
        "cli.impor_hitung",
        dibaca=body["rows_read"],
        ok=body["rows_ok"],
        galat=body["rows_error"],
        lewat=body["rows_skipped"],
    )
    if body["committed"]:
        console.say("cli.impor_tersimpan", batch=body["batch"])
    elif dry_run:
        console.say("cli.impor_uji")
    console.result(**body)
    return {"refused": 4, "row_errors": 3}.get(body["outcome"], 0)


def _tell_preview(
    args: argparse.Namespace, found: Examined, store: Store, workspace: Workspace, console: Console
) -> None:
    from campaign.intake.preview_text import lines_of

    console.say("cli.pratinjau")
    for line in lines_of(args.kind, found, store, workspace, console.lang, args.actor):
        print(f"- {line}", file=sys.stderr)


def _write_rest(found: Examined, path: Path, console: Console) -> None:
    """The rows with errors as a workbook with their reasons, when there are any."""
    from campaign.intake.corrections import write_corrections

    n = write_corrections(found, path, console.lang)
    if n:
        console.say("cli.sisa_ditulis", berkas=str(path), n=n)


def _undo(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.intake.importing import undo

    with opened(workspace) as store:
        undo(args.actor, args.batch, store, workspace)
    console.say("cli.batal_selesai", batch=args.batch)
    console.result(outcome="ok", batch=args.batch)
    return 0


def _remembered(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    """Names are numbered ``N1``, ``N2`` …, sets of columns ``K1``, ``K2`` …"""
    from campaign.office.desk import memory_of

    with opened(workspace) as store:
        names, columns = memory_of(args.actor, store)
    names["id"], columns["id"] = "N" + names["id"].astype(str), "K" + columns["id"].astype(str)
    for one in names.to_dict("records"):
        said = f"{one['teks']} ({one['lingkup_nama']}) = {one['nama']} {one['kode']}"
        print(f"{one['id']}  {said}  {one['sumber'] or '*'}  {one['user']}", file=sys.stderr)
    for one in columns.to_dict("records"):
        told = ", ".join(f"{name}={header}" for name, header in one["kolom"].items())
        print(f"{one['id']}  {one['jenis']}: {told}  {one['sumber'] or '*'}  {one['user']}", file=sys.stderr)
    if names.empty and columns.empty:
        console.say("ingatan.kosong")
    shown = [json.loads(table.to_json(orient="records", date_format="iso")) for table in (names, columns)]
    console.result(outcome="ok", names=shown[0], columns=shown[1])
    return 0


def _forget(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.intake.confirming import forget_columns, forget_name

    kind, number = args.number[:1].upper(), args.number[1:]
    if kind not in ("N", "K") or not (number.isascii() and number.isdecimal()):
        raise WrongUse("USAGE_FORGET", value=args.number[:20])
    with opened(workspace) as store:
        (forget_name if kind == "N" else forget_columns)(args.actor, store, int(number))
    console.say("ingatan.dilupakan")
    console.result(outcome="ok", forgotten=f"{kind}{number}")
    return 0


def _fetch_public(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.intake.public import fetch_public, fetch_public_figures

    def progress(name: str, done: int, total: int) -> None:
        console.progress("cli.unduh", berkas=Path(name).name, persen=str(100 * done // total))

    with opened(workspace) as store:
        report = fetch_public(args.actor, store, workspace, base_url=args.base_url, progress=progress)
        body = report.to_json(lambda reason, params: console.render(reason, params, "batas"))
        figures = fetch_public_figures(args.actor, store, workspace, base_url=args.base_url, progress=progress)
    body["figures"] = None
    if figures is not None:
        body["figures"] = figures.to_json(console.render)
        if figures.batch and not figures.committed:
            console.say("cli.unduh_sudah_ada", batch=figures.batch)
        else:
            console.say("cli.unduh_angka", pesan=body["figures"]["message"])
    if body["batch"] and not body["committed"]:
        console.say("cli.unduh_sudah_ada", batch=body["batch"])
    return _tell_import(body, console)


def register(command: Command) -> None:
    """The commands of this module."""
    imp = command("import", _import)
    imp.add_argument("kind", metavar="KIND", choices=list(KINDS))
    imp.add_argument("file", type=Path, metavar="FILE")
    imp.add_argument("--dry-run", action="store_true")
    imp.add_argument("--valid-rows-only", action="store_true")
    imp.add_argument("--sheet")
    imp.add_argument("--layer")
    imp.add_argument("--column", action="append", default=[], metavar="FIELD=HEADER")
    imp.add_argument("--source")
    imp.add_argument("--as-of", metavar="DATE")
    imp.add_argument("--rest", type=Path, metavar="FILE")
    imp.add_argument("--confirm", action="append", default=[], metavar="ROW=KODE")
    imp.add_argument("--every-source", action="store_true")
    imp.add_argument("--remember", action="store_true")
    command("undo", _undo).add_argument("batch")
    command("remembered", _remembered)
    command("forget", _forget).add_argument("number")
    command("fetch-public", _fetch_public).add_argument("--base-url", metavar="URL")
