"""What can be brought in: each kind of file with all that is particular to it, one row a kind.

A room that needs something of a kind asks its row; what lies in another module is named by its path
(``module:name``) and loaded when it is used, so that the row can stand in the lowest room. Adding a kind of figures
takes a row here, its measures (`data.domain.measures`) and its texts (`Kind.text_keys`); a kind of records also takes a
reader (`data.intake.kinds`) and a table of the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any

from data.domain.measures import MEASURES, Measure, Protection, speaks_of_persons

TABLE_TYPES = ("csv", "tsv", "txt", "xlsx", "xls", "ods")
BOUNDARY_TYPES = ("zip", "geojson", "json", "gpkg", "parquet", "sql")
_PLACES = ("kode_desa", "kode", "desa", "kecamatan", "kabupaten")
_TIMES = ("tahun", "bulan", "tanggal", "periode")


class Holds(StrEnum):
    """What a file of a kind becomes: figures of areas, records of another table, or the areas' boundaries."""

    FACTS = "facts"
    RECORDS = "records"
    BOUNDARIES = "boundaries"


@dataclass(frozen=True)
class TemplateColumn:
    """A column of a workbook to fill in: its header, what may be in it, the gazetteer's column it is filled from.

    ``choices`` is the path of what may be chosen, where ``what`` is ``pilihan``.
    """

    header: str
    what: str = "bulat"
    known: str = ""
    choices: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of file. What is not said is the cautious answer.

    Of figures: ``default`` is the measure a bare "Jumlah" means where nothing else says it, ``implied`` goes without
    saying in such a table ("Jumlah KK"), ``shares`` says that it may measure percentages, ``flows`` that its figures
    count what happened over a time (recaps since 1 January are cumulative), ``of_places`` that they are features of
    places and stand in the village frame. In a ``free`` kind each header is an indicator of its own;
    ``free_protection`` is that of undeclared ones. Of kinds ``about_people`` no free text is stored.

    ``reader``, ``preview`` and ``locate`` are paths: of the class that reads a table of records or the function that
    examines boundaries, of the function that says what storing would do (records without one are counted), and of
    the function that says whether points lie where their rows say. ``fields`` are what a person may name a column of
    records; ``template`` are the columns of the workbook to fill in (none without).
    """

    name: str
    holds: Holds = Holds.FACTS
    default: str | None = None
    free: bool = False
    free_protection: Protection = Protection.GUARDED
    about_people: bool = True
    implied: str = ""
    shares: bool = False
    flows: bool = False
    of_places: bool = False
    reader: str = ""
    preview: str = ""
    locate: str = ""
    fields: tuple[str, ...] = ()
    template: tuple[TemplateColumn, ...] = ()

    @property
    def measures(self) -> list[Measure]:
        """The declared measures of the kind."""
        return [measure for measure in MEASURES.values() if measure.jenis == self.name]

    @property
    def named_fields(self) -> tuple[str, ...]:
        """What a column can be named by hand, the places first."""
        if self.holds is not Holds.FACTS:
            return self.fields
        own = self.fields if self.free else tuple(measure.key for measure in self.measures)
        return (*_PLACES, *_TIMES, *(("indikator", "nilai") if self.free else ("nilai", "jenis")), *own)

    @property
    def file_types(self) -> tuple[str, ...]:
        """Endings of the files it comes in."""
        return BOUNDARY_TYPES if self.holds is Holds.BOUNDARIES else TABLE_TYPES

    @property
    def text_keys(self) -> tuple[str, ...]:
        """The texts it must have in both languages."""
        keys = ("data.jenis", "data.bentuk", "dokumen.jenis", *(("templat.jenis",) if self.template else ()))
        return tuple(f"{key}.{self.name}" for key in keys)

    def classify(self, words: str) -> str | None:
        """The key of what a folded header, title or cell measures in a table of this kind; None for a free kind."""
        return next((measure.key for measure in self.measures if measure.named_by(words)), None)

    def jenis_of(self, measure: Measure) -> str:
        """The kind its facts of a measure are stored under: the measure's own, but never that of free indicators."""
        own = KINDS.get(measure.jenis)
        return self.name if own is None or (own.free and not self.free) else measure.jenis


