"""Signing in and out. What the browser holds is a random token; the store knows its hash, and decides at every use.

Times are the office's clock and can be given, so that limits are tested without waiting.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from campaign.access import passwords
from campaign.access.accounts import LOCAL, account_name, areas_of, attempt_key, roles_of
from campaign.permission import act
from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import Refused, WrongUse
from data.store.part import now as clock
from data.store.parts.accounts import AccountRow
from data.store.parts.signins import Tries
from data.store.store import Store

IDLE, ABSOLUTE = dt.timedelta(hours=1), dt.timedelta(hours=8)
"""A sign-in ends after so long without use (known to `STAYS`), and after so long in any case."""
STAYS = dt.timedelta(minutes=1)
"""How exactly it is kept when a sign-in was last used."""
_MINUTES = (0, 0, 2 / 60, 4 / 60, 8 / 60, 30, 60, 120, 240, 480)
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in _MINUTES)
"""Nothing is tried so long after the 1st, 2nd, … failure of an account: six failures shut it for 30 minutes."""
ADDRESS_WAITS = (dt.timedelta(0),) * 29 + WAITS[5:6]
ADDRESS_FADES = dt.timedelta(minutes=10)
"""The same for an address, behind which a whole office may sit: its failures fade one by one, so that the slips of many
people over a day shut nobody out."""
TOLD_EVERY = dt.timedelta(minutes=1)
"""What a stranger can bring about is audited once in so long, with how often it happened."""


@dataclass(frozen=True)
class SignedIn:
    """Who is in: the token's ``mark``, the actor, who vouched, and what is still to be done before anything else."""

    mark: str
    actor: Actor
    source: str
    last_used: dt.datetime
    must_change: bool = False
    sid: str = ""


def mark_of(token: str) -> str:
    """The hash by which a token is kept."""
    return sha256(token.encode()).hexdigest()


@act(Act.SIGN_IN, quiet=True)
def sign_in(
    actor: Actor,
    store: Store,
    name: str,
    password: str,
    code: str = "",
    *,
    address: str = "",
    now: dt.datetime | None = None,
) -> str:
    """Lets a local account in and returns the new token.

    ``actor`` is who asks, a stranger; ``address`` is empty where it cannot be told from others', and then not counted.
    Raises `Refused`: ``SIGN_IN_WAIT`` (``pukul``: tries are refused until then) and ``SIGN_IN_WRONG`` for everything
    else, the same for a name nobody has, a wrong password, a wrong code and an account that is shut. Every failure of
    an account is audited under its name; others together (`TOLD_EVERY`).
    """
    at = now or clock()
    try:
        account = account_name(name)
    except WrongUse:
        account = ""
    row = store.accounts.get(account) if account else None
    known = row.akun if row else ""
    tries, place = Tries(attempt_key(account), WAITS), sha256(f"alamat:{address}".encode()).hexdigest()
    until = store.signins.attempt(at, tries, *([Tries(place, ADDRESS_WAITS, ADDRESS_FADES)] if address else []))
    if until is not None:
        _tell(store, "masuk.ditolak", {"sebab": "menunggu", "akun": known}, at)
        raise Refused("SIGN_IN_WAIT", pukul=f"{until:%H:%M}")
    right = passwords.matches(row.sandi if row and row.sumber == LOCAL else "", password)
    if not right or row is None or not row.aktif or not _code_right(store, row, code, at):
        failures, until = store.signins.waiting(tries.key)
        why = "terkunci" if failures >= 6 and until is not None else "salah"
        if known:  # the waits keep these few
            store.audit.record(known, "masuk.gagal", {"sebab": why, "akun": known, "gagal": failures})
        else:
            _tell(store, "masuk.gagal", {"sebab": why, "akun": ""}, at)
        raise Refused("SIGN_IN_WRONG")
    store.signins.forgive(tries.key, place)
    if passwords.outdated(row.sandi):
        store.accounts.change(account, "disandikan_ulang", user=account, sandi=passwords.hashed(password))
    return _started(store, account, LOCAL, at)


