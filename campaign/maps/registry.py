"""The layers of the map, each declared in one row with all it needs.

Adding one takes a row of `LAYERS` and the texts that `Layer.texts` names; the screen, pictures, differences of maps,
the figures kept by year and the tests loop over the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaign.maps.classes import FIVE, NEED, PLAIN, UNSURE, Classes, Named, Ranges
from campaign.maps.values import (
    NONE,
    Values,
    ValuesOf,
    always,
    bands,
    chances,
    cluster_names,
    distances,
    evidence,
    figures,
    gi_names,
    grades,
    has_evidence,
    has_hotspots,
    has_points,
    has_sessions,
    has_years,
    moran_names,
    poverty,
    scored,
    scores,
    since_sessions,
    widths,
    years_of_figures,
    years_of_sessions,
)
from data.domain.levels import DRAWN, Level
from risk.scoring.bands import Band, Grade
from risk.scoring.evidence import Evidence

if TYPE_CHECKING:
    from campaign.reading.snapshot import Snapshot

COARSE = (1.0, 2.0, 5.0, 10.0)
"""Where a level has too few areas for classes of its own."""


def kept_breaks(snapshot: Snapshot, key: str, level: str) -> tuple[float, ...]:
    """The classes the score version keeps for its own numbers (`risk.scoring.classes`); empty when it has none."""
    kept = snapshot.params.get("kelas", {}).get(key, [])
    return tuple(kept.get(level, ()) if isinstance(kept, dict) else kept)


def _kept_or_coarse(snapshot: Snapshot, key: str, level: str) -> tuple[float, ...]:
    return kept_breaks(snapshot, key, level) or COARSE


@dataclass(frozen=True)
class Counted:
    """People counted over a time: facts of the kind ``jenis``, of kabupaten, ``published`` ones alone or all that pass
    the disclosure rule. Two years are never mixed in one map, and a hidden number is a class of its own."""

    jenis: str
    published: bool = False


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What the map can show.

    ``key`` in addresses, file names and texts. ``values`` gives a number or a name for each area asked for, ``classes``
    what they are shown as, ``unit`` of the numbers ("" for names). ``levels`` at which it is painted. ``shown`` tells
    whether there is anything to show; if not, the text ``peta.belum.<missing>`` says what to do.

    ``indicators`` whose figures by year it shows, the first one preferred; ``counted`` when they count people, else
    they are measured. ``years`` it can be shown for, where it has some. ``points`` kind of service point the way to
    which it shows. ``from_records`` is true of what somebody brought in, false of what the score says. ``numbers`` to
    subtract where ``values`` are names; ``step`` from which difference two areas count as different, and as very
    different. ``tied``: areas in the tie zone are marked, ``wide``: and those with an interval that leaves too much
    open. ``daily``: it depends on the day it is looked at.
    """

    key: str
    values: ValuesOf
    classes: Classes
    unit: str
    levels: tuple[Level, ...] = DRAWN
    shown: Callable[[Snapshot, Layer], bool] = always
    missing: str = ""
    indicators: tuple[str, ...] = ()
    counted: Counted | None = None
    years: Callable[[Snapshot, Layer], list[int]] | None = None
    points: str = ""
    from_records: bool = False
    numbers: ValuesOf | None = None
    step: tuple[float, float] | None = None
    tied: bool = False
    wide: bool = False
    daily: bool = False

    def __post_init__(self) -> None:
        if not callable(self.values):
            raise TypeError(f"layer {self.key!r} has no value function")
        if self.shown is not always and not self.missing:
            raise ValueError(f"layer {self.key!r} may have nothing to show and does not say what to do then")

    @property
    def texts(self) -> tuple[str, ...]:
        """The text keys it needs: in the list of layers, over the legend, below the map, in the legend; and what to do
        when it has nothing to show."""
        own = (f"peta.lapisan.{self.key}", f"peta.legenda.{self.key}", f"peta.arti.{self.key}", *self.classes.texts)
        return (*own, f"peta.belum.{self.missing}") if self.missing else own

    def to_subtract(self, snapshot: Snapshot, level: str, codes: tuple[str, ...], year: int | None) -> Values | None:
        """The numbers a difference is taken of; None for a layer of names alone."""
        numbers = self.numbers or (self.values if isinstance(self.classes, Ranges) else None)
        return numbers(snapshot, self, level, codes, year) if numbers else None


_CHANCES = (5.0, 20.0, 50.0, 80.0)
_IDM = ("sangat_tertinggal", "tertinggal", "berkembang", "maju", "mandiri")


def _way_to(kind: str) -> Layer:
    """The straight line to the nearest service point of a kind."""
    return Layer(
        key=f"jarak_{kind}",
        values=distances,
        classes=Ranges(breaks=(10.0, 25.0, 50.0, 100.0), text="km", colours=PLAIN),
        unit="km",
        shown=has_points,
        missing="titik",
        points=kind,
        from_records=True,
        step=(5.0, 25.0),
    )


def _second_opinion(key: str, names_of: ValuesOf, names: tuple[str, ...], colours: tuple[str, ...]) -> Layer:
    """A statistic of released numbers that uses no model; areas that do not stand out come last."""
    return Layer(
        key=key,
        values=names_of,
        classes=Named(names=(*names, NONE), colours=colours, stem=f"peta.{key}"),
        unit="",
        shown=has_hotspots,
        missing="titik_panas",
    )


