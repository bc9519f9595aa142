"""The read model of the screens: everything they show, read once for each state of the store, never changed.

A snapshot holds no case counts of villages or kecamatan: what it keeps of facts is poverty, free indicators and figures
of kabupaten and province that are published already.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pandas as pd

from campaign.office.notes import NOTE_COLUMNS
from campaign.reading.yearly import yearly
from data.choose import chosen, newest
from data.disclosure import guarded_rows, release_facts
from data.domain.actor import NOWHERE
from data.domain.kinds import fact_kinds
from data.domain.levels import DRAWN, Level
from data.domain.score_version import ScoreVersion
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.composition import BoundaryInForce, boundary_in_force
from geo.drawing.layer_meta import LayerMeta
from geo.roads import ROADS
from risk.scoring.standing import RESULT as EVALUATED
from risk.scoring.standing import was_evaluated

VERSIONS = 6
"""How many score versions a village's history goes back."""
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One state of one installation.

    Attributes
    ----------
    places : per level a frame indexed by ``kode`` (sorted): ``nama, kecamatan, kabupaten, kode_kec, kode_kab`` and for
        villages ``jenis, penduduk, lon, lat, presisi_titik``; the columns above the level are empty text.
    scores : per level the score table indexed by ``kode``; empty when nothing was scored.
    figures : newest chosen open figure per (``jenis, indikator, level, kode``): poverty and indicators.
    published : chosen figures of cases and departures of province and kabupaten that are public.
    series : figures year by year (`campaign.reading.yearly`); counts of people as everybody may see them.
    points, sessions : records of service points and of sessions held, as stored.
    history : bands and scores of villages over the last score versions.
    hotspots : per level Gi*, local Moran and scan of the data now stored; empty when nobody had them computed.
    layers : meta of the map layers or None.
    islands : per village the name of its island; empty without map layers.
    reporting : codes on both lists or on one of them when under-reporting is assumed (`risk.scoring.reporting`); else
    empty. roads : lines and source of the roads an office loaded (`geo.roads`); empty without any.
    notes : notes of colleagues, the newest first (`campaign.office.notes.COLUMNS`).
    labels : a line to find each area by, "name · kecamatan · kabupaten", for every level.
    """

    key: str
    villages: pd.DataFrame
    places: Mapping[str, pd.DataFrame]
    scores: Mapping[str, pd.DataFrame]
    version: ScoreVersion | None
    figures: pd.DataFrame
    published: pd.DataFrame
    batches: pd.DataFrame
    boundary: BoundaryInForce | None
    layers: LayerMeta | None
    current: bool
    data_contoh: bool
    series: pd.DataFrame
    points: pd.DataFrame
    sessions: pd.DataFrame
    history: pd.DataFrame
    hotspots: Mapping[str, pd.DataFrame]
    islands: pd.Series
    reporting: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    without_polygon: frozenset[str] = field(default_factory=frozenset)
    roads: Mapping[str, Any] = field(default_factory=dict)
    notes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=NOTE_COLUMNS))
    judged: Mapping[str, Any] = field(default_factory=dict)

    _memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives, worked out once and shared by every reader: it may depend on this snapshot and ``key``
        alone, and nobody may change it."""
        if key not in self._memo:
            self._memo[key] = make()
        found: T = self._memo[key]
        return found

    @classmethod
    def load(cls, workspace: Workspace, store: Store) -> Snapshot:
        """Read the model from an open store; ``current`` says whether the scores were made from the data now stored."""
        from geo.drawing.layers import current_layers

        key = store.state_key()
        villages = store.gazetteer.villages()
        version = store.scores.version()
        known = [store.facts.read(jenis=name) for name in fact_kinds(of_places=True)]
        # A newer empty cell does not hide an older figure: missing is no figure.
        facts = pd.concat(known, ignore_index=True).dropna(subset=["value"])
        measured = chosen(facts[~guarded_rows(facts)])
        figures = newest(measured)
        published = _published(store)
        layers = current_layers(store, workspace)
        contoh = version.data_contoh if version else False
        peopled = villages.assign(penduduk=_people(villages, figures))
        places = {str(level): _places(peopled, level) for level in DRAWN}
        return cls(
            key=key,
            villages=villages,
            places=places,
            scores={str(level): store.scores.table(level).set_index("kode") for level in DRAWN},
            version=version,
            figures=figures,
            published=published,
            batches=store.batches.all(NOWHERE),
            boundary=boundary_in_force(store, workspace),
            layers=layers,
            current=version is not None and version.input_version == store.input_version(),
            data_contoh=contoh or bool(figures["data_contoh"].any()),
            series=yearly(store, measured),
            points=store.records.read("titik"),
            sessions=store.records.read("sesi"),
            reporting=_both_lists(store, version),
            history=store.scores.history("desa", VERSIONS),
            hotspots=_hotspots(store),
            islands=pd.Series(layers["pulau"], layers["units"]["desa"]) if layers else pd.Series(dtype=object),
            labels=_labels(places),
            roads=store.results.get(*ROADS) or {},
            notes=pd.DataFrame(store.notes.all(), columns=NOTE_COLUMNS),
            judged=(version and store.results.get(EVALUATED, version.versi)) or {},
            without_polygon=frozenset(villages["kode"]) - frozenset(layers["polygons"]) if layers else frozenset(),
        )

    def needed_layers(self) -> LayerMeta:
        """Meta of the map layers. Raises `LookupError` when none have been built."""
        if self.layers is None:
            raise LookupError("no map layers have been built")
        return self.layers

    @property
    def versi(self) -> str:
        """Name of the score version, empty when nothing was scored."""
        return self.version.versi if self.version else ""

    @property
    def evaluation(self) -> dict[str, Any]:
        """What was chosen about the score version and, once it is evaluated, what it was tested on; empty when nothing
        was scored."""
        return {**self.version.evaluation, **self.judged} if self.version else {}

    @property
    def tested(self) -> bool:
        """Whether the score version was evaluated, with whatever outcome."""
        return was_evaluated(self.evaluation)

    @property
    def params(self) -> dict[str, Any]:
        """Parameters of the score version; empty when nothing was scored."""
        return self.version.params if self.version else {}

    def name(self, kode: str) -> str:
        """Name of an area of any level; the code itself for one that is not in the gazetteer."""
        return self.once("names", self._names).get(kode, kode)

    def _names(self) -> dict[str, str]:
        return {str(kode): str(name) for level in reversed(DRAWN) for kode, name in self.places[level]["nama"].items()}

    def codes(self, level: str) -> tuple[str, ...]:
        """Codes of the areas that the map draws at ``level``, sorted; empty without map layers."""
        units = self.layers["units"].get(level, []) if self.layers else []
        return self.once(("codes", level), lambda: tuple(sorted(units)))

    @property
    def boundary_kind(self) -> str:
        """``resmi``, ``perkiraan``, or ``campuran`` when only some kabupaten have official boundaries."""
        if self.layers:
            return self.layers["kind"]
        return self.boundary.kind if self.boundary else "perkiraan"

    def approximate(self, kode: str) -> bool:
        """Whether the boundary drawn for an area is only approximate."""
        kabupaten = self.layers["perkiraan"] if self.layers else []
        return self.boundary_kind == "perkiraan" or kode[:5] in kabupaten

    def extent(self, kode: str) -> tuple[float, float, float, float] | None:
        """West, south, east, north around an area's village points, with a margin; all of it for an empty code."""
        if not kode:
            return self.layers["bbox"] if self.layers else None
        villages = self.places["desa"]
        inside = villages[villages.index.str.startswith(kode)][["lon", "lat"]].dropna()
        if inside.empty:
            return None
        margin = 0.03 if len(kode) == 13 else 0.06
        west, south = inside.min() - margin
        east, north = inside.max() + margin
        return float(west), float(south), float(east), float(north)

    def neighbours(self, kode: str) -> list[str]:
        """Codes of the villages next to a village, sorted; across a strait the nearest count."""
        if self.layers is None:
            return []
        codes = self.layers["units"]["desa"]
        at = bisect_left(codes, kode)
        if at == len(codes) or codes[at] != kode:
            return []
        return sorted(codes[b if a == at else a] for a, b in self.layers["tetangga"] if at in (a, b))

    def kabupaten(self) -> list[str]:
        """Codes of the kabupaten in the order of their codes."""
        return list(self.places["kabupaten"].index)