@act(Act.SIGN_IN, quiet=True)
def sign_in_by(
    actor: Actor,
    store: Store,
    source: str,
    subject: str,
    name: str,
    called: str,
    *,
    roles: Iterable[str],
    areas: Iterable[str],
    sid: str = "",
    now: dt.datetime | None = None,
) -> str:
    """Lets in whom a provider or a proxy vouches for, and returns the new token.

    The account is made at the first time and belongs to ``subject`` from then on; roles and areas are the provider's,
    anew each time. Raises `Refused`, audited: ``SIGN_IN_NO_ROLE``, ``SIGN_IN_OTHER`` (the name is another's account),
    ``SIGN_IN_SHUT``.
    """
    at = now or clock()
    peran, wilayah = ";".join(roles), ";".join(areas)
    try:
        account = account_name(name)
    except WrongUse:
        raise _refused(store, "", source, "SIGN_IN_OTHER", at) from None
    row = store.accounts.of_subject(source, subject) or store.accounts.get(account)
    if row is not None and (row.sumber, row.subjek) != (source, subject):
        raise _refused(store, row.akun, source, "SIGN_IN_OTHER", at)
    if row is not None and not row.aktif:
        raise _refused(store, row.akun, source, "SIGN_IN_SHUT", at)
    if not roles_of(peran):
        raise _refused(store, row.akun if row else "", source, "SIGN_IN_NO_ROLE", at)
    told = " ".join(called.split())[:80] or account
    if row is None:
        row = AccountRow(
            account, told, source, subject, peran=peran, wilayah=wilayah, dibuat_oleh=source, dibuat_saat=at
        )
        store.accounts.add(row, user=source)
    elif (row.nama, row.peran, row.wilayah) != (told, peran, wilayah):
        store.accounts.change(row.akun, "diperbarui", user=source, nama=told, peran=peran, wilayah=wilayah)
    return _started(store, row.akun, source, at, sid)


def who(store: Store, mark: str, *, now: dt.datetime | None = None) -> SignedIn | None:
    """Who holds the token of that mark; None when it was ended, its account shut, or a limit of time passed."""
    at = now or clock()
    row = store.signins.get(mark)
    if row is None or row.selesai is not None or not row.aktif:
        return None
    if at - row.terakhir > IDLE or at - row.mulai > ABSOLUTE:
        return None
    actor = Actor(row.nama, row.akun, frozenset(roles_of(row.peran)), areas_of(row.wilayah), signed_in=True)
    return SignedIn(mark, actor, row.sumber, row.terakhir, row.sandi_sementara, row.sid)


@act(Act.SIGN_IN, quiet=True)
def stay(actor: Actor, store: Store, signed: SignedIn, *, now: dt.datetime | None = None) -> SignedIn:
    """Notes that the sign-in is in use, once in `STAYS`."""
    at = now or clock()
    if at - signed.last_used < STAYS:
        return signed
    store.signins.stay(signed.mark, at)
    return replace(signed, last_used=at)


@act(Act.SIGN_OUT)
def sign_out(actor: Actor, store: Store, mark: str, *, now: dt.datetime | None = None) -> None:
    """Ends a sign-in on the server: its token opens nothing any more."""
    store.signins.end(mark, now or clock(), user=actor.account, why="keluar")


@act(Act.SIGN_OUT)
def sign_out_by_provider(actor: Actor, store: Store, subject: str, sid: str, *, now: dt.datetime | None = None) -> int:
    """Ends what the provider says is over; how many sign-ins."""
    return int(store.signins.end_of_provider(subject, sid, now or clock()))


