"""No text, page or document puts a mark on a village: not by words, not by colour."""

from __future__ import annotations

import re

import pytest

from tests.house.test_house import ROOT, tracked
from words import catalogue
from words.stigma import TERMS, is_red, stigma

MARKS = [
    "Desa Rawan",
    "desa  rawan TPPO",
    "daerah rawan",
    "kecamatan sangat rawan",
    "rawan perdagangan orang",
    "Zona Merah",
    "*desa merah*",
    "desa asal korban",
    "asal para korban",
    "kantong korban",
    "kampung korban",
    "kantong TPPO",
    "sarang calo",
    "desa tppo",
    "TKI ilegal",
    "pekerja migran ilegal",
    "PMI gelap",
    "kampung TKI",
    "pelaku di desa",
    "desa bermasalah",
    "warga bodoh",
    "hot zone",
    "hotbed",
    "dangerous village",
    "red zone",
    "trafficking village",
    "illegal migrants",
    "high-risk village",
    "crime-prone area",
    "wilayah berbahaya",
]
PLAIN = [
    "Desa Tanah Merah",
    "Kelurahan Merdeka",
    "Kecamatan Rawa",
    "desa prioritas sosialisasi",
    "PMI meninggal",
    "PMI bermasalah yang ditangani",
    "pekerja migran nonprosedural",
    "titik layanan",
    "batas wilayah",
    "warga desa",
    "data belum cukup",
    "village with priority",
    "risk of swapping",
    "Kampung Baru",
    "korban dilindungi undang-undang",
]
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
DRAWING = [
    path
    for path in tracked(".py", ".css", ".typ", ".js", ".svg", ".toml")
    if "tests" not in path.parts and "vendor" not in path.parts and "benchmarks" not in path.parts
]


@pytest.mark.parametrize("text", MARKS)
def test_a_term_that_marks_is_found_and_another_offered(text: str) -> None:
    found = stigma(f"Laporan: {text}.")
    assert found
    for _, term in found:
        assert all(instead and stigma(instead) == [] for instead in term.instead)


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_words_and_names_of_places_are_let_through(text: str) -> None:
    assert stigma(text) == []


def test_every_term_is_tried_above() -> None:
    used = {term for text in MARKS for _, term in stigma(text)}
    assert used == set(TERMS)


def test_no_text_of_the_catalogue_or_the_pages_of_help_marks_a_village() -> None:
    assert {key: text for key, texts in catalogue().items() for text in texts.values() if stigma(text)} == {}
    for path in [*tracked(".typ"), ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        assert stigma(path.read_text(encoding="utf-8")) == [], path


def test_nothing_is_drawn_in_red() -> None:
    red = {
        str(path.relative_to(ROOT)): found
        for path in DRAWING
        if "stigma.py" not in path.name
        if (found := [c for c in COLOUR.findall(path.read_text(encoding="utf-8")) if is_red(c)])
    }
    assert red == {}


@pytest.mark.parametrize(
    ("colour", "red"),
    [
        ("#c00000", True),
        ("#f44336", True),
        ("#e33", True),
        ("#2d1e6b", False),
        ("#a86a00", False),
        ("#8b9099", False),
        ("#fff", False),
    ],
)
def test_red_is_told_from_other_colours(colour: str, red: bool) -> None:
    assert is_red(colour) is red
