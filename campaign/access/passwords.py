"""Passwords and one-time codes: how they are kept, checked and made."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
import threading
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from data.errors import WrongUse

SHORTEST, LONGEST = 12, 200
FIRST_WORDS = 5
_SYLLABLES = tuple(a + b for a in "bdgjklmnprst" for b in "aeiou")
_HASHER = PasswordHasher()
"""argon2id with the library's parameters (RFC 9106, low memory: 64 MiB a try)."""
_AT_ONCE = threading.BoundedSemaphore(2)
"""So many passwords are checked at a time: a flood of tries must not take the server's memory."""


def hashed(password: str) -> str:
    """``password`` as it is kept."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether ``password`` is the kept one. With nothing kept the same work is done on a password nobody has, so that
    an answer takes as long for a name that does not exist."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _nobody(), password[: LONGEST + 1]) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Whether the kept hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def first_password() -> str:
    """A password to hand over once: five groups of two syllables, about 59 bits, easy to read out on a telephone."""
    return "-".join("".join(secrets.choice(_SYLLABLES) for _ in range(2)) for _ in range(FIRST_WORDS))


def check_new(password: str, account: str) -> None:
    """Raises `WrongUse` (``PASSWORD_WEAK``) for a password that is too short or easily guessed."""
    told = password.casefold()
    if (
        not SHORTEST <= len(password) <= LONGEST
        or len(set(told)) < 6
        or account in told
        or "peta aman" in told
        or "petaaman" in told
    ):
        raise WrongUse("PASSWORD_WEAK", dari=SHORTEST)


def new_secret() -> str:
    """A secret for one-time codes, as base 32."""
    return pyotp.random_base32()


def code_step(secret: str, code: str, at: dt.datetime) -> int | None:
    """The 30-second step that ``code`` belongs to, one before and one after now included; None when it is wrong."""
    totp = pyotp.TOTP(secret)
    now = int(at.timestamp()) // totp.interval
    given = "".join(code.split()).encode("utf-8", "replace")  # as text, only ASCII can be compared
    steps = [step for step in (now, now - 1, now + 1) if hmac.compare_digest(totp.generate_otp(step).encode(), given)]
    return steps[0] if steps else None


def code_address(secret: str, account: str) -> str:
    """What an authenticator app reads (``otpauth://…``)."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name="Peta Aman")
