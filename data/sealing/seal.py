"""Where the chain of the audit ends: signed with the installation's key, kept in the database and in a file apart."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from data.errors import Refused
from data.files import write_atomically
from data.sealing.key import KEY_FILE, Key, verifies

HEAD_FILE = "jejak.json"
NOTHING = "0" * 64
"""What stands for the row before the first."""
log = logging.getLogger("peta_aman.audit")


@dataclass(frozen=True)
class Head:
    """The end of a chain: the last row's number and hash, how many rows it ever had, when it was written (UTC, ISO
    8601), and the signature over all of it (hex; empty: not signed)."""

    id: int = 0
    rows: int = 0
    hash: str = NOTHING
    at: str = ""
    signature: str = ""

    def message(self, store: str) -> bytes:
        """What is signed: the end of this store's chain and of no other's."""
        return json.dumps(["peta-aman jejak", store, self.id, self.rows, self.hash, self.at]).encode()

    def signed(self, key: Key, store: str) -> Head:
        return replace(self, signature=key.sign(self.message(store)))

    def holds(self, public: str, store: str) -> bool:
        """Whether the signature is of this key and of this store."""
        return verifies(public, self.message(store), self.signature)

    @property
    def short(self) -> str:
        """How it is printed: ``<rows>:<first 16 digits of the hash>``."""
        return f"{self.rows}:{self.hash[:16]}"

    def to_text(self) -> str:
        return json.dumps(vars(self), sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> Head:
        """Raises ``ValueError`` for anything else than what `to_text` writes."""
        told = json.loads(text)
        kinds = {"id": int, "rows": int, "hash": str, "at": str, "signature": str}
        if not isinstance(told, dict) or set(told) != set(kinds):
            raise ValueError("not the head of a chain")
        if any(not isinstance(told[name], kind) for name, kind in kinds.items()):
            raise ValueError("not the head of a chain")
        return cls(**told)


class Seal:
    """Key and kept head of one workspace."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def key(self) -> Key:
        """The key that has signed so far. Raises `Refused` (``KEY_LOST``): a new one would not be its successor."""
        if not self.has_key():
            raise Refused("KEY_LOST", path=KEY_FILE)
        return self._key

    @cached_property
    def _key(self) -> Key:
        return Key(self._folder / KEY_FILE)

    def has_key(self) -> bool:
        """Whether the key's file is there."""
        return (self._folder / KEY_FILE).exists()

    def begin(self) -> Key:
        """The key of a workspace in which nothing was signed yet: made when there is none."""
        return Key.of(self._folder)

    @property
    def files(self) -> tuple[Path, Path]:
        """The key's file and the one apart."""
        return self._folder / KEY_FILE, self._path

    @property
    def _path(self) -> Path:
        return self._folder / HEAD_FILE

    def kept(self) -> Head | None:
        """The head in the file apart, None where there is no such file. Raises ``ValueError`` when it is unreadable."""
        try:
            return Head.from_text(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def has_kept(self) -> bool:
        """Whether the file apart is there, readable or not."""
        return self._path.exists()

    def keep(self, head: Head) -> None:
        """Keeps a head after its transaction was committed. Never fails: what was done is done, and a file that lags
        behind still names a row of the chain; the next act brings it up."""
        try:
            before = self.kept()
        except (ValueError, OSError):
            return  # what is there is not ours: the check tells, and nothing hides it
        if before is not None and before.id > head.id:
            return  # another process kept a later one meanwhile
        try:
            write_atomically(self._path, head.to_text().encode())
        except OSError as fault:
            log.error("head of the audit not kept apart: %s", type(fault).__name__)