_ROWS = (
    Layer(
        key="prioritas",
        values=bands,
        classes=Named(names=tuple(Band), colours=NEED, stem="prioritas", unknown=Band.UNKNOWN),
        unit="",
        numbers=scores,
        tied=True,
    ),
    Layer(
        key="skor",
        values=scores,
        classes=Ranges(breaks=(20.0, 40.0, 60.0, 80.0), text="skor", highest=100.0, colours=FIVE),
        unit="0–100",
        tied=True,
        wide=True,
    ),
    Layer(
        key="p_top",
        values=chances("p_top"),
        classes=Ranges(breaks=_CHANCES, text="persen", colours=FIVE),
        unit="persen",
        tied=True,
    ),
    Layer(
        key="selang",
        values=widths,
        classes=Ranges(breaks=(20.0, 35.0, 50.0, 65.0), text="selang", highest=100.0, colours=UNSURE),
        unit="0–100",
    ),
    Layer(
        key="harapan",
        values=scored("harapan"),
        classes=Ranges(breaks=_kept_or_coarse, text="angka", colours=FIVE),
        unit="kejadian setahun",
        shown=lambda snapshot, layer: bool(kept_breaks(snapshot, layer.key, Level.DESA)),
        missing="skor",
        step=(0.05, 0.5),
        tied=True,
        wide=True,
    ),
    Layer(
        key="laju",
        values=scored("laju"),
        classes=Ranges(breaks=_kept_or_coarse, text="angka", colours=FIVE),
        unit="setahun per 1.000",
        shown=lambda snapshot, layer: bool(kept_breaks(snapshot, layer.key, Level.DESA)),
        missing="skor",
        step=(0.02, 0.2),
        tied=True,
        wide=True,
    ),
    Layer(
        key="konsentrasi",
        values=chances("p_rr2"),
        classes=Ranges(breaks=_CHANCES, text="persen", colours=FIVE),
        unit="persen",
        shown=lambda snapshot, layer: bool(snapshot.scores[Level.DESA]["p_rr2"].notna().any()),
        missing="skor",
    ),
    _second_opinion("gi", gi_names, ("tinggi", "rendah"), (NEED[0], PLAIN[2], FIVE[0])),
    _second_opinion(
        "lisa",
        moran_names,
        ("tinggi_tinggi", "rendah_rendah", "tinggi_rendah", "rendah_tinggi"),
        ("#2d1e6b", "#46719c", "#948fd0", "#c3d5e6", "#f4f4fb"),
    ),
    _second_opinion("pindai", cluster_names, ("di_dalam",), (NEED[1], FIVE[0])),
    Layer(
        key="kemiskinan",
        values=poverty,
        classes=Ranges(breaks=(10.0, 15.0, 20.0, 30.0), text="persen", colours=FIVE),
        unit="persen",
        indicators=("persen_miskin", "penduduk_miskin"),
        years=years_of_figures,
        from_records=True,
        step=(1.0, 5.0),
    ),
    Layer(
        key="idm",
        values=figures,
        classes=Ranges(
            breaks=(0.4907, 0.5989, 0.7072, 0.8155),
            names=tuple(f"peta.idm.{status}" for status in _IDM),
            colours=tuple(reversed(FIVE)),
        ),
        unit="indeks",
        shown=has_years,
        missing="idm",
        indicators=("idm",),
        years=years_of_figures,
        from_records=True,
        step=(0.01, 0.05),
    ),
    Layer(
        key="keberangkatan",
        values=figures,
        classes=Ranges(breaks=(25.0, 50.0, 100.0, 250.0), text="orang", colours=PLAIN),
        unit="orang",
        shown=has_years,
        missing="keberangkatan",
        indicators=("prosedural",),
        counted=Counted("keberangkatan"),
        years=years_of_figures,
        from_records=True,
        step=(2.0, 25.0),
    ),
    Layer(
        key="meninggal",
        values=figures,
        classes=Ranges(breaks=(2.0, 5.0, 10.0, 20.0), text="orang", colours=PLAIN),
        unit="orang",
        levels=(Level.KABUPATEN,),
        shown=has_years,
        missing="meninggal",
        indicators=("pmi_meninggal",),
        counted=Counted("kasus", published=True),
        years=years_of_figures,
        from_records=True,
        step=(1.0, 5.0),
    ),
    _way_to("ltsa"),
    _way_to("imigrasi"),
    _way_to("pelabuhan"),
    Layer(
        key="sesi",
        values=since_sessions,
        classes=Ranges(
            breaks=(1.0, 2.0, 1e6),
            names=tuple(f"peta.sesi.{name}" for name in ("setahun", "dua_tahun", "lama", "belum")),
            colours=(PLAIN[4], PLAIN[3], PLAIN[2], PLAIN[0]),
        ),
        unit="tahun",
        shown=has_sessions,
        missing="sesi",
        years=years_of_sessions,
        from_records=True,
        step=(0.5, 1.5),
        daily=True,
    ),
    Layer(
        key="kualitas",
        values=grades,
        classes=Named(names=tuple(Grade), colours=UNSURE[:4], stem="peta.kualitas"),
        unit="",
    ),
    Layer(
        key="bukti",
        values=evidence,
        classes=Named(names=tuple(Evidence), colours=UNSURE[:4], stem="peta.bukti"),
        unit="",
        shown=has_evidence,
        missing="skor",
    ),
)
LAYERS = {layer.key: layer for layer in _ROWS}
"""The layers by key, in the order of the screen's list."""


def measured_indicators() -> set[str]:
    """Indicators whose figures layers show year by year and that count nobody."""
    return {name for layer in LAYERS.values() if layer.counted is None for name in layer.indicators}
