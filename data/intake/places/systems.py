"""Which code system a file's codes belong to: Kemendagri or BPS, decided by codes and names together.

The two systems give the same digits to different places: 16 of NTT's 22 kabupaten differ, and ten-digit BPS codes
may be valid Kemendagri codes of other villages. Shape therefore proves nothing; the names beside the codes do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.domain.codes import dotted
from data.errors import Refused
from data.intake.cells.code_cells import CodeCell
from data.intake.places.gazetteer_index import Area, GazetteerIndex
from data.intake.places.names import agreement

KEMENDAGRI, BPS = "kemendagri", "bps"
_CLEARLY = 2
"""Without names one reading must know more than so many times the codes the other knows."""

_ENOUGH = 3
"""From so many disagreeing rows on, disagreement is the file's and not a row's."""


@dataclass(frozen=True)
class CodedRow:
    """The code of one row and the names beside it (empty text for none)."""

    code: CodeCell
    desa: str = ""
    kecamatan: str = ""
    kabupaten: str = ""
    nama: str = ""


@dataclass
class _Evidence:
    fit: int = 0
    bad: int = 0
    parents_fit: int = 0
    valid: int = 0


def decide_system(rows: Sequence[CodedRow], index: GazetteerIndex, hint: str | None) -> str:
    """``kemendagri`` or ``bps``, for all codes of a file; ``hint`` is what the header says.

    Raises `Refused` (``CODE_SYSTEM_MISMATCH``) when codes and names do not go together in either system, or when
    both readings are possible and lead to different places.
    """
    coded = [row for row in rows if row.code.digits]
    if not coded:
        return KEMENDAGRI
    kemendagri, bps = _Evidence(), _Evidence()
    for row in coded:
        _weigh(row, kemendagri_area(index, row.code.digits), index, kemendagri, KEMENDAGRI)
        _weigh(row, bps_area(index, row.code.digits), index, bps, BPS)
    if kemendagri.fit + kemendagri.bad + bps.fit + bps.bad:
        return _by_names(kemendagri, bps, len(coded), hint)
    return _by_codes(coded, kemendagri, bps, index, hint)


def kemendagri_area(index: GazetteerIndex, digits: str) -> Area | None:
    """The area of a Kemendagri code, that of its successor when the code is retired."""
    if len(digits) not in (2, 4, 6, 10):
        return None
    found = index.areas.get(dotted(digits))
    return found or index.areas.get(index.retired.get(digits, ""))


def bps_area(index: GazetteerIndex, digits: str) -> Area | None:
    """The area of a BPS code, when the gazetteer or the published crosswalk knows it."""
    if len(digits) == 2:
        return index.areas.get(digits)
    return index.areas.get(index.bps.get(digits, ""))


def _weigh(row: CodedRow, area: Area | None, index: GazetteerIndex, evidence: _Evidence, system: str) -> None:
    """Adds one row: whether its names fit the area of its code, or at least the areas the code lies in."""
    evidence.valid += area is not None
    parents = area or _parent(index, row.code.digits, system)
    if parents is None:
        return
    above = agreement(index, parents, "", row.kecamatan, row.kabupaten)
    evidence.parents_fit += above in ("sama", "mirip")
    if area is None:
        evidence.fit += above in ("sama", "mirip") and _readable(row.code.digits, system)
        evidence.bad += above == "beda"
        return
    verdict = agreement(index, area, row.desa, row.kecamatan, row.kabupaten, row.nama)
    evidence.fit += verdict in ("sama", "mirip")
    evidence.bad += verdict == "beda"


def _parent(index: GazetteerIndex, digits: str, system: str) -> Area | None:
    if system == KEMENDAGRI:
        return kemendagri_area(index, digits[:6]) or kemendagri_area(index, digits[:4])
    return bps_area(index, digits[:7]) or bps_area(index, digits[:4])


def _readable(digits: str, system: str) -> bool:
    return len(digits) in ((2, 4, 6, 10) if system == KEMENDAGRI else (2, 4, 7, 10))


def _by_names(kemendagri: _Evidence, bps: _Evidence, total: int, hint: str | None) -> str:
    if bps.fit > kemendagri.fit or (bps.fit == kemendagri.fit > 0 and hint == BPS):
        return BPS
    if kemendagri.fit >= kemendagri.bad or kemendagri.bad < _ENOUGH:
        return BPS if hint == BPS and not kemendagri.fit and bps.valid else KEMENDAGRI
    if kemendagri.parents_fit * 2 > total or (bps.bad and bps.valid):
        return KEMENDAGRI
    raise Refused("CODE_SYSTEM_MISMATCH", rows=kemendagri.bad, total=total)


def _by_codes(
    coded: list[CodedRow], kemendagri: _Evidence, bps: _Evidence, index: GazetteerIndex, hint: str | None
) -> str:
    """No names to go by: the way of writing, the header, then which reading knows more of the codes."""
    written = {row.code.system for row in coded}
    if written == {KEMENDAGRI}:
        return KEMENDAGRI
    if written == {BPS} or any(len(row.code.digits) == 7 for row in coded):
        return BPS
    if hint == BPS and bps.valid:
        return BPS
    if hint == BPS and not bps.valid:
        raise Refused("CODE_SYSTEM_MISMATCH", rows=len(coded), total=len(coded))
    if hint == KEMENDAGRI or kemendagri.valid > bps.valid * _CLEARLY:
        return KEMENDAGRI
    if bps.valid > kemendagri.valid * _CLEARLY:
        return BPS
    differing = [
        row
        for row in coded
        if (one := kemendagri_area(index, row.code.digits)) != (other := bps_area(index, row.code.digits))
        and one
        and other
    ]
    if differing:
        raise Refused("CODE_SYSTEM_MISMATCH", rows=len(differing), total=len(coded))
    return BPS if bps.valid > kemendagri.valid else KEMENDAGRI
