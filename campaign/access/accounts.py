"""Accounts: made, listed, given a new first password, shut. The owner of the workspace and an admin may."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from campaign.access import passwords
from campaign.access.claims import AREA
from campaign.permission import act, require
from data.domain.actor import Actor
from data.domain.roles import Act, Role, check_role
from data.errors import WrongUse
from data.store.part import now as clock
from data.store.parts.accounts import AccountRow
from data.store.store import Store

LOCAL, OIDC, PROXY = "local", "oidc", "proxy"
SOURCES = (LOCAL, OIDC, PROXY)
"""Who vouches for an account: a password kept here, an OpenID provider, a proxy in front."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")


@dataclass(frozen=True)
class Account:
    """An account as screens and commands show it: nothing secret."""

    akun: str
    nama: str
    sumber: str
    peran: tuple[Role, ...]
    wilayah: tuple[str, ...]
    aktif: bool
    sandi_sementara: bool
    totp: bool


def account_name(text: str) -> str:
    """The name of an account as it is kept: small letters, no space around it. Raises `WrongUse` (``ACCOUNT_NAME``)."""
    name = text.strip().casefold()
    if not _NAME.fullmatch(name) or re.fullmatch(r"\d{6,}", name):
        raise WrongUse("ACCOUNT_NAME")
    return name


def roles_of(row_roles: str) -> tuple[Role, ...]:
    """Roles as they are kept (``;`` between them); what this version does not know gives no right."""
    return tuple(role for role in Role if role in row_roles.split(";"))


def areas_of(row_areas: str) -> tuple[str, ...]:
    """Areas as they are kept; empty means everywhere."""
    return tuple(area for area in row_areas.split(";") if area)


def list_accounts(actor: Actor, store: Store) -> list[Account]:
    """All accounts by name, for who may manage them. Raises `Refused` (``FORBIDDEN``)."""
    require(actor, Act.MANAGE_ACCOUNTS)
    return [_shown(row) for row in store.accounts.all()]


@act(Act.MANAGE_ACCOUNTS)
def add_account(
    actor: Actor, store: Store, name: str, *, roles: Iterable[str], areas: Iterable[str] = (), called: str = ""
) -> str:
    """Makes a local account and returns its first password, to be handed over once and changed at first use.

    Raises `WrongUse`: ``ACCOUNT_NAME``, ``ACCOUNT_EXISTS``, ``ACCOUNT_ROLE`` (no role), ``UNKNOWN_ROLE``,
    ``UNKNOWN_AREA``.
    """
    account = account_name(name)
    first = passwords.first_password()
    row = AccountRow(
        account,
        " ".join(called.split())[:80] or account,
        sandi=passwords.hashed(first),
        sandi_sementara=True,
        peran=checked_roles(roles),
        wilayah=checked_areas(areas, store),
        dibuat_oleh=actor.account,
        dibuat_saat=clock(),
    )
    store.accounts.add(row, user=actor.account)
    return first


@act(Act.MANAGE_ACCOUNTS)
def reset_account(
    actor: Actor, store: Store, name: str, *, roles: Iterable[str] = (), areas: Iterable[str] | None = None
) -> str:
    """Opens an account again: a new first password (empty where a provider vouches), no one-time code, no lock, no
    sign-in left; ``roles`` and ``areas`` replace what was there, where given.

    Raises `WrongUse`: ``ACCOUNT_UNKNOWN``, ``UNKNOWN_ROLE``, ``UNKNOWN_AREA``.
    """
    row = _existing(store, name)
    first = passwords.first_password() if row.sumber == LOCAL else ""
    values: dict[str, object] = {"aktif": True, "totp": "", "totp_langkah": 0}
    if first:
        values |= {"sandi": passwords.hashed(first), "sandi_sementara": True}
    if given := tuple(roles):
        values["peran"] = checked_roles(given)
    if areas is not None:
        values["wilayah"] = checked_areas(areas, store)
    store.accounts.change(row.akun, "dibuka", user=actor.account, **values)
    store.signins.release(attempt_key(row.akun))
    store.signins.end_all(row.akun, clock(), user=actor.account, why="dibuka ulang")
    return first


@act(Act.MANAGE_ACCOUNTS)
def disable_account(actor: Actor, store: Store, name: str) -> None:
    """Shuts an account and ends its sign-ins. Raises `WrongUse` (``ACCOUNT_UNKNOWN``)."""
    row = _existing(store, name)
    store.accounts.change(row.akun, "ditutup", user=actor.account, aktif=False)
    store.signins.end_all(row.akun, clock(), user=actor.account, why="ditutup")


def attempt_key(account: str) -> str:
    """Under what tries for a name are counted: its hash, for anybody may type anything there."""
    from hashlib import sha256

    return sha256(f"akun:{account}".encode()).hexdigest()


def checked_roles(roles: Iterable[str]) -> str:
    """Roles as they are kept. Raises `WrongUse`: ``ACCOUNT_ROLE`` for none, ``UNKNOWN_ROLE``."""
    given = {check_role(role) for role in roles}
    if not given:
        raise WrongUse("ACCOUNT_ROLE", known=", ".join(Role))
    return ";".join(role for role in Role if role in given)


def checked_areas(areas: Iterable[str], store: Store) -> str:
    """Areas as they are kept: codes of provinces or kabupaten of the gazetteer.

    Raises `WrongUse` (``UNKNOWN_AREA``).
    """
    given = list(dict.fromkeys(area.strip() for area in areas if area.strip()))
    known = set(store.gazetteer.villages()["kode_kab"]) if given else set()
    known |= {kode[:2] for kode in known}
    for area in given:
        if not AREA.fullmatch(area) or area not in known:
            raise WrongUse("UNKNOWN_AREA", kode=area[:13])
    return ";".join(given)


def _existing(store: Store, name: str) -> AccountRow:
    row = store.accounts.get(account_name(name))
    if row is None:
        raise WrongUse("ACCOUNT_UNKNOWN", nama=name[:80])
    return row


def _shown(row: AccountRow) -> Account:
    return Account(
        row.akun,
        row.nama,
        row.sumber,
        roles_of(row.peran),
        areas_of(row.wilayah),
        row.aktif,
        row.sandi_sementara,
        bool(row.totp),
    )
