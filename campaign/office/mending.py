"""What mends itself: map layers are made from the boundaries, so damaged ones are made again without asking anybody."""

from __future__ import annotations

import logging

from data.errors import PetaAmanError
from data.workspace import Workspace

log = logging.getLogger("peta_aman.office")


def mend(workspace: Workspace) -> list[str]:
    """Makes damaged map layers again; the names of the damaged files, none where nothing was or nothing could be done
    (a disk that is full or read-only)."""
    from geo.drawing.layers import mend_layers

    try:
        store = workspace.store()
    except PetaAmanError:
        return []
    try:
        return mend_layers(store, workspace)
    except (PetaAmanError, OSError) as fault:
        log.error("layers not made again: %s", type(fault).__name__)
        return []
    finally:
        store.close()
