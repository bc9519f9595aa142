"""What the map can show: for a level and a layer, one class character per area, and the legend that explains it.

Colours are one hue that darkens with the need for service, so that they keep their order in greyscale and for every
colour vision; "no data" is a class of its own and hatched. No class is red.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from campaign.snapshot import LEVELS, Snapshot

LAYERS = ("prioritas", "skor", "selang", "konsentrasi", "kemiskinan", "idm", "kualitas")
BANDS = ("I", "II", "III", "pemantauan", "data_belum_cukup")
NEED = ("#2d1e6b", "#5f55b2", "#948fd0", "#dad9ee")
FIVE = ("#eeeef8", "#c4c3e4", "#948fd0", "#5f55b2", "#2d1e6b")
UNSURE = ("#e6f1f0", "#b5d6d4", "#79b3b1", "#3f8786", "#14504f")
NO_DATA = "#8b9099"
FADED = "-"
MAP_WORDS = {
    "peta": "peta.dokumen", "disaring": "peta.disaring", "titik": "peta.tanpa_poligon", "gagal": "peta.gagal",
    "memuat": "peta.memuat", "semua": "peta.semua", "perbesar": "peta.perbesar", "perkecil": "peta.perkecil",
    "perkiraan": "peta.catatan.perkiraan", "resmi": "peta.catatan.resmi",
    "campuran": "peta.catatan.campuran",
}  # fmt: skip
"""Text keys of what the map itself says, by the names the browser knows them by; fetched once a language."""

SCORE_BREAKS = (20.0, 40.0, 60.0, 80.0)
WIDTH_BREAKS = (10.0, 20.0, 35.0, 50.0)
CHANCE_BREAKS = (5.0, 20.0, 50.0, 80.0)
POVERTY_BREAKS = (10.0, 15.0, 20.0, 30.0)
IDM_BREAKS = (0.4907, 0.5989, 0.7072, 0.8155)
IDM_STATUS = ("sangat_tertinggal", "tertinggal", "berkembang", "maju", "mandiri")


@dataclass(frozen=True)
class LegendRow:
    """One class: its character in ``MapLayer.classes``, a text key with values, a colour and how many areas it has."""

    char: str
    key: str
    colour: str
    count: int
    values: dict[str, Any] = field(default_factory=dict)
    hatched: bool = False


@dataclass(frozen=True)
class MapLayer:
    """Classes of all areas of a level. ``classes[i]`` belongs to ``codes[i]``; codes are sorted.

    ``meaning`` is the key of a sentence that says what the layer shows and what it does not; ``notes`` are keys of
    things that must be said with it; ``inherited`` is the level whose figures stand in when the level has none.
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

    @property
    def meaning(self) -> str:
        return f"peta.arti.{self.layer}"

    @property
    def palette(self) -> list[str]:
        return [row.colour for row in self.legend]

    @property
    def hatched(self) -> str:
        return "".join(row.char for row in self.legend if row.hatched)

    def limited_to(self, codes: Iterable[str]) -> MapLayer:
        """The same layer with every other area faded; the legend counts what is left."""
        kept = set(codes)
        classes = "".join(
            char if code in kept else FADED for code, char in zip(self.codes, self.classes, strict=True)
        )
        legend = tuple(replace(row, count=classes.count(row.char)) for row in self.legend)
        return replace(self, classes=classes, legend=legend)


def available_layers(snapshot: Snapshot) -> list[str]:
    """The layers that have something to show: the village index only when it was brought in, concentration only when
    the score version has it."""
    lacking = set()
    if not (snapshot.figures["indikator"] == "idm").any():
        lacking.add("idm")
    if not snapshot.scores["desa"]["p_rr2"].notna().any():
        lacking.add("konsentrasi")
    return [layer for layer in LAYERS if layer not in lacking]


def map_layer(snapshot: Snapshot, level: str, layer: str) -> MapLayer:
    """Classes and legend of one layer at one level.

    Raises ``ValueError`` for a level or a layer that is not known, `LookupError` when there are no map layers yet.
    """
    if level not in LEVELS or layer not in LAYERS:
        raise ValueError(f"level {level!r} or layer {layer!r} is not one of {LEVELS}, {LAYERS}")
    if snapshot.layers is None:
        raise LookupError("no map layers have been built")
    codes = tuple(sorted(snapshot.layers["units"][level]))
    if layer in ("kemiskinan", "idm"):
        return _of_figures(snapshot, level, layer, codes)
    scores = snapshot.scores[level].reindex(codes)
    version = snapshot.version or {}
    keys: list[tuple[str, dict[str, Any]]]
    if layer == "prioritas":
        index = {band: i for i, band in enumerate(BANDS)}
        numbers = np.array([index.get(band, len(BANDS) - 1) for band in scores["prioritas"]])
        keys = [(f"prioritas.{band}", dict[str, Any]()) for band in BANDS]
        colours, hatched = [*NEED, NO_DATA], {len(BANDS) - 1}
    elif layer == "kualitas":
        grades = ("A", "B", "C", "D")
        numbers = np.array([grades.index(g) if g in grades else len(grades) for g in scores["kualitas_data"]])
        keys = [(f"peta.kualitas.{grade}", dict[str, Any]()) for grade in grades] + [("peta.tanpa_data", {})]
        colours, hatched = [*UNSURE[:4], NO_DATA], {len(grades)}
    else:
        values, breaks, key, last = {
            "skor": (scores["skor"], SCORE_BREAKS, "peta.kelas.skor", 100.0),
            "selang": (scores["skor_atas"] - scores["skor_bawah"], WIDTH_BREAKS, "peta.kelas.selang", 100.0),
            "konsentrasi": (scores["p_rr2"] * 100, CHANCE_BREAKS, "peta.kelas.persen", None),
        }[layer]
        numbers = _cut(values, breaks)
        keys = [*_ranges(key, breaks, last), ("peta.tanpa_data", {})]
        colours, hatched = [*(UNSURE if layer == "selang" else FIVE), NO_DATA], {len(breaks) + 1}
    made = version.get("created_at")
    return MapLayer(
        level=level, layer=layer, codes=codes, classes=_chars(numbers),
        legend=_legend(numbers, keys, colours, hatched), source=str(version.get("versi", "")),
        as_of=pd.Timestamp(made).date() if made is not None else None,
        data_contoh=bool(version.get("data_contoh", False)),
    )  # fmt: skip


