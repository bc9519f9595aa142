"""The acts around an installation as a whole: make it, carry it out, bring it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from campaign.office.installation import Progress, prepare
from campaign.permission import act
from data.domain.actor import Actor
from data.domain.roles import Act
from data.store.store import Store
from data.workspace import Workspace


@act(Act.INSTALL)
def install(
    actor: Actor,
    workspace: Workspace,
    *,
    gazetteer: Path | None = None,
    boundaries: Path | None = None,
    demo: bool = True,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Makes ``workspace`` from nothing; parameters and errors as `campaign.office.installation.prepare`."""
    return prepare(workspace, gazetteer=gazetteer, boundaries=boundaries, demo=demo, user=actor.name, progress=progress)


@act(Act.BACK_UP)
def back_up(actor: Actor, workspace: Workspace, path: Path, *, passphrase: str = "") -> dict[str, Any]:
    """Writes one file that holds the installation, while others use it; raises as `data.backup.backup`."""
    from data.backup import backup

    def noted(store: Store, made: dict[str, Any]) -> None:
        told = {"file": path.name, **{name: made[name] for name in ("sha256", "rows", "head", "locked")}}
        store.audit.record(actor.name, "backup", told)

    return backup(workspace, path, passphrase=passphrase, noted=noted)


@act(Act.RESTORE)
def restore_backup(
    actor: Actor, workspace: Workspace, path: Path, *, key: str = "", passphrase: str = "", unsigned: bool = False
) -> dict[str, Any]:
    """Brings an installation back from its file into an empty place; raises as `data.backup.restore`."""
    from data.backup import restore

    return restore(workspace, path, key=key, passphrase=passphrase, unsigned=unsigned, user=actor.name)
