"""Part of the plan page: a file of a plan, made when its button is pressed and handed over like every other list."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from campaign.handover.lists import Listed
from campaign.handover.log import hand_over
from data.workspace import Workspace
from pages import reading
from pages.gate import Visit


def take_along(
    known: Listed, what: str, name: str, mime: str, write: Callable[[Path], Any], visit: Visit, label: str
) -> None:
    """A download button; ``write`` makes the file at a path, ``what`` is its kind in the audit."""

    def made() -> bytes:
        note = {"what": what, "versi": known.name, "rows": len(known.plan["villages"]), "purpose": "pelaksanaan"}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            hand_over(
                write,
                path,
                reading.store(),
                Workspace.locate(),
                user=visit.account,
                what=note,
                versi=str(known.plan["score_version"]),
            )
            return path.read_bytes()

    st.download_button(
        label, data=made, key=f"unduh_{what}", file_name=name, mime=mime, on_click="ignore", icon=":material/download:"
    )
