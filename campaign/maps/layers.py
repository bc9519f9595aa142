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

from campaign.maps.values import DISTANCES, Values, layer_values, score_values, years
from campaign.reading.snapshot import LEVELS, Snapshot
from campaign.reading.yearly import COUNTED, INDICATORS
from words import t

LAYERS = (
    "prioritas",
    "skor",
    "p_top",
    "selang",
    "harapan",
    "laju",
    "konsentrasi",
    "gi",
    "lisa",
    "pindai",
    "kemiskinan",
    "idm",
    "keberangkatan",
    "meninggal",
    "jarak_ltsa",
    "jarak_imigrasi",
    "jarak_pelabuhan",
    "sesi",
    "kualitas",
)
HOTSPOTS = ("gi", "lisa", "pindai")
BANDS = ("I", "II", "III", "pemantauan", "data_belum_cukup")
NEED = ("#2d1e6b", "#5f55b2", "#948fd0", "#dad9ee")
FIVE = ("#eeeef8", "#c4c3e4", "#948fd0", "#5f55b2", "#2d1e6b")
UNSURE = ("#e6f1f0", "#b5d6d4", "#79b3b1", "#3f8786", "#14504f")
PLAIN = ("#edf2f7", "#c3d5e6", "#8fb1d0", "#5482ad", "#224b74")
"""For facts that are no need: distances, departures, sessions."""
NO_DATA, TOO_FEW = "#8b9099", "#a98b4f"
FADED = "-"
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

SCORE_BREAKS = (20.0, 40.0, 60.0, 80.0)
WIDTH_BREAKS = (20.0, 35.0, 50.0, 65.0)
CHANCE_BREAKS = (5.0, 20.0, 50.0, 80.0)
POVERTY_BREAKS = (10.0, 15.0, 20.0, 30.0)
IDM_BREAKS = (0.4907, 0.5989, 0.7072, 0.8155)
IDM_STATUS = ("sangat_tertinggal", "tertinggal", "berkembang", "maju", "mandiri")
DEPARTURE_BREAKS = (25.0, 50.0, 100.0, 250.0)
DEATH_BREAKS = (2.0, 5.0, 10.0, 20.0)
DISTANCE_BREAKS = (10.0, 25.0, 50.0, 100.0)
SESSION_BREAKS = (1.0, 2.0, 1e6)
GRADES = ("A", "B", "C", "D")
GI = ("tinggi", "rendah", "")
LISA = ("tinggi_tinggi", "rendah_rendah", "tinggi_rendah", "rendah_tinggi", "")
SIGNIFICANT = 0.05
COARSE = (1.0, 2.0, 5.0, 10.0)
"""Where a level has too few areas for classes of its own."""
TIE = (0.2, 0.8)
WIDE = 50.0
"""An interval wider than this leaves half of the scale open."""


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

    ``meaning`` is the key of a sentence that says what the layer shows and what it does not; ``inherited`` is the level
    whose figures stand in when the level has none. ``marks`` has one character per area: ``1`` in the tie zone (may or
    may not be among the highest), ``2`` with an interval wider than half of the scale, ``0`` neither; "" for layers
    whose areas carry no uncertainty.
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
    marks: str = ""
    year: int | None = None

    @property
    def meaning(self) -> str:
        return f"peta.arti.{self.layer}"

    @property
    def from_records(self) -> bool:
        """Whether it shows what somebody brought in, not what the score version says."""
        return self.layer in (*INDICATORS, "sesi", *DISTANCES)

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
    return snapshot.once("available_layers", lambda: _available(snapshot))


def _available(snapshot: Snapshot) -> list[str]:
    scores = snapshot.scores["desa"]
    kinds = set(snapshot.points["jenis"])
    has = {
        **{name: bool(years(snapshot, name)) for name in ("idm", *COUNTED)},
        "konsentrasi": bool(scores["p_rr2"].notna().any()),
        "sesi": len(snapshot.sessions) > 0,
        **{name: bool(locked_breaks(snapshot, name, "desa")) for name in ("harapan", "laju")},
        **dict.fromkeys(HOTSPOTS, bool(snapshot.hotspots)),
        **{name: kind in kinds for name, kind in DISTANCES.items()},
    }
    return [layer for layer in LAYERS if has.get(layer, True)]


def missing_layers(snapshot: Snapshot) -> list[str]:
    """Groups of layers that have nothing to show yet: what to load is said under ``peta.belum.<group>``."""
    shown = set(available_layers(snapshot))
    groups = {
        **dict.fromkeys(HOTSPOTS, "titik_panas"),
        **dict.fromkeys(("harapan", "laju", "konsentrasi"), "skor"),
        **dict.fromkeys(DISTANCES, "titik"),
        **{name: name for name in ("idm", *COUNTED, "sesi")},
    }
    return list(dict.fromkeys(groups[layer] for layer in LAYERS if layer in groups and layer not in shown))


