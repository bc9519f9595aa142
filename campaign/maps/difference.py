"""What differs between two maps: of two years or two score versions in the layer's own measure, of two layers in rank.

Colours run from ochre (less) over white to violet (more), apart for every colour vision and different in greyscale; no
red. An area that lacks one of the two figures is "no data", one with a figure that is not shown "too few".
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from campaign.maps.layers import NO_DATA, TOO_FEW, MapLayer, chars, cut, legend_rows, map_layer
from campaign.maps.values import CODE_LENGTH, DISTANCES, Values, layer_values
from campaign.reading.snapshot import LEVELS, Snapshot

DIVERGING = ("#c49a45", "#ead9ae", "#f6f6f6", "#7f78c4", "#2d1e6b")
STEPS = {
    "idm": (0.01, 0.05),
    "keberangkatan": (2.0, 25.0),
    "meninggal": (1.0, 5.0),
    "sesi": (0.5, 1.5),
    "harapan": (0.05, 0.5),
    "laju": (0.02, 0.2),
    "kemiskinan": (1.0, 5.0),
    **dict.fromkeys(DISTANCES, (5.0, 25.0)),
}
"""From which difference a layer's areas count as different, and as very different, in its own measure."""
RANKS = (5.0, 20.0)
"""The same for scores, chances and ranks in percent."""


def difference(snapshot: Snapshot, level: str, layer: str, year: int | None, beside: str) -> MapLayer | None:
    """The first map less the second; None where there is nothing to subtract.

    ``beside`` is a year as text, a score version, or another layer: the values of two layers share no measure, so there
    the percentile ranks among the areas shown are subtracted.
    """
    one = map_layer(snapshot, level, layer, year)
    codes = one.codes
    first = layer_values(snapshot, level, layer, codes, one.year)
    ranks = False
    if beside.isdigit():
        second = layer_values(snapshot, level, layer, codes, int(beside))
        if first is not None and second is not None and first.inherited != second.inherited:
            first, second = (_at(snapshot, first, second, layer, codes, when) for when in (one.year, int(beside)))
    elif beside in set(snapshot.history["versi"]):
        first = layer_values(snapshot, "desa", "skor", codes) if level == "desa" else None
        second = _version_scores(snapshot, beside, codes)
    else:
        second = layer_values(snapshot, level, beside, codes)
        ranks = True
    if first is None or second is None:
        return None
    a, b = (_ranked(v.numbers) if ranks else v.numbers.replace(np.inf, np.nan) for v in (first, second))
    small, large = RANKS if ranks else STEPS.get(layer, RANKS)
    return _drawn(one, a - b, first, second, (-large, -small, small, large))


def _at(
    snapshot: Snapshot, first: Values, second: Values, layer: str, codes: tuple[str, ...], year: int | None
) -> Values:
    """The figures of the coarser of two levels: a village's figure is not compared with its kabupaten's."""
    level = max(first.inherited, second.inherited, key=lambda name: LEVELS.index(name) if name else -1)
    length = CODE_LENGTH[level]
    above = tuple(sorted({code[:length] for code in codes}))
    values = layer_values(snapshot, level, layer, above, year)
    assert values is not None
    own = [code[:length] for code in codes]
    return replace(
        values,
        numbers=pd.Series(values.numbers.reindex(own).to_numpy(float), index=list(codes)),
        inherited=level,
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
        ("peta.tanpa_data", {}),
        ("peta.terlalu_sedikit", {}),
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
    )


def _sources(first: Values, second: Values) -> list[str]:
    return list(dict.fromkeys(source for source in (first.source, second.source) if source))


def _ranked(numbers: pd.Series) -> pd.Series:
    return numbers.rank(pct=True) * 100


def _version_scores(snapshot: Snapshot, versi: str, codes: tuple[str, ...]) -> Values:
    rows = snapshot.history[snapshot.history["versi"] == versi]
    return Values(rows.set_index("kode")["skor"].reindex(codes).astype(float), source=versi)
