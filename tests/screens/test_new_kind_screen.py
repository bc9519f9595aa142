"""A kind registered in one place is offered, previewed, stored and listed on the page of data in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

import words
from data.workspace import Workspace
from tests.screens.test_data_masuk import press, upload
from tests.screens.test_pages import words_on
from tests.unit.campaign.test_new_kind import KIND, MEASURE, TEXTS, new_kind, table

__all__ = ["new_kind"]
Open = Callable[..., AppTest]


@pytest.mark.usefixtures("new_kind")
@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_new_kind_is_brought_in_on_the_screen(open_page: Open, demo_copy: Workspace, lang: str) -> None:
    screen = open_page(demo_copy, "data_masuk", lang)
    assert TEXTS[f"data.jenis.{KIND}"][lang == "en"] in screen.selectbox(key="jenis").options
    screen.selectbox(key="jenis").set_value(KIND).run()
    assert TEXTS[f"data.bentuk.{KIND}"][lang == "en"] in words_on(screen)
    screen = upload(screen, table("Jumlah Cobaan", (7, 8)).content, "tabel.csv")
    assert not screen.exception
    assert TEXTS[f"indikator.{MEASURE}"][lang == "en"] in words_on(screen).replace("\\", "")
    screen = press(screen, "simpan")
    assert not screen.exception
    store = demo_copy.store()
    assert store.facts.read(jenis=KIND)["value"].tolist() == [7, 8]
    store.close()
