"""The command ``peta-aman``: the same acts as the screens, without a browser.

Human text goes to standard error; with ``--json`` one JSON object goes to standard output and nothing else there.
Exit codes: 0 done · 1 fault of ours · 2 wrong use · 3 rows with errors · 4 file refused (3 and 4: nothing stored).
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from commands.console import Console
from data.disk import storage_fault
from data.domain.actor import narrowed, own_name, owner
from data.domain.roles import ROLES
from data.errors import PetaAmanError, WrongUse
from data.workspace import Workspace
from words import LANGUAGES, has, t

OWN_ROLES = {"accounts"}
"""Commands whose own options ``--role`` and ``--area`` are about somebody else."""


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
        # Whoever works on the command line owns the workspace folder, and with it every role, unless told to be less.
        args.actor = narrowed(owner(args.user), args.role, args.area or ()) if args.narrows else owner(args.user)
        return int(args.act(args, workspace, console))
    except PetaAmanError as error:
        return _refused(error, console)
    except (KeyboardInterrupt, BrokenPipeError):
        return 1
    except Exception as error:
        known = storage_fault(error, workspace.path) if workspace else None
        return _refused(known, console) if known else _fault(error, workspace, console)


def _refused(error: PetaAmanError, console: Console) -> int:
    """The sentence of a named reason, and its exit code."""
    message = console.render(error.reason, error.params)
    print(message, file=sys.stderr)
    outcome = {2: "wrong_use", 3: "row_errors", 4: "refused"}.get(error.exit_code, "fault")
    console.result(outcome=outcome, reason=error.reason, message=message, committed=False)
    return error.exit_code


def _fault(error: Exception, workspace: Workspace | None, console: Console) -> int:
    """One line with an error id for the person; the traceback, without local values, for the log."""
    number = uuid.uuid4().hex[:8]
    try:
        folder = workspace.log.parent if workspace and workspace.exists() else None
        handler = logging.FileHandler(workspace.private_log() if workspace and folder else os.devnull, encoding="utf-8")
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

    app.main(port=args.port, workspace=workspace.path, host=args.host)
    return 0


# --- the words of the command line ------------------------------------------------------------------------------------


def _common(narrows: bool = True) -> _Parser:
    """Options every command takes, before or after its name; made anew each time because argparse shares defaults.
    Where ``narrows`` also those by which the owner acts as somebody less."""
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--workspace", metavar="DIR")
    common.add_argument("--json", action="store_true")
    common.add_argument("--lang", choices=LANGUAGES)
    common.add_argument("--user", metavar="NAME")
    if narrows:
        common.add_argument("--role", choices=[str(role) for role in ROLES])
        common.add_argument("--area", action="append", metavar="KODE")
    return common


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command's parser by its name."""
    return next(dict(one.choices) for one in _parser()._actions if isinstance(one, argparse._SubParsersAction))


def _parser() -> argparse.ArgumentParser:
    from commands import accounts as persons
    from commands import comparison as comparing
    from commands import documents, evidence, intake, notes, origins, planning, replies, roads, scoring
    from commands import installation as keeping

    top = _Parser(prog="peta-aman", description=t("cli.uraian"), parents=[_common()])
    top.set_defaults(
        workspace=None, json=False, lang=os.environ.get("PETA_AMAN_BAHASA", "id"), user=own_name(), role=None, area=None
    )
    acts = top.add_subparsers(metavar="PERINTAH", parser_class=_Parser)

    def command(name: str, act: Callable[..., int]) -> argparse.ArgumentParser:
        key = name.replace("-", "_")
        parser = acts.add_parser(
            name,
            help=t(f"cli.bantuan_{key}"),
            description=t(f"cli.bantuan_{key}"),
            parents=[_common(name not in OWN_ROLES)],
        )
        parser.set_defaults(act=act, narrows=name not in OWN_ROLES)
        return parser

    run = command("run", _run)
    run.add_argument("--port", type=int, default=8501)
    run.add_argument("--host", metavar="ADDRESS")
    works = (keeping, intake, origins, scoring, comparing, planning, documents, notes, replies, roads)
    for family in (*works, evidence, persons):
        family.register(command)
    for name, parser in acts.choices.items():
        for option in parser._actions:
            own = f"cli.opsi.{name}.{option.dest}"
            option.help = t(own if has(own) else f"cli.opsi.{option.dest}")
    return top


if __name__ == "__main__":
    sys.exit(main())
