"""Sessions held: village, day, people, topic, test means, referrals. Counts of people, never people."""

from __future__ import annotations

import re
from typing import Any

from data.intake.cells.periods import EARLIEST, month_first, read_date
from data.intake.cells.text import shorten, words_of
from data.intake.files.raw import Cell
from data.intake.header.synonyms import FIELD_OF
from data.intake.places.row_places import PlacedReader
from data.intake.report import RowIssue

_DAY = {
    "tanggal",
    "tgl",
    "date",
    "tanggal sesi",
    "tgl sesi",
    "tanggal kegiatan",
    "tgl kegiatan",
    "tanggal pelaksanaan",
    "tgl pelaksanaan",
    "tanggal sosialisasi",
    "tgl sosialisasi",
    "hari tanggal",
    "waktu pelaksanaan",
    "waktu",
    "session date",
    "hari tgl",
    "pelaksanaan",
}
_TOPIC = {"topik", "materi", "tema", "topic", "topik sesi", "judul", "materi sosialisasi", "bahan", "topik materi"}
_AUDIENCE = {"khalayak", "kelompok sasaran", "kelompok", "unsur peserta", "jenis peserta", "audience", "target group"}
_PEOPLE = re.compile(r"\b(?:peserta|hadir|kehadiran|participants?|attendees?|attendance)\b")
_MEN = re.compile(r"\b(?:l|lk|laki|laki laki|pria|male|men)\b")
_WOMEN = re.compile(r"\b(?:p|pr|perempuan|wanita|female|women)\b")
_PRE = re.compile(r"\bpre\b|\bpretes\w*|\bsebelum\b")
_POST = re.compile(r"\bpost\b|\bposttes\w*|\bpostes\w*|\bsesudah\b|\bsetelah\b")
_REFERRED = re.compile(r"\b(?:rujukan|dirujuk|referrals?|referred)\b")
_MOST_PEOPLE = 20_000


class SessionReader(PlacedReader):
    """Reads tables of sessions, one row a session; a row of a template without a day and people is passed over."""

    value_fields = ("tanggal", "peserta", "peserta_l", "peserta_p", "pre", "post", "rujukan")

    def field_of(self, key: str) -> str | None:
        if key in _DAY:
            return "tanggal"
        if key in _TOPIC:
            return "topik"
        if key in _AUDIENCE:
            return "khalayak"
        if _REFERRED.search(key):
            return "rujukan"
        if _POST.search(key):
            return "post"
        if _PRE.search(key):
            return "pre"
        if _PEOPLE.search(key) or key in (
            "l",
            "p",
            "lk",
            "pr",
            "laki laki",
            "perempuan",
            "jumlah laki laki",
            "jumlah perempuan",
            "jumlah l",
            "jumlah p",
        ):
            return "peserta_p" if _WOMEN.search(key) else "peserta_l" if _MEN.search(key) else "peserta"
        plain = FIELD_OF.get(key)
        if plain == "nilai" and key in ("jumlah", "jml", "total", "jumlah orang", "orang"):
            return "peserta"
        return "sumber" if plain == "sumber" else self.place_field(key)

    def lacking(self, fields: set[str]) -> str | None:
        if "tanggal" not in fields:
            return "tanggal"
        return None if fields & {"kode", "desa"} else "kode_desa"

    def unfilled(self, cells: list[Cell]) -> bool:
        return not self.text(cells, "topik")

    def prepare(self) -> None:
        super().prepare()
        order = month_first(self.cell(cells, "tanggal") for _, cells in self.body.data)
        self._us = bool(order)
        if order is None:
            self.remarks.append(RowIssue(None, None, "MIXED_DATES", {}))
        self._seen: dict[tuple[object, ...], int] = {}

    def read_row(self, number: int, cells: list[Cell]) -> list[dict[str, Any]]:
        area = self.area(number, cells)
        if area is not None and area.level != "desa":
            self.issue(number, self.place_column(), "WRONG_LEVEL", value=area.kode, level=area.level, expected="desa")
        day = self._day(number, cells)
        men, women, people = (
            self.number(number, cells, name, highest=_MOST_PEOPLE) for name in ("peserta_l", "peserta_p", "peserta")
        )
        pre, post = (self.number(number, cells, name, whole=False, highest=100) for name in ("pre", "post"))
        referred = self.number(number, cells, "rujukan", highest=_MOST_PEOPLE)
        if men is not None and women is not None:
            if people is not None and people != men + women:
                allowed = f"{men + women:g} (L {men:g} + P {women:g})"
                self.issue(number, "peserta", "OUT_OF_RANGE", value=f"{people:g}", allowed=allowed)
            people = men + women
            if people > _MOST_PEOPLE:
                self.issue(number, "peserta_l", "OUT_OF_RANGE", value=f"{people:g}", allowed=f"0–{_MOST_PEOPLE}")
        if area is None or day is None:
            return []
        population = self.index.population.get(area.kode)
        if people is not None and population is not None and people > population:
            name = "peserta" if "peserta" in self.columns.at else "peserta_l"
            self.issue(number, name, "EXCEEDS_POPULATION", value=people, population=population)
        topic = self.text(cells, "topik")
        key = (area.kode, day, words_of(topic))
        if (first := self._seen.setdefault(key, number)) != number:
            self.issue(number, self.place_column(), "DUPLICATE_KEY", other=str(first), kode=area.kode)
        return [
            {
                "kode": area.kode,
                "tanggal": day,
                "topik": topic,
                "khalayak": self.text(cells, "khalayak"),
                "peserta": people,
                "peserta_l": men,
                "peserta_p": women,
                "pre": pre,
                "post": post,
                "rujukan": referred,
                "source": self.text(cells, "sumber"),
                "row": number,
            }
        ]

    def totals(self) -> dict[str, float]:
        bad = {issue.row for issue in self.errors}
        good = [record for record in self.records if record["row"] not in bad]
        return {
            "sesi": float(len(good)),
            **{name: float(sum(record[name] or 0 for record in good)) for name in ("peserta", "rujukan")},
        }

    def _day(self, number: int, cells: list[Cell]) -> Any:
        cell = self.cell(cells, "tanggal")
        day = read_date(cell, self._us)
        shown = shorten("" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell))
        if day is None:
            self.issue(number, "tanggal", "DATE_UNPARSEABLE", value=shown)
        elif day > self.today:
            self.issue(number, "tanggal", "DATE_FUTURE", value=day.isoformat())
        elif day < EARLIEST:
            self.issue(number, "tanggal", "DATE_OUT_OF_RANGE", value=day.isoformat(), earliest=EARLIEST.isoformat())
        else:
            return day
        return None
