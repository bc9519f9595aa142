"""The governor's briefing: one page in the worst case, no village named, honest about what is not sure."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from campaign.documents.briefing import facts as saying
from campaign.documents.briefing.facts import briefing_facts
from campaign.documents.briefing.note import newest_list, page_values, province_map, write_briefing
from campaign.documents.writers.typeset import count_pages, set_images, set_pages
from campaign.handover.lists import freeze, listed
from campaign.maps.classes import NEED
from campaign.reading.snapshot import Snapshot
from campaign.statements.changes import change_sentences
from data.domain.actor import owner
from data.domain.score_version import ScoreVersion
from data.errors import WrongUse
from risk.scoring.score import METHOD
from tests.stand_ins import as_store
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE, all_text, cut_off, docx_text
from words.stigma import is_red, stigma


@pytest.fixture(scope="module")
def snapshot(planned_once: Planned) -> Snapshot:
    return Snapshot.load(planned_once.workspace, planned_once.store)


@pytest.fixture(scope="module")
def facts(planned_once: Planned, snapshot: Snapshot) -> saying.BriefingFacts:
    target_list = listed(planned_once.store, planned_once.plan, today=MADE)
    return briefing_facts(snapshot, planned_once.store, target_list)


@pytest.fixture(scope="module")
def drawn(planned_once: Planned, snapshot: Snapshot) -> str:
    return province_map(snapshot, planned_once.workspace)


def test_it_is_one_small_page(facts: saying.BriefingFacts, drawn: str) -> None:
    values = page_values(facts, drawn)
    assert count_pages("briefing", values) == 1
    assert len(set_pages("briefing", values)) <= 400_000
    assert not cut_off("briefing", values)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_it_is_one_page_in_the_worst_case(
    planned_once: Planned, snapshot: Snapshot, drawn: str, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """Long names, a year of figures each, sixty sources, a bold warning, three changes with their cause."""
    long = "Kabupaten Kepulauan Sangat Panjang Namanya Sekali"
    kinds = ("kasus", "keberangkatan", "kemiskinan", "indikator", "titik", "sesi", "padanan", "batas")
    held = pd.concat(
        [snapshot.batches.assign(source=f"Kantor {i} {long}; {long}", jenis=kind) for i in range(8) for kind in kinds],
        ignore_index=True,
    )
    changes = [f"{long}: 120 desa lebih banyak di Prioritas I–II."] * 3
    changes.append("Sebab: data baru (kejadian tercatat, kemiskinan, indikator) dan cara hitung berubah. " * 2)
    monkeypatch.setattr(saying, "change_sentences", lambda *_: changes)
    worst = dataclasses.replace(snapshot, batches=held, current=False)
    target_list = listed(planned_once.store, planned_once.plan, today=MADE)
    said = briefing_facts(worst, planned_once.store, target_list, lang)
    said = dataclasses.replace(
        said,
        warning=said.sure[-1] * 2,
        gaps=said.gaps[:1] * 4,
        trend=said.trend[:1] * 7,
        figures=tuple((value + "000", text * 2) for value, text in said.figures),
    )
    values = page_values(said, drawn)
    assert count_pages("briefing", values) == 1
    assert not cut_off("briefing", values), "everything is on the page"
    assert len(set_pages("briefing", values)) <= 400_000


def test_no_village_is_named(snapshot: Snapshot, facts: saying.BriefingFacts, drawn: str) -> None:
    text = all_text(page_values(facts, ""))
    words = set(re.findall(r"[A-Za-z][\w'’-]{3,}", text))
    above = {
        word
        for level in ("kecamatan", "kabupaten")
        for name in snapshot.places[level]["nama"]
        for word in re.findall(r"[\w'’-]+", name)
    } | {"Nusa"}
    villages = set(snapshot.places["desa"]["nama"]) - above
    ordinary = {"Data", "Desa", "Hal", "Fakta", "Analisis", "Nomor", "Tanda", "Peta", "Sumber", "Harapan"}
    assert words & villages <= ordinary
    assert not re.search(r"53\.\d\d\.\d\d\.\d{4}", text)
    assert re.findall(r"<text[^>]*>([^<]+)", drawn) == ["100 km"], "the map names nothing"


def test_it_says_what_it_must(facts: saying.BriefingFacts, planned_once: Planned) -> None:
    assert len(facts.core.split()) <= 30
    assert str(len(planned_once.plan["villages"])) in facts.core
    assert len(facts.figures) == 4
    assert facts.figures[3][0].endswith("/22")
    assert any("mungkin tertukar" in said for said in facts.sure)
    assert re.search(r"\d dari \d", " ".join(facts.sure))
    assert [value for _, value, full, _ in facts.trend if full][:3] == [87.0, 121.0, 106.0], "as published"
    assert any(note for _, _, full, note in facts.trend if not full)
    assert "BP3MI" in facts.trend_note
    assert len(facts.drivers) == 3
    assert facts.changes == ("Baru ada satu versi skor; perubahan belum dapat dibandingkan.",)
    assert len(facts.decisions) == 3
    assert facts.mark == "DATA CONTOH"
    assert planned_once.plan["score_version"] in facts.versions
    assert stigma(all_text(page_values(facts, ""))) == []


def test_numbers_and_dates_are_written_as_the_language_writes_them(
    planned_once: Planned, snapshot: Snapshot, facts: saying.BriefingFacts
) -> None:
    target_list = listed(planned_once.store, planned_once.plan, today=MADE)
    english = briefing_facts(snapshot, planned_once.store, target_list, "en")
    assert facts.figures[1][0].replace(".", ",") == english.figures[1][0]
    assert "20 November 2027" in facts.versions
    assert english.mark == "DATA CONTOH"


def test_without_a_list_it_speaks_of_the_score(planned_once: Planned, snapshot: Snapshot, drawn: str) -> None:
    said = briefing_facts(snapshot, planned_once.store, None)
    assert "Prioritas I atau II" in said.core
    assert "penyusunan rencana" in said.decisions[0]
    assert count_pages("briefing", page_values(said, drawn)) == 1


def test_when_poverty_alone_is_better_it_says_so_in_bold(
    planned_once: Planned, snapshot: Snapshot, facts: saying.BriefingFacts, drawn: str
) -> None:
    assert facts.warning == ""
    assert snapshot.version is not None
    rankings = [{"key": "published", "hit_100": 0.31}, {"key": "poverty", "hit_100": 0.42}]
    tested = dataclasses.replace(snapshot.version, evaluation={"mode": "rolling", "lists": [100], "rankings": rankings})
    said = briefing_facts(dataclasses.replace(snapshot, version=tested, judged={}), planned_once.store, None)
    assert "kemiskinan saja lebih baik (42%)" in said.warning
    assert any("31%" in one for one in said.sure)
    bare = dataclasses.replace(snapshot, version=dataclasses.replace(snapshot.version, evaluation={}), judged={})
    assert any("belum diuji" in one for one in briefing_facts(bare, planned_once.store, None).sure)


def test_changes_name_kabupaten_and_their_cause(planned_once: Planned, snapshot: Snapshot) -> None:
    assert snapshot.version is not None
    now = snapshot.history
    before = now.assign(versi="S1", created_at=now["created_at"] - pd.Timedelta(days=30))
    lower = before["kode"].str.startswith("53.06")
    before.loc[lower & before["prioritas"].isin(["I", "II"]), "prioritas"] = "III"
    twice = dataclasses.replace(snapshot, history=pd.concat([before, now], ignore_index=True))

    newest = snapshot.version

    class Versions:
        """A store that knows one more score version."""

        def __init__(self, **older: Any) -> None:
            self.older = dataclasses.replace(newest, **{"created_at": dt.datetime(2020, 1, 1), **older})
            self.scores = self

        def version(self, versi: str) -> ScoreVersion:
            return self.older if versi == "S1" else newest

    said = change_sentences(twice, as_store(Versions(input_version="lain")))
    assert said[0].startswith("Kabupaten Flores Timur:")
    assert "lebih banyak" in said[0]
    assert "data baru" in said[-1]
    assert "dihitung ulang" in change_sentences(twice, as_store(Versions()))[-1]
    params = {**snapshot.version.params, "draws": 100}
    assert "cara hitung berubah; datanya sama" in change_sentences(twice, as_store(Versions(params=params)))[-1]


@pytest.mark.parametrize(
    ("older", "why"),
    [
        ({"data_contoh": False}, "DATA CONTOH"),
        ({"n_top": 60}, "panjang daftarnya"),
        ({"evaluation": {"verdict": {"fallback": "poverty"}}}, "cara mengurutkan"),
        ({"params": {"metode": METHOD, "covariates": {}}}, "faktor yang dipakai"),
        ({"params": {}}, "cara menilai"),
    ],
)
def test_versions_that_cannot_be_compared_are_not_compared(snapshot: Snapshot, older: dict[str, Any], why: str) -> None:
    newest = snapshot.version
    assert newest is not None
    now = snapshot.history
    before = now.assign(versi="S1", created_at=now["created_at"] - pd.Timedelta(days=30), prioritas="III")
    twice = dataclasses.replace(snapshot, history=pd.concat([before, now], ignore_index=True))

    class Versions:
        """A store with an older version of another kind."""

        scores: Any

        def version(self, versi: str) -> ScoreVersion:
            assert newest is not None
            return dataclasses.replace(newest, versi="S1", **older) if versi == "S1" else newest

    store = Versions()
    store.scores = store
    (said,) = change_sentences(twice, as_store(store))
    assert said.startswith("Perubahan sejak versi S1 tidak disebut")
    assert why in said


def test_colours_keep_their_order_in_grey_and_none_is_red() -> None:
    grey = [0.2126 * int(c[1:3], 16) + 0.7152 * int(c[3:5], 16) + 0.0722 * int(c[5:7], 16) for c in NEED]
    assert grey == sorted(grey)
    assert min(b - a for a, b in itertools.pairwise(grey)) > 25
    assert not any(is_red(colour) for colour in NEED)


def test_the_letter_and_the_slides_say_the_same(
    planned_once: Planned, snapshot: Snapshot, facts: saying.BriefingFacts, tmp_path: Path
) -> None:
    from pptx import Presentation

    target_list = listed(planned_once.store, planned_once.plan, today=MADE)
    for suffix in (".docx", ".pptx"):
        write_briefing(tmp_path / f"nota{suffix}", snapshot, planned_once.store, planned_once.workspace, target_list)
    letter = docx_text(tmp_path / "nota.docx")
    deck = Presentation(str(tmp_path / "nota.pptx"))
    slides = "\n".join(shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame)
    assert len(deck.slides) == 6
    for text in (letter, slides):
        assert facts.core in text
        assert "DATA CONTOH" in text
        assert all(decision in text for decision in facts.decisions)
        assert all(one in text for one in (*facts.sure, *facts.gaps, *facts.drivers))
        assert stigma(text) == []
    assert (
        sum(
            shape.text_frame.text == "DATA CONTOH"
            for slide in deck.slides
            for shape in slide.shapes
            if shape.has_text_frame
        )
        == 6
    ), "the mark is on every slide"


def test_what_the_decision_is_asked_on(planned: Planned, snapshot: Snapshot) -> None:
    """The newest plan of this score; a frozen list in force goes before it."""
    found = newest_list(planned.store, planned.plan["score_version"])
    assert found is not None
    assert found.name == planned.plan["version"]
    made = freeze(owner("staf"), planned.store, planned.plan)
    again = newest_list(planned.store, planned.plan["score_version"])
    assert again is not None
    assert again.name == made.versi
    assert newest_list(planned.store, "S-lain") is not None, "a frozen list stays what is decided on"


def test_an_unknown_format_is_told(planned_once: Planned, snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(WrongUse) as caught:
        write_briefing(tmp_path / "nota.odt", snapshot, planned_once.store, planned_once.workspace, None)
    assert caught.value.reason == "UNKNOWN_FORMAT"


def test_the_page_is_printed_with_its_own_letters(facts: saying.BriefingFacts, drawn: str, tmp_path: Path) -> None:
    """Fonts lie in the file, so that it prints the same anywhere; poppler reads what it says."""
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    path = tmp_path / "nota.pdf"
    path.write_bytes(set_pages("briefing", page_values(facts, drawn)))
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "NOTA DINAS" in text
    assert "Seberapa yakin" in text
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts
    assert all(" yes yes " in line for line in fonts), "embedded and cut to what is used"


def test_the_map_for_slides_is_a_picture(facts: saying.BriefingFacts, drawn: str) -> None:
    pages = set_images("map", page_values(facts, drawn), ppi=60)
    assert len(pages) == 1
    assert pages[0].startswith(b"\x89PNG")


@pytest.mark.skipif(shutil.which("pdftohtml") is None, reason="poppler-utils is not installed")
@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_warning_is_printed_in_bold_letters_on_a_page_that_stays_one(
    planned_once: Planned, snapshot: Snapshot, drawn: str, tmp_path: Path, lang: str
) -> None:
    assert snapshot.version is not None
    rankings = [{"key": "published", "hit_100": 0.31}, {"key": "poverty", "hit_100": 0.42}]
    tested = dataclasses.replace(snapshot.version, evaluation={"mode": "rolling", "lists": [100], "rankings": rankings})
    target_list = listed(planned_once.store, planned_once.plan, today=MADE)
    said = briefing_facts(
        dataclasses.replace(snapshot, version=tested, judged={}), planned_once.store, target_list, lang
    )
    path = tmp_path / "nota.pdf"
    path.write_bytes(set_pages("briefing", page_values(said, drawn)))
    read = subprocess.run(["pdftohtml", "-xml", "-stdout", path], capture_output=True, text=True, check=True).stdout
    bold = " ".join(" ".join(re.findall(r"<b>([^<]*)</b>", read)).split())
    assert said.warning
    assert "42%" in said.warning
    assert said.warning.replace("- ", "") in bold.replace("- ", "")
    assert said.core.replace("- ", "") in bold.replace("- ", "")
    assert said.sure[0] not in bold, "not everything is bold"
    told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Pages:\s+1\n", told)
    assert re.search(r"Page size:\s+595\.\d+ x 841\.\d+ pts \(A4\)", told)
    assert path.stat().st_size <= 400_000


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed")
def test_its_classes_are_told_apart_on_a_grey_printer(facts: saying.BriefingFacts, drawn: str, tmp_path: Path) -> None:
    """The page is printed in grey; the boxes of the legend are as far apart there as eyes need."""
    import numpy as np
    from PIL import Image

    path = tmp_path / "nota.pdf"
    path.write_bytes(set_pages("map", page_values(facts, drawn)))
    subprocess.run(["pdftoppm", "-gray", "-r", "100", "-png", path, tmp_path / "grey"], check=True)
    grey = np.asarray(Image.open(next(tmp_path.glob("grey*.png"))).convert("L"))
    shades = [int(v) for v, n in zip(*np.unique(grey, return_counts=True), strict=True) if n > 40]
    wanted = [round(0.299 * int(c[1:3], 16) + 0.587 * int(c[3:5], 16) + 0.114 * int(c[5:7], 16)) for c in NEED]
    for shade in wanted:
        assert min(abs(shade - one) for one in shades) <= 6, (shade, shades)
    assert min(b - a for a, b in itertools.pairwise(wanted)) > 25
