"""Map layers that are missing: they are made again while the page shows how far that is, and a failure is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.store.store import Store
from data.workspace import Workspace
from pages.serving import preparation
from tests.screens.test_pages import map_arguments, words_on

Open = Callable[..., AppTest]


@pytest.fixture
def lost(demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The geometry file, moved away."""
    monkeypatch.setattr(preparation, "_layers", preparation.Progress())
    file = next(demo_copy.layers.glob("peta-*.topo.json"))
    return file.rename(file.with_suffix(".lost"))


def finished() -> None:
    for _ in range(200):
        if preparation._layers.stage in ("ready", "failed"):
            return
        time.sleep(0.05)
    raise TimeoutError(preparation._layers)


def test_a_lost_layer_file_is_made_again_with_progress(
    open_page: Open, demo_copy: Workspace, lost: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = threading.Event()

    def build(store: Store, workspace: Workspace, progress: Callable[[float], None]) -> None:
        progress(0.4)
        assert seen.wait(30)
        lost.rename(lost.with_suffix(".json"))

    monkeypatch.setattr("geo.drawing.layers.build_layers", build)
    screen = open_page(demo_copy, "peta")
    assert not screen.exception
    for _ in range(50):
        if preparation._layers.share:
            break
        time.sleep(0.02)
    screen.run()
    (bar,) = screen.get("progress")
    assert (bar.proto.value, bar.proto.text.startswith("Lapisan peta sedang dibuat")) == (40, True)
    seen.set()
    finished()
    screen.run()
    assert map_arguments(screen)["script"]


def test_a_failure_is_told_with_a_number_and_can_be_tried_again(
    open_page: Open, demo_copy: Workspace, lost: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise OSError("no space left for secret.csv")

    monkeypatch.setattr("geo.drawing.layers.build_layers", broken)
    screen = open_page(demo_copy, "peta")
    finished()
    screen.run()
    assert preparation._layers.fault in words_on(screen)
    assert "Lapisan peta tidak dapat dibuat" in words_on(screen)
    assert "secret" not in words_on(screen)
    monkeypatch.setattr("geo.drawing.layers.build_layers", lambda *_: lost.rename(lost.with_suffix(".json")))
    screen.button(key="lapisan_lagi").click().run()
    finished()
    screen.run()
    assert map_arguments(screen)["script"]
