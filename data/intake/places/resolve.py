"""From the cells of a row to one area: by code, by code and name, by names alone. Never by a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from data.domain.codes import dotted
from data.domain.provinces import PROVINCE_CODES
from data.intake.cells.code_cells import CodeCell, read_code
from data.intake.cells.text import shorten, words_of
from data.intake.files.raw import Cell
from data.intake.header.synonyms import CODE_FIELDS
from data.intake.places.gazetteer_index import Area, GazetteerIndex
from data.intake.places.names import Match, agreement, close_kabupaten, kabupaten_alias, match_kabupaten, match_names
from data.intake.places.systems import BPS, KEMENDAGRI, CodedRow, bps_area, kemendagri_area
from data.intake.report import Proposal, RowIssue

_LEVEL_OF_FIELD = {"kode_desa": "desa", "kode_kec": "kecamatan", "kode_kab": "kabupaten", "kode_prov": "provinsi"}
_UNKNOWN = {"tidak diketahui", "tdk diketahui", "belum diketahui", "tidak jelas", "lainnya", "lain lain", "unknown"}


@dataclass(frozen=True)
class PlaceCells:
    """The place cells of one row, by field; ``context`` are parents named elsewhere (title, merged cells above)."""

    row: int
    codes: Mapping[str, Cell]
    names: Mapping[str, str]

    def name(self, field_name: str) -> str:
        """A name cell, empty when blank or when it says that the place is not known."""
        text = self.names.get(field_name, "")
        return "" if text in ("-", "–", "?") or words_of(text) in _UNKNOWN else text


@dataclass
class Place:
    """What a row's cells came to: an area, or issues; plus proposals and remarks for the report."""

    area: Area | None = None
    issues: list[RowIssue] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    retired: str | None = None
    spelled: bool = False
    how: str = ""


def code_of(cells: PlaceCells) -> tuple[str, CodeCell]:
    """The finest code of a row and the field it came from; codes split over columns are joined."""
    joined = _joined(cells.codes)
    if joined is not None:
        return "kode_desa", joined
    for name in ("kode_desa", "kode", "kode_kec", "kode_kab", "kode_prov"):
        if name in cells.codes:
            code = read_code(cells.codes[name])
            if code.digits or code.reason:
                return name, code
    return "", CodeCell()


def coded_row(cells: PlaceCells) -> CodedRow:
    """What the decision about the code system needs of a row."""
    return CodedRow(
        code_of(cells)[1], cells.name("desa"), cells.name("kecamatan"), cells.name("kabupaten"), cells.name("nama")
    )


