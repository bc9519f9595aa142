"""From what a provider or a proxy claims about a person to roles and areas here, by a table that the office edits.

The table is ``peran-klaim.csv`` in the workspace: ``klaim,nilai,peran,wilayah``, a row a rule. ``klaim`` is the claim's
name, with dots inside objects (``realm_access.roles``); ``nilai`` one of its values, or ``*`` for any; ``peran`` roles
and ``wilayah`` codes of areas, ``;`` between them. ``{name}`` as area takes the codes from the claim of that name.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.domain.roles import Role
from data.errors import WrongUse

FILE = "peran-klaim.csv"
COLUMNS = ["klaim", "nilai", "peran", "wilayah"]
AREA = re.compile(r"\d\d(\.\d\d)?")
"""Areas that roles hold for: a province or a kabupaten."""
_FROM_CLAIM = re.compile(r"\{([\w.:-]+)\}")


@dataclass(frozen=True)
class ClaimRule:
    """A row of the table."""

    claim: str
    value: str
    roles: tuple[Role, ...]
    areas: tuple[str, ...]


def read_rules(path: Path) -> list[ClaimRule]:
    """The rules of a table; none where there is no file. Raises `WrongUse` (``ROLE_TABLE``: ``baris``)."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if rows.fieldnames != COLUMNS:
            raise WrongUse("ROLE_TABLE", baris=1)
        return [_rule(row, rows.line_num) for row in rows]


def rights(rules: list[ClaimRule], claims: dict[str, Any]) -> tuple[tuple[Role, ...], tuple[str, ...]]:
    """Roles and areas of whom ``claims`` are about; no role when no rule fits.

    Roles of all rules that fit are added up. Where one of these names areas, only areas that are named hold, for all
    roles: a person who plans for one kabupaten and reads everywhere would otherwise plan everywhere.
    """
    roles: set[Role] = set()
    areas: dict[str, None] = {}
    for rule in rules:
        if rule.value not in ("*", *values_of(claims, rule.claim)) or not any(values_of(claims, rule.claim)):
            continue
        named = list(_areas(rule, claims))
        if rule.areas and not named:
            continue
        roles.update(rule.roles)
        areas.update(dict.fromkeys(named))
    return tuple(role for role in Role if role in roles), tuple(areas)


def values_of(claims: dict[str, Any], name: str) -> list[str]:
    """What a claim says, as texts: a list one by one, an object's member by its path."""
    found: Any = claims.get(name)
    if found is None and "." in name:
        found = claims
        for step in name.split("."):
            found = found.get(step) if isinstance(found, dict) else None
    if isinstance(found, (list, tuple)):
        return [str(one) for one in found]
    return [] if found is None or isinstance(found, dict) else [str(found)]


def _areas(rule: ClaimRule, claims: dict[str, Any]) -> Iterator[str]:
    for area in rule.areas:
        taken = _FROM_CLAIM.fullmatch(area)
        yield from (v for v in values_of(claims, taken[1]) if AREA.fullmatch(v)) if taken else (area,)


def _rule(row: dict[str, Any], line: int) -> ClaimRule:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    roles = tuple(role for role in re.split(r"[;\s]+", cells["peran"]) if role)
    areas = tuple(area for area in re.split(r"[;\s]+", cells["wilayah"]) if area)
    fine = all(role in set(Role) for role in roles) and all(
        AREA.fullmatch(area) or _FROM_CLAIM.fullmatch(area) for area in areas
    )
    if None in row or not cells["klaim"] or not cells["nilai"] or not roles or not fine:
        raise WrongUse("ROLE_TABLE", baris=line)
    return ClaimRule(cells["klaim"], cells["nilai"], tuple(Role(role) for role in roles), areas)
