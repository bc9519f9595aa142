"""One road for every import: examine, then store; the same for the screen and the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data.workspace import Workspace

TABLE_KINDS = ("kasus", "keberangkatan", "kemiskinan", "indikator")
KINDS = ("batas", *TABLE_KINDS)


def examine(kind: str, path: Path, store: Any, workspace: Workspace, options: dict[str, Any]) -> Any:
    """Read and check one file; nothing is written. Returns an import with a ``report``."""
    if kind == "batas":
        from geo.import_batas import examine_batas

        return examine_batas(path, store, workspace, options)
    from data.intake.examine import examine as examine_table

    return examine_table(kind, path, store, options)


def commit(found: Any, kind: str, store: Any, workspace: Workspace, user: str) -> str:
    """Store an examined import as one batch; new boundaries also get new map layers."""
    if kind == "batas":
        from geo.import_batas import commit_batas
        from geo.layers import build_layers

        batch = commit_batas(found, store, workspace, user)
        build_layers(store, workspace)
        return batch
    from data.intake.examine import commit as commit_table

    return commit_table(found, store, user)


def undo(batch: str, store: Any, workspace: Workspace, user: str) -> None:
    """Take one batch back; when it held boundaries the map layers follow what is then in force."""
    from geo.composition import registered

    before = registered(store)
    store.undo(batch, user)
    if registered(store) != before and store.boundary("desa") is not None:
        from geo.layers import build_layers

        build_layers(store, workspace)
