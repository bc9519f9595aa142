"""Screens run by Streamlit's own test runner over a workspace made as a user makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.workspace import Workspace
from pages.serving import preparation

PAGES = Path(__file__).resolve().parents[2] / "pages"
Open = Callable[..., AppTest]


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """``open_page(workspace, "peta", lang="en")`` runs the router and then the page."""
    monkeypatch.setattr(preparation, "_progress", preparation.Progress())

    def run(workspace: Workspace, page: str = "ringkasan", lang: str = "id") -> AppTest:
        monkeypatch.setenv("PETA_AMAN_WORKSPACE", str(workspace.path))
        screen = AppTest.from_file(str(PAGES / "start.py"), default_timeout=240)
        screen.session_state["bahasa"] = lang
        screen.run()
        return screen.switch_page(f"{page}.py").run()

    yield run
    st.cache_resource.clear()
