"""What records that lie in an area share: finding the area of each row by code and name, as the figures do."""

from __future__ import annotations

from data.intake.cells.text import header_key
from data.intake.files.raw import Cell
from data.intake.header.synonyms import BPS_HEADERS, FIELD_OF, KEMENDAGRI_HEADERS
from data.intake.header.titles import parents_named
from data.intake.kinds.records import RecordReader
from data.intake.places.gazetteer_index import Area
from data.intake.places.resolve import PlaceCells, Resolver, coded_row
from data.intake.places.systems import BPS, KEMENDAGRI, decide_system

_CODES = {"kode": "kode", "kode_desa": "kode", "kode_kec": "kode_kec", "kode_kab": "kode_kab"}
_NAMES = ("desa", "kecamatan", "kabupaten", "provinsi")


class PlacedReader(RecordReader):
    """A reader whose rows name an area; `area` gives it, or notes why there is none."""

    place_fields = {  # noqa: RUF012
        "kode": "kode_desa",
        "kode_kec": "kode_kec",
        "kode_kab": "kode_kab",
        "desa": "desa",
        "kecamatan": "kecamatan",
        "kabupaten": "kabupaten",
        "provinsi": "provinsi",
    }

    def place_field(self, key: str) -> str | None:
        """The own field of a folded header that names an area."""
        plain = FIELD_OF.get(key, "")
        return _CODES.get(plain) or (plain if plain in _NAMES else None)

    def prepare(self) -> None:
        cells = {number: self._place_cells(number, row) for number, row in self.body.data}
        keys = {header_key(str(self.columns.label(name))) for name in ("kode", "kode_kec", "kode_kab")}
        hint = KEMENDAGRI if keys & KEMENDAGRI_HEADERS else BPS if keys & BPS_HEADERS else None
        system = decide_system([coded_row(one) for one in cells.values()], self.index, hint)
        labels = {name: str(self.columns.label(name)) for name in self.place_fields if name in self.columns.at}
        found = parents_named([*self.body.titles, self.table.sheet or ""], self.index)
        kabupaten = "" if "kabupaten" in self.columns.at else found[0]
        kecamatan = "" if "kecamatan" in self.columns.at else found[1]
        self._resolver = Resolver(self.index, system, labels, kabupaten, kecamatan)
        self._cells = cells

    def place_column(self) -> str:
        """The field whose column a fault of place is told in."""
        return next((name for name in ("kode", "desa", "kecamatan", "kabupaten") if name in self.columns.at), "kode")

    def names_place(self, number: int) -> bool:
        """Whether a row says anything about where it is."""
        cells = self._cells[number]
        return any(cell not in (None, "", "-") for cell in cells.codes.values()) or any(cells.names.values())

    def area(self, number: int, row: list[Cell]) -> Area | None:
        """The area of a row; faults, proposals and remarks are noted."""
        place = self._resolver.resolve(self._cells[number])
        self.errors += place.issues
        self.proposals += place.proposals
        if place.retired:
            self.notes["RETIRED_CODE"].append(number)
        if place.spelled:
            self.notes["NAME_SPELLING"].append(number)
        if place.how:
            self.notes["ALIAS_USED" if place.how == "alias" else "OLDER_NAME"].append(number)
        return place.area

    def _place_cells(self, number: int, row: list[Cell]) -> PlaceCells:
        codes = {
            layout: self.cell(row, name)
            for name, layout in (("kode", "kode"), ("kode_kec", "kode_kec"), ("kode_kab", "kode_kab"))
            if name in self.columns.at
        }
        names = dict(self.body.context.get(number, {}))
        for name in _NAMES:
            if name in self.columns.at:
                names[name] = self.text(row, name) or names.get(name, "")
        return PlaceCells(number, codes, names)
