"""Things registered for one test: texts for the keys of a row that the product does not have."""

from __future__ import annotations

import string
from collections.abc import Iterable

import pytest

import words

VALUES = {"nilai", "rata", "sumber", "kali", "n", "semua", "ambang", "dari", "sampai"}


def add_texts(monkeypatch: pytest.MonkeyPatch, keys: Iterable[str], values: str = "") -> dict[str, dict[str, str]]:
    """The catalogue with a text for each of ``keys`` in both languages, for the time of a test. The text says the key,
    the language and ``values``, names of placeholders."""
    placeholders = {name for _, name, _, _ in string.Formatter().parse(values) if name}
    assert placeholders <= VALUES
    more = {key: {lang: f"[{lang} {key}] {values}".strip() for lang in words.LANGUAGES} for key in keys}
    texts = {**words.catalogue(), **more}
    monkeypatch.setattr(words, "catalogue", lambda: texts)
    return more
