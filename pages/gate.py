"""Who stands before a page. Every page asks here on its first line.

Streamlit serves any page script to whoever knows its address, whether or not the router ran. So the router lets a
visit in for the length of one run, and a page that was not let in draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import StopException

from campaign.access.signing_in import SignedIn
from campaign.office.responsibilities import who_may
from data.domain.actor import Actor, own_name, owner
from data.domain.roles import DEFAULT_ROLE, Act, Role
from pages.door.presence import HEADER, JUST_NOW, presence
from pages.door.settings import DoorSettings, alone, read_settings
from words import t


@dataclass(frozen=True)
class Visit:
    """One person's run of one page: the language to speak, ``mark`` of the sign-in where people sign in, and who it is.

    Who acts is asked anew each time, also in what outlives the run, fragments, callbacks and downloads that are made
    when they are asked for: who left, or was given other roles meanwhile, acts through none of them. The mark is of the
    connection that began the run, for a download is made without one. Tests say it in ``who``."""

    lang: str = "id"
    who: Actor | None = None
    mark: str = ""

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.who or _acting(self.mark)

    @property
    def account(self) -> str:
        """Under whose name acts are kept."""
        return self.actor.account

    @property
    def user(self) -> str:
        """The name of whoever signed in; empty where nobody did and a name has to be asked for."""
        return self.actor.name if self.actor.signed_in else ""

    @property
    def signed(self) -> Actor | None:
        """Who signed in; None where nobody did."""
        return self.actor if self.actor.signed_in else None

    @property
    def role(self) -> str:
        """The role that screens and files are shown to: everybody's, or the office's. Never one that sees counts."""
        return Role.PUBLIC if self.actor.roles <= {Role.PUBLIC} else DEFAULT_ROLE

    def called(self, name: str) -> Actor:
        """The actor under the name that the person typed, where nobody signed in."""
        return self.actor if self.actor.signed_in else replace(self.actor, name=name)

    def may(self, act: Act) -> bool:
        """Whether to offer an act; the act itself asks again."""
        return self.actor.may(act)


@cache
def _settings() -> DoorSettings:
    return read_settings()


def actor() -> Actor:
    """Who acts: the one place where pages learn it, asked anew each time. Also for what Streamlit runs without the
    router: fragments and callbacks. Where nobody signs in, the local owner of the workspace, under the account the
    server runs under; stops the script where nobody may come in."""
    return _acting("")


def arriving() -> Visit | None:
    """Who is at the other end of this connection, asked anew at every run; None when nobody is that may come in.

    Taken from what the door wrote on the connection, never from what Streamlit keeps for a session.
    Raises `CannotTell`.
    """
    if not _settings().on:
        return Visit() if _alone() else None
    mark = st.context.headers.get(HEADER, "")
    return Visit(mark=mark) if _signed(mark) is not None else None


def _alone() -> bool:
    """Some other server than ours may run this script where others reach it."""
    return not runtime.exists() or alone(st.get_option("server.address"), _settings())


def _signed(mark: str) -> SignedIn | None:
    signed = presence.known(mark, JUST_NOW) or presence.check(mark)
    return None if signed is None or signed.must_change else signed


def _acting(mark: str) -> Actor:
    """Who acts by the sign-in of ``mark``, without one by that of the connection."""
    if not _settings().on:
        if _alone():
            return owner(own_name())
    elif (signed := _signed(mark or st.context.headers.get(HEADER, ""))) is not None:
        return signed.actor
    raise StopException  # as `streamlit.stop` does, which does nothing where no script runs


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


def for_office(visit: Visit) -> None:
    """The part of a page of the office's own work: stops with a word on who may, for anybody else."""
    if not visit.may(Act.SEE_WORK):
        st.info(f"{t('peran.halaman', visit.lang)} {who_may(Act.SEE_WORK, visit.lang)}", icon=":material/lock:")
        st.stop()


def offered(act: Act, actor: Actor, lang: str) -> bool:
    """Whether ``actor`` may do an act; where not, says in the button's place who may."""
    if actor.may(act):
        return True
    st.caption(f":material/lock: {who_may(act, lang)}")
    return False
