"""A download button of any page: a document, made when the button is pressed and handed over like every other."""

from __future__ import annotations

import streamlit as st

from campaign.handover.document import MIME, Document, DocumentRequest
from campaign.handover.handing_over import document_content
from data.workspace import Workspace
from pages import reading
from pages.gate import Visit


def handed_out(document: Document, request: DocumentRequest, name: str, visit: Visit) -> bytes:
    """The bytes of one document, by the same act as the command line's; it is written to the audit."""
    return document_content(visit.actor, document, request, name, reading.store(), Workspace.locate())


def take_along(document: Document, request: DocumentRequest, visit: Visit, label: str) -> None:
    """A button for a document of a list that has one format and one purpose."""
    suffix = document.formats[0]
    name = document.list_file_name(request.listed(), suffix)
    st.download_button(
        label,
        data=lambda: handed_out(document, request, name, visit),
        key=f"unduh_{document.key}",
        file_name=name,
        mime=MIME[suffix],
        on_click="ignore",
        icon=":material/download:",
    )
