"""The model page: what a version says before and after it was fully evaluated."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.store.store import Store
from data.workspace import Workspace
from pages.parts.model import pengujian
from words import t

Open = Callable[..., AppTest]

USE = ["Guna dan batas", "Setelan"]
WHOLE = {
    "mode": "truth",
    "lists": [100, 300],
    "rankings": [{"key": key, "oracle_100": 0.77, "oracle_300": 0.81} for key in ("published", "full", "past_counts")],
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


def await_end(workspace: Workspace) -> None:
    """Waits for the evaluation that goes on in the server."""
    now = pengujian.under_way(workspace)
    if now is not None and now.thread is not None:
        now.thread.join()


def stored(store: Store, workspace: Workspace, user: str = "", progress: Any = None) -> dict[str, Any]:
    progress("sumber", 0.7)
    store.results.save("evaluasi", store.scores.needed_version().versi, WHOLE, user)
    return WHOLE


def test_the_full_evaluation_is_asked_for_and_then_shown(
    open_page: Open, demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import risk.evaluation.evaluate

    monkeypatch.setattr(risk.evaluation.evaluate, "evaluate", stored)
    screen = open_page(demo_copy, "model")
    assert not screen.exception
    assert [tab.label for tab in screen.tabs] == ["Seberapa baik", *USE]
    assert "belum dibandingkan" in " ".join(str(one.value) for one in screen.markdown)
    screen.button(key="nilai").click().run()
    assert not screen.exception
    await_end(demo_copy)
    screen.run()
    assert [tab.label for tab in screen.tabs] == ["Seberapa baik", "Kerahasiaan", "Siapa terjangkau", *USE]
    (warned,) = screen.warning
    assert warned.value.startswith("**")
    assert "Angka sekitar 15 km" in warned.value.replace("\\", "")
    assert "nilai" not in {button.key for button in screen.button}
    cells = [cell for table in screen.table for cell in table.value.astype(str).to_numpy().ravel()]
    assert any("<10" in cell.replace("\\", "") for cell in cells)


def test_the_model_is_retired_with_a_reason_and_comes_back(
    open_page: Open, demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import risk.evaluation.evaluate

    monkeypatch.setattr(risk.evaluation.evaluate, "evaluate", stored)  # begun after each score, and long
    screen = open_page(demo_copy, "model")
    screen.button(key="hentikan").click().run()
    assert "10" in screen.error[0].value, "no reason, nothing kept"
    screen.text_input(key="alasan_henti").set_value("Menunggu penilaian berikut").run()
    screen.button(key="hentikan").click().run(timeout=240)
    assert not screen.exception
    await_end(demo_copy)
    screen.run()
    warned = screen.warning[0].value.replace("\\", "")
    assert "dihentikan" in warned
    assert "Menunggu penilaian berikut" in warned
    store = demo_copy.store()
    try:
        reasons = {row["faktor"] for rows in store.scores.table("desa")["alasan"] for row in rows}
    finally:
        store.close()
    assert reasons == {"pilihan.released_rate"}
    screen.button(key="model_lagi").click().run(timeout=240)
    await_end(demo_copy)
    screen.run()
    assert "dihentikan" not in words_on(screen)


def words_on(screen: AppTest) -> str:
    kinds = ("markdown", "caption", "success", "warning", "error")
    return "\n".join(str(one.value) for kind in kinds for one in getattr(screen, kind)).replace("\\", "")


def test_scoring_and_testing_are_told_step_by_step_and_the_test_may_be_left(
    open_page: Open, demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import risk.evaluation.evaluate

    leave, seen = threading.Event(), threading.Event()

    def slow(store: Store, workspace: Workspace, user: str = "", progress: Any = None) -> dict[str, Any]:
        progress("tahun", 0.1)
        seen.set()
        assert leave.wait(120)
        store.results.save("evaluasi", store.scores.needed_version().versi, WHOLE, user)
        return WHOLE

    monkeypatch.setattr(risk.evaluation.evaluate, "evaluate", slow)
    store = demo_copy.store()
    store.batches.undo(str(store.batches.all()["batch"].iloc[-1]), "uji")  # so that the score is older than the data
    store.close()
    screen = open_page(demo_copy, "data_masuk")
    screen.button(key="hitung_skor").click().run(timeout=240)
    assert not screen.exception
    assert seen.wait(120)
    assert "selesai dihitung" in words_on(screen)
    first, second = screen.status
    assert (first.state, second.state) == ("complete", "running"), "both steps, one after the other"
    assert [one.value for one in first.markdown] == [
        t(f"langkah.skor.{step}") for step in ("baca", "model", "urut", "simpan", "bocor")
    ]
    assert second.label == t("langkah.menguji")
    assert t("langkah.boleh_pergi") in words_on(screen)

    model = open_page(demo_copy, "model")
    assert t("langkah.menguji") in [one.label for one in model.status], "on the page where the result will be"
    assert "nilai" not in {button.key for button in model.button}
    assert t("model.putusan.belum_diuji") in words_on(model)
    leave.set()
    await_end(demo_copy)
    model.run()
    assert not model.exception
    assert not model.status
    assert t("model.putusan.belum_diuji") not in words_on(model)
    assert "Angka sekitar 15 km" in words_on(model)


def test_a_test_that_fails_leaves_the_score_untested_and_says_so(
    open_page: Open, demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import risk.evaluation.evaluate

    def broken(*_: Any) -> dict[str, Any]:
        raise ZeroDivisionError

    monkeypatch.setattr(risk.evaluation.evaluate, "evaluate", broken)
    screen = open_page(demo_copy, "model")
    screen.button(key="nilai").click().run()
    told = words_on(screen)  # already here when it fails before the page is drawn
    await_end(demo_copy)
    if "Pengujian terhenti" not in told:
        told = words_on(screen.run())
    assert not screen.exception
    assert "Pengujian terhenti (nomor" in told
    assert "nilai" in {button.key for button in screen.button}, "it may be tried again"
    screen.run()
    assert "Pengujian terhenti" not in words_on(screen), "said once"
