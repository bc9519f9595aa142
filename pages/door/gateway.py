"""A trusted proxy says who somebody is: believed from named addresses with the shared secret, and from nobody else."""

from __future__ import annotations

import hmac
import threading
import time
from collections import OrderedDict
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import Scope

from campaign.access import claims, signing_in
from campaign.access.accounts import PROXY
from data.domain.actor import STRANGER
from data.errors import PetaAmanError
from data.workspace import Workspace
from pages.door.presence import CannotTell, presence
from pages.door.settings import DoorSettings, Gateway

K = TypeVar("K")
V = TypeVar("V")
SECRET = "x-peta-aman-rahasia"
"""The header that carries the shared secret."""
TOLD_EVERY = 60.0
"""Seconds between two audit lines about forged headers: a flood of them fills no disk. As long one who was refused is
not asked about again."""
MOST = 10_000


class Forged(Exception):
    """A header that only the proxy may send came from elsewhere. ``times`` of these are to be audited now."""

    def __init__(self, why: str, times: int) -> None:
        super().__init__(why)
        self.why, self.times = why, times


class TrustedProxy:
    """Sign-ins by a proxy's word: one for each browser of an account as long as it lasts. The browser's own cookie
    tells its browsers apart and nothing else: one signs out, the others stay."""

    def __init__(self, settings: DoorSettings, gateway: Gateway) -> None:
        self.settings, self.gateway = settings, gateway
        self.own = {name.encode() for name in (SECRET, gateway.user_header, gateway.name_header, gateway.groups_header)}
        self._lock = threading.Lock()
        self._marks: OrderedDict[tuple[str, str, str, str], str] = OrderedDict()
        self._refused: OrderedDict[tuple[str, str, str], float] = OrderedDict()
        self._forged, self._told = 0, -TOLD_EVERY

    async def mark(self, scope: Scope, browser: str) -> str | None:
        """The mark of the sign-in of whom the proxy names, in ``browser``; None when it names nobody (or one without a
        role).

        Raises `Forged` when the headers are not the proxy's, `CannotTell` when the store does not answer.
        """
        headers = Headers(scope=scope)
        user = headers.get(self.gateway.user_header)
        if not user:
            return None
        client = scope.get("client")
        if not self.settings.from_peer(client[0] if client else ""):
            raise self._forgery("proksi: alamat")
        given = headers.getlist(SECRET)
        if len(given) != 1 or not hmac.compare_digest(given[0].encode("latin-1"), self.gateway.secret.encode()):
            raise self._forgery("proksi: rahasia")
        if any(len(headers.getlist(name.decode())) > 1 for name in self.own):
            raise self._forgery("proksi: kepala ganda")
        name = headers.get(self.gateway.name_header, "") or user
        groups = headers.get(self.gateway.groups_header, "")
        return await run_in_threadpool(self._signed, browser, user, _text(name), groups)

    def _signed(self, browser: str, user: str, name: str, groups: str) -> str | None:
        who = (user, name, groups)
        with self._lock:  # requests of one page come together: one sign-in for them
            mark = self._marks.get((browser, *who))
            if mark is not None and (presence.known(mark) or presence.check(mark)) is not None:
                return mark
            if time.monotonic() - self._refused.get(who, -TOLD_EVERY) < TOLD_EVERY:
                return None
            store = presence.store()
            if store is None:
                return None
            told = {"user": user, "groups": [one.strip() for one in groups.split(",") if one.strip()]}
            try:
                roles, areas = claims.rights(claims.read_rules(Workspace.locate().path / claims.FILE), told)
                token = signing_in.sign_in_by(STRANGER, store, PROXY, user, user, name, roles=roles, areas=areas)
            except PetaAmanError as error:
                if error.reason.startswith("DATABASE"):
                    raise CannotTell from error
                _note(self._refused, who, time.monotonic())
                return None
            mark = signing_in.mark_of(token)
            _note(self._marks, (browser, *who), mark)
            return mark

    def _forgery(self, why: str) -> Forged:
        with self._lock:
            self._forged += 1
            times = 0
            if time.monotonic() - self._told >= TOLD_EVERY:
                times, self._forged, self._told = self._forged, 0, time.monotonic()
        return Forged(why, times)


def _note(kept: OrderedDict[K, V], key: K, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > MOST:
        kept.popitem(last=False)


def _text(value: str) -> str:
    """Proxies send names as UTF-8; servers read headers as Latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return value
