"""What was loaded and confirmed about villages besides the gazetteer: BPS and retired codes, older names, aliases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd

from data.domain.codes import digits_of
from data.intake.cells.text import name_key, words_of
from data.intake.places.gazetteer_index import GazetteerIndex


def add_crosswalk(index: GazetteerIndex, rows: pd.DataFrame) -> None:
    """Adds crosswalk rows (``jenis, nilai, kode``) to an index; rows of villages it does not have are passed over.

    A BPS code claimed for two villages says nothing and is left out; what the gazetteer itself says stays. A retired
    code with several successors is kept apart (``successors``): which one is meant is for a person to say.
    """
    codes: defaultdict[str, set[str]] = defaultdict(set)
    retired: defaultdict[str, list[str]] = defaultdict(list)
    listed: Iterable[Any] = rows.itertuples(index=False)
    for row in listed:
        if row.kode not in index.areas:
            continue
        if row.jenis == "bps":
            codes[row.nilai].add(row.kode)
        elif row.jenis == "lama" and row.kode not in retired[digits_of(row.nilai)]:
            retired[digits_of(row.nilai)].append(row.kode)
        elif row.jenis == "nama":
            _add_older(index, row.kode, row.nilai)
    _add_bps(index, codes)
    for digits, successors in retired.items():
        if digits in index.retired:
            continue
        if len(successors) == 1:
            index.retired[digits] = successors[0]
        else:
            index.successors[digits] = successors


def add_aliases(index: GazetteerIndex, aliases: pd.DataFrame, source: str) -> None:
    """Adds the names people confirmed for files of ``source``; a name confirmed for this source wins over a general
    one.
    """
    rows: list[Any] = [row for row in aliases.itertuples(index=False) if row.kode in index.areas]
    for row in sorted(rows, key=lambda row: bool(row.sumber)):
        if not row.sumber or words_of(row.sumber) == words_of(source):
            index.aliases[(row.lingkup, row.kunci)] = row.kode


def _add_older(index: GazetteerIndex, kode: str, name: str) -> None:
    area, key = index.areas[kode], name_key(name)
    if not key or key == area.key or key in index.older_keys[kode]:
        return
    index.older_keys[kode].add(key)
    for parent in (area.kode_kec, area.kode_kab):
        index.older_of[parent].setdefault(key, []).append(kode)


def _add_bps(index: GazetteerIndex, codes: dict[str, set[str]]) -> None:
    """BPS codes of villages, and those of the kecamatan and kabupaten most of their villages lie in."""
    above: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for code, owners in codes.items():
        if len(owners) > 1:
            continue
        kode = next(iter(owners))
        if index.bps.setdefault(code, kode) == kode:
            above[code[:7]][index.areas[kode].kode_kec] += 1
            above[code[:4]][index.areas[kode].kode_kab] += 1
    for code, counts in above.items():
        index.bps.setdefault(code, counts.most_common(1)[0][0])
