"""The model page: what a version says before and after it was fully evaluated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.store.store import Store
from data.workspace import Workspace

Open = Callable[..., AppTest]

USE = ["Guna dan batas", "Setelan"]
WHOLE = {
    "tanggal": "2026-11-22",
    "band_changes": 0.02,
    "verdict": {"tested": 3, "beaten_by": ["kernel_rate"], "surely": [], "fallback": None},
    "disclosure": [
        {
            "key": "released_totals",
            "chosen": True,
            "oracle_100": 0.77,
            "oracle_300": 0.81,
            "auc_gain_over_public": 0.001,
            "auc_gain_within_kecamatan": 0.0,
        }
    ],
    "released": {"years": ["2024"], "rows": [{"kode": "53.01", "total": 60, "2024": "<10"}]},
    "feedback": {"visited": 3, "year": 2024, "ratio": None, "low": None, "high": None},
}


def test_the_full_evaluation_is_asked_for_and_then_shown(
    open_page: Open, demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import risk.evaluation.evaluate

    def stored(store: Store, workspace: Workspace, user: str = "", progress: Any = None) -> dict[str, Any]:
        progress("sumber", 0.7)
        store.results.save("evaluasi", store.scores.needed_version().versi, WHOLE, user)
        return WHOLE

    monkeypatch.setattr(risk.evaluation.evaluate, "evaluate", stored)
    screen = open_page(demo_copy, "model")
    assert not screen.exception
    assert [tab.label for tab in screen.tabs] == ["Seberapa baik", *USE]
    assert "belum dibandingkan" in " ".join(str(one.value) for one in screen.markdown)
    screen.button(key="nilai").click().run()
    assert not screen.exception
    assert [tab.label for tab in screen.tabs] == ["Seberapa baik", "Kerahasiaan", "Siapa terjangkau", *USE]
    (warned,) = screen.warning
    assert warned.value.startswith("**")
    assert "Angka sekitar 15 km" in warned.value.replace("\\", "")
    assert "nilai" not in {button.key for button in screen.button}
    cells = [cell for table in screen.table for cell in table.value.astype(str).to_numpy().ravel()]
    assert any("<10" in cell.replace("\\", "") for cell in cells)


def test_the_model_is_retired_with_a_reason_and_comes_back(open_page: Open, demo_copy: Workspace) -> None:
    screen = open_page(demo_copy, "model")
    screen.button(key="hentikan").click().run()
    assert "10" in screen.error[0].value, "no reason, nothing kept"
    screen.text_input(key="alasan_henti").set_value("Menunggu penilaian berikut").run()
    screen.button(key="hentikan").click().run(timeout=60)
    assert not screen.exception
    warned = screen.warning[0].value.replace("\\", "")
    assert "dihentikan" in warned
    assert "Menunggu penilaian berikut" in warned
    store = demo_copy.store()
    try:
        reasons = {row["faktor"] for rows in store.scores.table("desa")["alasan"] for row in rows}
    finally:
        store.close()
    assert reasons == {"pilihan.released_rate"}
    screen.button(key="model_lagi").click().run(timeout=60)
    assert not screen.warning