class Resolver:
    """Resolves the rows of one file; the code system was decided for all of them before."""

    def __init__(
        self, index: GazetteerIndex, system: str, labels: Mapping[str, str], kabupaten: str = "", kecamatan: str = ""
    ) -> None:
        self._index = index
        self._system = system
        self._labels = labels
        self._context = {"kabupaten": kabupaten, "kecamatan": kecamatan}

    def resolve(self, cells: PlaceCells) -> Place:
        """The area of a row, or why there is none."""
        province = PROVINCE_CODES.get(re.sub(r"^(?:provinsi|propinsi|prov) ", "", words_of(cells.name("provinsi"))))
        if province is not None and self._index.provinces and province not in self._index.provinces:
            return self._issue(cells, "provinsi", "OUTSIDE_PROVINCE", value=shorten(cells.name("provinsi")))
        field_name, code = code_of(cells)
        if code.reason:
            return self._issue(cells, field_name, code.reason, value=shorten(str(cells.codes.get(field_name, ""))))
        if not code.digits:
            return self._by_names(cells)
        retired = None
        if self._system == KEMENDAGRI or (code.system == KEMENDAGRI and len(code.digits) in (6, 10)):
            area = kemendagri_area(self._index, code.digits)
            if area is not None and area.kode.replace(".", "") != code.digits:
                retired = code.digits
        else:
            area = bps_area(self._index, code.digits)
        if area is None:
            return self._unknown(cells, field_name, code)
        wanted = _LEVEL_OF_FIELD.get(field_name)
        if wanted is not None and area.level != wanted:
            return self._issue(cells, field_name, "WRONG_LEVEL", value=area.kode, level=area.level, expected=wanted)
        verdict = agreement(
            self._index, area, cells.name("desa"), cells.name("kecamatan"), cells.name("kabupaten"), cells.name("nama")
        )
        if verdict == "beda" or not self._codes_agree(cells, area):
            return self._mismatch(cells, field_name, area)
        return Place(area, retired=retired, spelled=verdict == "mirip")

    def _by_names(self, cells: PlaceCells) -> Place:
        desa, kecamatan, kabupaten = (cells.name(name) for name in ("desa", "kecamatan", "kabupaten"))
        nama = cells.name("nama")
        if nama and not desa:
            if kecamatan:
                desa = nama
            elif kabupaten or (self._context["kabupaten"] and not self._kabupaten(nama)[0]):
                inside, _ = self._kabupaten(kabupaten or self._context["kabupaten"])
                if match_names(self._index, inside, nama, "").kode:
                    kecamatan = nama
                else:
                    desa = nama
            else:
                kabupaten = nama
        if not (desa or kecamatan or kabupaten):
            name = next((name for name in CODE_FIELDS if name in cells.codes), "")
            return self._issue(cells, name, "BAD_CODE" if name else "AMBIGUOUS_NAME", value="", count=0)
        inside_text = kabupaten or self._context["kabupaten"]
        inside, how = self._kabupaten(inside_text) if inside_text else ([], "")
        kecamatan_text = kecamatan or (self._context["kecamatan"] if desa else "")
        if inside_text and not inside:
            match = match_names(self._index, [], kecamatan_text, desa) if desa else Match()
            if match.kode is not None:
                match = Match(candidates=((match.kode, 1.0),))
            place = self._unmatched(cells, "kabupaten", inside_text, match)
            place.proposals += self._unmatched(cells, "kabupaten", inside_text, self._like(inside_text)).proposals
            return place
        if not desa and not kecamatan:
            if len(inside) == 1:
                return Place(self._index.areas[inside[0]], how=how)
            found = replace(self._like(kabupaten), candidates=tuple((code, 1.0) for code in inside))
            return self._unmatched(cells, "kabupaten", kabupaten, found)
        match = match_names(self._index, inside, kecamatan_text, desa)
        if match.kode is not None:
            return Place(self._index.areas[match.kode], how=match.how or how)
        return self._unmatched(cells, match.failed or "desa", desa or kecamatan, match)

    def _kabupaten(self, text: str) -> tuple[list[str], str]:
        """Codes of the kabupaten a text may name, and ``alias`` where a person said which one it is."""
        known = self._index.aliases.get(kabupaten_alias(self._index, text)) if self._index.aliases else None
        return ([known], "alias") if known in self._index.areas else (match_kabupaten(self._index, text), "")

    def _like(self, text: str) -> Match:
        """The kabupaten whose names are like a text that names none, for a person to choose from."""
        scope, key = kabupaten_alias(self._index, text)
        return Match(None, close_kabupaten(self._index, text), "kabupaten", scope=scope, key=key)

    def _unknown(self, cells: PlaceCells, field_name: str, code: CodeCell) -> Place:
        """A code the gazetteer does not know: by its names when it is BPS's, else an error with what may be meant."""
        digits = code.digits
        if self._system == BPS and cells.name("desa") and (cells.name("kabupaten") or cells.name("kecamatan")):
            return self._by_names(cells)
        if self._system == KEMENDAGRI and len(digits) not in (2, 4, 6, 10):
            return self._issue(cells, field_name, "BAD_CODE", value=digits)
        shown = dotted(digits) if self._system == KEMENDAGRI else digits
        if self._index.provinces and digits[:2] not in self._index.provinces:
            return self._issue(cells, field_name, "OUTSIDE_PROVINCE", value=shown)
        place = self._issue(cells, field_name, "UNKNOWN_CODE", value=shown)
        if cells.name("desa") and cells.name("kabupaten"):
            named_so = self._by_names(cells).proposals
            place.proposals = [replace(one, lingkup="", kunci="") for one in named_so if one.kode]
        named = shorten(cells.name("desa") or shown)
        place.proposals += [
            Proposal(cells.row, named, kode, 1.0)
            for kode in self._index.successors.get(digits, ())
            if self._system == KEMENDAGRI
        ]
        return place

    def _codes_agree(self, cells: PlaceCells, area: Area) -> bool:
        """Whether the coarser code columns of the row hold the area (codes split over columns are not checked)."""
        for name, own in (("kode_kab", area.kode_kab), ("kode_kec", area.kode_kec)):
            code = read_code(cells.codes.get(name))
            if own and code.digits and len(code.digits) >= 4:
                find = kemendagri_area if self._system == KEMENDAGRI else bps_area
                found = find(self._index, code.digits)
                if found is not None and found.kode != own:
                    return False
        return True

    def _mismatch(self, cells: PlaceCells, field_name: str, area: Area) -> Place:
        named = next((cells.name(name) for name in ("desa", "nama", "kecamatan", "kabupaten") if cells.name(name)), "")
        return self._issue(
            cells, field_name, "NAME_CODE_MISMATCH", value=shorten(named), kode=area.kode, nama=area.nama
        )

    def _unmatched(self, cells: PlaceCells, field_name: str, text: str, match: Match) -> Place:
        place = self._issue(cells, field_name, "AMBIGUOUS_NAME", value=shorten(text), count=len(match.candidates))
        above = [cells.name(name) or self._context[name] for name in ("kecamatan", "kabupaten")]
        where = ", ".join(shorten(name) for name in above if name and name != text)
        place.proposals = [
            Proposal(cells.row, shorten(text), code, similarity, match.scope, match.key, where)
            for code, similarity in match.candidates[:3] or ((("", 0.0),) if match.key else ())
        ]
        return place

    def _issue(self, cells: PlaceCells, field_name: str, reason: str, **params: object) -> Place:
        label = self._labels.get(field_name) or next(iter(self._labels.values()), None)
        return Place(issues=[RowIssue(cells.row, label, reason, dict(params))])


def _joined(codes: Mapping[str, Cell]) -> CodeCell | None:
    """Codes split over columns (``53 | 01 | 010 | 005``) as one; four digits of village are Kemendagri's way."""
    if not {"kode_kab", "kode_kec", "kode_desa"} <= set(codes):
        return None
    parts = {name: read_code(codes.get(name)).digits for name in ("kode_prov", "kode_kab", "kode_kec", "kode_desa")}
    prov, kab, kec, desa = parts.values()
    if not (kab and kec and desa) or len(kec) > 3 or len(desa) > 4 or len(kab) > 4:
        return None
    head = kab if len(kab) == 4 else prov + kab.zfill(2)
    if len(head) != 4:
        return None
    if len(desa) == 4:
        return CodeCell(head + kec.zfill(2)[-2:] + desa, KEMENDAGRI)
    return CodeCell(head + kec.zfill(3) + desa.zfill(3), BPS)
