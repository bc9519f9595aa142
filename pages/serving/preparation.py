"""The first start: the workspace is made in the background while the page shows how far it is."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial

from data.workspace import Workspace


@dataclass
class Progress:
    """``stage`` is one of idle, preparing, loading, ready, failed; ``key`` a text of the catalogue, ``share`` 0–1."""

    stage: str = "idle"
    key: str = "siap.gazetir"
    share: float = 0.0
    fault: str = ""


_progress = Progress()
_layers = Progress()
_lock = threading.Lock()


def progress() -> Progress:
    """How far this process is."""
    return _progress


def prepare_if_new(workspace: Workspace) -> None:
    """Make the demonstration workspace when there is none; one thread does it, others wait."""
    with _lock:
        if workspace.exists():
            return
        from campaign.office.installation import prepare
        from pages.serving import faults

        _progress.stage, _progress.share, _progress.fault = "preparing", 0.0, ""
        try:
            prepare(workspace, progress=_tell)
        except Exception as error:
            _progress.fault = faults.note(error)
            _progress.stage = "failed"
            raise
        faults.log_to(workspace)
        _progress.stage = "idle"


def prepare_in_background(workspace: Workspace) -> None:
    """As at the first start, but asked for by a button."""
    if _progress.stage != "preparing":
        _progress.stage = "preparing"
        threading.Thread(target=_quietly, args=(workspace,), name="prepare", daemon=True).start()


def load() -> None:
    """Import what the pages import and read what they show, once, before the first visitor waits for it.

    Not streamlit-folium itself: Streamlit serves a component only when it was first imported by a page.
    """
    import altair  # noqa: F401

    import campaign.reading.tables  # noqa: F401
    import geo.drawing.webmap  # noqa: F401
    from pages import reading

    shown = reading.snapshot()
    if shown.layers is None and shown.boundary is not None:
        # A newer version of this program may draw the same boundaries otherwise.
        _build()
        reading.snapshot()


def layers_in_background() -> Progress:
    """Begins to make the map layers that are missing, unless that is under way or failed; how far it is."""
    if _layers.stage in ("idle", "ready"):
        _layers.stage = "loading"
        threading.Thread(target=_build, name="layers", daemon=True).start()
    return _layers


def again() -> None:
    """Lets the layers be tried once more after a failure."""
    _layers.stage = "idle"


def _build() -> None:
    from geo.drawing.layers import build_layers, mend_layers
    from pages import reading
    from pages.serving import faults

    with _lock:
        _layers.stage, _layers.share = "loading", 0.0
        try:
            store, workspace = reading.store(), Workspace.locate()
            tell = partial(setattr, _layers, "share")
            if not mend_layers(store, workspace, tell):
                build_layers(store, workspace, tell)
            _layers.stage = "ready"
        except Exception as error:
            _layers.fault, _layers.stage = faults.note(error), "failed"


def _tell(key: str, share: float) -> None:
    _progress.key, _progress.share = key, min(max(share, 0.0), 1.0)


def _quietly(workspace: Workspace) -> None:
    try:
        prepare_if_new(workspace)
    except Exception:  # noted already, and the page shows its number
        return
