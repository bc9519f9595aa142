"""Words and colours that put a mark on a village or its people, with what to write instead.

Kept out of every text of the catalogue, every screen and every document; text that somebody typed (a plan's name, a
reason) is asked to be written anew. The index is about the need for service, not about danger.
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

from data.errors import WrongUse


@dataclass(frozen=True)
class Term:
    """``pattern`` finds the term in folded text (lower case, single spaces); ``instead`` says what to write: id, en."""

    pattern: str
    instead: tuple[str, str]


_V = "(?:desa|kelurahan|kampung|dusun)"
_A = "(?:desa|kelurahan|kampung|dusun|daerah|wilayah|kecamatan|zona|titik)"
_CRIME = "(?:tppo|trafficking|perdagangan|calo|mafia)"
_PLACE = ("desa prioritas sosialisasi", "priority village for sessions")
_AREA = ("wilayah dengan kebutuhan layanan tinggi", "area with a high need for service")
_PEOPLE = ("pekerja migran nonprosedural", "migrant worker without procedure")
_SERVED = ("warga yang perlu layanan", "people in need of service")

TERMS = (
    Term(rf"{_A} (?:\w+ )?(?:ter)?rawan", _PLACE),
    Term(r"rawan (?:tppo|trafficking|perdagangan (?:orang|manusia))", _AREA),
    Term(rf"{_A} (?:merah|hitam)", _AREA),
    Term(rf"{_A} (?:berbahaya|bahaya|bermasalah|kriminal)", _AREA),
    Term(r"(?:(?:desa|daerah|kampung|kantong) )?asal (?:para )?korban|kantong korban", _PLACE),
    Term(rf"{_V} (?:korban|{_CRIME})", _PLACE),
    Term(rf"(?:kantong|sarang|lumbung|gudang) (?:tki|pmi|{_CRIME})", _AREA),
    Term(r"(?:tki|tkw|pmi|cpmi|pekerja migran|migran|desa) (?:ilegal|gelap|illegal)", _PEOPLE),
    Term(r"kampung (?:tki|tkw)", _PLACE),
    Term(rf"(?:{_V}|warga) pelaku|pelaku di {_V}", _SERVED),
    Term(r"(?:desa|warga|penduduk|masyarakat) (?:bodoh|terbelakang|primitif|kolot)", _SERVED),
    Term(r"hot ?(?:zone|bed)|danger(?:ous)? (?:zone|village|area)|red zone", _AREA),
    Term(r"(?:trafficking|victim|criminal|illegal) (?:village|hamlet|area)s?|village of victims", _PLACE),
    Term(r"illegal (?:migrant|worker|immigrant)s?|illegals", _PEOPLE),
    Term(r"(?:high[- ]risk|risky|(?:crime|trafficking)[- ]prone) (?:village|area|hamlet)s?", _PLACE),
)
_FOUND = tuple((term, re.compile(rf"(?<!\w)(?:{term.pattern})(?!\w)")) for term in TERMS)
_FOLD = re.compile(r"[\s\u00a0_*`'\"“”‘’]+")


def stigma(text: str) -> list[tuple[str, Term]]:
    """Every term found in ``text``: the words as they stand there (folded), and the term."""
    folded = _FOLD.sub(" ", text.casefold()).strip()
    return [(hit.group(), term) for term, pattern in _FOUND for hit in pattern.finditer(folded)]


def is_red(colour: str) -> bool:
    """Whether ``#rgb`` or ``#rrggbb`` reads as red: no area, bar or mark may be filled with it."""
    digits = colour.removeprefix("#")
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    return (hue <= 18 / 360 or hue >= 342 / 360) and strength > 0.35 and 0.15 < light < 0.85


def refuse_stigma(*texts: str) -> None:
    """Raises `WrongUse` (``STIGMA``) for the first term that puts a mark on a village, with what to write instead."""
    for text in texts:
        for words, term in stigma(text):
            raise WrongUse("STIGMA", kata=words, ganti=term.instead[0])
