"""Service points and exits: what they are, where they lie, and whether that is where the row says.

Nothing is guessed: swapped axes and a missing minus are told, never mended. Whether a point lies in its village needs
geometry; whoever has it passes a function (`ImportOptions.locate`).
"""

from __future__ import annotations

import re
from typing import Any

from data.intake.cells.coordinates import Coordinate, is_pair, read_coordinate, read_pair
from data.intake.cells.text import name_key, shorten, words_of
from data.intake.files.raw import Cell
from data.intake.header.synonyms import FIELD_OF
from data.intake.places.row_places import PlacedReader

MARGIN = 0.5
"""Degrees around the gazetteer's points within which a coordinate may be the province's."""
LON_RANGE, LAT_RANGE = (94.0, 142.0), (-12.0, 7.0)
"""Indonesia, where a gazetteer has no points to go by."""

TYPES: dict[str, re.Pattern[str]] = {
    "ltsa": re.compile(r"\bltsa\b|\blayanan terpadu satu (?:atap|pintu)\b"),
    "bp3mi": re.compile(r"\bbp[23]mi\b|\bp4mi\b|\bp3mi\b|\bbp3tki\b|\blp3tki\b|\bkp2mi\b"),
    "imigrasi": re.compile(r"\bimigrasi\b|\bimmigration\b|\bkanim\b|\btpi\b|\bulp\b|\bukk\b|\bpaspor\b"),
    "lintas_batas": re.compile(r"\bplbn\b|\bplb\b|\blintas batas\b|\bpos perbatasan\b|\bborder\b|\bperbatasan\b"),
    "pelabuhan": re.compile(r"\bpelabuhan\b|\bport\b|\bharbou?r\b|\bferry\b|\bferi\b|\bdermaga\b|\bpelni\b"),
    "bandara": re.compile(r"\bbandara\b|\bbandar udara\b|\bairport\b|\blapangan terbang\b"),
    "polisi": re.compile(r"\bpol(?:isi|res|resta|sek|da|air|airud|ri)\b|\bpolice\b|\bkepolisian\b|\bppa\b"),
    "disnaker": re.compile(r"\bdis(?:naker\w*|nakertrans\w*|nakerkop\w*|kopnaker\w*)\b|\btenaga kerja\b|\bblk\w*\b"),
    "rumah_aman": re.compile(r"\bshelter\b|\brumah (?:aman|singgah|perlindungan)\b|\brptc\b|\bp2tp2a\b|\buptd ppa\b"),
    "kesehatan": re.compile(r"\brsud\b|\brumah sakit\b|\bpuskesmas\b|\bhospital\b|\bklinik\b"),
    "terminal": re.compile(r"\bterminal\b|\bagen(?:cy)? (?:bus|travel)\b"),
}
OTHER = "lainnya"
CHOICES = (*TYPES, OTHER)
"""Every type a point may have."""
_NAMES = {
    "nama",
    "name",
    "nama titik",
    "titik",
    "nama kantor",
    "kantor",
    "nama layanan",
    "nama tempat",
    "tempat",
    "instansi",
    "nama instansi",
    "nama unit",
    "fasilitas",
    "nama fasilitas",
    "nama lokasi",
    "nama pelabuhan",
    "nama pos",
    "nama titik layanan",
    "titik layanan",
}
_TYPE = {
    "jenis",
    "tipe",
    "type",
    "kategori",
    "jenis titik",
    "jenis layanan",
    "kategori titik",
    "category",
    "kelompok",
    "jenis fasilitas",
    "layanan",
}
_LAT = {
    "lat",
    "latitude",
    "lintang",
    "y",
    "koordinat y",
    "garis lintang",
    "lintang selatan",
    "ls",
    "koordinat lintang",
    "lat dd",
    "lintang ls",
    "titik lintang",
    "coord y",
    "lintang lat",
    "latitude y",
}
_LON = {
    "lon",
    "long",
    "lng",
    "longitude",
    "bujur",
    "x",
    "koordinat x",
    "garis bujur",
    "bujur timur",
    "bt",
    "koordinat bujur",
    "long dd",
    "lon dd",
    "bujur bt",
    "titik bujur",
    "bujur long",
}
_BOTH = {
    "koordinat",
    "coordinate",
    "coordinates",
    "lat long",
    "latlong",
    "lat lng",
    "latlng",
    "lat lon",
    "latlon",
    "titik koordinat",
    "gps",
    "koordinat gps",
    "lintang bujur",
    "koordinat lat long",
}