_PLACE = (
    TemplateColumn("Kode Desa", "kode", "kode"),
    TemplateColumn("Desa", "teks", "nama"),
    TemplateColumn("Kecamatan", "teks", "kecamatan"),
    TemplateColumn("Kabupaten", "teks", "kabupaten"),
)
_YEAR = TemplateColumn("Tahun", "tahun")

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "batas",
            Holds.BOUNDARIES,
            reader="geo.boundaries.importing:examine_batas",
            preview="campaign.intake.preview_records:boundary_lines",
            fields=("kode", "nama"),
        ),
        Kind(
            "kasus",
            default="tppo",
            flows=True,
            template=(
                *_PLACE,
                _YEAR,
                TemplateColumn("Jumlah Kasus TPPO"),
                TemplateColumn("Jumlah PMI Bermasalah"),
                TemplateColumn("Jumlah PMI Meninggal"),
            ),
        ),
        Kind(
            "keberangkatan",
            default="prosedural",
            flows=True,
            template=(*_PLACE, _YEAR, TemplateColumn("PMI Prosedural"), TemplateColumn("PMI Nonprosedural")),
        ),
        Kind(
            "kemiskinan",
            default="penduduk_miskin",
            implied="miskin",
            shares=True,
            of_places=True,
            template=(
                *_PLACE,
                _YEAR,
                TemplateColumn("Jumlah Penduduk Miskin"),
                TemplateColumn("Jumlah Rumah Tangga Miskin"),
            ),
        ),
        Kind(
            "indikator",
            free=True,
            free_protection=Protection.OPEN,
            about_people=False,
            of_places=True,
            fields=("penduduk", "idm"),
            template=(
                *_PLACE,
                _YEAR,
                TemplateColumn("Jumlah Penduduk"),
                TemplateColumn("Rata-rata Lama Sekolah", "angka"),
                TemplateColumn("Air Minum Layak", "persen"),
                TemplateColumn("Sanitasi Layak", "persen"),
            ),
        ),
        Kind(
            "padanan",
            Holds.RECORDS,
            reader="data.intake.kinds.padanan:CrosswalkReader",
            preview="campaign.intake.preview_records:code_lines",
            fields=("kode", "nama", "kode_bps", "kode_lama", "nama_lama"),
            template=(
                TemplateColumn("Kode Desa", "kode", "kode"),
                TemplateColumn("Nama Desa", "teks", "nama"),
                TemplateColumn("Kode BPS", "kode", "kode_bps"),
                TemplateColumn("Kode Lama", "kode", "kode_lama"),
                TemplateColumn("Nama Lama", "teks"),
            ),
        ),
        Kind(
            "titik",
            Holds.RECORDS,
            reader="data.intake.kinds.titik:PointReader",
            preview="campaign.intake.preview_records:point_lines",
            locate="geo.points:misplaced",
            fields=("nama", "jenis", "lat", "lon", "koordinat", "kode", "desa", "kecamatan", "kabupaten"),
            template=(
                TemplateColumn("Nama", "teks"),
                TemplateColumn("Jenis", "pilihan", choices="data.intake.kinds.titik:CHOICES"),
                TemplateColumn("Lintang", "lintang"),
                TemplateColumn("Bujur", "bujur"),
                TemplateColumn("Kode Desa", "kode"),
            ),
        ),
        Kind(
            "sesi",
            Holds.RECORDS,
            reader="data.intake.kinds.sesi:SessionReader",
            preview="campaign.intake.preview_records:session_lines",
            fields=(
                "kode",
                "desa",
                "kecamatan",
                "kabupaten",
                "tanggal",
                "topik",
                "khalayak",
                "peserta",
                "peserta_l",
                "peserta_p",
                "pre",
                "post",
                "rujukan",
            ),
            template=(
                *_PLACE,
                TemplateColumn("Tanggal", "tanggal"),
                TemplateColumn("Topik", "teks"),
                TemplateColumn("Khalayak", "teks"),
                TemplateColumn("Peserta L"),
                TemplateColumn("Peserta P"),
                TemplateColumn("Nilai Pre Test", "persen"),
                TemplateColumn("Nilai Post Test", "persen"),
                TemplateColumn("Dirujuk"),
            ),
        ),
    )
}
"""Every kind by its name. Headers of templates stay in Bahasa: the intake knows them, and the office fills them in."""


def load(path: str) -> Any:
    """What a path ``module:name`` of a row stands for."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def fact_kinds(*, of_places: bool | None = None) -> list[str]:
    """Names of the kinds that hold figures; of places only, or of all others only, where ``of_places`` says."""
    return [kind.name for kind in KINDS.values() if kind.holds is Holds.FACTS and of_places in (None, kind.of_places)]


def free_kinds() -> list[str]:
    """Names of the kinds whose headers are indicators of their own: each is guarded or open by its words."""
    return [kind.name for kind in KINDS.values() if kind.free]


def wholly_open() -> list[str]:
    """Names of the kinds that hold no guarded figure, whatever is in the file."""
    return [
        kind.name
        for kind in KINDS.values()
        if not kind.free
        and (kind.holds is not Holds.FACTS or all(one.protection is Protection.OPEN for one in kind.measures))
    ]


def measure_of(key: str, jenis: str = "indikator") -> Measure:
    """What is known of a key; an undeclared indicator of a kind has no bounds, but a guarded one is never negative."""
    if key in MEASURES:
        return MEASURES[key]
    protection = protection_of(jenis, key)
    return Measure(key, jenis, protection=protection, lowest=0 if protection is Protection.GUARDED else None)


def protection_of(jenis: str, indikator: str) -> Protection:
    """How a stored figure is protected: as its measure says, as its free kind says of undeclared indicators, else
    guarded. An undeclared indicator whose words speak of people in trouble is guarded in every kind."""
    known = MEASURES.get(indikator)
    if known is not None and known.jenis == jenis:
        return known.protection
    kind = KINDS.get(jenis)
    if kind is None or not kind.free or speaks_of_persons(indikator):
        return Protection.GUARDED
    return kind.free_protection


def is_guarded(jenis: str, indikator: str) -> bool:
    """Whether a stored figure passes the disclosure rule."""
    return protection_of(jenis, indikator) is Protection.GUARDED
