"""Who is acting just now: set around each act, read where the audit is written, so that no writer has to be told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from data.domain.actor import Actor


@dataclass
class Acting:
    """One act under way; ``noted`` counts the audit rows written in it, ``refused`` says that it was refused."""

    actor: Actor
    noted: int = 0
    refused: bool = False


_acting: ContextVar[Acting | None] = ContextVar("peta_aman_acting", default=None)


@contextmanager
def acting(actor: Actor) -> Iterator[Acting]:
    """Everything written inside is the actor's; rows of an act within an act count for both."""
    before, mine = _acting.get(), Acting(actor)
    token = _acting.set(mine)
    try:
        yield mine
    finally:
        _acting.reset(token)
        if before is not None:
            before.noted += mine.noted
            before.refused |= mine.refused


def present() -> Acting | None:
    """The act under way in this thread, None outside of all acts."""
    return _acting.get()
