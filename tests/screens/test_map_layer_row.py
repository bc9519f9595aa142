"""A layer that is one row and its texts is on the map's screen: in its list, drawn, explained, and in the address."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import words
from campaign.maps.classes import FIVE, Ranges
from campaign.maps.registry import LAYERS, Layer
from campaign.maps.values import figures, has_years, years_of_figures
from data.batches import BatchMeta
from data.workspace import Workspace
from tests.screens.test_pages import map_arguments, words_on
from tests.throwaway import add_texts

KEY = "sumur_uji"


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_it_is_chosen_drawn_and_explained(
    open_page: Callable[..., AppTest], demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    row = Layer(
        key=KEY,
        values=figures,
        classes=Ranges(breaks=(10.0, 30.0, 50.0, 70.0), text="persen", colours=FIVE),
        unit="persen",
        shown=has_years,
        missing=KEY,
        indicators=(KEY,),
        years=years_of_figures,
        from_records=True,
    )
    monkeypatch.setitem(LAYERS, KEY, row)
    add_texts(monkeypatch, set(row.texts) - set(words.catalogue()))
    store = demo_copy.store()
    areas = store.gazetteer.areas("kabupaten")["kode"]
    rows = pd.DataFrame(
        {
            "indikator": KEY,
            "level": "kabupaten",
            "kode": areas,
            "value": range(len(areas)),
            "period_start": pd.Timestamp(2024, 1, 1),
            "period_end": pd.Timestamp(2024, 12, 31),
        }
    )
    store.facts.commit(BatchMeta("indikator", "Dinas Uji"), rows)
    store.close()
    screen = open_page(demo_copy, "peta", lang)
    assert f"[{lang} peta.lapisan.{KEY}]" in screen.selectbox(key="lapisan").options
    screen.selectbox(key="tingkat").set_value("kabupaten").run()
    screen.selectbox(key="lapisan").set_value(KEY).run()
    assert not screen.exception
    assert screen.query_params["lapisan"] == KEY
    said = words_on(screen).replace("\\", "")
    assert f"[{lang} peta.arti.{KEY}]" in said
    assert "Dinas Uji" in said
    assert FIVE[0] in map_arguments(screen)["feature_group"]
