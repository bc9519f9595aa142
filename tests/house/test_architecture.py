"""The page on the architecture names modules and tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.test_house import ROOT

ROOMS = "words|data|geo|risk|campaign|commands|pages|tests|scripts|static|benchmarks"
PAGES = [ROOT / "docs" / "architecture.md", *sorted((ROOT / "docs" / "keputusan").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_the_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(
        r"`((?:words|data|geo|risk|campaign|commands|pages|tests|scripts|static|benchmarks)/[\w./-]*)`", text
    )
    missing = [path for path in named if not (ROOT / path).exists()]
    assert named or page.parent.name == "keputusan"
    assert missing == []


def test_the_glossary_has_a_term_once_and_both_languages() -> None:
    rows = (ROOT / "data" / "domain" / "glossary.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "istilah,english,kode,arti"
    terms = [row.partition(",")[0] for row in rows[1:]]
    assert len(terms) == len(set(terms))
    assert all(row.count(",") >= 3 for row in rows)
