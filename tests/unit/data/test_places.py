from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from province98 import make_gazetteer

from data.errors import Refused
from data.intake.cells.code_cells import CodeCell, read_code
from data.intake.cells.text import clean, header_key, name_key
from data.intake.places.gazetteer_index import GazetteerIndex, build_index
from data.intake.places.names import agreement, match_kabupaten, match_names
from data.intake.places.resolve import PlaceCells, Resolver, coded_row
from data.intake.places.systems import BPS, KEMENDAGRI, CodedRow, decide_system

GAZETTEER = make_gazetteer()
INDEX = build_index(GAZETTEER)
villages = st.sampled_from(GAZETTEER.to_dict("records"))


def rows(frame: pd.DataFrame, column: str, **names: str) -> list[CodedRow]:
    """Rows coded by one column of the gazetteer, with the names asked for (field=column)."""
    return [
        CodedRow(read_code(record[column]), **{field: str(record[source]) for field, source in names.items()})
        for record in frame.to_dict("records")
    ]


# -- code cells ------------------------------------------------------------------------------------------------


@given(villages, st.sampled_from(["{}", " {} ", "'{}", "\u200b{}"]))
def test_a_code_is_read_in_every_spelling_without_loss(village: dict[str, str], shape: str) -> None:
    dotted = village["kode"]
    digits = dotted.replace(".", "")
    for text in (dotted, digits, dotted.replace(".", "-"), dotted.replace(".", " "), dotted.replace(".", "/")):
        assert read_code(clean(shape.format(text))).digits == digits
    assert read_code(float(digits)).digits == digits
    assert read_code(f"{digits}.0").digits == digits
    assert read_code(f"{digits[0]}.{digits[1:]}E+09").digits == digits


@given(villages, st.integers(1, 6))
def test_digits_lost_in_scientific_notation_are_an_error_never_a_guess(village: dict[str, str], kept: int) -> None:
    digits = village["kode"].replace(".", "")
    text = f"{digits[0]},{digits[1 : 1 + kept]}E+09"
    assert read_code(text) == CodeCell(reason="CODE_PRECISION_LOST")


@given(st.text(max_size=15))
def test_any_text_is_a_code_nothing_or_a_reason(text: str) -> None:
    code = read_code(clean(text) or None)
    assert bool(code.digits) + bool(code.reason) <= 1
    assert code.digits.isdigit() or not code.digits


def test_a_kabupaten_code_in_a_number_cell_keeps_its_last_zero() -> None:
    assert read_code(53.1).digits == "5310"
    assert read_code(53.01).digits == "5301"
    assert read_code(53.015).reason == "BAD_CODE"


def test_codes_of_hdx_and_dotted_bps_codes_are_known_by_their_form() -> None:
    assert read_code("ID5303100005") == CodeCell("5303100005", BPS)
    assert read_code("53.03.100.005") == CodeCell("5303100005", BPS)
    assert read_code("53.03.10.2005") == CodeCell("5303102005", KEMENDAGRI)


# -- folding ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oe'sapa", "OESAPA"),
        ("Desa Tanah Merah", "tanah  merah"),
        ("Kel. Kelapa Lima", "KELAPA LIMA"),
        ("Wae Rebo II", "WAE REBO DUA"),
        ("W U L L A", "Wulla"),
        ("Kolilanang (Desa)", "KOLILANANG"),
        ("Taman\u00a0Sari\u200b", "Taman Sari"),
        ("Désa Béna", "Bena"),
        ("Kec. Amarasi", "Kecamatan Amarasi"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Wae Rebo I", "Wae Rebo II"), ("Oesapa", "Oesapa Barat"), ("Bena", "Lena")]
)
def test_names_that_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_headers_are_folded_the_same_however_they_are_written() -> None:
    for text in ("KODE_DESA", "Kode Desa", "kodeDesa", " kode  desa *)", "Kode-Desa"):
        assert header_key(text) == "kode desa"
    assert header_key("% Penduduk Miskin") == "persen penduduk miskin"


# -- which code system -----------------------------------------------------------------------------------------


def test_kemendagri_codes_with_their_names() -> None:
    assert decide_system(rows(GAZETTEER, "kode", desa="nama"), INDEX, None) == KEMENDAGRI


def test_bps_codes_with_their_names_are_read_as_bps_whatever_they_look_like() -> None:
    plain = GAZETTEER.assign(kode_bps=GAZETTEER["kode_bps"].str.replace(".", ""))
    assert decide_system(rows(plain, "kode_bps", desa="nama", kabupaten="kabupaten"), INDEX, None) == BPS