def _people(villages: pd.DataFrame, figures: pd.DataFrame) -> pd.Series:
    """Persons per village: the newest figure brought in, else the gazetteer's; NaN where neither knows."""
    counted = figures[(figures["indikator"] == "penduduk") & (figures["level"] == "desa")].set_index("kode")["value"]
    return villages["kode"].map(counted.astype(float)).fillna(villages["penduduk"])


def _both_lists(store: Store, version: ScoreVersion | None) -> dict[str, Any]:
    second = store.results.get("pelaporan", version.versi) if version else None
    return {key: value for key, value in second.items() if key != "desa"} if second else {}


def _labels(places: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Villages first, so that a search finds them before the areas they lie in."""
    out: dict[str, str] = {}
    for level in DRAWN:
        for kode, place in zip(places[level].index, places[level].to_dict("records"), strict=True):
            name = f"Kec. {place['nama']}" if level == "kecamatan" else str(place["nama"])
            if place.get("jenis") == "kelurahan":
                name += " (kel.)"  # a village of the same name may lie in the same kecamatan
            above = [str(place["kecamatan"]), str(place["kabupaten"])][DRAWN.index(level) :]
            out[str(kode)] = " · ".join([name, *above])
    return out


def level_of(kode: str) -> Level:
    """The drawn level a dotted code belongs to; text of another length counts as a village's."""
    return next((level for level in DRAWN if level.code_length == len(kode)), Level.DESA)


def _places(villages: pd.DataFrame, level: Level) -> pd.DataFrame:
    if level == Level.DESA:
        names = [
            "kode",
            "nama",
            "jenis",
            "kode_kec",
            "kecamatan",
            "kode_kab",
            "kabupaten",
            "penduduk",
            "lon",
            "lat",
            "presisi_titik",
        ]
        return villages[names].set_index("kode").sort_index()
    own = level.column
    areas = villages.drop_duplicates(own).set_index(own, drop=False).sort_index()
    areas.index.name = "kode"
    out = areas[["kode_kec", "kecamatan", "kode_kab", "kabupaten"]].copy()
    out.insert(0, "nama", areas[level])
    people = villages.groupby(own)["penduduk"].sum(min_count=1)
    out["penduduk"] = people.reindex(out.index)
    if level == Level.KABUPATEN:
        out[["kode_kec", "kecamatan"]] = ""
    return out


def _hotspots(store: Store) -> dict[str, pd.DataFrame]:
    kept = store.results.get("titik_panas", store.input_version()) or {}
    return {level: pd.DataFrame(table).set_index("kode") for level, table in kept.items()}


def _published(store: Store) -> pd.DataFrame:
    frames = [
        store.facts.read(jenis=jenis, level=level)
        for jenis in fact_kinds(of_places=False)
        for level in ("provinsi", "kabupaten")
    ]
    facts = pd.concat(frames, ignore_index=True)
    public = chosen(facts[facts["published"] & ~facts["data_contoh"]].reset_index(drop=True))
    return release_facts(public, role="publik")
