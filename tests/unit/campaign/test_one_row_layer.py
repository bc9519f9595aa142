"""A layer of the map is one row and its texts: a throw-away one goes through legend, years, difference, picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

import words
from campaign.maps.classes import FIVE, NO_DATA, Named, Ranges
from campaign.maps.difference import difference
from campaign.maps.image import layer_sheet
from campaign.maps.layers import available_layers, layer_years, legend_title, map_layer, missing_layers
from campaign.maps.registry import LAYERS, Layer
from campaign.maps.values import figures, has_years, years_of_figures
from campaign.reading.snapshot import Snapshot
from campaign.reading.yearly import yearly
from data.batches import BatchMeta
from data.choose import chosen
from data.domain.levels import DRAWN, Level
from data.store.store import Store
from data.workspace import Workspace
from tests.throwaway import add_texts
from tests.unit.campaign.test_map_years import by_year
from tests.unit.campaign.test_read_model import CODES, snapshot

KEY = "sumur_uji"
FIGURES = ("indikator", KEY)
NEEDED: dict[str, Any] = {
    "key": KEY,
    "values": figures,
    "classes": Ranges(breaks=(10.0, 30.0, 50.0, 70.0), text="sumur", colours=FIVE),
    "unit": "persen",
    "shown": has_years,
    "missing": KEY,
    "indicators": (KEY,),
    "years": years_of_figures,
    "from_records": True,
    "step": (1.0, 20.0),
}
ROW = Layer(**NEEDED)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LAYERS, KEY, ROW)
    ranges = {f"peta.kelas.sumur_{end}" for end in ("bawah", "antara", "atas")}
    add_texts(monkeypatch, set(ROW.texts) - ranges)
    add_texts(monkeypatch, ["peta.kelas.sumur_bawah"], "{sampai}")
    add_texts(monkeypatch, ["peta.kelas.sumur_antara"], "{dari}-{sampai}")
    add_texts(monkeypatch, ["peta.kelas.sumur_atas"], "{dari}")


def known() -> Snapshot:
    return by_year(
        *[(*FIGURES, "desa", kode, 20.0 * i, 2024) for i, kode in enumerate(CODES[:4])],
        *[(*FIGURES, "desa", kode, 20.0 * i + (25.0 if i == 1 else 0), 2020) for i, kode in enumerate(CODES[:4])],
    )


def test_it_is_offered_with_its_figures_and_says_what_to_do_without_any() -> None:
    assert KEY in available_layers(known())
    assert KEY not in available_layers(snapshot())
    assert KEY in missing_layers(snapshot())
    assert layer_years(known(), KEY) == [2020, 2024]
    made = map_layer(known(), Level.DESA, KEY)
    assert made.classes == "01235"
    assert made.from_records
    assert (made.source, made.marks) == ("BPS", "")
    assert map_layer(known(), Level.DESA, KEY, 2020).classes == "02235"


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_legend_and_titles_are_in_both_languages(lang: str) -> None:
    made = map_layer(known(), Level.DESA, KEY)
    assert legend_title(made, lang).startswith(f"[{lang} peta.legenda.{KEY}]")
    assert words.t(made.meaning, lang) == f"[{lang} peta.arti.{KEY}]"
    told = [words.t(row.key, lang, **row.values) for row in made.legend]
    assert told[0].startswith(f"[{lang} peta.kelas.sumur_bawah] 10")
    assert len(set(told)) == 6
    assert made.legend[-1].colour == NO_DATA


def test_two_years_are_subtracted_in_its_own_step() -> None:
    apart = difference(known(), Level.DESA, KEY, 2024, "2020")
    assert apart is not None
    assert apart.classes == "20225"
    assert apart.legend[0].values == {"n": 20.0}


def test_its_figures_are_kept_by_year(place: tuple[Workspace, Store]) -> None:
    _, store = place
    for year, value in ((2020, 30.0), (2024, 20.0)):
        rows = pd.DataFrame({"indikator": [KEY], "level": ["kabupaten"], "kode": ["53.01"], "value": [value]})
        ends = {"period_start": pd.Timestamp(year, 1, 1), "period_end": pd.Timestamp(year, 12, 31)}
        store.facts.commit(BatchMeta("indikator", "Dinas Uji"), rows.assign(**ends))
    kept = yearly(store, chosen(store.facts.read(jenis="indikator")))
    assert kept.set_index("tahun")["value"].to_dict() == {2020: 30.0, 2024: 20.0}


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_picture_of_it_can_be_taken_along(demo_workspace: Workspace, demo_store: Store, lang: str) -> None:
    stored = Snapshot.load(demo_workspace, demo_store)
    kabupaten = list(stored.places[Level.KABUPATEN].index)
    rows = [(*FIGURES, "kabupaten", kode, 4.0 * i) for i, kode in enumerate(kabupaten)]
    table = snapshot(rows).series
    shown = replace(stored, series=table)
    layer = map_layer(shown, Level.KABUPATEN, KEY)
    text = layer_sheet(shown, demo_workspace, layer, lang=lang, about=words.t(layer.meaning, lang))
    said = " ".join(ElementTree.fromstring(text).itertext())
    assert f"[{lang} peta.legenda.{KEY}]" in said
    assert f"[{lang} peta.arti.{KEY}]" in said
    assert f"[{lang} peta.kelas.sumur_bawah] 10" in said
    assert FIVE[-1] in text


def test_a_row_without_a_value_function_or_with_classes_that_do_not_fit_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="values"):
        Layer(**{name: part for name, part in NEEDED.items() if name != "values"})
    with pytest.raises(TypeError, match="value function"):
        Layer(**{**NEEDED, "values": None})
    with pytest.raises(ValueError, match="nothing to show"):
        Layer(**{**NEEDED, "missing": ""})
    with pytest.raises(ValueError, match="classes"):
        Ranges(breaks=(1.0, 2.0), text="sumur", colours=FIVE)
    with pytest.raises(ValueError, match="text or by names"):
        Ranges(breaks=(10.0, 30.0, 50.0, 70.0), colours=FIVE)
    with pytest.raises(ValueError, match="names"):
        Named(names=("a", "b"), colours=FIVE, stem="uji")


@pytest.mark.parametrize("row", LAYERS.values(), ids=list(LAYERS))
def test_every_row_gives_values_at_each_of_its_levels(row: Layer) -> None:
    for level in DRAWN:
        codes = known().codes(level)
        found = row.values(known(), row, level, codes, None)
        assert len(found.numbers) == len(codes)
        if level not in row.levels:
            assert found.numbers.isna().all()
        if isinstance(row.classes, Named):
            assert set(found.numbers.dropna()) <= {*row.classes.names, row.classes.unknown}


@pytest.mark.parametrize("row", LAYERS.values(), ids=list(LAYERS))
def test_layers_of_people_counted_and_no_others_have_a_class_for_too_few(row: Layer) -> None:
    made = map_layer(snapshot(), Level.KABUPATEN, row.key)
    assert any(one.key == "peta.terlalu_sedikit" for one in made.legend) == (row.counted is not None)
    assert (row.counted is None) or row.unit == "orang"


def test_the_page_of_the_map_lists_every_layer_with_its_unit_and_levels() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "peta.md").read_text(encoding="utf-8")
    told = [line for line in page.splitlines() if line.startswith("| **")]
    assert told == [
        f"| **{_escaped(words.t(f'peta.lapisan.{key}'))}** | {row.unit or 'kelas'} | {', '.join(row.levels)} "
        f"| {'catatan yang dimasukkan' if row.from_records else 'versi skor'} "
        f"| {'ya' if row.years else '–'} |"
        for key, row in LAYERS.items()
        if key != KEY
    ]


def _escaped(text: str) -> str:
    return text.replace("*", r"\*")
