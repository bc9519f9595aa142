"""Words that a person types beside a decision: short, plain, and never about a person."""

from __future__ import annotations

from data.errors import Refused, WrongUse
from data.intake.privacy.personal import value_kind

SHORTEST, LONGEST = 10, 300


def remark(text: str, least: int = SHORTEST, most: int = LONGEST) -> str:
    """``text`` with single spaces, fit to be kept.

    Raises `WrongUse` (``REASON_SHORT``, ``REASON_LONG``), and `Refused` (``PII_VALUE``) where the whole or one of its
    words is personal data; what was typed is not repeated.
    """
    said = " ".join(text.split())
    if len(said) < least:
        raise WrongUse("REASON_SHORT", n=least)
    if len(said) > most:
        raise WrongUse("REASON_LONG", n=most)
    found = next((kind for part in (said, *said.split()) if (kind := value_kind(part)) is not None), None)
    if found is not None:
        raise Refused("PII_VALUE", column="alasan", header="", what=found, rows="–", count=1)
    return said