def locked_breaks(snapshot: Snapshot, layer: str, level: str) -> tuple[float, ...]:
    """The classes the score version keeps for its own numbers (`risk.scoring.classes`); empty when it has none."""
    kept = snapshot.params.get("kelas", {}).get(layer, [])
    return tuple(kept.get(level, ()) if isinstance(kept, dict) else kept)


def map_layer(snapshot: Snapshot, level: str, layer: str, year: int | None = None) -> MapLayer:
    """Classes and legend of one layer at one level; of ``year`` for layers that have years, else the newest figures.

    The classes are the same for every year.

    Raises ``ValueError`` for a level or a layer that is not known, `LookupError` when there are no map layers yet.
    """
    if level not in LEVELS or layer not in LAYERS:
        raise ValueError(f"level {level!r} or layer {layer!r} is not one of {LEVELS}, {LAYERS}")
    snapshot.needed_layers()
    known = years(snapshot, layer)
    year = year if year in known else known[-1] if known and layer in COUNTED else None
    # How long ago a session was depends on the day.
    day = dt.date.today() if layer == "sesi" else None
    return snapshot.once(("map_layer", level, layer, year, day), lambda: _map_layer(snapshot, level, layer, year))


def _map_layer(snapshot: Snapshot, level: str, layer: str, year: int | None) -> MapLayer:
    codes = snapshot.codes(level)
    if layer not in (*INDICATORS, *DISTANCES, "sesi"):
        return _of_scores(snapshot, level, layer, codes)
    values = layer_values(snapshot, level, layer, codes, year)
    assert values is not None
    return replace(_of_values(level, layer, codes, values), year=year)


def past_layer(snapshot: Snapshot, versi: str) -> MapLayer:
    """The bands of villages in an earlier score version, in the same classes as now."""
    snapshot.needed_layers()
    codes = snapshot.codes("desa")
    rows = snapshot.history[snapshot.history["versi"] == versi]
    numbers = _number_of(rows.set_index("kode")["prioritas"].reindex(codes), BANDS, len(BANDS) - 1)
    keys: Keys = [(f"prioritas.{band}", {}) for band in BANDS]
    return MapLayer(
        level="desa",
        layer="prioritas",
        codes=codes,
        classes=chars(numbers),
        legend=legend_rows(numbers, keys, [*NEED, NO_DATA], {len(BANDS) - 1}),
        source=versi,
        as_of=pd.Timestamp(rows["created_at"].iloc[0]).date() if len(rows) else None,
    )


Keys = list[tuple[str, dict[str, Any]]]


def _of_values(level: str, layer: str, codes: tuple[str, ...], values: Values) -> MapLayer:
    """A layer of a measured figure."""
    colours: list[str] = list(PLAIN)
    breaks: tuple[float, ...]
    if layer == "idm":
        breaks, colours = IDM_BREAKS, list(reversed(FIVE))
        keys: Keys = [(f"peta.idm.{status}", {}) for status in IDM_STATUS]
    elif layer == "kemiskinan":
        breaks, colours, keys = POVERTY_BREAKS, list(FIVE), _ranges("peta.kelas.persen", POVERTY_BREAKS, None)
    elif layer in COUNTED:
        breaks = DEPARTURE_BREAKS if layer == "keberangkatan" else DEATH_BREAKS
        keys = _ranges("peta.kelas.orang", breaks, None)
    elif layer == "sesi":
        breaks, colours = SESSION_BREAKS, [PLAIN[4], PLAIN[3], PLAIN[2], PLAIN[0]]
        keys = [(f"peta.sesi.{name}", {}) for name in ("setahun", "dua_tahun", "lama", "belum")]
    else:
        breaks, keys = DISTANCE_BREAKS, _ranges("peta.kelas.km", DISTANCE_BREAKS, None)
    numbers = cut(values.numbers, breaks)
    keys, colours, hatched = [*keys, ("peta.tanpa_data", {})], [*colours, NO_DATA], {len(keys)}
    if layer in COUNTED:
        few = np.isin(np.array(codes), list(values.few))
        numbers = np.where(few, len(keys), numbers)
        keys, colours, hatched = [*keys, ("peta.terlalu_sedikit", {})], [*colours, TOO_FEW], {*hatched, len(keys)}
    return MapLayer(
        level=level,
        layer=layer,
        codes=codes,
        classes=chars(numbers),
        legend=legend_rows(numbers, keys, colours, hatched),
        source=values.source,
        as_of=values.as_of,
        inherited=values.inherited,
        data_contoh=values.data_contoh,
    )