def _of_figures(snapshot: Snapshot, level: str, layer: str, codes: tuple[str, ...]) -> MapLayer:
    """A layer of a measured figure. Without any figure at the level, the next level above stands in and is named."""
    own = LEVELS.index(level)
    found, at = pd.DataFrame(), level
    for candidate in LEVELS[own:]:
        found = _figures(snapshot, layer, candidate)
        if len(found):
            at = candidate
            break
    length = {"desa": 13, "kecamatan": 8, "kabupaten": 5}[at]
    values = found["value"] if len(found) else pd.Series(dtype=float)
    of_area = pd.Series([values.get(code[:length], np.nan) for code in codes], index=codes, dtype=float)
    if layer == "idm":
        numbers = _cut(of_area, IDM_BREAKS)
        keys: list[tuple[str, dict[str, Any]]] = [(f"peta.idm.{status}", {}) for status in IDM_STATUS]
        colours = list(reversed(FIVE))
    else:
        numbers = _cut(of_area, POVERTY_BREAKS)
        keys = _ranges("peta.kelas.persen", POVERTY_BREAKS, None)
        colours = list(FIVE)
    legend = _legend(numbers, [*keys, ("peta.tanpa_data", {})], [*colours, NO_DATA], {len(keys)})
    sources = sorted({str(source) for source in found["source"]}) if len(found) else []
    return MapLayer(
        level=level, layer=layer, codes=codes, classes=_chars(numbers), legend=legend, source="; ".join(sources[:3]),
        as_of=pd.Timestamp(found["period_end"].max()).date() if len(found) else None,
        inherited="" if at == level else at, data_contoh=bool(found["data_contoh"].any()) if len(found) else False,
    )  # fmt: skip


def _figures(snapshot: Snapshot, layer: str, level: str) -> pd.DataFrame:
    """Newest figure per area, indexed by code: percent of people who are poor, or the village index."""
    figures = snapshot.figures[(snapshot.figures["level"] == level) & snapshot.figures["value"].notna()]
    if layer == "idm":
        return figures[figures["indikator"] == "idm"].set_index("kode")
    percent = figures[figures["indikator"] == "persen_miskin"].set_index("kode")
    if len(percent):
        return percent
    poor = figures[figures["indikator"] == "penduduk_miskin"].set_index("kode")
    people = snapshot.places[level]["penduduk"].reindex(poor.index)
    known = people > 0
    return poor[known].assign(value=(poor["value"] / people)[known] * 100)


def _cut(values: pd.Series, breaks: tuple[float, ...]) -> np.ndarray:
    """Class numbers; a value on a break belongs to the class above; missing is one past the last class."""
    numbers = np.searchsorted(np.asarray(breaks), values.to_numpy(dtype=float), side="right")
    return np.where(values.isna().to_numpy(), len(breaks) + 1, numbers)


def _ranges(key: str, breaks: tuple[float, ...], last: float | None) -> list[tuple[str, dict[str, Any]]]:
    rows: list[tuple[str, dict[str, Any]]] = [(f"{key}_bawah", {"sampai": breaks[0]})]
    rows += [(f"{key}_antara", {"dari": a, "sampai": b}) for a, b in pairwise(breaks)]
    rows.append((f"{key}_atas", {"dari": breaks[-1]} if last is None else {"dari": breaks[-1], "sampai": last}))
    return rows


def _chars(numbers: np.ndarray) -> str:
    return "".join("0123456789"[i] for i in numbers)


def _legend(
    numbers: np.ndarray, keys: list[tuple[str, dict[str, Any]]], colours: list[str], hatched: set[int]
) -> tuple[LegendRow, ...]:
    counts = np.bincount(numbers, minlength=len(keys))
    return tuple(
        LegendRow(str(i), key, colours[i], int(counts[i]), values, i in hatched)
        for i, (key, values) in enumerate(keys)
    )
