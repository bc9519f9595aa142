"""Who stands before a page. Every page asks here on its first line.

Streamlit serves any page script to whoever knows its address, whether or not the router ran. So the router lets a
visit in for the length of one run, and a page that was not let in draws nothing.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

import streamlit as st
from streamlit import runtime

from data.domain.actor import Actor, owner
from data.domain.roles import DEFAULT_ROLE, Role
from pages.door.presence import HEADER, JUST_NOW, presence
from pages.door.settings import DoorSettings, loopback, read_settings


@dataclass(frozen=True)
class Visit:
    """One person's run of one page: the language to speak, the role to show things to, and who signed in, if people
    sign in."""

    lang: str = "id"
    role: str = DEFAULT_ROLE
    user: str = ""
    signed: Actor | None = None
    mark: str = ""

    @property
    def account(self) -> str:
        """Under whose name acts are kept: who signed in, else the account the server runs under."""
        return self.signed.account if self.signed else self.user or getpass.getuser()

    @property
    def actor(self) -> Actor:
        """Who acts: who signed in. Where nobody does, whoever reaches the screens is the owner of the workspace."""
        return self.signed or owner(self.account)

    def called(self, name: str) -> Actor:
        """The actor under the name that the person typed, where the account says none."""
        return self.signed or owner(name, self.account)


@cache
def _settings() -> DoorSettings:
    return read_settings()


def actor() -> Actor:
    """Who acts: the one place where pages learn it, asked anew each time. Also for what Streamlit runs without the
    router: fragments and callbacks. Stops the script where nobody may come in."""
    visit = arriving()
    if visit is None:
        st.stop()
    return visit.actor


def arriving() -> Visit | None:
    """Who is at the other end of this connection, asked anew at every run; None when nobody is that may come in.

    Taken from what the door wrote on the connection, never from what Streamlit keeps for a session.
    """
    if not _settings().on:
        # Some other server than ours may run this script where others reach it.
        here = not runtime.exists() or loopback(st.get_option("server.address"))
        return Visit() if here else None
    mark = st.context.headers.get(HEADER, "")
    signed = presence.known(mark, JUST_NOW) or presence.check(mark)
    if signed is None or signed.must_change:
        return None
    role = DEFAULT_ROLE if signed.actor.roles - {Role.PUBLIC} else Role.PUBLIC
    return Visit(role=role, user=signed.actor.name, signed=signed.actor, mark=mark)


_visit: ContextVar[Visit | None] = ContextVar("peta_aman_visit", default=None)


@contextmanager
def admit(visit: Visit) -> Iterator[None]:
    """The router's part: let ``visit`` in while the page runs."""
    token = _visit.set(visit)
    try:
        yield
    finally:
        _visit.reset(token)


def require() -> Visit:
    """The page's part: who is here; stops the script, with nothing drawn, when nobody was let in."""
    visit = _visit.get()
    if visit is None:
        st.stop()
    return visit
