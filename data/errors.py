"""Faults a user can do something about: a reason code and its values, never a sentence.

The catalogue of texts turns ``intake.<reason>`` into Bahasa Indonesia; this room writes no prose.
"""

from __future__ import annotations

from typing import Any


class PetaAmanError(Exception):
    """A fault with a reason code, the values its text needs, and the exit code of the command line.

    ``params`` never holds a value that was refused as personal data: it is shown, logged and stored.
    """

    exit_code = 1

    def __init__(self, reason: str, **params: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params: dict[str, Any] = params

    def __str__(self) -> str:
        listed = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.reason}({listed})" if listed else self.reason


class WrongUse(PetaAmanError):
    """The caller asked for something that does not exist or cannot be meant (exit code 2)."""

    exit_code = 2


class RowErrors(PetaAmanError):
    """The file was read but some of its rows cannot be stored (exit code 3)."""

    exit_code = 3


class Refused(PetaAmanError):
    """The whole file or act is refused and nothing was stored (exit code 4)."""

    exit_code = 4
