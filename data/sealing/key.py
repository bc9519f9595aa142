"""The installation's key: Ed25519, one file beside the data, made once, readable by its owner only.

Whoever has it can continue the chain of the audit and seal backups; whoever lacks it can only verify. It never goes
into a backup, so that a backup that was changed cannot be sealed again by whoever holds it.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import Refused
from data.files import write_once

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_FILE = "kunci.pem"


class Key:
    """A signing key in a file; the file is read when the key is first used, and `Refused` then: ``KEY_LOST``,
    ``KEY_DAMAGED``."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    @classmethod
    def of(cls, folder: Path) -> Key:
        """The key of the workspace ``folder``, made when there is none; of two processes that make one, one wins."""
        key = cls(folder / KEY_FILE)
        if not key.path.exists():
            _make(key.path)
        return key

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            found = load_pem_private_key(self.path.read_bytes(), password=None)
        except FileNotFoundError as fault:
            raise Refused("KEY_LOST", path=self.path.name) from fault
        except (ValueError, TypeError) as fault:
            raise Refused("KEY_DAMAGED", path=self.path.name) from fault
        if not isinstance(found, Ed25519PrivateKey):
            raise Refused("KEY_DAMAGED", path=self.path.name)
        return found

    def sign(self, message: bytes) -> str:
        """The signature of ``message``: 128 hex digits."""
        return self._private.sign(message).hex()

    @cached_property
    def public(self) -> str:
        """The public half: 64 hex digits."""
        return self._private.public_key().public_bytes_raw().hex()

    @property
    def fingerprint(self) -> str:
        """What people compare; see `fingerprint`."""
        return fingerprint(self.public)


def verifies(public: str, message: bytes, signature: str) -> bool:
    """Whether ``signature`` of ``message`` was made with the private half of ``public``; both in hex."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def fingerprint(public: str) -> str:
    """The first 16 hex digits of the SHA-256 of a public key, in four groups."""
    digest = hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]
    return "-".join(digest[at : at + 4] for at in range(0, 16, 4))


def _make(path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_once(path, content)
