"""Classes, legends, cards and tables of a small installation of five villages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.maps.classes import FADED, NEED, NO_DATA, TOO_FEW, UNSURE
from campaign.maps.layers import available_layers, map_layer
from campaign.maps.registry import LAYERS
from campaign.reading.card import area_card, chance_words
from campaign.reading.snapshot import Snapshot, _labels, _places
from campaign.reading.summary import by_kabupaten, missing, sureness, top_kecamatan
from campaign.reading.tables import area_table
from data.domain.levels import DRAWN
from data.domain.score_version import ScoreVersion
from geo.boundaries.composition import BoundaryInForce
from tests.stand_ins import score_version

CODES = ["53.01.01.2001", "53.01.01.2002", "53.01.02.1001", "53.02.01.2001", "53.02.01.2002"]


def gazetteer() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kode": CODES,
            "nama": ["Oesao", "Oesao", "Naibonat", "Fatumnasi", "Nenas"],
            "jenis": ["desa", "desa", "kelurahan", "desa", "desa"],
            "kode_kec": [kode[:8] for kode in CODES],
            "kecamatan": ["Semau", "Semau", "Kupang Timur", "Fatumnasi", "Fatumnasi"],
            "kode_kab": [kode[:5] for kode in CODES],
            "kabupaten": ["Kabupaten Kupang"] * 3 + ["Kabupaten Timor Tengah Selatan"] * 2,
            "penduduk": [1000.0, 500.0, 2000.0, np.nan, 800.0],
            "lon": [123.3, 123.4, 123.8, 124.2, 124.3],
            "lat": [-10.2, -10.2, -10.1, -9.7, -9.8],
            "presisi_titik": ["desa", "desa", "desa", "kecamatan", "desa"],
        }
    )


def scores(codes: list[str]) -> pd.DataFrame:
    n = len(codes)
    reason = [{"kunci": "alasan.tidak_menonjol", "nilai": {}}]
    return pd.DataFrame(
        {
            "skor": np.linspace(100, 0, n),
            "skor_bawah": np.linspace(95, 0, n),
            "skor_atas": np.linspace(100, 60, n),
            "p_top": np.linspace(0.995, 0.001, n),
            "p_rr2": np.linspace(0.9, 0.01, n),
            "n_top": 2,
            "harapan": np.linspace(2, 0.1, n),
            "laju": np.linspace(0.2, 0.01, n),
            "prioritas": (["I", "II", "III", "pemantauan", "data_belum_cukup"] * n)[:n],
            "kualitas_data": (["A", "B", "C", "D", "D"] * n)[:n],
            "tingkat_bukti": (["desa", "kecamatan", "kecamatan", "kabupaten", "tanpa"] * n)[:n],
            "alasan": [reason] * n,
            "data_contoh": False,
        },
        index=pd.Index(codes, name="kode"),
    )


def hotspots(codes: list[str]) -> pd.DataFrame:
    kinds = [("tinggi", 0.01, "tinggi_tinggi", 0.01, 1), ("", 0.9, "rendah_tinggi", 0.9, 0)]
    rows = [kinds[i % 2] for i in range(len(codes))]
    return pd.DataFrame(
        rows, columns=["gi_kelas", "gi_q", "lisa_kuadran", "lisa_q", "klaster"], index=pd.Index(codes, name="kode")
    )


def figures(rows: list[tuple[str, str, str, str, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["jenis", "indikator", "level", "kode", "value"])
    return table.assign(source="BPS", period_end=pd.Timestamp("2024-12-31"), data_contoh=False)


def snapshot(rows: Sequence[tuple[str, str, str, str, float]] = (), **changes: Any) -> Snapshot:
    villages = gazetteer()
    places = {level: _places(villages, level) for level in DRAWN}
    parts: dict[str, Any] = {
        "key": "k",
        "villages": villages,
        "places": places,
        "scores": {level: scores(list(places[level].index)) for level in DRAWN},
        "version": ScoreVersion(
            versi="S1",
            created_at=dt.datetime(2026, 11, 22, 10),
            input_version="0" * 16,
            boundary_version="",
            n_top=2,
            data_contoh=False,
            params={
                "kelas": {"laju": [0.02, 0.05, 0.1, 0.15], "harapan": {level: [0.2, 0.5, 1.0, 1.5] for level in DRAWN}}
            },
        ),
        "figures": figures(list(rows)),
        "published": pd.DataFrame(),
        "batches": pd.DataFrame([{"batch": "B1", "as_of": "2026-02-01", "data_contoh": False}]),
        "boundary": BoundaryInForce("desa", "v", "resmi", [], "uji", 3, "desa.parquet", "B1", dt.datetime(2026, 2, 1)),
        "layers": {
            "version": "0123abcd",
            "bbox": [123, -11, 125, -9],
            "kind": "resmi",
            "perkiraan": [],
            "units": {level: list(reversed(places[level].index)) for level in DRAWN},
            "tetangga": [],
            "pulau": [],
        },
        "series": figures(list(rows)).assign(tahun=2024),
        "points": pd.DataFrame(
            [{"batch": "B1", "jenis": "ltsa", "nama": "LTSA", "lon": 123.3, "lat": -10.2, "source": "uji"}]
        ),
        "sessions": pd.DataFrame(
            [{"batch": "B1", "kode": CODES[0], "tanggal": "2026-01-05", "topik": "", "peserta": 9, "source": "uji"}]
        ),
        "history": pd.DataFrame(
            [
                {
                    "versi": "S0",
                    "created_at": pd.Timestamp("2025-01-01"),
                    "kode": CODES[0],
                    "skor": 50.0,
                    "prioritas": "II",
                }
            ]
        ),
        "hotspots": {level: hotspots(list(places[level].index)) for level in DRAWN},
        "islands": pd.Series({**dict.fromkeys(CODES[:3], "Timor"), **dict.fromkeys(CODES[3:], "53.02.01")}),
        "current": True,
        "data_contoh": False,
        "labels": _labels({str(level): table for level, table in places.items()}),
        "without_polygon": frozenset({CODES[3]}),
    }
    return Snapshot(**{**parts, **changes})


def drawn(kind: str, approximate: list[str], **changes: Any) -> Snapshot:
    layers = {**(snapshot().layers or {}), "kind": kind, "perkiraan": approximate}
    return snapshot(layers=layers, **changes)


@pytest.mark.parametrize("level", DRAWN)
@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_gives_every_area_one_class_and_counts_them(level: str, layer: str) -> None:
    made = map_layer(snapshot(), level, layer)
    assert list(made.codes) == sorted(made.codes)
    assert len(made.classes) == len(made.codes) == len(snapshot().places[level])
    assert {row.char for row in made.legend} >= set(made.classes)
    assert sum(row.count for row in made.legend) == len(made.codes)
    assert all(made.classes.count(row.char) == row.count for row in made.legend)


def test_priority_follows_the_stored_band_and_unknown_is_hatched() -> None:
    made = map_layer(snapshot(), "desa", "prioritas")
    assert made.classes == "01234"
    assert made.hatched == "4"
    assert [row.key for row in made.legend][-1] == "prioritas.data_belum_cukup"


def test_an_area_without_a_figure_is_no_data_and_never_zero() -> None:
    percent = zip(CODES[:2], (0.0, 31.0), strict=True)
    rows = [("kemiskinan", "persen_miskin", "desa", kode, value) for kode, value in percent]
    made = map_layer(snapshot(rows), "desa", "kemiskinan")
    assert made.classes[0] == "0"
    assert made.classes[1] == "4"
    assert set(made.classes[2:]) == {"5"}
    assert made.legend[5].hatched


def test_poor_people_become_percent_of_the_population_only_where_it_is_known() -> None:
    rows = [("kemiskinan", "penduduk_miskin", "desa", kode, 120.0) for kode in CODES]
    made = map_layer(snapshot(rows), "desa", "kemiskinan")
    assert made.classes == "13052"  # 12 %, 24 %, 6 %, unknown population, 15 %


def test_figures_of_the_kabupaten_stand_in_for_villages_and_are_named() -> None:
    rows = [("kemiskinan", "persen_miskin", "kabupaten", "53.01", 22.0)]
    made = map_layer(snapshot(rows), "desa", "kemiskinan")
    assert made.inherited == "kabupaten"
    assert made.classes == "33355"
    assert map_layer(snapshot(rows), "kabupaten", "kemiskinan").inherited == ""


def test_the_village_index_is_offered_only_when_it_was_brought_in() -> None:
    assert "idm" not in available_layers(snapshot())
    rows = [("indikator", "idm", "desa", CODES[0], 0.45), ("indikator", "idm", "desa", CODES[1], 0.90)]
    assert "idm" in available_layers(snapshot(rows))
    made = map_layer(snapshot(rows), "desa", "idm")
    assert made.legend[int(made.classes[0])].key == "peta.idm.sangat_tertinggal"
    assert made.legend[int(made.classes[1])].key == "peta.idm.mandiri"
    assert made.palette[0] == NEED[0]  # the neediest is the darkest


def test_a_filter_fades_the_rest_and_the_legend_counts_what_is_left() -> None:
    made = map_layer(snapshot(), "desa", "prioritas").limited_to(CODES[:2])
    assert made.classes == "01" + FADED * 3
    assert [row.count for row in made.legend] == [1, 1, 0, 0, 0]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("layer", LAYERS)
def test_colours_keep_their_order_in_greyscale_and_none_is_red(layer: str) -> None:
    rows = [("indikator", "idm", "desa", CODES[0], 0.5)]
    made = map_layer(snapshot(rows), "desa", layer)
    shades = [luminance(row.colour) for row in made.legend if not row.hatched]
    steps = np.diff(shades)
    assert (steps > 0).all() or (steps < 0).all()
    lightness = [116 * shade ** (1 / 3) - 16 if shade > 0.008856 else 903.3 * shade for shade in shades]
    assert np.abs(np.diff(lightness)).min() > 9  # told apart on a grey print
    for row in made.legend:
        red, green, blue = (int(row.colour[i : i + 2], 16) for i in (1, 3, 5))
        assert not (red > 1.25 * green and red > 1.25 * blue)
    assert {row.colour for row in made.legend if row.hatched} - {TOO_FEW} == {NO_DATA}
    assert set(NEED).isdisjoint(UNSURE)


@given(st.floats(0, 1), st.sampled_from(["id", "en"]))
def test_a_chance_is_never_certain_in_words(p: float, lang: str) -> None:
    said = chance_words(p, 100, lang)
    assert "100%" not in said.replace("100 ", "")
    assert " 0%" not in said
    assert "{" not in said


def test_the_card_says_where_how_sure_why_and_what_is_approximate() -> None:
    card = area_card(snapshot(), CODES[3])
    assert card is not None
    assert (card.name, card.place) == ("Fatumnasi", "Fatumnasi, Kabupaten Timor Tengah Selatan")
    assert "25" in card.score
    assert "90%" in card.score
    assert card.reasons
    assert any("poligon" in remark for remark in card.remarks)
    assert any("kecamatan" in remark for remark in card.remarks)
    partly = drawn("campuran", ["53.01"])
    near, far = area_card(partly, CODES[0]), area_card(partly, CODES[4])
    assert near is not None
    assert far is not None
    assert any("perkiraan" in remark for remark in near.remarks)
    assert not any("perkiraan" in remark for remark in far.remarks)
    assert area_card(snapshot(), "53.99.01.2001") is None


@pytest.mark.parametrize("kode", ["53.01", "53.01.01", CODES[0]])
def test_every_level_has_a_card_also_without_a_score(kode: str) -> None:
    bare = snapshot(scores={level: scores([]) for level in DRAWN}, version=None)
    card = area_card(bare, kode, "en")
    assert card is not None
    assert "no score" in card.score
    assert card.chance == ""
    assert card.reasons == ()


def test_villages_of_one_name_are_told_apart_by_where_they_lie() -> None:
    labels = snapshot().labels
    assert labels[CODES[0]] == "Oesao · Semau · Kabupaten Kupang"
    assert labels["53.01.01"] == "Kec. Semau · Kabupaten Kupang"
    assert next(iter(labels)) == CODES[0]


def test_tables_go_from_the_highest_score_and_keep_their_number_when_filtered() -> None:
    everything = area_table(snapshot(), "desa")
    assert list(everything["no"]) == [1, 2, 3, 4, 5]
    assert everything["skor"].is_monotonic_decreasing
    part = area_table(snapshot(), "desa", kept=[CODES[2]])
    assert list(part["no"]) == [3]
    assert "value" not in part.columns
    assert len(area_table(snapshot(scores={level: scores([]) for level in DRAWN}), "desa")) == 5


def test_the_summary_counts_every_village_once() -> None:
    table = by_kabupaten(snapshot())
    assert table["desa"].sum() == 5
    assert table[["I", "II", "III", "pemantauan", "data_belum_cukup"]].to_numpy().sum() == 5
    assert table.index[0] == "53.01"
    assert list(top_kecamatan(snapshot(), 2).index) == ["53.01.01", "53.01.02"]
    sure = sureness(snapshot())
    assert sure is not None
    assert (sure.certain, sure.tied) == (1, 3)
    assert 0 < sure.swapped < 1


def test_what_is_missing_is_said() -> None:
    keys = {key for key, _ in missing(snapshot())}
    assert {"kurang.poligon", "kurang.idm", "kurang.kemiskinan", "kurang.mutu_d", "kurang.penduduk"} <= keys
    keys = {key for key, _ in missing(drawn("perkiraan", ["53.01", "53.02"], data_contoh=True, current=False))}
    assert {"kurang.contoh", "kurang.usang", "kurang.batas"} <= keys
    assert ("kurang.batas_sebagian", {"n": 1}) in missing(drawn("campuran", ["53.01"]))
    assert "kurang.skor" in {key for key, _ in missing(snapshot(version=None))}
    for evaluation, key in (
        ({"choice": {"ranking": "population"}}, "kurang.model_henti"),
        ({"choice": {"ranking": ""}, "verdict": {"fallback": "population"}}, "kurang.model_mundur"),
        ({"choice": {"ranking": ""}, "verdict": {"fallback": None}}, None),
    ):
        told = {
            key
            for key, _ in missing(snapshot(version=score_version(evaluation=evaluation)))
            if key.startswith("kurang.model")
        }
        assert told == ({key} if key else set())
