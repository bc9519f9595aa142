"""The last-resort error page: a number on the screen, the detail in the log, no cell of anybody's file in either."""

from __future__ import annotations

import logging
import uuid
from pathlib import Path

import streamlit as st

from data.disk import storage_fault
from data.errors import PetaAmanError
from data.workspace import Workspace
from words import reason_text, t

log = logging.getLogger("peta_aman.fault")


def note(error: BaseException) -> str:
    """Log where and what kind of fault it was, without its message (that may quote a cell), and return its number."""
    number = uuid.uuid4().hex[:8]
    log.error("error %s %s", number, _outline(error))
    return number


def show(error: Exception) -> bool:
    """Streamlit's handler of uncaught faults: tells the person a number, and what to do where the fault has a name (a
    full disk, a database that went away); True keeps Streamlit's own page away."""
    lang = "en" if st.session_state.get("bahasa") == "en" else "id"
    known = error if isinstance(error, PetaAmanError) else storage_fault(error, Workspace.locate().path)
    if known is not None and (said := reason_text(known.reason, known.params, lang)) != known.reason:
        st.warning(said.replace("$", "\\$"), icon=":material/warning:")
    st.error(t("galat.halaman", lang, nomor=note(error)), icon=":material/error:")
    return True


def log_to(workspace: Workspace) -> None:
    """Write our log beside the data once there is a workspace; Streamlit's tracebacks lose their messages."""
    root = logging.getLogger("peta_aman")
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
        root.propagate = False
    if workspace.exists() and not any(isinstance(h, logging.FileHandler) for h in root.handlers):
        file = logging.FileHandler(workspace.private_log(), encoding="utf-8", delay=True)
        file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        root.addHandler(file)
    console = logging.getLogger("streamlit.error_util")
    if not any(isinstance(f, _WithoutMessage) for f in console.filters):
        console.addFilter(_WithoutMessage())


class _WithoutMessage(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            record.msg, record.args = f"page fault: {_outline(record.exc_info[1])}", ()
            record.exc_info = record.exc_text = None
        return True


def _outline(error: BaseException) -> str:
    steps = []
    step = error.__traceback__
    while step is not None:
        steps.append(f"{Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}")
        step = step.tb_next
    return f"{type(error).__name__} at {' < '.join(reversed(steps))}"