@act(Act.CHANGE_PASSWORD)
def change_password(
    actor: Actor, store: Store, mark: str, old: str, new: str, *, now: dt.datetime | None = None
) -> None:
    """Gives the actor's own account another password and ends its other sign-ins.

    Raises `Refused`: ``SIGN_IN_WRONG`` (the old one is wrong), ``SIGN_IN_WAIT``; `WrongUse`: ``PASSWORD_WEAK``,
    ``PASSWORD_SAME``.
    """
    at = now or clock()
    row = _own(store, actor)
    _prove(store, row, old, at)
    passwords.check_new(new, row.akun)
    if new == old:
        raise WrongUse("PASSWORD_SAME")
    values = {"sandi": passwords.hashed(new), "sandi_sementara": False}
    store.accounts.change(row.akun, "sandi_diganti", user=row.akun, **values)
    store.signins.end_all(row.akun, at, user=row.akun, why="sandi diganti", but=mark)


@act(Act.CHANGE_PASSWORD)
def set_code(
    actor: Actor, store: Store, secret: str, code: str, password: str, *, now: dt.datetime | None = None
) -> None:
    """Asks for a one-time code at every sign-in from now on; with an empty ``secret``, no more.

    Raises `Refused`: ``SIGN_IN_WRONG`` (password), ``SIGN_IN_WAIT``; `WrongUse` (``CODE_WRONG``).
    """
    at = now or clock()
    row = _own(store, actor)
    _prove(store, row, password, at)
    step = passwords.code_step(secret, code, at) if secret else 0
    if step is None:
        raise WrongUse("CODE_WRONG")
    act_name = "kode_dipasang" if secret else "kode_dilepas"
    store.accounts.change(row.akun, act_name, user=row.akun, totp=secret, totp_langkah=step)


def asks_code(store: Store, actor: Actor) -> bool:
    """Whether the actor's account asks for a one-time code at sign-in."""
    row = store.accounts.get(actor.account)
    return bool(row and row.totp)


@act(Act.SIGN_IN, quiet=True)
def refuse_at_door(actor: Actor, store: Store, why: str, times: int = 1, *, now: dt.datetime | None = None) -> None:
    """Audits what was refused before anybody was known: a forged header, a forged answer of a provider. Of one ``why``
    a row in `TOLD_EVERY`, with how often; so ``why`` is one of few, and no text of who was refused."""
    _tell(store, "masuk.ditolak", {"sebab": why}, now or clock(), times)


def _started(store: Store, account: str, source: str, at: dt.datetime, sid: str = "") -> str:
    token = secrets.token_urlsafe(32)
    store.signins.start(mark_of(token), account, source, at, sid)
    return token


def _code_right(store: Store, row: AccountRow, code: str, at: dt.datetime) -> bool:
    if not row.totp:
        return True
    step = passwords.code_step(row.totp, code, at)
    return step is not None and store.accounts.spend_code(row.akun, step)


def _own(store: Store, actor: Actor) -> AccountRow:
    row = store.accounts.get(actor.account)
    if row is None or row.sumber != LOCAL:
        raise WrongUse("ACCOUNT_UNKNOWN", nama=actor.account)
    return row


def _prove(store: Store, row: AccountRow, password: str, at: dt.datetime) -> None:
    """Whoever sits at an open screen proves to be the account's owner; failures count as at the door."""
    key = attempt_key(row.akun)
    if (until := store.signins.attempt(at, Tries(key, WAITS))) is not None:
        raise Refused("SIGN_IN_WAIT", pukul=f"{until:%H:%M}")
    if not passwords.matches(row.sandi, password):
        store.audit.record(row.akun, "masuk.gagal", {"sebab": "salah", "akun": row.akun})
        raise Refused("SIGN_IN_WRONG")
    store.signins.release(key)


def _refused(store: Store, account: str, source: str, reason: str, at: dt.datetime) -> Refused:
    _tell(store, "masuk.ditolak", {"sebab": reason, "sumber": source, "akun": account}, at)
    return Refused(reason)


def _tell(store: Store, name: str, what: dict[str, str], at: dt.datetime, times: int = 1) -> None:
    """A row for what strangers can repeat at will: a flood of it fills no audit."""
    key = sha256(":".join(["ditolak", name, *what.values()]).encode()).hexdigest()
    if number := store.signins.told(key, at, TOLD_EVERY, times):
        store.audit.record(what.get("akun", ""), name, {**what, "kali": number})
