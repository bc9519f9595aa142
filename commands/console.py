"""Where the command line's words and its one JSON object go."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from data.errors import WrongUse
from data.workspace import Workspace
from words import has, reason_text, t

if TYPE_CHECKING:
    from data.store.store import Store

Command = Callable[[str, Callable[..., int]], argparse.ArgumentParser]
"""Adds a command by its name and the act that does it; an act takes the arguments, the workspace and the console."""


class Console:
    """Where words and the one JSON object go."""

    def __init__(self, as_json: bool, lang: str) -> None:
        self.as_json, self.lang = as_json, lang
        self._shown = ""

    def say(self, key: str, **values: Any) -> None:
        print(t(key, self.lang, **values), file=sys.stderr)

    def result(self, **values: Any) -> None:
        if self.as_json:
            print(json.dumps(values, ensure_ascii=False, default=str))

    def render(self, reason: str, params: dict[str, Any], kind: str = "") -> str:
        """The sentence of a reason; behind it the option that helps, where one does."""
        sentence, way = reason_text(reason, params, self.lang, kind), f"cli.cara.{reason}"
        return f"{sentence} {t(way, self.lang, field=params.get('field', ''))}" if has(way) else sentence

    def progress(self, key: str, **values: Any) -> None:
        """One line that a newer one replaces on a terminal; in a file each text is written once."""
        text = t(key, self.lang, **values)
        if sys.stderr.isatty():
            print(f"\x1b[1A\x1b[K{text}" if self._shown else text, file=sys.stderr, flush=True)
        elif text != self._shown:
            print(text, file=sys.stderr)
        self._shown = text


@contextmanager
def opened(workspace: Workspace) -> Iterator[Store]:
    """The store of an existing workspace, closed at the end. Raises `WrongUse` (``NO_WORKSPACE``)."""
    if not workspace.exists():
        raise WrongUse("NO_WORKSPACE", path=str(workspace.path))
    store = workspace.store()
    try:
        yield store
    finally:
        store.close()


def pair(text: str, reason: str) -> tuple[str, str]:
    """``NAME=VALUE`` in two. Raises `WrongUse` with ``reason`` for anything else."""
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise WrongUse(reason, value=text)
    return name, value
