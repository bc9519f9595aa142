"""A reason of a score as a sentence."""

from __future__ import annotations

from typing import Any

from words import t


def sentence(reason: dict[str, Any], lang: str = "id") -> str:
    """One reason of the model as a sentence."""
    return t(reason["kunci"], lang, **reason.get("nilai", {}))
