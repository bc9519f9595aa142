"""The page of sessions: one is entered, shows up in what is covered, and cannot be entered twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from data.workspace import Workspace

Open = Callable[..., AppTest]
KODE = "53.01.04.2003"


def enter(screen: AppTest, after: str = "") -> AppTest:
    screen.selectbox(key=f"sesi_desa{after}").set_value(KODE)
    screen.date_input(key=f"sesi_tanggal{after}").set_value(dt.date(2026, 11, 20))
    screen.number_input(key=f"sesi_laki{after}").set_value(12)
    screen.number_input(key=f"sesi_perempuan{after}").set_value(31)
    return screen.button(key=f"simpan_sesi{after}").click().run(timeout=60)


def test_a_session_is_entered_once(open_page: Open, demo_copy: Workspace) -> None:
    screen = enter(open_page(demo_copy, "sesi"))
    assert not screen.exception
    assert "Bokonusan" in screen.success[0].value
    figures = {metric.label: metric.value for metric in screen.metric}
    assert figures == {"Sesi": "1", "Desa": "1", "Hadir laki-laki": "10", "Hadir perempuan": "30", "Dirujuk": "–"}
    assert screen.selectbox(key="sesi_desa_1").value is None, "the form is empty again"
    again = enter(screen, after="_1")
    assert "sudah tersimpan" in again.warning[0].value
    store = demo_copy.store()
    assert len(store.records.read("sesi")) == 1
    store.close()


def test_without_a_village_the_form_asks_for_one(open_page: Open, demo_copy: Workspace) -> None:
    screen = open_page(demo_copy, "sesi")
    screen.button(key="simpan_sesi").click().run()
    assert "Pilih desanya" in screen.error[0].value


def test_a_test_mean_above_a_hundred_cannot_be_typed_and_too_many_people_are_refused(
    open_page: Open, demo_copy: Workspace
) -> None:
    screen = open_page(demo_copy, "sesi")
    assert screen.number_input(key="sesi_pre").max == 100
    screen.selectbox(key="sesi_desa").set_value(KODE)
    screen.number_input(key="sesi_laki").set_value(15_000)
    screen.number_input(key="sesi_perempuan").set_value(10_000)
    screen.button(key="simpan_sesi").click().run(timeout=60)
    assert screen.error
    store = demo_copy.store()
    assert store.records.read("sesi").empty
    store.close()
