"""The stored batches on the page of data in: cards of origin, sources that differ, an officer's preference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from campaign.intake.importing import Upload, commit, examine
from data.domain.actor import owner
from data.intake.examined import ImportOptions
from data.workspace import Workspace

Open = Callable[..., AppTest]


@pytest.fixture
def place(demo_copy: Workspace) -> Workspace:
    """Two sources of one index for five villages."""
    store = demo_copy.store()
    villages = store.gazetteer.villages().head(5)
    for source, value in (("Kemendes", "0,5"), ("Dinas PMD", "0,7")):
        lines = "\n".join(f"{kode};2024;{value}" for kode in villages["kode"])
        file = Upload(f"{source}.csv", f"Kode Desa;Tahun;Nilai IDM\n{lines}\n".encode())
        commit(
            owner("ani"),
            examine("indikator", file, store, demo_copy, ImportOptions(source=source)),
            "indikator",
            store,
            demo_copy,
        )
    store.close()
    return demo_copy


def words_on(screen: AppTest) -> str:
    kinds = ("markdown", "caption", "subheader", "error", "success", "warning")
    return "\n".join(str(element.value) for kind in kinds for element in getattr(screen, kind)).replace("\\", "")


def idm(elements: Any) -> Any:
    return next(element for element in elements if "_idm_desa" in element.key)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("id", ("5 dibaca = 5 tersimpan + 0 ditolak + 0 dilewati", "Tidak dipakai 5: ada yang disimpan kemudian")),
        ("en", ("5 read = 5 stored + 0 refused + 0 skipped", "Not used 5: another was stored later")),
    ],
)
def test_a_card_says_where_a_batch_came_from(
    open_page: Open, place: Workspace, lang: str, said: tuple[str, str]
) -> None:
    screen = open_page(place, "data_masuk", lang)
    label = next(option for option in screen.selectbox(key="kartu_asal_mana").options if "Kemendes.csv" in option)
    screen.selectbox(key="kartu_asal_mana").select(label.split(" · ")[0]).run()
    assert not screen.exception
    shown = words_on(screen)
    assert all(text in shown for text in said)
    assert "SHA-256" in shown
    assert "{" not in shown.replace("{{", "")


def test_a_source_is_preferred_with_a_reason_and_the_choice_undone(open_page: Open, place: Workspace) -> None:
    screen = open_page(place, "data_masuk")
    assert "Angka dari semua sumber tetap disimpan" in words_on(screen)
    idm(screen.selectbox).select("Kemendes")
    idm(screen.text_input).input("singkat")
    idm(screen.button).click().run()
    assert "Alasan terlalu pendek" in words_on(screen)
    idm(screen.text_input).input("Hubungi Bapak Yosef di 081234567890")
    idm(screen.button).click().run()
    assert "081234567890" not in words_on(screen)
    assert not [button for button in screen.button if button.key.startswith("lepas_")]
    idm(screen.text_input).input("Angka resmi kementerian")
    idm(screen.button).click().run()
    assert not screen.exception
    shown = words_on(screen)
    assert "Kemendes kini diutamakan untuk IDM" in shown
    assert "Alasan: Angka resmi kementerian" in shown
    undo = next(button for button in screen.button if button.key.startswith("lepas_"))
    undo.click().run()
    assert "Pilihan sumber dibatalkan" in words_on(screen)
    store = place.store()
    assert store.preferences.all().empty
    assert {"prefer_source", "forget_preference"} <= set(store.audit.trail()["act"])
    store.close()
