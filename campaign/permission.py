"""Permission: every act of a person asks here once, before it does anything.

An act is a function of this room whose first argument is an `Actor`; it is decorated with `act`, which lists it in
`ACTS`, refuses an actor whose roles do not allow it, and sees to it that what was done or refused is in the audit. Acts
that concern areas also call `within` with their codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from campaign.evidence.recording import recorded
from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import Refused

P = ParamSpec("P")
T = TypeVar("T")

ACTS: dict[Act, list[str]] = {}
"""The functions that do each act, as ``module.function``; filled as the modules are imported."""


def act(
    kind: Act, *, quiet: bool = False
) -> Callable[[Callable[Concatenate[Actor, P], T]], Callable[Concatenate[Actor, P], T]]:
    """Declares a function as an act: it refuses (`Refused`, ``FORBIDDEN``) an actor whose roles do not allow ``kind``,
    or who has it for some areas only where it concerns the whole installation. A ``quiet`` one leaves no row in the
    audit unless it is refused: it only looks, and often."""

    def declare(function: Callable[Concatenate[Actor, P], T]) -> Callable[Concatenate[Actor, P], T]:
        ACTS.setdefault(kind, []).append(f"{function.__module__}.{function.__qualname__}")

        @wraps(function)
        def asked(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> T:
            with recorded(actor, kind, (*args, *kwargs.values()), quiet=quiet):
                require(actor, kind)
                return function(actor, *args, **kwargs)

        return asked

    return declare


def require(actor: Actor, kind: Act) -> None:
    """Raises `Refused` (``FORBIDDEN``) when the actor may not do ``kind``."""
    if not actor.may(kind):
        raise Refused("FORBIDDEN", act=kind.value)


def within(actor: Actor, kind: Act, codes: Iterable[str]) -> None:
    """Raises `Refused` (``FORBIDDEN``) when one of ``codes`` lies outside the actor's areas; it is not named."""
    if actor.areas and not all(actor.covers(kode) for kode in codes):
        raise Refused("FORBIDDEN", act=kind.value)
