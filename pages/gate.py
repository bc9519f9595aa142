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

import streamlit as st

from data.domain.actor import Actor, owner
from data.domain.roles import DEFAULT_ROLE


@dataclass(frozen=True)
class Visit:
    """One person's run of one page: the language to speak and the role to show things to."""

    lang: str = "id"
    role: str = DEFAULT_ROLE
    user: str = ""

    @property
    def account(self) -> str:
        """Under whose name acts are kept: who signed in, else the account the server runs under."""
        return self.user or getpass.getuser()

    @property
    def actor(self) -> Actor:
        """Who acts. While there is no sign-in, whoever reaches the screens is the local owner of the workspace."""
        return owner(self.account)

    def called(self, name: str) -> Actor:
        """The actor under the name that the person typed, where the account says none."""
        return owner(name, self.account)


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
