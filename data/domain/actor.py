"""Who acts: the person behind an act, with the roles and areas that decide whether the act is theirs to do."""

from __future__ import annotations

from dataclasses import dataclass

from data.domain.roles import ROLES, RULES, Act, Role


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
        return not self.areas or any(kode == area or kode.startswith(f"{area}.") for area in self.areas)

    def may(self, act: Act) -> bool:
        """Whether the actor's roles allow the act anywhere at all; screens ask before they offer it."""
        rule = RULES[act]
        return bool(self.roles & rule.roles) and not (rule.everywhere and self.areas)


def owner(name: str, account: str = "") -> Actor:
    """The local owner of a workspace: every role, everywhere."""
    return Actor(name, account or name, frozenset(ROLES))


STRANGER = Actor("", "", frozenset({Role.PUBLIC}))
"""Whoever stands at the door before it is known who it is: may ask to be let in and nothing else."""
