"""Documents and list columns are declared once: what a row says is what screen, command, file and log do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
from docx import Document as WordDocument

from campaign.documents import registry
from campaign.documents.listing import columns as list_columns
from campaign.documents.listing.columns import LIST_COLUMNS, Annex, ListColumn, sheet_columns
from campaign.documents.registry import ACTION_ROW, BRIEFING, CLARIFICATION, DOCUMENTS, LIST, document_for, offered_on
from campaign.handover.columns import ColumnProtection, Origin
from campaign.handover.document import MIME, Destination, Document, DocumentRequest, Leak, Need, Screen
from campaign.handover.handing_over import document_content, hand_over_document
from campaign.handover.lists import TargetList, listed
from campaign.handover.log import handed_over, in_words
from campaign.handover.score_table import SCORE_COLUMNS
from cli import main
from data.domain.actor import owner
from data.errors import Refused, WrongUse
from data.store.store import Store
from risk.evaluation.leak_verdict import RESULT
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE, export_list, kept_variant
from words import LANGUAGES, catalogue, has, t

Speak = Callable[..., None]


@pytest.fixture
def target_list(planned: Planned) -> TargetList:
    return listed(planned.store, planned.plan, today=MADE)


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Speak:
    """Adds texts to the catalogue for one test: ``speak(key, id, en)``."""

    def add(key: str, indonesian: str, english: str) -> None:
        monkeypatch.setitem(catalogue(), key, {"id": indonesian, "en": english})

    return add


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.key)
def test_a_row_has_its_texts_types_and_a_way_to_get_it(document: Document) -> None:
    assert [key for key in document.text_keys() if not has(key)] == []
    assert set(document.formats) <= set(MIME)
    assert set(document.choices) <= set(document.formats)
    assert document.screens or document.command or document.made_by, "nobody could take it"
    assert document.leak is not Leak.NONE or document.key in ("kartu", "gambar")


def test_keys_and_names_of_files_tell_documents_apart() -> None:
    assert len({document.key for document in DOCUMENTS}) == len(DOCUMENTS)
    for lang in LANGUAGES:
        stems = [t(document.stem, lang) for document in DOCUMENTS if document.key != "gambar"]
        assert len(set(stems)) == len(stems)
    for command in registry.commands():
        rows = registry.made_by_command(command)
        formats = [suffix for document in rows for suffix in document.formats]
        assert len(set(formats)) == len(formats), "an extension decides which document a command makes"
        assert len({(document.needs, document.takes, document.asks_purpose) for document in rows}) == 1


def test_a_command_names_all_its_formats_when_it_knows_none() -> None:
    with pytest.raises(WrongUse) as caught:
        document_for("export", "daftar.exe")
    assert caught.value.params["allowed"] == ".xlsx, .csv, .gpkg, .geojson, .kml, .docx, .pdf"


def test_writers_know_the_formats_of_their_rows() -> None:
    from campaign.documents.action_row import RAD_FORMATS
    from campaign.documents.briefing.note import BRIEFING_FORMATS

    assert (ACTION_ROW.formats, BRIEFING.formats) == (RAD_FORMATS, BRIEFING_FORMATS)


def test_an_unfinished_row_cannot_be_written() -> None:
    wrongs: tuple[dict[str, Any], ...] = (
        {"writers": {}},
        {"writers": {".exe": lambda request, place: 0}},
        {"purpose": "penindakan"},
        {"needs": frozenset()},
    )
    for wrong in wrongs:
        with pytest.raises(TypeError):
            replace(LIST, **wrong)


def greeting(request: DocumentRequest, place: Destination) -> int:
    """What a throw-away document says: its list and its villages."""
    codes = [row["kode"] for row in request.listed().plan["villages"]]
    place.path.write_text("\n".join([request.listed().name, request.lang, *codes]), encoding="utf-8")
    return len(codes)


@pytest.fixture
def throw_away(monkeypatch: pytest.MonkeyPatch, speak: Speak) -> Document:
    """A document in one row, and its texts."""
    document = Document(
        key="percobaan",
        writers={".md": greeting},
        leak=Leak.PLAN,
        needs=frozenset({Need.LIST}),
        purpose="koordinasi",
        screens=(Screen.DOCUMENTS,),
        command="percobaan",
        said="cli.percobaan_ditulis",
    )
    monkeypatch.setattr(registry, "DOCUMENTS", (*DOCUMENTS, document))
    speak("serah.dokumen.percobaan", "lembar percobaan", "trial sheet")
    speak("dokumen.berkas.percobaan", "percobaan", "trial")
    speak("dokumen.untuk.percobaan", "siapa pun", "anybody")
    speak("dokumen.layar.percobaan.md", "Lembar percobaan (teks)", "Trial sheet (text)")
    speak("cli.bantuan_percobaan", "menulis lembar percobaan", "write a trial sheet")
    speak("cli.percobaan_ditulis", "{n} desa ditulis ke {berkas}.", "{n} villages written to {berkas}.")
    return document


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_document_in_one_row_goes_through_screen_command_file_and_log(
    throw_away: Document,
    planned: Planned,
    target_list: TargetList,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    lang: str,
) -> None:
    offered, suffix = offered_on(Screen.DOCUMENTS)["percobaan.md"]
    assert t(offered.label(suffix), lang) == {"id": "Lembar percobaan (teks)", "en": "Trial sheet (text)"}[lang]
    name = offered.list_file_name(target_list, suffix, today=MADE)
    assert name == f"percobaan-{target_list.name}-2026-11-20-DATA-CONTOH.md"
    request = DocumentRequest(lang=lang, purpose="pelaporan", target_list=target_list)
    content = document_content(owner("Kepala Bidang"), offered, request, name, planned.store, planned.workspace)
    codes = [row["kode"] for row in planned.plan["villages"]]
    assert content.decode().splitlines() == [target_list.name, lang, *codes]

    plan = tmp_path / "rencana.json"
    plan.write_text(json.dumps(planned.plan), encoding="utf-8")
    words = ["percobaan", plan, "--out", tmp_path / "uji.md", "--workspace", planned.workspace.path, "--json"]
    assert main([*map(str, words), "--lang", lang, "--user", "Staf"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (tmp_path / "uji.md").read_bytes() == content, "screen and command give the same file"
    assert (told["rows"], told["list"], told["data_contoh"]) == (len(codes), target_list.name, True)
    assert ("desa ditulis ke" if lang == "id" else "villages written to") in said.err
    assert main([*map(str, words[:3]), str(tmp_path / "uji.pdf"), *map(str, words[4:])]) == 2

    found = in_words(handed_over(planned.store, target_list.name), lang)
    title = t("serah.dokumen.percobaan", lang)
    newest = found.iloc[:2].to_numpy().tolist()
    assert [(row[1], row[2], row[4]) for row in newest] == [
        ("Staf", title, str(len(codes))),
        ("Kepala Bidang", title, str(len(codes))),
    ]
    purposes = [t(f"dokumen.tujuan_pakai.{one}", lang) for one in ("koordinasi", "pelaporan")]
    assert [row[5] for row in newest] == purposes, "the row's own purpose, unless another was named"
    assert newest[0][6] == newest[1][6] == told["sha256"][:12]


def test_a_column_without_a_value_cannot_be_made() -> None:
    told: dict[str, Any] = {
        "name": "cuaca",
        "meaning": "dokumen.kolom.cuaca",
        "origin": Origin.OFFICE,
        "protection": ColumnProtection.OPEN,
    }
    with pytest.raises(TypeError):
        ListColumn(**told)
    with pytest.raises(TypeError, match="no value function"):
        ListColumn(**told, value=None)  # type: ignore[arg-type]


def test_a_column_that_forgets_a_village_is_no_table(
    planned: Planned, target_list: TargetList, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(LIST_COLUMNS[0], name="pendek", value=lambda source: ["satu"])
    monkeypatch.setattr(list_columns, "LIST_COLUMNS", (*LIST_COLUMNS, short))
    from campaign.documents.listing.rows import list_rows

    with pytest.raises(ValueError, match="pendek"):
        list_rows(target_list, planned.store)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_column_in_one_row_is_in_every_file_and_in_the_dictionary(
    planned: Planned, target_list: TargetList, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, speak: Speak, lang: str
) -> None:
    speak("dokumen.kolom.cuaca", "Cuaca di desa ini", "Weather in the village")
    speak("sk.kolom.cuaca", "Cuaca", "Weather")
    column = ListColumn(
        name="cuaca",
        meaning="dokumen.kolom.cuaca",
        value=lambda source: [f"cerah di {kode}" for kode in source.rows["kode"]],
        origin=Origin.OFFICE,
        protection=ColumnProtection.OPEN,
        width=31,
        annex=Annex(8, "sk.kolom.cuaca", 2.0),
    )
    monkeypatch.setattr(list_columns, "LIST_COLUMNS", (*LIST_COLUMNS, column))
    wanted = [f"cerah di {row['kode']}" for row in sorted(planned.plan["villages"], key=lambda row: row["kode"])]
    paths = {suffix: tmp_path / f"daftar{suffix}" for suffix in (".xlsx", ".csv", ".geojson", ".docx")}
    for path in paths.values():
        export_list(target_list, path, planned.store, planned.workspace, lang=lang)
    book = openpyxl.load_workbook(paths[".xlsx"])
    heads = [cell.value for cell in book["Daftar"][1]]
    at = heads.index("cuaca") + 1
    assert [row[0].value for row in book["Daftar"].iter_rows(min_row=2, min_col=at, max_col=at)] == wanted
    assert book["Daftar"].column_dimensions[openpyxl.utils.get_column_letter(at)].width == pytest.approx(31, abs=1)
    meaning = {row[0].value: (row[1].value, row[2].value) for row in book["Kamus"].iter_rows(min_row=2)}
    assert meaning["cuaca"] == (t("dokumen.kolom.cuaca", lang), "Peta Aman")
    assert pd.read_csv(paths[".csv"])["cuaca"].tolist() == wanted
    assert sorted(pyogrio.read_dataframe(paths[".geojson"])["cuaca"]) == wanted
    annex = WordDocument(str(paths[".docx"])).tables[-1]
    assert [row.cells[-1].text for row in annex.rows] == [t("sk.kolom.cuaca", lang), *wanted]


def test_every_column_is_explained_and_none_of_a_score_leaves_as_a_number() -> None:
    for meaning in [*(one.meaning for one in LIST_COLUMNS), *(one.meaning for one in SCORE_COLUMNS)]:
        assert has(meaning), meaning
    assert {column.name for column in SCORE_COLUMNS if column.protection is ColumnProtection.SCORE} == {
        "skor",
        "skor_bawah",
        "skor_atas",
        "p_top",
    }
    assert not [column.name for column in LIST_COLUMNS if column.protection is ColumnProtection.SCORE]
    public = [column for column in LIST_COLUMNS if column.annex is not None]
    assert not [column.name for column in public if column.origin in (Origin.SCORE, Origin.INDICATOR)]
    assert len(sheet_columns()) == len(LIST_COLUMNS) - 1


def leaky_scores(store: Store) -> str:
    """A newer score version that gives villages' counts away."""
    table, version = store.scores.table("desa"), store.scores.needed_version()
    cases = store.facts.read(jenis="kasus").groupby("kode")["value"].sum().reindex(table["kode"], fill_value=0.0)
    leaky = (cases + np.random.default_rng(2).random(len(cases))).rank(pct=True) * 100
    meta = {name: getattr(version, name) for name in ("input_version", "boundary_version", "n_top", "data_contoh")}
    return str(store.scores.save(meta, table.assign(skor=leaky.to_numpy())))


