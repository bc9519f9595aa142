"""A layer of the map at a level: one class character per area, and the legend that explains it.

What can be shown is declared in `campaign.maps.registry`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from campaign.maps.classes import FADED, NO_DATA, TOO_FEW, TOO_FEW_KEY, LegendRow, chars, legend_rows
from campaign.maps.registry import LAYERS, Layer
from campaign.maps.values import Values, years
from campaign.reading.snapshot import Snapshot
from data.domain.levels import DRAWN
from risk.scoring.bands import CERTAIN, UNCERTAIN
from words import t

MAP_WORDS = {
    "peta": "peta.dokumen",
    "disaring": "peta.disaring",
    "titik": "peta.tanpa_poligon",
    "gagal": "peta.gagal",
    "memuat": "peta.memuat",
    "semua": "peta.semua",
    "perbesar": "peta.perbesar",
    "perkecil": "peta.perkecil",
    "perkiraan": "peta.catatan.perkiraan",
    "resmi": "peta.catatan.resmi",
    "seri": "peta.tanda.seri",
    "lebar": "peta.tanda.lebar",
    "png": "peta.gambar_png",
    "campuran": "peta.catatan.campuran",
    "pusat": "peta.pusat",
    "catatan_ada": "peta.catatan_ada",
    "gambar_bentuk": "peta.gambar_bentuk",
    "gambar_cara": "peta.gambar_cara",
    "gambar_selesai": "peta.gambar_selesai",
    "gambar_batal": "peta.gambar_batal",
    "tampil_titik": "peta.tampil_titik",
    "ubin": "peta.ubin",
}
"""Text keys of what the map itself says, by the names the browser knows them by; fetched once a language."""

WIDE = 50.0
"""An interval wider than this leaves half of the scale open."""


@dataclass(frozen=True)
class MapLayer:
    """Classes of all areas of a level. ``classes[i]`` belongs to ``codes[i]``; codes are sorted.

    ``meaning`` is the key of a sentence that says what the layer shows and what it does not; ``inherited`` is the level
    whose figures stand in when the level has none. ``estimated``: some rest on an estimated population. ``marks`` has
    one character per area: ``1`` in the tie zone (may or may not be among the highest), ``2`` with an interval wider
    than half of the scale, ``0`` neither; "" for layers whose areas carry no uncertainty.
    """

    level: str
    layer: str
    codes: tuple[str, ...]
    classes: str
    legend: tuple[LegendRow, ...]
    source: str = ""
    as_of: dt.date | None = None
    inherited: str = ""
    data_contoh: bool = False
    estimated: bool = False
    marks: str = ""
    year: int | None = None

    @property
    def meaning(self) -> str:
        return f"peta.arti.{self.layer}"

    @property
    def from_records(self) -> bool:
        """Whether it shows what somebody brought in, not what the score version says."""
        return self.layer in LAYERS and LAYERS[self.layer].from_records

    @property
    def palette(self) -> list[str]:
        return [row.colour for row in self.legend]

    @property
    def hatched(self) -> str:
        return "".join(row.char for row in self.legend if row.hatched)

    def limited_to(self, codes: Iterable[str]) -> MapLayer:
        """The same layer with every other area faded; the legend counts what is left."""
        kept = set(codes)
        classes = "".join(char if code in kept else FADED for code, char in zip(self.codes, self.classes, strict=True))
        legend = tuple(replace(row, count=classes.count(row.char)) for row in self.legend)
        return replace(self, classes=classes, legend=legend)


def legend_title(layer: MapLayer, lang: str = "id") -> str:
    """What stands over the legend: the layer, and the year it shows."""
    title = t(f"peta.legenda.{layer.layer}", lang)
    return t("peta.lapisan_tahun", lang, lapisan=title, tahun=str(layer.year)) if layer.year else title


def available_layers(snapshot: Snapshot) -> list[str]:
    """The layers that have something to show, in their order."""
    return snapshot.once(
        "available_layers", lambda: [key for key, layer in LAYERS.items() if layer.shown(snapshot, layer)]
    )


def missing_layers(snapshot: Snapshot) -> list[str]:
    """Groups of layers that have nothing to show yet: what to load is said under ``peta.belum.<group>``."""
    shown = set(available_layers(snapshot))
    return list(dict.fromkeys(layer.missing for key, layer in LAYERS.items() if key not in shown))


def layer_years(snapshot: Snapshot, key: str) -> list[int]:
    """The years a layer can be shown for; empty for one that has none, or that is not known."""
    return years(snapshot, LAYERS[key]) if key in LAYERS else []


def map_layer(snapshot: Snapshot, level: str, layer: str, year: int | None = None) -> MapLayer:
    """Classes and legend of one layer at one level; of ``year`` for layers that have years, else the newest figures.

    The classes are the same for every year.

    Raises ``ValueError`` for a level or a layer that is not known, `LookupError` when there are no map layers yet.
    """
    if level not in list(DRAWN) or layer not in LAYERS:
        raise ValueError(f"level {level!r} or layer {layer!r} is not one of {', '.join(DRAWN)}; {', '.join(LAYERS)}")
    if snapshot.layers is None:
        raise LookupError("no map layers have been built")
    row = LAYERS[layer]
    known = years(snapshot, row)
    year = year if year in known else known[-1] if known and row.counted else None
    day = dt.date.today() if row.daily else None
    return snapshot.once(("map_layer", level, layer, year, day), lambda: _drawn(snapshot, row, level, year))


def _drawn(snapshot: Snapshot, row: Layer, level: str, year: int | None) -> MapLayer:
    codes = snapshot.codes(level)
    values = row.values(snapshot, row, level, codes, year)
    return _classified(snapshot, row, level, codes, values, year)


def _classified(
    snapshot: Snapshot, row: Layer, level: str, codes: tuple[str, ...], values: Values, year: int | None = None
) -> MapLayer:
    numbers, keys = row.classes.classify(snapshot, row.key, level, values.numbers)
    colours, hatched = [*row.classes.colours, NO_DATA], {len(keys) - 1}
    if row.counted:
        few = np.isin(np.array(codes), list(values.few))
        numbers = np.where(few, len(keys), numbers)
        keys, colours, hatched = [*keys, (TOO_FEW_KEY, {})], [*colours, TOO_FEW], {*hatched, len(keys)}
    return MapLayer(
        level=level,
        layer=row.key,
        codes=codes,
        classes=chars(numbers),
        legend=legend_rows(numbers, keys, colours, hatched),
        source=values.source,
        as_of=values.as_of,
        inherited=values.inherited,
        data_contoh=values.data_contoh,
        estimated=values.estimated,
        marks=_marks(snapshot.scores[level].reindex(codes), row),
        year=year,
    )


def past_layer(snapshot: Snapshot, versi: str) -> MapLayer:
    """The bands of villages in an earlier score version, in the same classes as now."""
    snapshot.needed_layers()
    codes = snapshot.codes("desa")
    rows = snapshot.history[snapshot.history["versi"] == versi]
    bands = rows.set_index("kode")["prioritas"].reindex(codes)
    as_of = pd.Timestamp(rows["created_at"].iloc[0]).date() if len(rows) else None
    made = _classified(snapshot, LAYERS["prioritas"], "desa", codes, Values(bands, versi, as_of))
    return replace(made, marks="")  # the chances of that version are not kept


def _marks(scores: pd.DataFrame, row: Layer) -> str:
    """Who lies in the tie zone, whose interval leaves too much open; only on layers that rank areas."""
    if not row.tied:
        return ""
    tie = scores["p_top"].between(UNCERTAIN, CERTAIN, inclusive="left").to_numpy()
    wide = ((scores["skor_atas"] - scores["skor_bawah"]) > WIDE).to_numpy() & row.wide
    return chars(np.where(tie, 1, np.where(wide, 2, 0)))
