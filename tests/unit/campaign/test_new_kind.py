"""A kind and an indicator registered in one place work everywhere, and are protected until they say otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import words
from campaign.intake.importing import Upload, commit, examine, undo
from campaign.intake.preview import preview
from campaign.intake.preview_text import lines_of
from campaign.intake.provenance import card
from campaign.intake.provenance_text import card_rows, use_lines
from campaign.intake.templates import template_name, template_workbook
from campaign.reading.snapshot import Snapshot
from cli import main
from data.disclosure import release_facts
from data.domain import kinds, measures
from data.domain.actor import EVERYWHERE, owner
from data.domain.kinds import KINDS, Kind, TemplateColumn
from data.domain.measures import MEASURES, Measure, Protection
from data.store.store import Store
from data.workspace import Workspace
from geo.frame import village_frame

KIND, MEASURE = "cobaan", "cobaan_orang"
TEXTS = {
    f"data.jenis.{KIND}": ("Jenis cobaan", "Throw-away kind"),
    f"data.bentuk.{KIND}": ("CSV: satu baris per desa.", "CSV: one row per village."),
    f"templat.jenis.{KIND}": ("cobaan", "throw-away"),
    f"dokumen.jenis.{KIND}": ("Cobaan", "Throw-away"),
    f"indikator.{MEASURE}": ("Orang cobaan", "Throw-away people"),
}
NEW = Kind(
    KIND,
    default=MEASURE,
    template=(
        TemplateColumn("Kode Desa", "kode", "kode"),
        TemplateColumn("Tahun", "tahun"),
        TemplateColumn("Jumlah Cobaan"),
    ),
)
VILLAGES = ("53.01.04.2003", "53.01.04.2004")


@pytest.fixture
def new_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind, its one measure (which says nothing of its protection) and their texts."""
    texts = {key: dict(zip(words.LANGUAGES, both, strict=True)) for key, both in TEXTS.items()}
    known = {**words.catalogue(), **texts}
    monkeypatch.setattr(words, "catalogue", lambda: known)
    monkeypatch.setitem(KINDS, KIND, NEW)
    monkeypatch.setitem(MEASURES, MEASURE, Measure(MEASURE, KIND, "orang", whole=True, lowest=0, says=("cobaan",)))


def table(header: str, values: tuple[float, ...], year: int = 2024) -> Upload:
    rows = "".join(f"{kode};{year};{value:g}\n" for kode, value in zip(VILLAGES, values, strict=False))
    return Upload("tabel.csv", f"Kode Desa;Tahun;{header}\n{rows}".encode())


@pytest.mark.usefixtures("new_kind")
@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_kind_works_from_template_to_undo(place: tuple[Workspace, Store], tmp_path: Path, lang: str) -> None:
    workspace, store = place
    path = tmp_path / template_name(KIND, "53.01")
    path.write_bytes(template_workbook(KIND, store, "53.01", lang=lang, year=2024))
    book = openpyxl.load_workbook(path)
    assert ("cobaan" if lang == "id" else "throw-away") in book["Petunjuk"]["A1"].value
    sheet: Any = book["Isian"]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 3, 3)
    book.save(path)

    found = examine(KIND, path, store, workspace)
    assert (found.report.outcome, found.report.reason) == ("ok", None)
    assert set(found.rows["jenis"]) == {KIND}
    assert set(found.rows["indikator"]) == {MEASURE}
    (part,) = preview(found, store).parts
    assert (part.changed, part.same) == (None, None), "what changes of a guarded figure is not told"
    said = "\n".join(lines_of(KIND, found, store, workspace, lang))
    assert TEXTS[f"indikator.{MEASURE}"][lang == "en"] in said

    batch = commit(owner("ani"), found, KIND, store, workspace)
    assert store.batches.all().set_index("batch").loc[batch, "jenis"] == KIND
    told = card(store, workspace, batch, EVERYWHERE)
    assert told is not None
    assert TEXTS[f"data.jenis.{KIND}"][lang == "en"] in dict(card_rows(told, lang)).values()
    assert use_lines(told, lang)
    theirs = card(store, workspace, batch)
    assert theirs is not None
    assert (theirs["rows_read"], theirs["sha256"], theirs["figures"], use_lines(theirs, lang)) == (None, None, [], [])
    assert set(release_facts(store.facts.read(jenis=KIND), role="publik")["value"]) == {None}

    undo(owner("ani"), batch, store, workspace)
    assert store.facts.read(jenis=KIND).empty


