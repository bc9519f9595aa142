"""The command ``peta-aman``: the same acts as the screens, without a browser.

Human text goes to standard error; with ``--json`` one JSON object goes to standard output and nothing else there.
Exit codes: 0 done · 1 fault of ours · 2 wrong use · 3 rows with errors · 4 file refused (3 and 4: nothing stored).
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from campaign.console import Console
from data.errors import PetaAmanError, WrongUse
from data.workspace import Workspace
from words import LANGUAGES, t

LEVELS = ("desa", "kecamatan", "kabupaten")
ROLES = ("publik", "perencana", "pimpinan", "petugas_data", "admin")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongUse("USAGE", detail=message, usage=self.format_usage().strip())


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code; no failure ends in a traceback."""
    words = list(sys.argv[1:] if argv is None else argv)
    console = Console("--json" in words, os.environ.get("PETA_AMAN_BAHASA", "id"))
    workspace: Workspace | None = None
    try:
        args = _parser().parse_args(words)
        console = Console(args.json, args.lang)
        if not hasattr(args, "act"):
            raise WrongUse("USAGE", detail=t("cli.perintah_kurang", console.lang), usage="peta-aman --help")
        workspace = Workspace.locate(args.workspace)
        return int(args.act(args, workspace, console))
    except PetaAmanError as error:
        message = console.render(error.reason, error.params)
        print(message, file=sys.stderr)
        outcome = {2: "wrong_use", 3: "row_errors", 4: "refused"}.get(error.exit_code, "fault")
        console.result(outcome=outcome, reason=error.reason, message=message, committed=False)
        return error.exit_code
    except (KeyboardInterrupt, BrokenPipeError):
        return 1
    except Exception as error:
        return _fault(error, workspace, console)


