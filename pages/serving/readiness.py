"""Does everything answer? The readiness route asks, and every minute the server asks itself and mends what it can.

A stranger is told a code and nothing else.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from campaign.office.health import Findings, HealthCheck, examine_content, examine_database, examine_place
from data.errors import PetaAmanError
from data.store.store import Store
from data.workspace import DATABASE_FILE, Workspace
from pages import reading
from pages.serving import faults, preparation

WARNINGS = frozenset({"DISK_LOW", "FILES_OPEN"})
"""Told, but the server goes on answering."""
DEEP_SECONDS = 60.0
"""How long what was found in an unchanged database counts; one that was changed is asked at once."""
EVERY_SECONDS, AGAIN_SECONDS = 60.0, 2.0
"""How often the server asks itself: when it was ready, and when it was not (yet)."""
KNOWN_SECONDS = 3 * EVERY_SECONDS

_lock = threading.Lock()
_kept: tuple[Any, float, list[HealthCheck]] | None = None
_last: tuple[float, tuple[str | None, str | None]] | None = None


def known() -> tuple[str | None, str | None]:
    """What `not_ready` last found, at no cost; ``unknown`` before the first time and when it is long ago."""
    last = _last
    return last[1] if last is not None and time.monotonic() - last[0] < KNOWN_SECONDS else ("unknown", None)


def not_ready() -> tuple[str | None, str | None]:
    """The first thing that keeps the server from answering (workspace, database, files, layers, scores) as a code, and
    the first thing to be told besides; None for each when there is none."""
    global _last
    found = _asked()
    _last = time.monotonic(), found
    return found


def _asked() -> tuple[str | None, str | None]:
    stage = preparation.progress().stage
    if stage in ("preparing", "failed"):
        return stage, None
    workspace = Workspace.locate()
    if not workspace.exists():
        return "workspace", None
    try:
        store = reading.store(workspace)
        store.check()
        found = _faults(store, workspace)
    except PetaAmanError as error:
        return error.reason, None
    except Exception:  # whatever it is, the database does not answer
        return "DATABASE_UNREADABLE", None
    codes = [check.code for check in found if not check.ok]
    grave = [code for code in codes if code not in WARNINGS and code != "LAYERS_MISSING"]
    mild = next((code for code in codes if code in WARNINGS), None)
    if "LAYER_DAMAGED" in grave:
        preparation.layers_in_background()
    if grave:
        return grave[0], mild
    try:
        shown = reading.snapshot()
    except PetaAmanError as error:
        return error.reason, mild
    if shown.layers is None:
        return "layers", mild
    return (None if shown.version is not None else "scores"), mild


def watch() -> None:
    """Asks again and again, so that strangers can be told what is known, and damaged layers are made anew also where
    nobody asks; begun once a server."""
    threading.Thread(target=_watch, name="watch", daemon=True).start()


def _watch() -> None:
    while True:
        time.sleep(AGAIN_SECONDS if known()[0] else EVERY_SECONDS)
        try:
            not_ready()
        except Exception as error:  # what was known grows old, and is then known no more
            faults.note(error)


def _faults(store: Store, workspace: Workspace) -> list[HealthCheck]:
    """What the folder says is asked each time, the files when they changed, the whole database once a while."""
    global _kept
    now, found = time.monotonic(), Findings()
    examine_place(workspace, found)
    key = _changed(store, workspace)
    with _lock:
        if _kept is None or _kept[0] != key or now - _kept[1] > DEEP_SECONDS:
            deep = Findings()
            examine_database(store, workspace, deep)
            _kept = key, now, list(deep)
        found += _kept[2]
    if all(check.ok for check in found if check.name in ("basis_data", "tabel")):
        examine_content(store, workspace, found)
    return list(found)


def _changed(store: Store, workspace: Workspace) -> Any:
    files = [workspace.path / name for name in (DATABASE_FILE, f"{DATABASE_FILE}-wal", "jejak.json", "kunci.pem")]
    stats = [(file.stat().st_mtime_ns, file.stat().st_size) if file.exists() else None for file in files]
    return str(workspace.path), store.state_key(), store.audit.last(), tuple(stats)