def test_the_leak_test_is_of_the_score_a_document_was_made_from(planned: Planned, tmp_path: Path) -> None:
    """A list of a sound version may leave when a newer one leaks; one of a leaking version may not, whatever is newer.
    What shows the newest score beside the list is tested for both."""
    store, workspace, sound = planned.store, planned.workspace, planned.store.scores.needed_version()
    good = listed(store, planned.plan, today=MADE)
    leaks = leaky_scores(store)

    def hand(document: Document, target_list: TargetList, name: str) -> int:
        request = DocumentRequest(target_list=target_list)
        return hand_over_document(owner("uji"), document, request, tmp_path / name, store, workspace).rows

    assert hand(ACTION_ROW, good, "rad.xlsx") == 30
    assert hand(LIST, good, "daftar.csv") == 30
    for document, name in ((BRIEFING, "nota.pdf"), (CLARIFICATION, "k.pdf")):
        with pytest.raises(Refused) as caught:
            hand(document, good, name)
        assert caught.value.params["version"] == leaks

    bad = listed(store, kept_variant(store, planned.plan, score_version=leaks), today=MADE)
    meta = {name: getattr(sound, name) for name in ("input_version", "boundary_version", "n_top", "data_contoh")}
    newest = store.scores.save(meta, store.scores.table("desa", sound.versi))
    kept = store.results.get(RESULT, f"{sound.versi}:{store.input_version()}")
    store.results.save(RESULT, f"{newest}:{store.input_version()}", kept, "uji")  # the same numbers: the same verdict
    for document, name in ((ACTION_ROW, "x.xlsx"), (LIST, "x.csv"), (BRIEFING, "x.pdf"), (CLARIFICATION, "y.pdf")):
        with pytest.raises(Refused) as caught:
            hand(document, bad, name)
        assert (caught.value.reason, caught.value.params["version"]) == ("SCORE_LEAKS", leaks)
        assert not (tmp_path / name).exists()


def test_a_document_without_a_score_says_so(place: tuple[Any, Any], tmp_path: Path) -> None:
    workspace, store = place
    for document in DOCUMENTS:
        if Need.SCORE in document.needs and Need.LIST not in document.needs:
            with pytest.raises(WrongUse) as caught:
                hand_over_document(
                    owner("uji"), document, DocumentRequest(), tmp_path / f"a{document.formats[0]}", store, workspace
                )
            assert caught.value.reason == "NO_SCORE"
    assert list(tmp_path.glob("a.*")) == []


def test_the_page_of_documents_tells_what_there_is() -> None:
    """The table of docs/dokumen.md is what `scripts/document_table.py` writes from the rows."""
    from scripts.document_table import PAGE, table_between_marks, written

    assert table_between_marks(PAGE.read_text(encoding="utf-8")) == written()
