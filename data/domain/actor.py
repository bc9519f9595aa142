"""Who acts: the person behind an act, with the roles and areas that decide whether the act is theirs to do."""

from __future__ import annotations

import getpass
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from data.domain.roles import DEFAULT_ROLE, ROLES, RULES, Act, Role, check_role


@dataclass(frozen=True)
class Scope:
    """Where counts of single people below the kabupaten may be read: codes of areas, nowhere without any, everywhere
    with `EVERYWHERE`. It is hashable, and part of the key of whatever is kept of an answer."""

    areas: tuple[str, ...] = ()
    everywhere: bool = False

    def covers(self, kode: str) -> bool:
        """Whether the area ``kode`` lies inside."""
        return self.everywhere or any(inside(kode, area) for area in self.areas)

    def covers_all(self, codes: Iterable[str]) -> bool:
        """Whether every one of ``codes`` lies inside; of no codes nothing is known, so only `EVERYWHERE` does."""
        known = list(codes)
        return self.everywhere or (bool(known) and all(self.covers(kode) for kode in known))


EVERYWHERE, NOWHERE = Scope(everywhere=True), Scope()


def inside(kode: str, area: str) -> bool:
    """Whether ``kode`` is the area or lies in it."""
    return kode == area or kode.startswith(f"{area}.")


@dataclass(frozen=True)
class Actor:
    """One person at one moment.

    ``name`` is what is written into records, ``account`` the account behind it. ``areas`` are codes of kabupaten (or of
    a province, or of villages) the roles hold for; empty means everywhere. ``signed_in`` says that the account was
    proved; without it the name is only what somebody typed.
    """

    name: str
    account: str
    roles: frozenset[Role]
    areas: tuple[str, ...] = ()
    signed_in: bool = False

    def covers(self, kode: str) -> bool:
        """Whether the area ``kode`` lies in one of the actor's areas."""
        return not self.areas or any(inside(kode, area) for area in self.areas)

    def may(self, act: Act) -> bool:
        """Whether the actor's roles allow the act anywhere at all; screens ask before they offer it."""
        rule = RULES[act]
        return bool(self.roles & rule.roles) and not (rule.everywhere and self.areas)

    @property
    def exact(self) -> Scope:
        """Where the actor may read counts of single people as they are; for what is kept of an answer, too."""
        if not self.may(Act.SEE_EXACT):
            return NOWHERE
        return Scope(tuple(sorted(self.areas))) if self.areas else EVERYWHERE

    @property
    def reader(self) -> Role:
        """The role that numbers are released to when the actor reads inside the own `exact`."""
        if self.exact != NOWHERE:
            return next(role for role in ROLES if role in self.roles & RULES[Act.SEE_EXACT].roles)
        return Role.PUBLIC if self.roles <= {Role.PUBLIC} else DEFAULT_ROLE


def same_person(one: str, other: str) -> bool:
    """Whether two names or accounts are the same but for case, width of signs and spaces."""
    return folded(one) == folded(other)


def folded(name: str) -> str:
    """A name or account by which it is compared."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign) != "Cf")
    return " ".join(plain.casefold().split())


def narrowed(actor: Actor, role: str | None, areas: Iterable[str] = ()) -> Actor:
    """The actor with one of the roles only, and only for ``areas``; without them as before.

    Raises `WrongUse` (``UNKNOWN_ROLE``).
    """
    roles = actor.roles if role is None else actor.roles & {check_role(role)}
    return replace(actor, roles=roles, areas=tuple(areas) or actor.areas)


def own_name() -> str:
    """What the local owner of a workspace is called: the account of this computer that the program runs under."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in a container
        return "pemilik"


def owner(name: str, account: str = "") -> Actor:
    """The local owner of a workspace: every role, everywhere."""
    return Actor(name, account or name, frozenset(ROLES))


STRANGER = Actor("", "", frozenset({Role.PUBLIC}))
"""Whoever stands at the door before it is known who it is: may ask to be let in and nothing else."""
