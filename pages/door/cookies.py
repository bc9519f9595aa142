"""What the browser keeps: a random token, signed, out of reach of scripts and of other sites."""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path

from itsdangerous import BadSignature, Signer, URLSafeTimedSerializer

from data.files import write_once
from data.workspace import Workspace

KEY_FILE = "masuk.kunci"
"""The key of the signatures, in the workspace. No backup holds it, so no restored copy lets old cookies in."""
SIGN_IN, BROWSER, ERRAND = "peta_aman_masuk", "peta_aman_peramban", "peta_aman_tujuan"
"""Cookies: who is in; which browser this is, where nobody signs in; the way to a provider and back."""


class Signing:
    """Signs and reads what one workspace gave to browsers."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def sign(self, token: str) -> str:
        return self._signer().sign(token).decode("ascii")

    def read(self, signed: str) -> str | None:
        """The token of a signed cookie; None for anything this workspace did not sign."""
        try:
            return self._signer().unsign(signed).decode("ascii")
        except (BadSignature, UnicodeError):
            return None

    def errands(self) -> URLSafeTimedSerializer:
        """Signs what is needed when the browser comes back from a provider."""
        return URLSafeTimedSerializer(self._key(), salt=ERRAND)

    def _signer(self) -> Signer:
        import hashlib

        return Signer(self._key(), salt=SIGN_IN, key_derivation="hmac", digest_method=hashlib.sha256)

    def _key(self) -> bytes:
        path = self._workspace.path / KEY_FILE
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            write_once(path, secrets.token_bytes(32))  # two servers agree on the key of the one that was first
            changed = path.stat().st_mtime_ns
        return _read_key(path, changed)


@lru_cache(maxsize=4)
def _read_key(path: Path, changed: int) -> bytes:
    return path.read_bytes()


def cookie_name(name: str, *, secure: bool) -> str:
    """What a cookie is called: over TLS so that no other host and no plain connection can set it."""
    return f"__Host-{name}" if secure else name


def cookie(name: str, value: str, *, secure: bool, seconds: int | None = None, path: str = "/") -> str:
    """A ``Set-Cookie`` header; ``seconds`` 0 takes the cookie away, None keeps it until the browser closes."""
    age = "" if seconds is None else f"; Max-Age={seconds}"
    return f"{name}={value}; Path={path}; HttpOnly; SameSite=Lax{age}{'; Secure' if secure else ''}"
