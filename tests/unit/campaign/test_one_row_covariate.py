"""A covariate is one row and its texts: a throw-away one goes from a file's figures to every place that shows it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import words
from campaign.documents.briefing.facts import briefing_facts
from campaign.handover.score_table import score_rows
from campaign.maps.classes import FIVE, Ranges
from campaign.maps.filter import reason_options
from campaign.maps.layers import available_layers, map_layer
from campaign.maps.registry import LAYERS, Layer
from campaign.maps.values import figures, has_years, years_of_figures
from campaign.model.card import model_card
from campaign.model.card_parts import Table
from campaign.model.pairs import pair_words
from campaign.reading.card import area_card
from campaign.reading.snapshot import Snapshot
from campaign.statements.factors import reason_name
from data.batches import BatchMeta
from data.domain.levels import DRAWN, Level
from data.domain.measures import MEASURES
from data.store.store import Store
from data.workspace import Workspace
from risk import pairs
from risk.scoring.covariates import COVARIATES, Covariate
from risk.scoring.score import score
from tests.throwaway import add_texts

NAME = "sumur_uji"
ROWS = list(COVARIATES.values())
ROW = Covariate(
    name=NAME,
    native=Level.DESA,
    unit="persen",
    why="for this test",
    step=10.0,
    sign=1,
    decimals=1,
    compared=True,
    layer=NAME,
)
LAYER = Layer(
    key=NAME,
    values=figures,
    classes=Ranges(breaks=(20.0, 40.0, 60.0, 80.0), text="persen", colours=FIVE),
    unit="persen",
    indicators=(NAME,),
    years=years_of_figures,
    shown=has_years,
    missing=NAME,
    from_records=True,
)


@dataclass(frozen=True)
class Scored:
    store: Store
    snapshot: Snapshot


@pytest.fixture(scope="module")
def scored(demo_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The demonstration workspace with a figure nobody declared before this test, scored anew."""
    folder = tmp_path_factory.mktemp("kovariat") / "workspace"
    shutil.copytree(demo_workspace.path, folder)
    workspace = Workspace(folder)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setitem(COVARIATES, NAME, ROW)
        monkeypatch.setitem(LAYERS, NAME, LAYER)
        add_texts(monkeypatch, set(LAYER.texts) - set(words.catalogue()))
        add_texts(monkeypatch, [key for key in ROW.texts if key.startswith("alasan")], "{nilai}, {rata}")
        add_texts(monkeypatch, [key for key in ROW.texts if key.startswith("alasan.belum_ada")])
        add_texts(monkeypatch, [key for key in ROW.texts if not key.startswith("alasan")])
        store = workspace.store()
        store.facts.commit(BatchMeta("indikator", "Dinas Uji"), _figures(store))
        score(store, workspace)
        yield Scored(store, Snapshot.load(workspace, store))
        store.close()


def _figures(store: Store) -> pd.DataFrame:
    """Of two villages in three, and much like the rate the model found, so that it surely learns from the figure."""
    rates = store.scores.table("desa").set_index("kode")["laju"].astype(float)
    known = rates[np.arange(len(rates)) % 3 > 0]
    return pd.DataFrame(
        {
            "indikator": NAME,
            "level": "desa",
            "kode": known.index,
            "value": (100 * known.rank(pct=True)).round(2).to_numpy(),
            "period_start": pd.Timestamp(2024, 1, 1),
            "period_end": pd.Timestamp(2024, 12, 31),
        }
    )


def test_every_card_of_every_level_speaks_of_it_in_both_languages(scored: Scored) -> None:
    said = {"naik": 0, "turun": 0, "belum_ada": 0}
    for level in DRAWN:
        for kode in scored.snapshot.places[level].index:
            for lang in words.LANGUAGES:
                card = area_card(scored.snapshot, kode, lang)
                assert card is not None
                assert card.reasons
                for way, key, does in (
                    ("naik", f"alasan.{NAME}", {"id": "menaikkan", "en": "raises"}),
                    ("turun", f"alasan.{NAME}", {"id": "menurunkan", "en": "lowers"}),
                    ("belum_ada", f"alasan.belum_ada.{NAME}", {"id": "", "en": ""}),
                ):
                    said[way] += any(f"[{lang} {key}]" in one and does[lang] in one for one in card.reasons)
    assert min(said.values()) > 50
    reasons = [one for own in scored.snapshot.scores["desa"]["alasan"] for one in own]
    numbers = [one["nilai"] for one in reasons if one["faktor"] == NAME and one["nilai"] is not None]
    assert numbers == [round(number, 1) for number in numbers]
    assert any(number > 20 and number % 1 for number in numbers)  # the row's own decimals, not three figures


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_export_filter_pairs_note_and_model_card_speak_of_it(scored: Scored, lang: str) -> None:
    rows = score_rows(scored.store, lang=lang)
    assert rows[[f"alasan_{i}" for i in (1, 2, 3)]].apply(lambda column: column.str.contains(NAME)).any(axis=None)
    names = [reason_name(key, lang) for key in reason_options(scored.snapshot) if NAME in key]
    assert len(names) == 3
    assert all(f"[{lang} peta.faktor.{NAME}]" in name for name in names)
    assert any(NAME in line for line in briefing_facts(scored.snapshot, scored.store, None, lang).drivers)

    version = scored.store.scores.needed_version()
    kept = scored.store.results.get(pairs.RESULT, version.versi)
    ordered = scored.snapshot.scores["desa"].sort_values("skor").index
    told = pair_words(kept, ordered[-1], ordered[0], scored.snapshot.name, lang)
    assert told is not None
    assert any(f"[{lang} banding.faktor.{NAME}]" in cause for cause in told.causes)

    parts = [part for chapter in model_card(scored.store, lang).chapters.values() for part in chapter]
    tables = {part.key: part for part in parts if isinstance(part, Table)}
    row = next(row for row in tables["faktor"].rows if NAME in row[0])
    assert row[0] == f"[{lang} banding.faktor.{NAME}]"
    assert row[1].startswith(f"[{lang} model.langkah.{NAME}]: ×")
    assert row[3] == "Dinas Uji"


def test_the_map_shows_its_figures(scored: Scored) -> None:
    assert ROW.layer in available_layers(scored.snapshot)
    made = map_layer(scored.snapshot, "desa", ROW.layer)
    assert made.source == "Dinas Uji"
    assert made.inherited == ""
    assert min(row.count for row in made.legend) > 300  # five classes and "no data"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_names_a_layer_that_exists_and_the_unit_its_figure_is_measured_in(row: Covariate) -> None:
    assert row.layer == "" or LAYERS[row.layer].unit == row.unit
    assert row.name not in MEASURES or MEASURES[row.name].unit == row.unit
    for value in (0.5, 3.0, 12.0):
        assert row.shown(row.made(pd.Series([value]))[0]) == pytest.approx(value)


def test_the_page_of_the_method_lists_every_covariate_with_its_unit_level_and_layer() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "metode.md").read_text(encoding="utf-8")
    for row in ROWS:
        layer = words.t(f"peta.lapisan.{row.layer}") if row.layer else "–"
        assert f"| {words.t(f'banding.faktor.{row.name}')} | {row.unit} | {row.native} | {layer} |" in page
