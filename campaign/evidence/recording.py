"""Every act leaves a row in the audit: its own, or else its name; a refused one too."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from data.domain.acting import acting
from data.domain.actor import Actor
from data.domain.kinds import wholly_open
from data.domain.roles import Act
from data.errors import PetaAmanError, Refused
from data.intake.examined import Examined
from data.store.store import Store
from data.workspace import Workspace

REFUSED = "refused"
"""The act of the row that tells of an attempt that was not allowed; ``what`` names what was tried."""
log = logging.getLogger("peta_aman.audit")


@contextmanager
def recorded(actor: Actor, kind: Act, arguments: Iterable[Any], *, quiet: bool = False) -> Iterator[None]:
    """Around one act: rows written inside bear the actor's account. An act that wrote none gets one with its name; one
    that was refused for lack of the right (``FORBIDDEN``) gets a row before the refusal goes on.

    The store is found among ``arguments``, or in the workspace there. An act that has neither leaves no row.
    """
    given = list(arguments)
    with acting(actor) as under_way:
        try:
            yield
        except Refused as fault:
            if fault.reason == "FORBIDDEN" and not under_way.refused:
                under_way.refused = True
                _record(given, actor, REFUSED, {"act": kind.value})
            raise
        if not under_way.noted and not quiet:
            _record(given, actor, kind.value, {})


def note_preview(actor: Actor, store: Store, found: Examined) -> None:
    """A row for a file that was looked through on a screen without being stored: its kind and how it went; its hash and
    number of rows only of a kind that holds no guarded figure; not its name when it was refused for what it holds of
    persons. (On the command line the owner of the folder looks at his own file, and a dry run writes nothing.)"""
    report = found.report
    told: dict[str, Any] = {"jenis": found.kind, "outcome": report.outcome}
    if found.kind in wholly_open():
        told |= {"sha256": found.meta.sha256, "rows": report.rows_read}
    personal = str(report.reason or "").startswith("PII")
    record_view(actor, store, "preview", told if personal else {**told, "file": found.meta.file_name})


def record_view(actor: Actor, store: Store, act: str, what: dict[str, Any]) -> None:
    """A row for something that was only looked at: exact counts, a restricted list, the preview of a file."""
    with acting(actor):
        store.audit.record(actor.name, act, what)


def _record(given: list[Any], actor: Actor, act: str, what: dict[str, Any]) -> None:
    for one in given:
        if isinstance(one, Store):
            _write(one, actor, act, what)
            return
    for one in given:
        if isinstance(one, Workspace) and one.exists():
            try:
                store = one.store()
            except PetaAmanError:
                return
            try:
                _write(store, actor, act, what)
            finally:
                store.close()
            return


def _write(store: Store, actor: Actor, act: str, what: dict[str, Any]) -> None:
    try:
        store.audit.record(actor.name, act, what)
    except PetaAmanError as fault:
        # A refusal must stay a refusal, also where it cannot be written down.
        log.error("audit row of %s not written: %s", act, fault.reason)
        if act != REFUSED:
            raise