def _of_scores(snapshot: Snapshot, level: str, layer: str, codes: tuple[str, ...]) -> MapLayer:
    """A layer of the score version, or of the hot spots of the same data."""
    scores = snapshot.scores[level].reindex(codes)
    version = snapshot.version
    keys: Keys
    if layer == "prioritas":
        numbers = _number_of(scores["prioritas"], BANDS, len(BANDS) - 1)
        keys = [(f"prioritas.{band}", dict[str, Any]()) for band in BANDS]
        colours, hatched = [*NEED, NO_DATA], {len(BANDS) - 1}
    elif layer == "kualitas":
        numbers = _number_of(scores["kualitas_data"], GRADES, len(GRADES))
        keys = [*((f"peta.kualitas.{grade}", dict[str, Any]()) for grade in GRADES), ("peta.tanpa_data", {})]
        colours, hatched = [*UNSURE[:4], NO_DATA], {len(GRADES)}
    elif layer in HOTSPOTS:
        numbers, keys, colours = _of_hotspots(snapshot.hotspots.get(level, pd.DataFrame()).reindex(codes), layer)
        hatched = {len(keys) - 1}
    else:
        breaks, key, last = {
            "skor": (SCORE_BREAKS, "peta.kelas.skor", 100.0),
            "p_top": (CHANCE_BREAKS, "peta.kelas.persen", None),
            "selang": (WIDTH_BREAKS, "peta.kelas.selang", 100.0),
            "harapan": (locked_breaks(snapshot, layer, level) or COARSE, "peta.kelas.angka", None),
            "laju": (locked_breaks(snapshot, layer, level) or COARSE, "peta.kelas.angka", None),
            "konsentrasi": (CHANCE_BREAKS, "peta.kelas.persen", None),
        }[layer]
        values = score_values(snapshot, level, layer, codes)
        assert values is not None
        numbers = cut(values.numbers, breaks)
        keys = [*_ranges(key, breaks, last), ("peta.tanpa_data", {})]
        colours, hatched = [*(UNSURE if layer == "selang" else FIVE), NO_DATA], {len(breaks) + 1}
    return MapLayer(
        level=level,
        layer=layer,
        codes=codes,
        classes=chars(numbers),
        legend=legend_rows(numbers, keys, colours, hatched),
        source=snapshot.versi,
        as_of=version.created_at.date() if version else None,
        data_contoh=version is not None and version.data_contoh,
        marks=_marks(scores, layer),
    )


def _of_hotspots(table: pd.DataFrame, layer: str) -> tuple[np.ndarray, Keys, list[str]]:
    """Second opinions, only where they stand up to correction for many tests."""
    known = table["gi_q"].notna().to_numpy()
    names: tuple[str, ...]
    if layer == "gi":
        names, colours, found = GI, [NEED[0], PLAIN[2], FIVE[0]], table["gi_kelas"]
    elif layer == "lisa":
        names, colours = LISA, ["#2d1e6b", "#46719c", "#948fd0", "#c3d5e6", "#f4f4fb"]
        found = table["lisa_kuadran"].where(table["lisa_q"] <= SIGNIFICANT, "")
    else:
        names, colours = ("di_dalam", ""), [NEED[1], FIVE[0]]
        found = pd.Series(np.where(table["klaster"] > 0, "di_dalam", ""), index=table.index)
    numbers = np.where(known, _number_of(found, names, len(names) - 1), len(names))
    keys: Keys = [(f"peta.{layer}.{name or 'tidak_nyata'}", {}) for name in names]
    return numbers, [*keys, ("peta.tanpa_data", {})], [*colours, NO_DATA]


def _marks(scores: pd.DataFrame, layer: str) -> str:
    """Who lies in the tie zone, whose interval leaves too much open; only on layers that rank areas."""
    if layer not in ("prioritas", "p_top", "skor", "harapan", "laju"):
        return ""
    tie = scores["p_top"].between(*TIE, inclusive="left").to_numpy()
    wide = ((scores["skor_atas"] - scores["skor_bawah"]) > WIDE).to_numpy() & (layer in ("skor", "harapan", "laju"))
    return chars(np.where(tie, 1, np.where(wide, 2, 0)))


def _number_of(values: pd.Series, names: tuple[str, ...], other: int) -> np.ndarray:
    index = {name: i for i, name in enumerate(names)}
    return np.array([index.get(value, other) for value in values])


def cut(values: pd.Series, breaks: tuple[float, ...]) -> np.ndarray:
    """Class numbers; a value on a break belongs to the class above; missing is one past the last class."""
    numbers = np.searchsorted(np.asarray(breaks), values.to_numpy(dtype=float), side="right")
    return np.where(values.isna().to_numpy(), len(breaks) + 1, numbers)


def _ranges(key: str, breaks: tuple[float, ...], last: float | None) -> Keys:
    rows: Keys = [(f"{key}_bawah", {"sampai": breaks[0]})]
    rows += [(f"{key}_antara", {"dari": a, "sampai": b}) for a, b in pairwise(breaks)]
    rows.append((f"{key}_atas", {"dari": breaks[-1]} if last is None else {"dari": breaks[-1], "sampai": last}))
    return rows


def chars(numbers: np.ndarray) -> str:
    return "".join("0123456789"[i] for i in numbers)


def legend_rows(numbers: np.ndarray, keys: Keys, colours: list[str], hatched: set[int]) -> tuple[LegendRow, ...]:
    counts = np.bincount(numbers, minlength=len(keys))
    return tuple(
        LegendRow(str(i), key, colours[i], int(counts[i]), values, i in hatched) for i, (key, values) in enumerate(keys)
    )