def test_kabupaten_codes_that_are_valid_in_both_systems_follow_the_names() -> None:
    swapped = [CodedRow(CodeCell("9801"), kabupaten="Cendana"), CodedRow(CodeCell("9802"), kabupaten="Kab. Lontar")]
    own = [CodedRow(CodeCell("9801"), kabupaten="Kab. Lontar"), CodedRow(CodeCell("9802"), kabupaten="Cendana")]
    assert decide_system(swapped, INDEX, None) == BPS
    assert decide_system(own, INDEX, None) == KEMENDAGRI


def test_codes_valid_in_both_systems_without_names_are_refused() -> None:
    with pytest.raises(Refused) as fault:
        decide_system([CodedRow(CodeCell("9801")), CodedRow(CodeCell("9802"))], INDEX, None)
    assert fault.value.reason == "CODE_SYSTEM_MISMATCH"


def test_dots_or_the_header_settle_codes_without_names() -> None:
    dotted = [CodedRow(CodeCell("9801", KEMENDAGRI)), CodedRow(CodeCell("9802", KEMENDAGRI))]
    assert decide_system(dotted, INDEX, None) == KEMENDAGRI
    plain = [CodedRow(CodeCell("9801")), CodedRow(CodeCell("9802"))]
    assert decide_system(plain, INDEX, BPS) == BPS
    assert decide_system(plain, INDEX, KEMENDAGRI) == KEMENDAGRI


def test_bps_codes_the_gazetteer_cannot_map_are_refused_not_read_as_other_villages() -> None:
    unmapped = build_index(GAZETTEER.assign(kode_bps=""))
    wrong = [
        CodedRow(CodeCell(own.replace(".", "")), desa=name)
        for own, name in zip(GAZETTEER["kode"], reversed(GAZETTEER["nama"].tolist()), strict=True)
    ]
    with pytest.raises(Refused) as fault:
        decide_system(wrong, unmapped, None)
    assert fault.value.reason == "CODE_SYSTEM_MISMATCH"


def test_one_wrong_row_does_not_change_the_system_of_a_file() -> None:
    mixed = rows(GAZETTEER, "kode", desa="nama")
    mixed[0] = CodedRow(mixed[0].code, desa="Tempat Lain")
    assert decide_system(mixed, INDEX, None) == KEMENDAGRI


# -- names -----------------------------------------------------------------------------------------------------


@given(villages)
def test_every_village_is_found_by_its_names_inside_its_parents(village: dict[str, str]) -> None:
    inside = match_kabupaten(INDEX, village["kabupaten"])
    assert inside == [village["kode_kab"]]
    found = match_names(INDEX, inside, village["kecamatan"].upper(), f"Desa {village['nama'].upper()}")
    assert found.kode == village["kode"]


@given(villages)
def test_without_its_kabupaten_a_name_is_only_proposed(village: dict[str, str]) -> None:
    found = match_names(INDEX, [], village["kecamatan"], village["nama"])
    assert found.kode is None or len({kode[:5] for kode, _ in found.candidates}) <= 1
    resolved = Resolver(INDEX, KEMENDAGRI, {"desa": "Desa"}).resolve(PlaceCells(2, {}, {"desa": village["nama"]}))
    assert resolved.area is None
    assert resolved.issues[0].reason == "AMBIGUOUS_NAME"


@given(villages, st.integers(0, 3))
def test_a_misspelt_name_is_proposed_never_chosen(village: dict[str, str], at: int) -> None:
    wrong = village["nama"][:at] + "q" + village["nama"][at + 1 :]
    cells = PlaceCells(7, {}, {"desa": wrong, "kecamatan": village["kecamatan"], "kabupaten": village["kabupaten"]})
    place = Resolver(INDEX, KEMENDAGRI, {"desa": "Desa"}).resolve(cells)
    assert place.area is None
    assert place.issues[0].reason == "AMBIGUOUS_NAME"
    assert all(proposal.row == 7 and proposal.similarity < 1 for proposal in place.proposals)
    if len(village["nama"]) > 6:
        assert village["kode"] in {proposal.kode for proposal in place.proposals}


def test_a_bare_name_shared_by_kabupaten_and_town_is_ambiguous() -> None:
    assert match_kabupaten(INDEX, "Lontar") == ["98.01", "98.71"]
    assert match_kabupaten(INDEX, "Kab. Lontar") == ["98.01"]
    assert match_kabupaten(INDEX, "KOTA LONTAR") == ["98.71"]
    place = Resolver(INDEX, KEMENDAGRI, {"kabupaten": "Kabupaten"}).resolve(PlaceCells(3, {}, {"kabupaten": "Lontar"}))
    assert {proposal.kode for proposal in place.proposals} == {"98.01", "98.71"}