def _fault(error: Exception, workspace: Workspace | None, console: Console) -> int:
    """One line with an error id for the person; the traceback, without local values, for the log."""
    number = uuid.uuid4().hex[:8]
    try:
        folder = workspace.log.parent if workspace and workspace.exists() else None
        handler = logging.FileHandler(workspace.log if workspace and folder else os.devnull, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log = logging.getLogger("peta_aman.fault")
        log.propagate = False
        log.addHandler(handler)
        frames = []
        step = error.__traceback__
        while step is not None:
            frames.append(f"{Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}")
            step = step.tb_next
        log.error("error %s %s at %s", number, type(error).__name__, " < ".join(reversed(frames)))
        handler.close()
        log.removeHandler(handler)
    except OSError:
        pass
    if os.environ.get("PETA_AMAN_DEBUG"):
        raise error
    message = t("cli.kesalahan", console.lang, nomor=number)
    print(message, file=sys.stderr)
    console.result(outcome="fault", reason="FAULT", error_id=number, message=message, committed=False)
    return 1


# --- the acts ---------------------------------------------------------------------------------------------------------


def _run(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    import app

    app.main(port=args.port, workspace=workspace.path)
    return 0


def _init(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.installation import prepare

    for path in (args.gazetteer, args.boundaries):
        if path is not None and not path.exists():
            raise WrongUse("NO_FILE", path=str(path))
    made = prepare(
        workspace,
        gazetteer=args.gazetteer,
        boundaries=args.boundaries,
        demo=not args.empty,
        user=args.user,
        progress=lambda key, share: console.say(key),
    )
    console.say("cli.init_selesai", desa=made["villages"], tempat=made["workspace"])
    if made["data_contoh"]:
        console.say("cli.data_contoh")
    console.result(outcome="ok", **made)
    return 0


def _import(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.importing import commit, examine

    if not args.file.exists():
        raise WrongUse("NO_FILE", path=str(args.file))
    options = {
        "sheet": args.sheet,
        "layer": args.layer,
        "columns": dict(_pair(pair, "USAGE_COLUMN") for pair in args.column),
        "source": args.source,
        "as_of": args.as_of,
        "valid_rows_only": args.valid_rows_only,
    }
    with _open(workspace) as store:
        found = examine(args.kind, args.file, store, workspace, options)
        report = found.report
        storable = report.outcome == "ok" or (
            report.outcome == "row_errors" and args.valid_rows_only and report.rows_ok > 0
        )
        if storable and not args.dry_run:
            report.batch = commit(found, args.kind, store, workspace, args.user)
            report.committed = True
            if report.outcome == "row_errors":
                report.outcome = "ok"
        body = report.to_json(lambda reason, params: console.render(reason, params, args.kind))
    if args.rest is not None:
        _write_rest(found, args.rest, console)
    return _tell_import(body, console, args.dry_run)


def _tell_import(body: dict[str, Any], console: Console, dry_run: bool = False) -> int:
    for error in body["errors"][:20]:
        console.say("cli.baris_galat", baris=str(error["row"]), kolom=error["column"] or "-", pesan=error["message"])
    if len(body["errors"]) > 20:
        console.say("cli.baris_galat_lagi", n=len(body["errors"]) - 20)
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


def _write_rest(found: Any, path: Path, console: Console) -> None:
    """The rows with errors as a workbook with their reasons, when there are any."""
    from campaign.corrections import write_corrections

    n = write_corrections(found, path, console.lang)
    if n:
        console.say("cli.sisa_ditulis", berkas=str(path), n=n)


def _batches(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    with _open(workspace) as store:
        table = store.batches().drop(columns=["report_json"], errors="ignore")
    for row in table.itertuples():
        print(f"{row.batch}  {row.jenis:13} {row.status:10} {row.rows_ok:>7}  {row.file_name}", file=sys.stderr)
    console.result(outcome="ok", batches=json.loads(table.to_json(orient="records", date_format="iso")))
    return 0


def _undo(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.importing import undo

    with _open(workspace) as store:
        undo(args.batch, store, workspace, args.user)
    console.say("cli.batal_selesai", batch=args.batch)
    console.result(outcome="ok", batch=args.batch)
    return 0


def _score(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from risk.score import score

    with _open(workspace) as store:
        versi = score(store, workspace, n_top=args.n_top)
        version = store.score_version()
    console.say("cli.skor_selesai", versi=versi)
    if version["data_contoh"]:
        console.say("cli.data_contoh")
    console.result(
        outcome="ok",
        version=versi,
        n_top=version["n_top"],
        data_contoh=bool(version["data_contoh"]),
        evaluation=version.get("evaluation"),
    )
    return 0


def _evaluate(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from risk.evaluate import evaluate

    with _open(workspace) as store:
        result = evaluate(store, workspace)
    print(json.dumps(result, ensure_ascii=False, indent=1, default=str), file=sys.stderr)
    console.result(outcome="ok", evaluation=result)
    return 0


def _scores(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.export import score_rows, write_file

    with _open(workspace) as store:
        rows = score_rows(store, level=args.level, role=args.role, lang=args.lang)
        write_file(rows, args.out, store, workspace, level=args.level, lang=args.lang, role=args.role, user=args.user)
        contoh = bool(rows["data_contoh"].any())
    console.say("cli.berkas_ditulis", berkas=str(args.out), n=len(rows))
    if contoh:
        console.say("cli.data_contoh")
    console.result(outcome="ok", file=str(args.out), rows=len(rows), level=args.level, data_contoh=contoh)
    return 0


def _hotspots(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.hotspot_files import tell_hotspots

    with _open(workspace) as store:
        return tell_hotspots(args, store, workspace, console)


def _check(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.health import examine_health

    checks = examine_health(workspace)
    for check in checks:
        mark = "ok" if check["ok"] else "!!"
        print(f"{mark}  {t('periksa.' + check['name'], console.lang, **check['values'])}", file=sys.stderr)
    healthy = all(check["ok"] for check in checks)
    console.result(outcome="ok" if healthy else "unhealthy", checks=checks)
    return 0 if healthy else 1


def _fetch_public(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.public import fetch_public

    def progress(name: str, done: int, total: int) -> None:
        console.progress("cli.unduh", berkas=Path(name).name, persen=str(100 * done // total))

    with _open(workspace) as store:
        report = fetch_public(store, workspace, base_url=args.base_url, user=args.user, progress=progress)
        body = report.to_json(lambda reason, params: console.render(reason, params, "batas"))
    if body["batch"] and not body["committed"]:
        console.say("cli.unduh_sudah_ada", batch=body["batch"])
    return _tell_import(body, console)


def _backup(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from data.backup import backup

    with _open(workspace):
        made = backup(workspace, args.file)
    console.say("cli.cadangan_ditulis", berkas=made["file"], baris=made["rows"], mb=round(made["bytes"] / 1e6, 1))
    console.result(outcome="ok", **made)
    return 0


def _restore(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from data.backup import restore

    made = restore(workspace, args.file)
    console.say("cli.dipulihkan", tempat=made["workspace"], waktu=made["created_at"], baris=made["rows"])
    console.result(outcome="ok", **made)
    return 0


# --- the words of the command line ------------------------------------------------------------------------------------


class _open:
    """The store of an existing workspace, closed at the end."""

    def __init__(self, workspace: Workspace) -> None:
        if not workspace.exists():
            raise WrongUse("NO_WORKSPACE", path=str(workspace.path))
        self.workspace = workspace

    def __enter__(self) -> Any:
        self.store = self.workspace.store()
        return self.store

    def __exit__(self, *_: object) -> None:
        self.store.close()


def _pair(text: str, reason: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise WrongUse(reason, value=text)
    return name, value


def _common() -> argparse.ArgumentParser:
    """Options every command takes, before or after its name; made anew each time because argparse shares defaults."""
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--workspace", metavar="DIR")
    common.add_argument("--json", action="store_true")
    common.add_argument("--lang", choices=LANGUAGES)
    common.add_argument("--user", metavar="NAME")
    return common


def _parser() -> argparse.ArgumentParser:
    from campaign.importing import KINDS

    top = _Parser(prog="peta-aman", description=t("cli.uraian"), parents=[_common()])
    top.set_defaults(
        workspace=None,
        json=False,
        lang=os.environ.get("PETA_AMAN_BAHASA", "id"),
        user=os.environ.get("USER", "perencana"),
    )
    acts = top.add_subparsers(metavar="PERINTAH", parser_class=_Parser)

    def command(name: str, act: Callable[..., int]) -> argparse.ArgumentParser:
        key = name.replace("-", "_")
        parser = acts.add_parser(
            name, help=t(f"cli.bantuan_{key}"), description=t(f"cli.bantuan_{key}"), parents=[_common()]
        )
        parser.set_defaults(act=act)
        return parser

    run = command("run", _run)
    run.add_argument("--port", type=int, default=8501)
    init = command("init", _init)
    init.add_argument("--gazetteer", type=Path, metavar="CSV")
    init.add_argument("--boundaries", type=Path, metavar="FILE")
    which = init.add_mutually_exclusive_group()
    which.add_argument("--demo", action="store_true")
    which.add_argument("--empty", action="store_true")
    imp = command("import", _import)
    imp.add_argument("kind", metavar="KIND", choices=KINDS)
    imp.add_argument("file", type=Path, metavar="FILE")
    imp.add_argument("--dry-run", action="store_true")
    imp.add_argument("--valid-rows-only", action="store_true")
    imp.add_argument("--sheet")
    imp.add_argument("--layer")
    imp.add_argument("--column", action="append", default=[], metavar="FIELD=HEADER")
    imp.add_argument("--source")
    imp.add_argument("--as-of", metavar="DATE")
    imp.add_argument("--rest", type=Path, metavar="FILE")
    command("batches", _batches)
    command("undo", _undo).add_argument("batch")
    command("score", _score).add_argument("--n-top", type=_positive, default=100)
    command("evaluate", _evaluate)
    scores = command("scores", _scores)
    scores.add_argument("--out", type=Path, required=True, metavar="FILE")
    scores.add_argument("--level", choices=LEVELS, default="desa")
    scores.add_argument("--role", choices=ROLES, default="perencana")
    hotspots = command("hotspots", _hotspots)
    hotspots.add_argument("--out", type=Path, required=True, metavar="FILE")
    hotspots.add_argument("--level", choices=LEVELS, default="desa")
    command("fetch-public", _fetch_public).add_argument("--base-url", metavar="URL")
    command("backup", _backup).add_argument("file", type=Path, metavar="FILE")
    command("restore", _restore).add_argument("file", type=Path, metavar="FILE")
    command("check", _check)
    return top


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(text)
    return value


if __name__ == "__main__":
    sys.exit(main())
