"""The plan page: budget in, villages out, one replaced with a reason, bad wishes said in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.workspace import Workspace

Open = Callable[..., AppTest]


def stored(workspace: Workspace) -> list[tuple[str, Any]]:
    store = workspace.store()
    try:
        return store.results("rencana")
    finally:
        store.close()


@pytest.fixture
def planned(open_page: Open, demo_copy: Workspace) -> AppTest:
    screen = open_page(demo_copy, "rencana")
    screen.number_input(key="rencana_banyak").set_value(60)
    screen.button(key="susun").click().run(timeout=120)
    assert not screen.exception
    return screen


def test_a_budget_gives_villages_figures_and_the_price_of_the_rules(planned: AppTest, demo_copy: Workspace) -> None:
    ((versi, plan),) = stored(demo_copy)
    assert planned.selectbox(key="rencana_versi").value == versi
    figures = {metric.label: metric.value for metric in planned.metric}
    assert figures["Desa"] == str(len(plan["villages"]))
    assert figures["Kabupaten/kota"] == "22/22"
    said = "\n".join(str(element.value) for element in planned.markdown)
    assert "60 hari tim" in said
    assert "karena pemerataan" in said
    assert plan["used_team_days"] <= 60


def test_a_village_left_out_with_a_reason_is_replaced(planned: AppTest, demo_copy: Workspace) -> None:
    ((_, first),) = stored(demo_copy)
    gone = first["villages"][3]["kode"]
    planned.selectbox(key="keluar_kode").set_value(gone)
    planned.run()
    planned.selectbox(key="keluar_alasan").set_value("O2")
    planned.button(key="tambah_keluar").click().run(timeout=120)
    planned.button(key="susun").click().run(timeout=120)
    assert not planned.exception
    plans = dict(stored(demo_copy))
    assert len(plans) == 2
    second = plans[planned.selectbox(key="rencana_versi").value]
    assert gone not in {row["kode"] for row in second["villages"]}
    assert second["excluded"] == [{"kode": gone, "alasan": "O2"}]


def test_local_knowledge_without_thirty_words_is_asked_for_more(planned: AppTest, demo_copy: Workspace) -> None:
    planned.selectbox(key="keluar_kode").set_value("53.20")
    planned.run()
    planned.selectbox(key="keluar_alasan").set_value("O4")
    planned.text_area(key="keluar_uraian").set_value("jauh sekali")
    planned.button(key="tambah_keluar").click().run(timeout=60)
    assert any("30 kata" in str(error.value) for error in planned.error)
    assert len(stored(demo_copy)) == 1


def test_rules_that_do_not_fit_the_budget_say_what_they_need(open_page: Open, demo_copy: Workspace) -> None:
    screen = open_page(demo_copy, "rencana")
    screen.number_input(key="rencana_banyak").set_value(3)
    screen.button(key="susun").click().run(timeout=120)
    assert any("hari tim" in str(error.value) for error in screen.error)
    assert stored(demo_copy) == []


def test_villages_from_the_basket_must_be_in(open_page: Open, demo_copy: Workspace) -> None:
    screen = open_page(demo_copy, "rencana")
    screen.session_state["keranjang"] = ["53.01.04.2003", "99.99.99.9999"]
    screen.run()
    assert screen.multiselect(key="rencana_wajib").value == ["53.01.04.2003"]
