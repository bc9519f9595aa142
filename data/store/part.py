"""What the parts of `data.store.store.Store` that live in modules of their own may rely on."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Engine


class Part:
    """A part of the store: the store gives it the engine, the writing transaction and the audit line."""

    _engine: Engine

    def _writing(self) -> AbstractContextManager[Connection]:
        raise NotImplementedError

    @staticmethod
    def _note(connection: Connection, user: str, act: str, what: dict[str, Any]) -> None:
        raise NotImplementedError
