"""The installation itself: make it, look after it, carry it out and in."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from commands.console import Command, Console, opened
from data.errors import WrongUse
from data.workspace import Workspace
from words import t


def _init(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.office.custody import install

    for path in (args.gazetteer, args.boundaries):
        if path is not None and not path.exists():
            raise WrongUse("NO_FILE", path=str(path))
    made = install(
        args.actor,
        workspace,
        gazetteer=args.gazetteer,
        boundaries=args.boundaries,
        demo=not args.empty,
        progress=lambda key, share: console.say(key),
    )
    console.say("cli.init_selesai", desa=made["villages"], tempat=made["workspace"])
    if made["data_contoh"]:
        console.say("cli.data_contoh")
    console.result(outcome="ok", **made)
    return 0


def _check(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.office.health import examine_health
    from campaign.office.mending import mend

    checks = examine_health(workspace)
    problems = [{"code": one.code, "message": console.render(one.code, one.params)} for one in checks if not one.ok]
    for check in checks:
        mark = "ok" if check.ok else "!!"
        print(f"{mark}  {t('periksa.' + check.name, console.lang, **check.values)}", file=sys.stderr)
    for problem in problems:
        print(f"{problem['code']}: {problem['message']}", file=sys.stderr)
    mended = mend(workspace) if any(check.code == "LAYER_DAMAGED" for check in checks) else []
    if mended:
        console.say("sehat.dibuat_ulang", files=", ".join(mended))
    healthy = not problems
    told = [{"name": one.name, "ok": one.ok, "values": one.values, "code": one.code} for one in checks]
    outcome = "ok" if healthy else "unhealthy"
    console.result(ok=healthy, problems=problems, outcome=outcome, checks=told, mended=mended)
    return 0 if healthy else 1


def _backup(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.office.custody import back_up

    with opened(workspace):
        made = back_up(args.actor, workspace, args.file, passphrase=_passphrase(args))
    console.say("cli.cadangan_disegel", kunci=made["key"], kepala=made["head"])
    if made["audit_broken"]:
        console.say("cli.cadangan_jejak_putus", nomor=made["audit_broken"])
    console.say("cli.cadangan_ditulis", berkas=made["file"], baris=made["rows"], mb=round(made["bytes"] / 1e6, 1))
    console.result(outcome="ok", **made)
    return 0


def _restore(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.office.custody import restore_backup

    made = restore_backup(
        args.actor, workspace, args.file, key=args.key, passphrase=_passphrase(args), unsigned=args.unsigned
    )
    console.say("cli.pulih_kunci_dikenal" if made["key_known"] else "cli.pulih_kunci", kunci=made["key"] or "-")
    console.say("cli.dipulihkan", tempat=made["workspace"], waktu=made["created_at"], baris=made["rows"])
    console.result(outcome="ok", **made)
    return 0


def _passphrase(args: argparse.Namespace) -> str:
    """The first line of the file that was named, else ``PETA_AMAN_PASSPHRASE``; never an argument, which every account
    of the computer could read."""
    if args.passphrase_file is None:
        return os.environ.get("PETA_AMAN_PASSPHRASE", "")
    try:
        return str(args.passphrase_file.read_text(encoding="utf-8")).partition("\n")[0].strip("\r")
    except (OSError, UnicodeDecodeError):
        raise WrongUse("NO_FILE", path=str(args.passphrase_file)) from None


def register(command: Command) -> None:
    """The commands of this module."""
    init = command("init", _init)
    init.add_argument("--gazetteer", type=Path, metavar="CSV")
    init.add_argument("--boundaries", type=Path, metavar="FILE")
    which = init.add_mutually_exclusive_group()
    which.add_argument("--demo", action="store_true")
    which.add_argument("--empty", action="store_true")
    backup = command("backup", _backup)
    restore = command("restore", _restore)
    for one in (backup, restore):
        one.add_argument("file", type=Path, metavar="FILE")
        one.add_argument("--passphrase-file", type=Path, metavar="FILE")
    restore.add_argument("--key", default="", metavar="KEY")
    restore.add_argument("--unsigned", action="store_true")
    command("check", _check)
