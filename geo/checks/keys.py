"""Which area each feature of a boundary file is: the code system, retired codes, unknown and repeated ones.

BPS codes look like Kemendagri's and mean other places (214 of NTT's BPS village codes are valid Kemendagri codes of
other villages, of the kabupaten all 22 are), so digits without dots are believed only where names agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from data.domain.codes import CodeError, digits_of, parse_code
from data.errors import Refused
from geo.checks.areas import Areas, agree
from geo.checks.code_column import ENOUGH, CodeColumn
from geo.files.features import Fault


@dataclass(frozen=True)
class Keys:
    """The gazetteer's code of each feature, ``None`` where ``faults`` says why not.

    ``repeated`` maps a feature to the first one of its code (parts of one area, or a duplicate).
    ``proven`` is false when only the shape of the codes speaks for their system, so that the places have to.
    """

    codes: list[str | None]
    faults: dict[int, Fault]
    repeated: dict[int, int] = field(default_factory=dict)
    proven: bool = True
    warnings: list[tuple[int | None, str, dict[str, Any]]] = field(default_factory=list)


def resolve(column: CodeColumn, names: list[str | None] | None, areas: Areas) -> Keys:
    """The gazetteer's code of every feature.

    The code system is decided by code and name together (`_system`). Row faults: ``UNKNOWN_CODE``,
    ``OUTSIDE_PROVINCE``, ``NAME_CODE_MISMATCH`` (BPS code whose name disagrees),
    ``DUPLICATE_KEY`` (a code for the second time, under another name). A retired
    code becomes its successor's with the warning ``RETIRED_CODE``; names that differ are counted in ``NAME_DIFFERS``.
    Raises `Refused` (``CODE_SYSTEM_MISMATCH``).
    """
    is_bps, proven = _system(column, names, areas)
    codes: list[str | None] = []
    faults = dict(column.faults)
    warnings: list[tuple[int | None, str, dict[str, Any]]] = []
    seen: dict[str, int] = {}
    repeated: dict[int, int] = {}
    differing: list[str] = []
    for number, code in enumerate(column.codes):
        kode: str | None = None
        name = names[number] if names else None
        if code is not None:
            found, fault = _known(code, name, areas, bps=is_bps)
            first = seen.get(found) if found is not None else None
            if found is not None and first is not None and names and _contradict(name, names[first]):
                fault = ("DUPLICATE_KEY", {"kode": found, "first_row": first + 1})
            if fault is not None:
                faults[number] = fault
            elif found is not None:
                kode = found
                if first is not None:
                    repeated[number] = first
                seen.setdefault(kode, number)
                if not is_bps and kode != code:
                    warnings.append((number, "RETIRED_CODE", {"value": code, "kode": kode}))
                elif name and not areas.named(kode, name):
                    differing.append(kode)
        codes.append(kode)
    if differing:
        warnings.append((None, "NAME_DIFFERS", {"count": len(differing), "codes": differing}))
    if is_bps and not column.bps:
        warnings.append((None, "BPS_CODES", {"column": column.header}))
    return Keys(codes, faults, repeated, proven, warnings)


def _known(code: str, name: str | None, areas: Areas, *, bps: bool) -> tuple[str | None, Fault | None]:
    """The gazetteer's code that ``code`` means, or the fault."""
    if digits_of(code)[:2] not in areas.provinces:
        return None, ("OUTSIDE_PROVINCE", {"value": code})
    kode = areas.bps.get(digits_of(code)) if bps else _kemendagri(code, areas)
    if kode is None:
        return None, ("UNKNOWN_CODE", {"value": code})
    if bps and not areas.named(kode, name):
        return None, ("NAME_CODE_MISMATCH", {"value": code, "kode": kode})
    return kode, None


def _contradict(one: str | None, other: str | None) -> bool:
    """Whether two features of one code say that they are two areas."""
    return bool(one and other) and not agree(one, other)


def _system(column: CodeColumn, names: list[str | None] | None, areas: Areas) -> tuple[bool, bool]:
    """Whether the codes are BPS's, and whether that is proven.

    Codes with dots are Kemendagri's. Digits alone are weighed by how many names agree under either reading. Without
    names BPS codes are never mapped, and digits that the gazetteer mostly knows are taken as Kemendagri's, unproven.
    """
    if column.dotted and not column.bps:
        return False, True
    named = [(code, name) for code, name in zip(column.codes, names or [None] * len(column.codes), strict=True) if code]
    own = [_kemendagri(code, areas) for code, _ in named]
    bps = [areas.bps.get(digits_of(code)) for code, _ in named]
    if any(name for _, name in named):
        votes = [
            sum(areas.named(kode or "", name) for (_, name), kode in zip(named, reading, strict=True))
            for reading in (own, bps)
        ]
        is_bps = votes[1] > votes[0]
        matched = sum(1 for kode in (bps if is_bps else own) if kode)
        if votes[is_bps] >= max(1, ENOUGH * matched):
            return is_bps, True
        if column.bps or any(own):
            raise Refused("CODE_SYSTEM_MISMATCH", column=column.header)
        return False, False
    known = sum(1 for kode in own if kode)
    if column.bps or (known < 0.9 * len(named) and sum(1 for kode in bps if kode) > known):
        raise Refused("CODE_SYSTEM_MISMATCH", column=column.header)
    return False, False


def _kemendagri(code: str, areas: Areas) -> str | None:
    try:
        kode = parse_code(code)
    except CodeError:
        return None
    return kode if kode in areas.names else areas.successors.get(kode)
