"""Sheets that come back from villages, on the page of data in: typed in, decided, shown as to be done."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from campaign.reading.snapshot import Snapshot
from campaign.sessions.replies import decide, propose, tally
from campaign.sessions.sheet_code import sheet_code
from data.domain.actor import owner
from data.workspace import Workspace
from tests.screens.conftest import Open

KODE = "53.01.28.2002"


def typed(screen: AppTest, text: str) -> AppTest:
    screen.text_input(key="kode_lembar_0").set_value(text)
    return screen.run()


def counted(workspace: Workspace) -> object:
    store = workspace.store()
    try:
        return tally(store)
    finally:
        store.close()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_sheet_is_typed_in_and_its_field_is_free_again(demo_copy: Workspace, open_page: Open, lang: str) -> None:
    screen = typed(open_page(demo_copy, "data_masuk", lang), sheet_code(KODE).lower())
    assert not screen.exception
    lembar = sheet_code(KODE)
    screen.multiselect(key=f"salah_{lembar}").set_value(["pulau"]).run()
    screen.text_input(key=f"benar_{lembar}_pulau").set_value("Semau")
    screen.button(key="simpan_usulan").click().run()
    assert not screen.exception
    assert lembar in screen.success[0].value.replace("\\", "")
    assert screen.text_input(key="kode_lembar_1").value == ""
    assert "Semau" in screen.table[0].value.to_string()


def test_a_slip_and_a_word_about_people_are_told_and_nothing_is_kept(demo_copy: Workspace, open_page: Open) -> None:
    lembar = sheet_code(KODE)
    screen = typed(open_page(demo_copy, "data_masuk"), lembar[:-1] + ("0" if lembar[-1] != "0" else "1"))
    assert "tanda periksanya" in screen.error[0].value
    screen = typed(screen, lembar)
    screen.text_area(key=f"lain_{lembar}").set_value("ada korban di sini")
    screen.button(key="simpan_usulan").click().run()
    assert "jangan menulis kejadian" in screen.error[0].value
    assert "korban" not in screen.error[0].value
    assert counted(demo_copy).all == 0  # type: ignore[attr-defined]


def test_a_request_is_decided_and_then_stands_as_a_task_with_its_import(demo_copy: Workspace, open_page: Open) -> None:
    store = demo_copy.store()
    snapshot = Snapshot.load(demo_copy, store)
    first, second = propose(owner("x"), store, snapshot, sheet_code(KODE), {"angka.penduduk": "6500", "pulau": "Semau"})
    decide(owner("Kabid"), store, second, accept=False, reason="peta resmi berkata lain")
    store.close()
    screen = open_page(demo_copy, "data_masuk")
    screen.selectbox(key="usulan_nomor").set_value(first)
    screen.button(key="usulan_terima").click().run()
    assert not screen.exception
    told = " ".join(one.value for one in screen.markdown).replace("\\", "")
    assert "Masukkan lewat impor “Indikator lain per wilayah” dengan sumber “Lembar 5301-2820-02" in told
    assert counted(demo_copy).accepted == 1  # type: ignore[attr-defined]
    assert "peta resmi berkata lain" in screen.table[-1].value.replace(r"\\", "", regex=True).to_string()
