"""What differs between two maps: of two years or two score versions in the layer's own measure, of two layers in rank.

Colours run from ochre (less) over white to violet (more), apart for every colour vision and different in greyscale; no
red. An area that lacks one of the two figures is "no data", one with a figure that is not shown "too few".
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from campaign.maps.classes import NO_DATA, NO_DATA_KEY, TOO_FEW, TOO_FEW_KEY, chars, cut, legend_rows
from campaign.maps.layers import MapLayer, map_layer
from campaign.maps.registry import LAYERS, Layer
from campaign.maps.values import Values
from campaign.reading.snapshot import Snapshot
from data.domain.levels import DRAWN, Level

DIVERGING = ("#c49a45", "#ead9ae", "#f6f6f6", "#7f78c4", "#2d1e6b")
RANKS = (5.0, 20.0)
"""From which difference areas count as different, and as very different, in scores, chances and ranks in percent;
layers with another measure say their own (`Layer.step`)."""


def difference(snapshot: Snapshot, level: str, layer: str, year: int | None, beside: str) -> MapLayer | None:
    """The first map less the second; None where there is nothing to subtract.

    ``beside`` is a year as text, a score version, or another layer: the values of two layers share no measure, so there
    the percentile ranks among the areas shown are subtracted.
    """
    one = map_layer(snapshot, level, layer, year)
    codes = one.codes
    row = LAYERS[layer]
    first = row.to_subtract(snapshot, level, codes, one.year)
    ranks = False
    if beside.isdigit():
        second = row.to_subtract(snapshot, level, codes, int(beside))
        if first is not None and second is not None and first.inherited != second.inherited:
            first, second = (_at(snapshot, first, second, row, codes, when) for when in (one.year, int(beside)))
    elif beside in set(snapshot.history["versi"]):
        first = LAYERS["skor"].to_subtract(snapshot, level, codes, None) if level == Level.DESA else None
        second = _version_scores(snapshot, beside, codes)
    else:
        second = LAYERS[beside].to_subtract(snapshot, level, codes, None)
        ranks = True
    if first is None or second is None:
        return None
    a, b = (_ranked(v.numbers) if ranks else v.numbers.replace(np.inf, np.nan) for v in (first, second))
    small, large = RANKS if ranks else row.step or RANKS
    return _drawn(one, a - b, first, second, (-large, -small, small, large))


def _at(
    snapshot: Snapshot, first: Values, second: Values, layer: Layer, codes: tuple[str, ...], year: int | None
) -> Values:
    """The figures of the coarser of two levels: a village's figure is not compared with its kabupaten's."""
    level = Level(max(first.inherited, second.inherited, key=lambda name: DRAWN.index(Level(name)) if name else -1))
    length = level.code_length
    above = tuple(sorted({code[:length] for code in codes}))
    values = layer.to_subtract(snapshot, level, above, year)
    assert values is not None
    own = [code[:length] for code in codes]
    return replace(
        values,
        numbers=pd.Series(values.numbers.reindex(own).to_numpy(float), index=list(codes)),
        inherited=str(level),
        few=frozenset(code for code, area in zip(codes, own, strict=True) if area in values.few),
    )


def _drawn(one: MapLayer, apart: pd.Series, first: Values, second: Values, breaks: tuple[float, ...]) -> MapLayer:
    numbers = cut(apart, breaks)
    few = np.isin(np.array(one.codes), list(first.few | second.few))
    numbers = np.where(few, len(breaks) + 2, numbers)
    keys = [
        ("peta.selisih.jauh_kurang", {"n": -breaks[0]}),
        *(
            (f"peta.selisih.{name}", {"dari": abs(a), "sampai": abs(b)})
            for name, (a, b) in zip(("kurang", "sama", "lebih"), pairwise(breaks), strict=True)
        ),
        ("peta.selisih.jauh_lebih", {"n": breaks[-1]}),
        (NO_DATA_KEY, {}),
        (TOO_FEW_KEY, {}),
    ]
    colours = [*DIVERGING, NO_DATA, TOO_FEW]
    shown = 7 if few.any() else 6
    return replace(
        one,
        layer="selisih",
        classes=chars(numbers),
        marks="",
        source="; ".join(_sources(first, second)),
        legend=legend_rows(numbers, keys[:shown], colours[:shown], {5, 6} & set(range(shown))),
        inherited=first.inherited or second.inherited,
        data_contoh=first.data_contoh or second.data_contoh,
        estimated=first.estimated or second.estimated,
    )


def _sources(first: Values, second: Values) -> list[str]:
    return list(dict.fromkeys(source for source in (first.source, second.source) if source))


def _ranked(numbers: pd.Series) -> pd.Series:
    return numbers.rank(pct=True) * 100


def _version_scores(snapshot: Snapshot, versi: str, codes: tuple[str, ...]) -> Values:
    rows = snapshot.history[snapshot.history["versi"] == versi]
    return Values(rows.set_index("kode")["skor"].reindex(codes).astype(float), source=versi)