class PointReader(PlacedReader):
    """Reads tables of points, one row a point. The village (or a coarser area) may be named and is then checked."""

    place_fields = {**PlacedReader.place_fields, "nama": "nama"}  # noqa: RUF012
    value_fields = ("lat", "lon", "koordinat")
    open_headers = frozenset({"alamat", "alamat lengkap", "address"})

    def field_of(self, key: str) -> str | None:
        for name, keys in (("nama", _NAMES), ("jenis", _TYPE), ("lat", _LAT), ("lon", _LON), ("koordinat", _BOTH)):
            if key in keys:
                return name
        return "sumber" if FIELD_OF.get(key) == "sumber" else self.place_field(key)

    def lacking(self, fields: set[str]) -> str | None:
        if "nama" not in fields and "jenis" not in fields:
            return "nama"
        if "koordinat" in fields or {"lat", "lon"} <= fields:
            return None
        return "lon" if "lat" in fields else "lat"

    def harmless(self, name: str, cell: Cell) -> bool:
        """A pair of decimal degrees may have sixteen digits; it is no identity number."""
        return name == "koordinat" and isinstance(cell, str) and is_pair(cell)

    def prepare(self) -> None:
        super().prepare()
        self._seen: dict[tuple[str, str], int] = {}
        self._box = self.index.extent or (LON_RANGE[0], LAT_RANGE[0], LON_RANGE[1], LAT_RANGE[1])
        self._margin = MARGIN if self.index.extent else 0.0

    def read_row(self, number: int, cells: list[Cell]) -> list[dict[str, Any]]:
        area = self.area(number, cells) if self.names_place(number) else None
        name = self.text(cells, "nama") or self.text(cells, "jenis")
        kind = self._kind(number, cells, name)
        point = self._point(number, cells)
        first = self._seen.setdefault((name_key(name), kind), number)
        if first != number and name:
            self.issue(number, "nama", "DUPLICATE_KEY", other=str(first), kode=area.kode if area else "")
        if point is None:
            return []
        return [
            {
                "nama": name,
                "jenis": kind,
                "kode": area.kode if area else "",
                "lon": point[0],
                "lat": point[1],
                "source": self.text(cells, "sumber"),
                "row": number,
            }
        ]

    def finish(self) -> None:
        """Where each point lies, asked of whoever has the boundaries."""
        locate = self.options.locate
        if locate is None:
            return
        bad = {issue.row for issue in self.errors}
        points = [(one["row"], one["kode"], one["lon"], one["lat"]) for one in self.records if one["row"] not in bad]
        for row, (reason, params) in locate(points).items():
            self.issue(row, self._column("lat"), reason, **params)

    def totals(self) -> dict[str, float]:
        bad = {issue.row for issue in self.errors}
        return {"titik": float(sum(record["row"] not in bad for record in self.records))}

    # -- inside ------------------------------------------------------------------------------------------------

    def _kind(self, number: int, cells: list[Cell], name: str) -> str:
        told = words_of(self.text(cells, "jenis"))
        if told.replace(" ", "_") in CHOICES:
            return told.replace(" ", "_")
        for text in (told, words_of(name)) if not told else (told,):
            for kind, pattern in TYPES.items():
                if pattern.search(text):
                    return kind
        self.notes["TYPE_OTHER"].append(number)
        return OTHER

    def _column(self, axis: str) -> str:
        return "koordinat" if "koordinat" in self.columns.at else axis

    def _read(self, number: int, cells: list[Cell]) -> tuple[Coordinate, Coordinate] | None:
        pair = "lat" not in self.columns.at or "lon" not in self.columns.at
        lat, lon = (
            read_pair(self.cell(cells, "koordinat"))
            if pair
            else (read_coordinate(self.cell(cells, "lat")), read_coordinate(self.cell(cells, "lon")))
        )
        for axis, one in (("lat", lat), ("lon", lon)):
            columns = self.columns.at.get(self._column(axis), [])
            fault = self.table.faults.get((number, columns[0])) if columns else None
            if reason := fault or one.reason:
                shown = shorten(str(self.cell(cells, self._column(axis))))
                params = {"value": shown, "allowed": "0–59"} if reason != fault else {}
                self.issue(number, self._column(axis), reason, **params)
                return None
        if lat.value is None or lon.value is None or (lat.value == 0 and lon.value == 0):
            self.issue(number, self._column("lat" if lat.value is None else "lon"), "COORD_MISSING")
            return None
        return lat, lon

    def _point(self, number: int, cells: list[Cell]) -> tuple[float, float] | None:
        """(lon, lat) inside the province's frame, or a fault noted."""
        read = self._read(number, cells)
        if read is None:
            return None
        lat, lon = read
        assert lat.value is not None
        assert lon.value is not None
        axis = self._column("lat")
        if lat.axis == "lon" or lon.axis == "lat":
            self.issue(number, axis, "AXIS_SWAPPED")
            return None
        if self._inside(lon.value, lat.value):
            return lon.value, lat.value
        shown = f"{lat.value:.5g}; {lon.value:.6g}"
        if self._inside(lat.value, lon.value) or self._inside(lat.value, -lon.value):
            self.issue(number, axis, "AXIS_SWAPPED")
        elif abs(lat.value) > 90 or abs(lon.value) > 180:
            self.issue(number, axis, "OUT_OF_RANGE", value=shown, allowed="-90–90; -180–180")
        else:
            if self._inside(lon.value, -lat.value):
                self.notes["MINUS_MISSING"].append(number)
            self.issue(number, axis, "OUTSIDE_PROVINCE", value=shown)
        return None

    def _inside(self, lon: float, lat: float) -> bool:
        west, south, east, north = self._box
        return west - self._margin <= lon <= east + self._margin and south - self._margin <= lat <= north + self._margin
