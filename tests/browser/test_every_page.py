"""Every page in a real browser: nothing serious for assistive tools, no foreign word, no request outside."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Tab
from words import catalogue

NewTab = Callable[..., Tab]
HERE = Path(__file__).parent
ROUTER = HERE.parents[1] / "pages" / "start.py"
PAGES = re.findall(r'Entry\("(\w+)"', ROUTER.read_text(encoding="utf-8"))
QUERY = {"desa": "kode=53.04.01.2001"}
AXE = HERE / "axe-core-4.14.1" / "axe.min.js"
STREAMLITS = (
    "Browse files",
    "Drag and drop",
    "Press Enter",
    "Choose an option",
    "Choose options",
    "No results",
    "No options to select",
    "Search...",
    "Select all",
    "per file",
)
"""What Streamlit says itself in English when nobody gives it other words."""


def opened(new_tab: NewTab, page: str, lang: str, **options: Any) -> Tab:
    tab = new_tab(**options)
    query = "&".join(filter(None, [QUERY.get(page, ""), f"bahasa={lang}"]))
    tab.open(f"{page.replace('_', '-')}?{query}")
    tab.page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
    if page == "peta":
        tab.wait_painted()
    tab.quiet()
    tab.page.wait_for_timeout(700)
    return tab


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious(new_tab: NewTab, page: str, scheme: str) -> None:
    tab = opened(new_tab, page, "id", color_scheme=scheme)
    tab.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = tab.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    assert serious == []
    assert tab.watch.outside == []
    assert tab.watch.faults == []


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_speaks_the_other_language(new_tab: NewTab, page: str, lang: str) -> None:
    tab = opened(new_tab, page, lang)
    shown = " ".join(tab.page.locator("body").inner_text().split())
    other = "en" if lang == "id" else "id"
    foreign = sorted(
        text
        for texts in catalogue().values()
        for text in [plain(texts[other])]
        if len(text) > 12 and text not in everything(lang) and text in shown
    )
    assert foreign == []
    if lang == "id":
        assert [word for word in STREAMLITS if word in shown] == []


def plain(text: str) -> str:
    """A text of the catalogue as a browser shows it; empty when it is filled in."""
    return "" if "{" in text else " ".join(re.sub(r"[*`_\\]", "", text).split())


def everything(lang: str) -> str:
    return "\n".join(plain(texts[lang]) for texts in catalogue().values())
