"""Screens run by Streamlit's own test runner over a workspace made as a user makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from argon2 import PasswordHasher
from streamlit.testing.v1 import AppTest

from campaign.access import passwords
from data.workspace import Workspace
from pages import reading
from pages.door.presence import presence
from pages.serving import preparation
from tests.screens.door_kit import Place, place_of

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


@pytest.fixture
def made(demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Place]]:
    """``made(PETA_AMAN_…="…")``: a workspace with people behind a door of these settings."""
    monkeypatch.setenv("PETA_AMAN_WORKSPACE", str(demo_copy.path))
    monkeypatch.setattr("data.store.engine.BUSY_SECONDS", 0.2)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(preparation, "_progress", preparation.Progress())
    table = "klaim,nilai,peran,wilayah\ngroups,perencanaan,perencana,53.01\n"
    (demo_copy.path / "peran-klaim.csv").write_text(table, encoding="utf-8")
    reading._store.clear()
    presence.forget()
    yield lambda **settings: place_of(demo_copy, settings)
    st.cache_resource.clear()
    presence.forget()


@pytest.fixture
def place(made: Callable[..., Place]) -> Place:
    """The same with local accounts."""
    return made()
