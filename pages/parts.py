"""Pieces that several pages use."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from words import LANGUAGES

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=])")


def language() -> str:
    """The switch of language, kept in the address and over pages."""
    names = {"id": "Indonesia", "en": "English"}
    chosen = st.segmented_control(
        "Bahasa / Language", LANGUAGES, default="id", required=True, key="bahasa", bind="query-params",
        format_func=names.get, label_visibility="collapsed",
    )  # fmt: skip
    return chosen or "id"


def plain(text: Any) -> str:
    """Text that somebody typed, for a place that reads Markdown: every sign stands for itself."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))
