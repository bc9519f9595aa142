"""Who may sign in: list, add, give a new first password, shut."""

from __future__ import annotations

import argparse
import sys

from commands.console import Command, Console, opened
from data.errors import WrongUse
from data.workspace import Workspace
from words import t


def _accounts(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.access.accounts import add_account, disable_account, list_accounts, reset_account

    with opened(workspace) as store:
        if args.what == "list":
            found = list_accounts(args.actor, store)
            for one in found:
                state = t("akun.terbuka" if one.aktif else "akun.tertutup", console.lang)
                areas = ", ".join(one.wilayah) or t("masuk.semua_wilayah", console.lang)
                print(
                    f"{one.akun} ({one.nama}): {', '.join(one.peran)}; {areas}; {one.sumber}; {state}", file=sys.stderr
                )
            console.say("akun.banyak", n=len(found))
            console.result(outcome="ok", accounts=[vars(one) for one in found])
            return 0
        if not args.name:
            raise WrongUse("USAGE", detail=t("akun.sebut_nama", console.lang), usage="accounts add|reset|disable NAME")
        if args.what == "disable":
            disable_account(args.actor, store, args.name)
            console.say("akun.ditutup", nama=args.name)
            console.result(outcome="ok", account=args.name, active=False)
            return 0
        if args.what == "add":
            first = add_account(
                args.actor, store, args.name, roles=args.role, areas=args.area, called=args.called or ""
            )
        else:
            first = reset_account(args.actor, store, args.name, roles=args.role, areas=args.area or None)
        if first:
            console.say("akun.sandi_sekali", nama=args.name, sandi=first)
        else:
            console.say("akun.dibuka", nama=args.name)
        console.result(outcome="ok", account=args.name, first_password=first or None)
    return 0


def register(command: Command) -> None:
    """The commands of this module."""
    accounts = command("accounts", _accounts)
    accounts.add_argument("what", choices=("list", "add", "reset", "disable"))
    accounts.add_argument("name", nargs="?", metavar="NAMA")
    accounts.add_argument("--role", action="append", default=[], metavar="PERAN")
    accounts.add_argument("--area", action="append", default=[], metavar="KODE")
    accounts.add_argument("--called", metavar="TEKS")
