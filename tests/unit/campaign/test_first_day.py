"""What an office has on its first day, published figures alone: no text says what the numbers do not.

Every sentence of the cards, the note, the slides, the atlas, the list and the score table, in both languages.
"""

from __future__ import annotations

import dataclasses
import itertools
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from campaign.documents.atlas import atlas_pages
from campaign.documents.briefing.note import page_values, write_briefing
from campaign.handover.lists import listed
from campaign.handover.score_table import score_rows
from campaign.model.card import model_card, read_card
from campaign.model.pairs import pair_words
from campaign.reading.card import area_card
from campaign.reading.snapshot import Snapshot
from campaign.reading.tables import area_table
from campaign.reading.village import expected_words
from data.domain.levels import DRAWN
from data.workspace import Workspace
from risk import pairs
from risk.evaluation.evaluate import evaluate
from risk.evaluation.leak_verdict import guard
from tests.said import faults_of
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE, all_text, docx_text, export_list, kept_plan
from words import LANGUAGES


@pytest.fixture(scope="module")
def first_day(sums_only: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planned]:
    folder = tmp_path_factory.mktemp("pertama") / "kerja"
    shutil.copytree(sums_only.path, folder)
    workspace = Workspace(folder)
    store = workspace.store()
    plan = kept_plan(store, workspace)
    guard(store, workspace)
    evaluate(store, workspace)
    yield Planned(workspace, store, plan)
    store.close()


@pytest.fixture(scope="module")
def snapshot(first_day: Planned) -> Snapshot:
    return Snapshot.load(first_day.workspace, first_day.store)


def test_the_faults_that_are_looked_for_are_found() -> None:
    assert faults_of("kemiskinan (nan%), None desa, 101%, 1.234,5 % dan inf") != []
    assert len(faults_of("(nan%)")) == len(faults_of("sekitar 101% desa")) == len(faults_of("nilai None")) == 1
    assert faults_of("100% dari 22, 99,9%, Nanga Panda, informasi") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cards_of_every_area_and_tables_of_every_level(snapshot: Snapshot, first_day: Planned, lang: str) -> None:
    said = []
    for level in DRAWN:
        codes = list(snapshot.places[level].index)
        for kode in codes if level != "desa" else codes[::7]:
            card = area_card(snapshot, kode, lang)
            assert card is not None
            said += [all_text(vars(card))]
            if level == "desa":
                said += expected_words(snapshot, kode, lang)
        said += area_table(snapshot, level, lang)[["selang", "peluang", "alasan"]].to_numpy().ravel().tolist()
    found = {fault for one in set(said) for fault in faults_of(one)}
    assert found == set()
    assert "menaikkan prioritas" in "\n".join(said) or lang == "en"
    content = first_day.store.results.get(pairs.RESULT, snapshot.versi)
    codes = list(snapshot.places["kabupaten"].index)
    for a, b in itertools.pairwise(codes):
        told = pair_words(content, a, b, snapshot.name, lang)
        assert told is not None
        assert faults_of("\n".join((told.verdict, *told.causes))) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_note_the_letter_the_slides_and_the_model_card(
    first_day: Planned, snapshot: Snapshot, tmp_path: Path, lang: str
) -> None:
    from pptx import Presentation

    store, workspace = first_day.store, first_day.workspace
    for target_list in (None, listed(store, first_day.plan, today=MADE)):
        facts = write_briefing(tmp_path / "nota.docx", snapshot, store, workspace, target_list, lang)
        write_briefing(tmp_path / "nota.pptx", snapshot, store, workspace, target_list, lang)
        deck = Presentation(str(tmp_path / "nota.pptx"))
        slides = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
        text = "\n".join([all_text(page_values(facts, "")), docx_text(tmp_path / "nota.docx"), *slides])
        assert faults_of(text) == []
        assert facts.warning == "", "what was not tested is not called worse"
    assert faults_of(read_card(model_card(store, lang), lang).decode()) == []


def test_the_list_and_the_score_table(first_day: Planned, tmp_path: Path) -> None:
    target_list = listed(first_day.store, first_day.plan, today=MADE)
    for lang in LANGUAGES:
        for name in ("daftar.xlsx", "daftar.docx"):
            export_list(target_list, tmp_path / name, first_day.store, first_day.workspace, lang=lang)
        book = openpyxl.load_workbook(tmp_path / "daftar.xlsx", read_only=True)
        cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
        assert {fault for one in set(cells) for fault in faults_of(one)} == set()
        assert faults_of(docx_text(tmp_path / "daftar.docx")) == []
        for level in DRAWN:
            rows = score_rows(first_day.store, level=level, lang=lang)
            reasons = rows[[f"alasan_{i}" for i in (1, 2, 3)]].to_numpy().ravel()
            assert {fault for one in set(reasons) for fault in faults_of(str(one))} == set()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_the_atlas(first_day: Planned, snapshot: Snapshot, tmp_path: Path) -> None:
    target_list = listed(first_day.store, first_day.plan, today=MADE)
    for lang in LANGUAGES:
        pdf, _ = atlas_pages(snapshot, first_day.workspace, target_list, "53.21", lang)
        (tmp_path / "atlas.pdf").write_bytes(pdf)
        read = subprocess.run(["pdftotext", "-layout", tmp_path / "atlas.pdf", "-"], capture_output=True, check=True)
        assert faults_of(read.stdout.decode()) == []


def test_no_covariate_is_a_reason_that_is_not_clear(first_day: Planned) -> None:
    from risk.scoring.covariates import CLEAR, COVARIATES

    for level in DRAWN:
        for reason in (one for own in first_day.store.scores.table(level)["alasan"] for one in own):
            if reason["faktor"] in COVARIATES and reason["arah"] in ("naik", "turun"):
                assert abs(reason["koef"]) >= CLEAR * reason["sd"]
                assert reason["koef"] * COVARIATES[reason["faktor"]].sign > 0


def test_an_open_store_of_an_earlier_program_reads_alike(first_day: Planned, snapshot: Snapshot) -> None:
    """Reasons stored as keys of sentences: every card opens, and no covariate is called a cause."""
    old = snapshot.scores["desa"].head(5).copy()
    row = {"kunci": "alasan.idm.naik", "nilai": {"nilai": 0.92, "rata": 0.63, "sumber": "Kemendes"}}
    old["alasan"] = pd.Series([[row, {"kunci": "alasan.tidak_menonjol", "nilai": {}}]] * 5, old.index, dtype=object)
    shown = dataclasses.replace(snapshot, scores={**snapshot.scores, "desa": old})
    card = area_card(shown, str(old.index[0]))
    assert card is not None
    assert card.reasons[0].startswith("Indeks Desa Membangun 0,92, rata-rata provinsi 0,63; pengaruhnya tidak diuji.")
