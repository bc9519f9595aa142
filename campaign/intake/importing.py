"""One road for every import: examine, then store; the same for the screen and the command line."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from campaign.intake.concurrent_changes import as_values, meanwhile
from campaign.intake.preview import guarded_codes
from campaign.permission import act, within
from data.domain.actor import Actor
from data.domain.kinds import KINDS, Holds, Kind, load, wholly_open
from data.domain.roles import Act
from data.errors import Refused
from data.intake.examined import Examined, ImportOptions
from data.store.store import Store
from data.workspace import Workspace


class Upload(NamedTuple):
    """A file that came through the browser. A table never touches the disk: it may hold what must not be kept."""

    name: str
    content: bytes


File = Path | Upload


def examine(
    kind: str,
    file: File,
    store: Store,
    workspace: Workspace,
    options: ImportOptions = ImportOptions(),
    actor: Actor | None = None,
) -> Examined:
    """Read and check one file of any kind; nothing is written. The report knows when it was made.

    What is told of a file is in the file and in the gazetteer. That the very same one is stored already is told of
    counts of single people to an ``actor`` only who may read them as they are.

    Uploaded boundaries lie in a folder of their own while the reading process needs them, and are gone after it.
    Raises `WrongUse`: ``UNKNOWN_KIND``, and for options that mean nothing.
    """
    looked = store.audit.last()
    row = KINDS.get(kind)
    if row is not None and row.holds is Holds.BOUNDARIES:
        found = _examine_boundaries(row, file, store, workspace, options)
    else:
        if row is not None and row.locate:
            locate = load(row.locate)
            options = replace(options, locate=lambda points: locate(store, workspace, points))
        found = _examine_table(kind, file, store, options)
        if kind not in wholly_open():
            _keep_own(found, actor)
    found.report.looked = looked
    return found


def _keep_own(found: Examined, actor: Actor | None) -> None:
    """Takes from the remarks of a table that may count single people what its reader may not learn from the store."""
    codes = guarded_codes(found)
    if not codes and not found.rows.empty:
        return
    if actor is None or not actor.exact.covers_all(codes):
        found.report.warnings = [one for one in found.report.warnings if one.reason != "SAME_FILE"]


def _examine_table(kind: str, file: File, store: Store, options: ImportOptions) -> Examined:
    from data.intake import examine as tables

    if isinstance(file, Upload):
        return tables.examine_content(kind, file.content, Path(file.name).name, store, options)
    return tables.examine(kind, file, store, options)


def _examine_boundaries(kind: Kind, file: File, store: Store, workspace: Workspace, options: ImportOptions) -> Examined:
    read: Callable[[Path, Any, Workspace, ImportOptions], Examined] = load(kind.reader)
    if isinstance(file, Path):
        return read(file, store, workspace, options)
    with tempfile.TemporaryDirectory(prefix="peta-aman-") as folder:
        path = Path(folder) / (re.sub(r"[^\w. ()-]", "_", Path(file.name).name)[-120:] or "berkas")
        path.write_bytes(file.content)
        return read(path, store, workspace, options)


@act(Act.IMPORT)
def commit(
    actor: Actor,
    found: Examined,
    kind: str,
    store: Store,
    workspace: Workspace,
    progress: Callable[[float], None] | None = None,
) -> str:
    """Store an examined import as one batch; new boundaries also get new map layers, made before they are in force.

    ``progress`` hears how far the layers are, 0–1.

    Raises `Refused`: ``DATA_CHANGED`` when others changed the data since the examination, with what they did
    (`campaign.intake.concurrent_changes`), and what the rooms' own ``commit`` raises.
    """
    within(actor, Act.IMPORT, _codes(found))
    if codes := guarded_codes(found):
        touch_counts(actor, codes)
    try:
        return _commit(found, kind, store, workspace, actor.name, progress)
    except Refused as fault:
        if fault.reason != "DATA_CHANGED":
            raise
        raise Refused("DATA_CHANGED", **as_values(meanwhile(store, found.report.looked))) from fault


@act(Act.IMPORT_GUARDED)
def touch_counts(actor: Actor, codes: Iterable[str]) -> None:
    """Asked besides where a file that is stored or taken back counts single people below the kabupaten."""
    within(actor, Act.IMPORT_GUARDED, codes)


def _codes(found: Examined) -> list[str]:
    """Codes of the areas an examined file speaks of."""
    frames = [*found.frames.values(), *([found.rows] if len(found.rows) else [])]
    return [str(kode) for frame in frames for kode in frame["kode"].unique()]


def _commit(
    found: Examined, kind: str, store: Store, workspace: Workspace, user: str, progress: Callable[[float], None] | None
) -> str:
    if KINDS[kind].holds is Holds.BOUNDARIES:
        from geo.boundaries.importing import commit_batas

        batch = commit_batas(found, store, workspace, user, before=lambda then: _layers(then, workspace, progress))
        _layers(store, workspace)
        return batch
    from data.intake.examine import commit as commit_table

    return commit_table(found, store, user)


@act(Act.UNDO)
def undo(actor: Actor, batch: str, store: Store, workspace: Workspace) -> None:
    """Take one batch back; when it held boundaries the map layers follow what is then in force."""
    from geo.boundaries.composition import registered
    from geo.boundaries.pending import Pending

    codes = store.batches.codes(batch)
    within(actor, Act.UNDO, codes)
    if store.batches.guarded(batch):
        touch_counts(actor, codes)
    then = Pending(store, without=batch)
    if registered(then) != registered(store):
        _layers(then, workspace)
    store.batches.undo(batch, actor.name)
    _layers(store, workspace)


def _layers(store: Store, workspace: Workspace, progress: Callable[[float], None] | None = None) -> None:
    """Map layers of what is in force; nothing to do when they are there."""
    from geo.drawing.layers import build_layers

    if store.boundaries.newest("desa") is not None:
        build_layers(store, workspace, progress)
