"""Areas whose parts stand in several features: islands and exclaves that an export took apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from geo.checks.areas import Areas
from geo.files.features import Fault

COMMON = 0.001
"""Share of the smaller part up to which two parts may lie over one another: their common edge drawn twice."""


@dataclass
class Parts:
    """``geometry`` with whole areas at their first feature, the features ``taken`` into those, faults, and warnings."""

    geometry: np.ndarray
    taken: set[int] = field(default_factory=set)
    faults: dict[int, Fault] = field(default_factory=dict)
    warnings: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)


def join_parts(
    geometry: np.ndarray, codes: list[str | None], repeated: dict[int, int], unusable: set[int], areas: Areas
) -> Parts:
    """Joins the features of one code (``repeated`` → first) into one multipolygon, with the warning ``PARTS_JOINED``.

    They are no parts but duplicates (``DUPLICATE_KEY``) when they lie over one another, or when one holds the point of
    a village the file does not have: then its code is wrong. Of shapes that differ neither is chosen.
    """
    joined = Parts(geometry.copy())
    groups: dict[int, list[int]] = {}
    for number, first in repeated.items():
        groups.setdefault(first, [first]).append(number)
    lacking = areas.precise - {code for code in codes if code}
    points = shapely.points(np.array([areas.points[code] for code in sorted(lacking)]).reshape(-1, 2))
    for first, members in groups.items():
        if any(number in unusable for number in members):
            continue
        shapes = [geometry[number] for number in members]
        strangers = [number for number in members if shapely.contains(geometry[number], points).any()]
        if len({shapely.to_wkb(shapely.normalize(shape)) for shape in shapes}) == 1:
            wrong = members[1:]
        elif _lie_over(shapes) or strangers:
            wrong = strangers or members
        else:
            joined.geometry[first] = shapely.union_all(shapes)
            joined.taken.update(members[1:])
            params = {"kode": codes[first], "count": len(members), "shown": ", ".join(str(n + 1) for n in members)}
            joined.warnings.append((first, "PARTS_JOINED", params))
            continue
        for number in wrong:
            other = members[0] if number != members[0] else members[1]
            joined.faults[number] = ("DUPLICATE_KEY", {"kode": codes[first], "first_row": other + 1})
    return joined


def _lie_over(shapes: list[Any]) -> bool:
    return any(
        shapely.area(shapely.intersection(one, other)) > COMMON * min(shapely.area(one), shapely.area(other))
        for at, one in enumerate(shapes)
        for other in shapes[at + 1 :]
    )
