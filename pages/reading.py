"""What the pages read: one store a workspace, one snapshot a state of the store, shared by everybody, never changed."""

from __future__ import annotations

from typing import Any

import streamlit as st

from campaign.reading.snapshot import Snapshot
from data.store.chain import ChainVerdict
from data.store.store import Store
from data.workspace import DATABASE_FILE, Workspace


def store(workspace: Workspace | None = None) -> Any:
    """The open store. A database file that was replaced (a restored backup) is opened anew."""
    place = workspace or Workspace.locate()
    file = place.path / DATABASE_FILE
    mark = str(file.stat().st_ino) if file.exists() else ""
    return _store(str(place.path), place.database_url, mark)


def snapshot() -> Snapshot:
    """The read model of what is stored now."""
    place = Workspace.locate()
    opened = store(place)
    # New map layers come a moment after the batch they belong to, and do not touch the store.
    layers = str(place.layers.stat().st_mtime_ns) if place.layers.is_dir() else ""
    return _snapshot(str(place.path), opened.state_key() + layers, opened)


def comparisons() -> dict[str, Any] | None:
    """What comparisons of areas need of the newest score version (`risk.pairs`); None when it keeps none."""
    place, version = Workspace.locate(), snapshot().version
    return _comparisons(str(place.path), version.versi, store(place)) if version else None


def chain_verdict() -> ChainVerdict:
    """What a verification of the audit's chain found; done anew once anything was written."""
    opened = store()
    verdict: ChainVerdict = _chain_verdict(opened.audit.written(), opened)
    return verdict


@st.cache_resource(show_spinner=False, max_entries=2)
def _chain_verdict(written: str, _store: Store) -> ChainVerdict:
    return _store.audit.verify()


@st.cache_resource(show_spinner=False, max_entries=2)
def _comparisons(path: str, versi: str, _store: Store) -> dict[str, Any] | None:
    content: dict[str, Any] | None = _store.results.get("banding", versi)
    return content


@st.cache_resource(show_spinner=False, max_entries=4, on_release=lambda opened: opened.close())
def _store(path: str, url: str, mark: str) -> Any:
    return Workspace.locate(path).store()


@st.cache_resource(show_spinner=False, max_entries=3)
def _snapshot(path: str, key: str, _store: Store) -> Snapshot:
    return Snapshot.load(Workspace.locate(path), _store)
