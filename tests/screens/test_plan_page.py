"""The plan page: budget in, villages out, one replaced with a reason, bad requests said in words."""

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
        return store.results.all("rencana")
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
    second = plans[str(planned.selectbox(key="rencana_versi").value)]
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


def test_a_village_that_must_be_in_needs_a_reason(open_page: Open, demo_copy: Workspace) -> None:
    screen = open_page(demo_copy, "rencana")
    screen.multiselect(key="rencana_wajib").set_value(["53.01.04.2003"]).run()
    screen.button(key="susun").click().run(timeout=120)
    assert any("alasan" in str(error.value) for error in screen.error)
    assert stored(demo_copy) == []
    screen.selectbox(key="wajib_alasan").set_value("O6").run()
    screen.number_input(key="rencana_banyak").set_value(60)
    screen.button(key="susun").click().run(timeout=120)
    ((_, plan),) = stored(demo_copy)
    assert plan["wishes"]["must_reasons"] == {"53.01.04.2003": "O6"}


def test_decisions_and_the_last_plan_come_back_in_another_visit(
    planned: AppTest, open_page: Open, demo_copy: Workspace
) -> None:
    planned.session_state["keluar_arah"] = "hindari"
    planned.run()
    planned.selectbox(key="keluar_kode").set_value("53.20")
    planned.multiselect(key="hindari_bulan").set_value([1]).run()
    planned.button(key="tambah_hindari").click().run(timeout=60)
    assert not planned.exception
    later = open_page(demo_copy, "rencana")
    assert later.number_input(key="rencana_banyak").value == 60
    assert later.session_state["rencana_hindari"] == {"53.20": (1,)}
    later.button(key="susun").click().run(timeout=120)
    newest = dict(stored(demo_copy))[str(later.selectbox(key="rencana_versi").value)]
    assert newest["wishes"]["avoid"] == {"53.20": [1]}
    assert all(1 in row["musim_hindari"] for row in newest["villages"] if row["kode"].startswith("53.20."))
    assert any("tidak dijadwalkan pada Januari" in str(one.value) for one in later.markdown)


def test_a_schedule_is_made_on_the_screen(planned: AppTest, demo_copy: Workspace) -> None:
    planned.session_state["rencana_tab"] = "Jadwal"
    planned.run()
    planned.number_input(key="jadwal_tim").set_value(3)
    planned.text_input(key="jadwal_libur").set_value("25 Des")
    planned.button(key="susun_jadwal").click().run(timeout=60)
    assert any("bukan tanggal" in str(error.value) for error in planned.error)
    planned.text_input(key="jadwal_libur").set_value("25/12/2026, 1/1/2027")
    planned.button(key="susun_jadwal").click().run(timeout=60)
    assert not planned.exception
    store = demo_copy.store()
    schedule = store.results.get("jadwal", stored(demo_copy)[0][0])
    store.close()
    assert {trip["tim"] for trip in schedule["perjalanan"]} == {1, 2, 3}
    assert schedule["syarat"]["days_off"] == ["2026-12-25", "2027-01-01"]


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("Biaya", "Jumlah Rp"),
        ("Bantuan", "belum ada data untuk aturannya"),
        ("Pembanding", "Harga tiap lantai"),
        ("Undian", "SHA-256"),
    ],
)
def test_each_tab_says_what_it_is_about(planned: AppTest, tab: str, words: str) -> None:
    planned.session_state["rencana_tab"] = tab
    planned.run()
    assert not planned.exception
    assert words in "\n".join(str(one.value) for one in (*planned.markdown, *planned.caption))
