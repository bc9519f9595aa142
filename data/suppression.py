"""Tables of areas that add up: what else must be hidden so that sums do not give the hidden cells back.

Hiding counts below ten is not enough where a total is shown beside its parts: 30 in a kabupaten and 30 in its only
large kecamatan leave 0–2 for each of the others. So after the rule for single cells (`data.disclosure.rounded`) the
attack itself is run: with every shown number, the rule of rounding and "counts are whole and not negative", between
which values can each hidden cell still lie? Where fewer than ten values are left, more is hidden until none is.

A cell shows a number, ``"<10"``, or `WITHHELD`: 0–9 or hidden for others' sake, which looks the same on purpose.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.disclosure import HIDDEN, SMALLEST, STEP, rounded

WITHHELD = "…"
WIDTH = 10
"""How many values a hidden cell must be left with."""
MANY = 1e9

Shown = int | str


@dataclass(frozen=True)
class Tree:
    """What is shown of province, kabupaten and kecamatan; ``only_kab``: cases known to the kabupaten only, ten and
    more (fewer are part of the kabupaten's number)."""

    provinsi: Shown
    kabupaten: dict[str, Shown]
    kecamatan: dict[str, Shown]
    only_kab: dict[str, int]


def limits(shown: Shown) -> tuple[float, float]:
    """The lowest and highest count that is shown like this."""
    if shown == WITHHELD:
        return 0.0, MANY
    if shown == HIDDEN:
        return 0.0, SMALLEST - 1.0
    value = float(shown)
    return max(value - STEP // 2, SMALLEST), value + STEP // 2


def release_tree(kecamatan: pd.Series, only_kab: pd.Series, single: Collection[str] = ()) -> Tree:
    """One table of counts by kecamatan with its totals, protected as a whole.

    ``kecamatan`` counts by kode_kec, ``only_kab`` further ones by kode_kab that no kecamatan is known of (assumed known
    to the attacker while they are below ten). ``single``: kecamatan of one village; they are never shown, for their
    count is the village's.
    """
    extra = {str(kab): int(rounded(n)) for kab, n in only_kab.items() if n >= SMALLEST}
    slack = only_kab.drop(list(extra))
    parts: dict[str, dict[str, Shown]] = {str(kab): {} for kab in only_kab.index}
    for kec, count in kecamatan.items():
        shown = rounded(count)
        parts.setdefault(str(kec)[:5], {})[str(kec)] = WITHHELD if kec in single and shown != HIDDEN else shown
    sums = kecamatan.groupby(kecamatan.index.str[:5]).sum().reindex(list(parts), fill_value=0.0)
    sums = sums.add(slack.reindex(sums.index, fill_value=0.0))
    whole: dict[str, Shown] = {str(kab): rounded(n) for kab, n in sums.items()}
    known = {kab: float(slack.get(kab, 0.0)) for kab in parts}
    for kab in parts:
        _guard(whole, parts, kab, known[kab])
    province = rounded(sums.sum())
    if not _province_is_safe(province, whole, parts, known):
        province = WITHHELD
    return Tree(province, whole, {kec: shown for part in parts.values() for kec, shown in part.items()}, extra)


def _guard(whole: dict[str, Shown], parts: dict[str, dict[str, Shown]], kab: str, known: float) -> None:
    """Hides within one kabupaten, the least first: the word ``<10``, then small numbers, then its own total."""
    part = parts[kab]
    while not _safe(limits(whole[kab]), part, known):
        if any(shown == HIDDEN for shown in part.values()):
            part.update({kec: WITHHELD for kec, shown in part.items() if shown == HIDDEN})
        elif numbers := [(shown, kec) for kec, shown in part.items() if isinstance(shown, int)]:
            part[min(numbers)[1]] = WITHHELD
        else:
            whole[kab] = WITHHELD


def _safe(total: tuple[float, float], part: Mapping[str, Shown], known: float = 0.0) -> bool:
    """Whether every hidden part of a total between two limits is left with enough values."""
    box = np.array([limits(shown) for shown in part.values()]).reshape(-1, 2)
    hidden = np.array([not isinstance(shown, int) for shown in part.values()], dtype=bool)
    low = np.maximum(box[:, 0], total[0] - known - (box[:, 1].sum() - box[:, 1]))
    high = np.minimum(box[:, 1], total[1] - known - (box[:, 0].sum() - box[:, 0]))
    return bool((high - low + 1 >= WIDTH)[hidden].all())


def _province_is_safe(
    province: Shown, whole: dict[str, Shown], parts: dict[str, dict[str, Shown]], known: dict[str, float]
) -> bool:
    """Whether the province's total narrows no hidden kabupaten, nor a kecamatan by way of its kabupaten."""
    own = {}
    for kab, part in parts.items():
        low, high = limits(whole[kab])
        box = np.array([limits(shown) for shown in part.values()]).reshape(-1, 2).sum(axis=0) + known[kab]
        own[kab] = max(low, box[0]), min(high, box[1]) if part else high
    total = limits(province)
    lows, highs = sum(low for low, _ in own.values()), sum(high for _, high in own.values())
    for kab, (least, most) in own.items():
        low, high = max(least, total[0] - (highs - most)), min(most, total[1] - (lows - least))
        if not isinstance(whole[kab], int) and high - low + 1 < min(WIDTH, most - least + 1):
            return False
        if not _safe((low, high), parts[kab], known[kab]):
            return False
    return True


def release_tables(
    counts: pd.DataFrame,
    sums: Mapping[str, Sequence[str]] | None = None,
    single: Collection[str] = (),
    tree: Tree | None = None,
    slack: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Several tables at once that add up to each other: years and their total, kinds and all of them.

    ``counts``: whole numbers by kode_kec (index) and table (columns), which together have no case twice; ``sums``:
    further tables, each the sum of the columns it names (also what an earlier release covered). Returns the cells of
    every table, rows kabupaten and kecamatan, columns the sums and then the tables. Kabupaten are protected one by one:
    first kecamatan of the single tables are withheld, then of the sums, then kabupaten likewise.

    ``tree``: what is shown already of the sum of all columns, and is not in the answer; its kabupaten hold the
    ``slack`` (cases no kecamatan is known of, by kode_kab) besides. Where a province's total is wanted, it is made
    from the shown cells (`data.disclosure.release_total`).
    """
    of = {**{name: list(parts) for name, parts in (sums or {}).items()}, **{str(c): [c] for c in counts.columns}}
    shown = [
        _guard_tables(block, of, single, tree, float((slack or {}).get(str(kab), 0.0)))
        for kab, block in counts.groupby(counts.index.str[:5])
    ]
    return pd.concat(shown).sort_index() if shown else pd.DataFrame(columns=list(of))


@dataclass
class _Told:
    """Sums of atoms and what is known of each: ``rows`` positions, ``box`` limits."""

    rows: list[np.ndarray]
    box: list[tuple[float, float]]


def _guard_tables(
    block: pd.DataFrame, of: Mapping[str, list[Any]], single: Collection[str], tree: Tree | None, slack: float
) -> pd.DataFrame:
    kab, n = str(block.index[0])[:5], len(block)
    atoms = np.arange(n * block.shape[1]).reshape(n, -1)
    area_rows = {kab: slice(None), **{str(kec): slice(i, i + 1) for i, kec in enumerate(block.index)}}
    column = {name: i for i, name in enumerate(block.columns)}
    cells = {
        (area, name): atoms[rows][:, [column[part] for part in parts]].ravel()
        for name, parts in of.items()
        for area, rows in area_rows.items()
    }
    before = _Told([], [])
    if tree is not None:
        for area, rows in area_rows.items():
            low, high = limits(tree.kabupaten[kab] if area == kab else tree.kecamatan[area])
            before.rows.append(atoms[rows].ravel())
            before.box.append((low - slack, high - slack) if area == kab else (low, high))
    flat = block.to_numpy(float).ravel()
    shown: dict[tuple[str, str], Shown] = {key: rounded(flat[index].sum()) for key, index in cells.items()}
    shown.update({key: WITHHELD for key in cells if key[0] in single and shown[key] != HIDDEN})
    steps = [
        [key for key in cells if (key[0] != kab) == fine and (len(of[key[1]]) == 1) == alone]
        for fine, alone in ((True, True), (True, False), (False, True), (False, False))
    ]
    steps = [step for step in steps if step]
    while steps and not _stands(cells, shown, before, flat.size):
        shown.update(dict.fromkeys(steps.pop(0), WITHHELD))
    return pd.DataFrame({name: [shown[area, name] for area in area_rows] for name in of}, list(area_rows), dtype=object)


def _stands(
    cells: Mapping[tuple[str, str], np.ndarray], shown: Mapping[tuple[str, str], Shown], before: _Told, n: int
) -> bool:
    """Whether linear programmes over all that is told leave every hidden cell enough values."""
    from scipy import sparse
    from scipy.optimize import linprog

    told = [key for key in cells if shown[key] != WITHHELD]
    if not told:
        return True
    rows = [*(cells[key] for key in told), *before.rows]
    box = np.array([*(limits(shown[key]) for key in told), *before.box])
    start = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    A = sparse.csr_matrix((np.ones(start[-1]), np.concatenate(rows), start), shape=(len(rows), n))
    both, bound = sparse.vstack([A, -A], format="csr"), np.concatenate([box[:, 1], -box[:, 0]])
    for key, own in cells.items():
        if isinstance(shown[key], int):
            continue
        aim = np.zeros(n)
        aim[own] = 1.0
        low = linprog(aim, both, bound, bounds=(0, MANY), method="highs").fun
        high = -linprog(-aim, both, bound, bounds=(0, MANY), method="highs").fun
        if high - low + 1 < WIDTH - 1e-6:
            return False
    return True
