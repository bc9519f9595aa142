"""Every screen over published figures alone: no number that is none, no share above the whole, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.workspace import Workspace
from tests.said import faults_of
from tests.screens.test_pages import TABLE, words_on

Open = Callable[..., AppTest]


def shown_on(screen: AppTest) -> str:
    """What a screen says, in its tables too."""
    tables = [element.value for kind in ("dataframe", "table") for element in getattr(screen, kind)]
    cells = [cell for one in tables for cell in pd.DataFrame(one).to_numpy().ravel() if isinstance(cell, str)]
    return "\n".join([words_on(screen), *(str(one.value) for one in screen.metric), *cells])


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("page", [*TABLE, "proyektor"])
def test_no_screen_says_what_is_no_number(open_page: Open, sums_only: Workspace, page: str, lang: str) -> None:
    screen = open_page(sums_only, "ringkasan" if page == "proyektor" else page, lang)
    if page == "proyektor":
        screen.toggle(key="proyektor").set_value(True).run()
    if page == "desa":
        screen.query_params["kode"] = "53.21.01.2001"
        screen.run()
    assert not screen.exception
    text = shown_on(screen)
    assert len(text) > (500 if page == "desa" else 60)
    assert faults_of(text) == []
    assert "lebih baik (" not in text, "what was not tested is not called better"
