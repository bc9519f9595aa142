"""Part of the plan page: a file of a plan, made when its button is pressed and handed over like every other list."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from campaign.handover.lists import TargetList
from campaign.handover.log import hand_over
from data.workspace import Workspace
from pages import reading
from pages.gate import Visit


def take_along(
    target_list: TargetList, what: str, name: str, mime: str, write: Callable[[Path], Any], visit: Visit, label: str
) -> None:
    """A download button; ``write`` makes the file at a path, ``what`` is its kind in the audit."""

    def made() -> bytes:
        note = {
            "what": what,
            "versi": target_list.name,
            "rows": len(target_list.plan["villages"]),
            "purpose": "pelaksanaan",
        }
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            hand_over(
                write,
                path,
                reading.store(),
                Workspace.locate(),
                user=visit.account,
                what=note,
                versi=str(target_list.plan["score_version"]),
            )
            return path.read_bytes()

    st.download_button(
        label, data=made, key=f"unduh_{what}", file_name=name, mime=mime, on_click="ignore", icon=":material/download:"
    )
