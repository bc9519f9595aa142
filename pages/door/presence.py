"""Who is here: what the door and the pages ask of the store, for a request, for a connection and at every rerun."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from campaign.access import signing_in
from campaign.access.signing_in import SignedIn
from data.domain.actor import STRANGER
from data.errors import PetaAmanError, Refused
from data.store.store import Store
from data.workspace import Workspace
from pages import reading
from pages.serving import faults

HEADER = "x-peta-aman-masuk"
"""Set by the door alone on what it lets through (it takes away what others sent): the mark of the sign-in behind a
connection. A page reads it from its own connection."""
KNOWN_FOR = 5.0
"""Seconds for which a request for a file believes the last answer; reruns and connections ask each time."""
JUST_NOW = 1.0
"""Seconds for which a rerun believes the answer that the door had to the very message that began it."""
MOST = 10_000


class CannotTell(Refused):
    """The store does not answer, so nobody can tell who somebody is: neither let in nor sent away."""

    def __init__(self) -> None:
        super().__init__("SIGN_IN_UNTOLD")


class Presence:
    """One a process. Safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[float, SignedIn]] = OrderedDict()
        self._sessions: OrderedDict[str, str] = OrderedDict()
        self._files: OrderedDict[str, frozenset[str]] = OrderedDict()

    def store(self) -> Store | None:
        """The open store; None as long as there is no workspace."""
        return reading.store() if Workspace.locate().exists() else None

    def known(self, mark: str, seconds: float = KNOWN_FOR) -> SignedIn | None:
        """Who holds the mark, where the store was asked within so many ``seconds``."""
        with self._lock:
            found = self._known.get(mark)
        return found[1] if found and time.monotonic() - found[0] < seconds else None

    def check(self, mark: str, *, active: bool = False) -> SignedIn | None:
        """Who holds the mark at this moment, by the store; ``active`` when a person did something.

        Raises `CannotTell` when the store does not answer.
        """
        try:
            store = self.store()
            signed = signing_in.who(store, mark) if store is not None and mark else None
        except Exception as error:
            faults.note(error)
            raise CannotTell from error
        if signed is not None and active and store is not None:
            try:
                signed = signing_in.stay(signed.actor, store, signed)
            except Exception as error:  # a store that is being written to signs nobody out
                faults.note(error)
        with self._lock:
            if signed is None:
                self._known.pop(mark, None)
            else:
                self._known[mark] = time.monotonic(), signed
                while len(self._known) > MOST:
                    self._known.popitem(last=False)
        return signed

    def sign_out(self, signed: SignedIn) -> None:
        """Ends a sign-in on the server."""
        if (store := self.store()) is not None:
            signing_in.sign_out(signed.actor, store, signed.mark)
        self.forget(signed.mark)

    def forget(self, mark: str = "") -> None:
        """Believes no earlier answer about a sign-in any more, or about any."""
        with self._lock:
            if mark:
                self._known.pop(mark, None)
            else:
                self._known.clear()

    def refuse(self, why: str, times: int = 1) -> None:
        """Audits what was refused before anybody was known."""
        try:
            if (store := self.store()) is not None:
                signing_in.refuse_at_door(STRANGER, store, why, times)
        except PetaAmanError as error:
            faults.note(error)

    # --- which of Streamlit's sessions is whose -----------------------------------------------------------------------

    def belongs(self, session: str, key: str) -> None:
        """Notes that Streamlit's session is of ``key`` (a sign-in, or a browser where nobody signs in)."""
        with self._lock:
            self._sessions[session] = key
            self._sessions.move_to_end(session)
            while len(self._sessions) > MOST:
                self._sessions.popitem(last=False)

    def owns(self, session: str, key: str) -> bool:
        """Whether the session is of ``key``; nobody owns one that is not known."""
        with self._lock:
            return bool(key) and self._sessions.get(session) == key

    def sent(self, file: str, key: str) -> None:
        """Notes that the address of a file of Streamlit's (a download, a picture) went to ``key``."""
        with self._lock:
            self._files[file] = self._files.get(file, frozenset()) | {key}
            self._files.move_to_end(file)
            while len(self._files) > MOST:
                self._files.popitem(last=False)

    def was_sent(self, file: str, key: str) -> bool:
        """Whether the address of the file went to ``key``."""
        with self._lock:
            return key in self._files.get(file, ())


presence = Presence()
