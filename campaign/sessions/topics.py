"""What a session has to speak of: the kinds of information named in PP 59/2021, Pasal 4 ayat (4), in short words.

The letters are those of the regulation, a to k, as a public collection of laws prints them; what follows k was not seen
and is not offered.
"""

from __future__ import annotations

import re

TOPICS = {
    "a": "hak",
    "b": "lowongan",
    "c": "jaminan",
    "d": "prosedur",
    "e": "biaya",
    "f": "kerentanan",
    "g": "budaya",
    "h": "perjanjian",
    "i": "p3mi",
    "j": "negara",
    "k": "pengaduan",
}
"""Letter of the regulation → key of the catalogue (``topik.<key>``)."""
AUDIENCES = ("cpmi", "keluarga", "purna", "pelajar", "pemuda", "perempuan", "aparat", "tokoh", "umum")
"""Groups a session is held for (``khalayak.<key>``)."""
MARK = "PP59"


def written(letters: list[str]) -> str:
    """How ticked topics are kept in a session's ``topik``: ``PP59: a, d, f``."""
    return f"{MARK}: {', '.join(sorted(letters))}" if letters else ""


def ticked(topik: str) -> set[str]:
    """Letters of the topics in a session's ``topik``; empty for free text, which nobody should guess from."""
    found = re.fullmatch(rf"{MARK}:\s*([a-k](?:\s*,\s*[a-k])*)", topik.strip())
    return set(re.split(r"\s*,\s*", found[1])) if found else set()
