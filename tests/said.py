"""What no text of a screen or a document may hold: numbers that are none, and shares above the whole."""

from __future__ import annotations

import re

_NO_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:nan|NaN|inf|Infinity|None|NaT|<NA>)(?![\w.]|-)")
_SHARE = re.compile(r"(?<![\w.,:;+=%-])(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,]\d{1,2})?\s?%")


def faults_of(text: str) -> list[str]:
    """The faults with what stands around them."""
    found = [text[max(0, one.start() - 50) : one.end() + 20] for one in _NO_NUMBER.finditer(text)]
    for one in _SHARE.finditer(text):
        if int(re.sub(r"[.,]", "", one[1])) > 100:
            found.append(text[max(0, one.start() - 50) : one.end() + 20])
    return found
