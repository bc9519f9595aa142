"""A file locked by a passphrase: scrypt makes the key, ChaCha20-Poly1305 locks one block after the other.

The file begins with a line that names the kind and a line of JSON with what the key is made from. Each block is locked
with its number and whether it is the last, so that blocks cannot be changed, moved, left out or cut off. Memory stays
bounded however large the file is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from data.errors import Refused, WrongUse

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

MAGIC = b"PETA-AMAN-TERKUNCI-1\n"
SHORTEST = 12
"""Characters a passphrase must have at least."""
_COST = 2**16
"""scrypt's n: 64 MB and about a third of a second."""
_BLOCK, _TAG = 1 << 20, 16


def check_passphrase(passphrase: str) -> None:
    """Raises `WrongUse` (``PASSPHRASE_SHORT``)."""
    if len(passphrase) < SHORTEST:
        raise WrongUse("PASSPHRASE_SHORT", least=SHORTEST)


def is_locked(file: Path) -> bool:
    """Whether ``file`` is one of ours."""
    with file.open("rb") as raw:
        return raw.read(len(MAGIC)) == MAGIC


def lock(source: BinaryIO, target: BinaryIO, passphrase: str) -> None:
    """Writes what ``source`` holds from its place on to ``target``, locked. Raises as `check_passphrase`."""
    check_passphrase(passphrase)
    told = {"kdf": "scrypt", "n": _COST, "r": 8, "p": 1, "salt": os.urandom(16).hex(), "prefix": os.urandom(7).hex()}
    head = MAGIC + json.dumps(told, sort_keys=True).encode() + b"\n"
    target.write(head)
    cipher, block, number = _cipher(passphrase, told), source.read(_BLOCK), 0
    while True:
        after = source.read(_BLOCK)
        target.write(cipher.encrypt(_nonce(told, number, last=not after), block, head))
        if not after:
            return
        block, number = after, number + 1


def unlock(source: BinaryIO, target: BinaryIO, passphrase: str) -> None:
    """The reverse of `lock`. Raises `Refused`: ``BACKUP_LOCKED`` (another passphrase, or the first block was changed),
    ``BACKUP_DAMAGED``."""
    from cryptography.exceptions import InvalidTag

    told, head = _head(source)
    cipher = _cipher(passphrase, told)
    for number, (block, last) in enumerate(_blocks(source)):
        try:
            target.write(cipher.decrypt(_nonce(told, number, last=last), block, head))
        except InvalidTag as fault:
            if number:
                raise Refused("BACKUP_DAMAGED", part=f"{number}") from fault
            raise Refused("BACKUP_LOCKED") from fault


def _head(source: BinaryIO) -> tuple[dict[str, Any], bytes]:
    magic, line = source.read(len(MAGIC)), source.readline(1_000)
    try:
        told = json.loads(line)
        cost = told["n"], told["r"], told["p"]
        known = told["kdf"] == "scrypt" and len(bytes.fromhex(told["salt"])) == 16
        known = known and len(bytes.fromhex(told["prefix"])) == 7
    except (ValueError, KeyError, TypeError) as fault:
        raise Refused("BACKUP_DAMAGED", part="kunci") from fault
    if magic != MAGIC or not known or cost[0] not in (2**n for n in range(14, 19)) or cost[1:] != (8, 1):
        raise Refused("BACKUP_DAMAGED", part="kunci")
    return told, magic + line


def _blocks(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    block = source.read(_BLOCK + _TAG)
    while True:
        after = source.read(_BLOCK + _TAG)
        yield block, not after
        if not after:
            return
        block = after


def _nonce(told: dict[str, Any], number: int, *, last: bool) -> bytes:
    return bytes.fromhex(told["prefix"]) + number.to_bytes(4, "big") + bytes([last])


def _cipher(passphrase: str, told: dict[str, Any]) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    kdf = Scrypt(salt=bytes.fromhex(told["salt"]), length=32, n=told["n"], r=told["r"], p=told["p"])
    return ChaCha20Poly1305(kdf.derive(passphrase.encode("utf-8")))