@pytest.mark.usefixtures("new_kind")
def test_a_kind_that_says_nothing_is_seen_nowhere_openly(place: tuple[Workspace, Store]) -> None:
    workspace, store = place
    commit(owner("ani"), examine(KIND, table("Jumlah Cobaan", (7, 8)), store, workspace), KIND, store, workspace)
    found = examine(KIND, table("Jumlah Cobaan", (8, 8)), store, workspace)
    told = preview(found, store)
    assert told.changes.empty
    assert [part.total for part in told.parts] == [">=10"]
    assert told.coverage == ()
    assert [(one.after, one.blank) for one in preview(found, store, owner("ani")).coverage] == [(2, [])]
    snapshot = Snapshot.load(workspace, store)
    assert KIND not in set(snapshot.figures["jenis"])
    assert MEASURE not in village_frame(store, workspace, geometry=False)


@pytest.mark.usefixtures("new_kind")
def test_the_command_line_takes_the_kind(
    place: tuple[Workspace, Store], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, store = place
    path = tmp_path / "tabel.csv"
    path.write_bytes(table("Jumlah Cobaan", (3,)).content)
    assert main(["import", KIND, str(path), "--workspace", str(workspace.path), "--json"]) == 0
    assert '"committed": true' in capsys.readouterr().out
    assert store.facts.read(jenis=KIND)["value"].tolist() == [3]
    assert main(["import", "ramalan", str(path), "--workspace", str(workspace.path)]) == 2


@pytest.mark.usefixtures("new_kind")
def test_a_kind_may_say_that_its_figures_are_public(
    place: tuple[Workspace, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, store = place
    monkeypatch.setitem(KINDS, KIND, replace(NEW, of_places=True))
    monkeypatch.setitem(MEASURES, MEASURE, replace(MEASURES[MEASURE], protection=Protection.OPEN))
    commit(owner("ani"), examine(KIND, table("Jumlah Cobaan", (7, 8)), store, workspace), KIND, store, workspace)
    assert preview(examine(KIND, table("Jumlah Cobaan", (9, 8)), store, workspace), store).changes["baru"].tolist() == [
        9
    ]
    assert village_frame(store, workspace, geometry=False).set_index("kode")[MEASURE].loc[VILLAGES[0]] == 7


def test_a_declared_indicator_is_read_by_its_aliases_and_within_its_bounds(
    place: tuple[Workspace, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, store = place
    one = Measure(
        "listrik", "indikator", "persen", Protection.OPEN, lowest=0, highest=100, aliases=frozenset({"kk berlistrik"})
    )
    monkeypatch.setitem(MEASURES, one.key, one)
    found = examine("indikator", table("KK Berlistrik 2024", (62.5, 140.0)), store, workspace)
    assert found.rows[["indikator", "value", "unit"]].to_numpy().tolist() == [["listrik", 62.5, "persen"]]
    assert [issue.reason for issue in found.report.errors] == ["OUT_OF_RANGE"]
    commit(owner("ani"), found, "indikator", store, workspace)
    assert Snapshot.load(workspace, store).figures["indikator"].tolist() == ["listrik"]
    monkeypatch.setitem(MEASURES, one.key, replace(one, protection=measures.Protection.GUARDED))
    assert Snapshot.load(workspace, store).figures.empty
    assert kinds.is_guarded("indikator", "listrik")


@pytest.mark.parametrize(("header", "seen"), [("Rasio Guru", True), ("Korban Kekerasan", False)])
def test_an_undeclared_indicator_is_open_unless_it_speaks_of_persons(
    place: tuple[Workspace, Store], header: str, seen: bool
) -> None:
    workspace, store = place
    commit(owner("ani"), examine("indikator", table(header, (7, 8)), store, workspace), "indikator", store, workspace)
    key = header.lower().replace(" ", "_")
    assert store.facts.read()["indikator"].tolist() == [key, key]
    assert (key in village_frame(store, workspace, geometry=False)) == seen
    assert len(Snapshot.load(workspace, store).figures) == (2 if seen else 0)
    told = preview(examine("indikator", table(header, (9, 8)), store, workspace), store)
    assert len(told.changes) == (1 if seen else 0)
    refused = examine("indikator", table(header, (-1, 8)), store, workspace)
    assert [issue.reason for issue in refused.report.errors] == ([] if seen else ["NEGATIVE"])
