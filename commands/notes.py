"""Notes of colleagues on villages: list them, write one, take one off."""

from __future__ import annotations

import argparse
import sys

from commands.console import Command, Console, opened
from data.errors import WrongUse
from data.workspace import Workspace
from words import date_text, t


def _notes(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.office.desk import all_notes, notes_seen
    from campaign.office.notes import remove_note, write_note

    with opened(workspace) as store:
        if args.what == "list":
            found = notes_seen(args.actor, all_notes(args.actor, store), args.subject or "")
            names: dict[str, str] = dict(store.gazetteer.villages()[["kode", "nama"]].itertuples(index=False))
            for note in found:
                print(
                    f"{note.id}  {note.kode} {names.get(note.kode, '')}: {note.teks} "
                    f"({note.oleh}, {date_text(note.tanggal, console.lang)})",
                    file=sys.stderr,
                )
            console.say("catatan.banyak", n=len(found))
            console.result(outcome="ok", notes=[vars(note) for note in found])
            return 0
        if args.what == "add":
            if not args.subject or not args.text:
                raise WrongUse("USAGE", detail=t("catatan.cara_tulis", console.lang), usage="notes add KODE TEKS")
            number = write_note(args.actor, store, args.subject, args.text)
            console.say("catatan.ditulis", nomor=number, kode=args.subject)
            console.result(outcome="ok", id=number, kode=args.subject)
            return 0
        if not str(args.subject or "").isdigit():
            raise WrongUse("USAGE", detail=t("catatan.cara_hapus", console.lang), usage="notes remove NOMOR")
        remove_note(args.actor, store, int(args.subject))
        console.say("catatan.dihapus", nomor=int(args.subject))
        console.result(outcome="ok", id=int(args.subject))
    return 0


def register(command: Command) -> None:
    """The commands of this module."""
    notes = command("notes", _notes)
    notes.add_argument("what", choices=("list", "add", "remove"))
    notes.add_argument("subject", nargs="?", metavar="KODE|NOMOR")
    notes.add_argument("text", nargs="?", metavar="TEKS")