def test_short_names_of_ntt_are_known_where_ntt_is_the_gazetteer() -> None:
    ntt = GAZETTEER.head(1).assign(
        kode="53.02.01.2001",
        kode_kec="53.02.01",
        kode_kab="53.02",
        kode_prov="53",
        kode_bps="",
        kabupaten="Kabupaten Timor Tengah Selatan",
    )
    index = build_index(ntt)
    assert match_kabupaten(index, "TTS") == ["53.02"]
    assert index.bps["5304"] == "53.02"
    assert "5304" not in INDEX.bps


# -- rows ------------------------------------------------------------------------------------------------------


def resolve(
    index: GazetteerIndex = INDEX, system: str = KEMENDAGRI, **cells: str | None
) -> tuple[str | None, str | None]:
    codes = {name: cell for name, cell in cells.items() if name.startswith("kode")}
    names = {name: str(cell) for name, cell in cells.items() if not name.startswith("kode")}
    place = Resolver(index, system, {name: name for name in cells}).resolve(PlaceCells(5, codes, names))
    return (place.area.kode if place.area else None, place.issues[0].reason if place.issues else None)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"kode": "98.01.01.2001", "desa": "Sukamaju"}, ("98.01.01.2001", None)),
        ({"kode": "98.01.01.2001", "desa": "Sukamajoe"}, ("98.01.01.2001", None)),
        ({"kode": "98.01.01.2001", "desa": "Wae Rebo II"}, (None, "NAME_CODE_MISMATCH")),
        ({"kode": "98.01.01.2001", "desa": "Sukamaju", "kabupaten": "Cendana"}, (None, "NAME_CODE_MISMATCH")),
        ({"kode": "98.01.01.2001", "kode_kab": "98.02"}, (None, "NAME_CODE_MISMATCH")),
        ({"kode": "98.01.01.2077"}, (None, "UNKNOWN_CODE")),
        ({"kode": "53.01.01.2001"}, (None, "OUTSIDE_PROVINCE")),
        ({"kode": "98.01.01.201"}, (None, "BAD_CODE")),
        ({"kode_desa": "98.01.01"}, (None, "WRONG_LEVEL")),
        ({"kode": "98.01.01"}, ("98.01.01", None)),
        ({"kode": "98.01"}, ("98.01", None)),
        ({"kode": "98.01.01.2903"}, ("98.01.01.2003", None)),
        ({"kode": None, "desa": ""}, (None, "BAD_CODE")),
        ({"kode_prov": "98", "kode_kab": "01", "kode_kec": "01", "kode_desa": "2002"}, ("98.01.01.2002", None)),
        ({"kabupaten": "Kab. Lontar", "kecamatan": "Pantai Timur", "desa": "Sukamaju"}, ("98.01.02.2001", None)),
        ({"kabupaten": "Kab. Lontar", "kecamatan": "Pantai Timur", "desa": ""}, ("98.01.02", None)),
        ({"kabupaten": "Kab. Lontar", "kecamatan": "", "desa": "tidak diketahui"}, ("98.01", None)),
        ({"kabupaten": "Kab. Lontar", "desa": "Sukamaju"}, (None, "AMBIGUOUS_NAME")),
        ({"kabupaten": "Kab. Lontar", "desa": "Tanah Merah Pantai"}, ("98.01.02.2002", None)),
        ({"kabupaten": "Kab. Entah", "kecamatan": "Pantai Timur", "desa": "Sukamaju"}, (None, "AMBIGUOUS_NAME")),
    ],
)
def test_rows_find_their_area_or_say_why_not(cells: dict[str, Any], expected: tuple[str | None, str | None]) -> None:
    assert resolve(**cells) == expected


def test_split_bps_codes_are_joined_and_mapped() -> None:
    cells = {"kode_prov": "98", "kode_kab": "2", "kode_kec": "10", "kode_desa": "1"}
    assert resolve(INDEX, BPS, **cells) == ("98.01.01.2001", None)


def test_retired_codes_are_reported_with_their_successor() -> None:
    place = Resolver(INDEX, KEMENDAGRI, {}).resolve(PlaceCells(2, {"kode": "9801012903"}, {"desa": "Wae Rebo 2"}))
    assert place.area is not None
    assert place.retired == "9801012903"


def test_a_numeral_tells_villages_of_one_name_apart() -> None:
    twins = GAZETTEER.head(2).assign(nama=["Mahal I", "Mahal II"])
    index = build_index(twins)
    first = index.areas[twins["kode"].iloc[0]]
    assert agreement(index, first, "MAHAL SATU", "", "") == "sama"
    assert agreement(index, first, "Mahal 2", "", "") == "beda"
    assert agreement(index, first, "Mahall I", "", "") == "mirip"


def test_coded_rows_carry_all_names() -> None:
    row = coded_row(PlaceCells(2, {"kode": 9801012001.0}, {"desa": "Sukamaju", "kecamatan": "-", "kabupaten": ""}))
    assert row == CodedRow(CodeCell("9801012001"), "Sukamaju", "", "", "")
