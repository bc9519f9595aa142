"""Filters of the map: a shape, reasons, and what lies over the areas."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.maps.context import context, tiles, tiles_origin
from campaign.maps.filter import Filters, inside, kept_codes, read_shape, reason_options, rectangle
from campaign.statements.factors import reason_name
from data.domain.levels import DRAWN
from tests.unit.campaign.test_read_model import CODES, scores, snapshot

SQUARE = ((123.0, -10.0), (124.0, -10.0), (124.0, -9.0), (123.0, -9.0))
degrees = st.floats(-10.9, -8.1).map(lambda value: round(value, 3))


@given(st.lists(st.tuples(st.floats(122.5, 124.5), degrees), min_size=1, max_size=20))
def test_inside_a_rectangle_is_what_the_numbers_say(points: list[tuple[float, float]]) -> None:
    places = pd.DataFrame(points, columns=["lon", "lat"])
    wanted = (places["lon"] > 123) & (places["lon"] < 124) & (places["lat"] > -10) & (places["lat"] < -9)
    on_edge = places["lon"].isin([123, 124]) | places["lat"].isin([-10, -9])
    assert (inside(places, SQUARE) == wanted.to_numpy())[~on_edge.to_numpy()].all()
    assert (inside(places, SQUARE[::-1]) == inside(places, SQUARE))[~on_edge.to_numpy()].all()


def test_a_village_without_coordinates_lies_in_no_shape_and_a_hollow_is_outside() -> None:
    places = pd.DataFrame({"lon": [np.nan, 123.5, 123.5], "lat": [-9.5, -9.9, -9.2]})
    arrow = ((123.0, -10.0), (123.5, -9.5), (124.0, -10.0), (123.5, -9.0))
    assert inside(places, arrow).tolist() == [False, False, True]


@given(st.text(max_size=80))
def test_only_corners_are_read_as_a_shape(text: str) -> None:
    shape = read_shape(text)
    assert shape == () or 3 <= len(shape) <= 60


def test_a_rectangle_is_written_as_a_clerk_writes_it() -> None:
    assert read_shape(rectangle("123.5, -10.4, 124.2, -9.8")) == (
        (123.5, -10.4),
        (124.2, -10.4),
        (124.2, -9.8),
        (123.5, -9.8),
    )
    for wrong in ("", "1 2 3", "124 -10 123 -9", "123 -9 124 -10", "123 -10 124 -9 5", "a b c d", "123 -10 500 -9"):
        assert rectangle(wrong) == ""


def test_every_filter_narrows_and_together_they_narrow_more() -> None:
    shown = snapshot()
    assert kept_codes(shown, "desa", Filters()) is None
    band = kept_codes(shown, "desa", Filters(bands=("I", "II")))
    both = kept_codes(shown, "desa", Filters(bands=("I", "II"), within="53.01"))
    assert band is not None
    assert both is not None
    assert both <= band <= set(CODES)
    everything = ((100.0, -20.0), (140.0, -20.0), (140.0, 5.0), (100.0, 5.0))
    placed = shown.places["desa"][["lon", "lat"]].notna().all(axis=1)
    assert kept_codes(shown, "desa", Filters(shape=everything)) == set(placed.index[placed])
    above = kept_codes(shown, "kabupaten", Filters(shape=everything))
    assert above == {kode[:5] for kode in placed.index[placed]}


def test_reasons_filter_by_what_raises_lowers_or_is_missing() -> None:
    clear = {"koef": 0.02, "sd": 0.001, "status": "diketahui", "sumber": "BPS"}
    rows = [
        {"faktor": "kemiskinan", "nilai": 40, "rata": 20, "arah": "naik", **clear},
        {"faktor": "sekitar", "nilai": 0.5, "rata": 1.0, "arah": "turun", **clear, "koef": -0.69},
        {"faktor": "idm", "nilai": None, "rata": 0.6, "arah": "", **clear, "status": "tidak_diketahui"},
        {"kunci": "alasan.tidak_menonjol", "nilai": {}},
    ]
    own = scores(CODES)
    own["alasan"] = pd.Series([*([row] for row in rows), None], own.index, dtype=object)
    shown = snapshot(scores={level: own if level == "desa" else scores([]) for level in DRAWN})
    assert reason_options(shown) == ["kemiskinan.naik", "sekitar.turun", "belum_ada.idm", "tidak_menonjol"]
    assert kept_codes(shown, "desa", Filters(reasons=("kemiskinan.naik", "belum_ada.idm"))) == {CODES[0], CODES[2]}
    for lang in ("id", "en"):
        names = [reason_name(key, lang) for key in reason_options(shown)]
        assert len(set(names)) == 4
    assert reason_name("kemiskinan.naik") == "Kemiskinan (menaikkan)"


def test_every_reason_of_the_catalogue_has_a_name() -> None:
    from words import catalogue

    for key in catalogue():
        if key.startswith("alasan.") and key.count(".") > 1:
            assert reason_name(key.removeprefix("alasan."))


def test_what_lies_over_the_map_travels_apart_and_changes_its_address() -> None:
    bare = snapshot()
    version, content = context(bare)
    known = json.loads(content)
    assert known["titik"] == [["ltsa", 123.3, -10.2, "LTSA"]]
    assert {kode for kode, *_ in known["pusat"]} <= {kode[:5] for kode in CODES}
    assert ["Laut Sawu" in name for name in known["nama"]].count(True) == 1
    assert "ubin" not in known
    noted = snapshot(
        notes=pd.DataFrame(
            [{"id": 1, "kode": CODES[0], "teks": "rahasia", "oleh": "x", "dibuat_saat": pd.Timestamp("2026-01-01")}]
        )
    )
    assert context(noted)[0] == version, "notes are the office's"
    other, told = context(noted, notes=True)
    assert other != version
    assert json.loads(told)["catatan"] == [CODES[0]]
    assert b"rahasia" not in told  # the text stays on the card


@pytest.mark.parametrize(
    "address",
    [
        "",
        "file:///etc/passwd",
        "https://ubin.id/peta.png",
        "javascript:alert(1)//{z}{x}{y}",
        "https://u.id/{z}/{x}/{y}.png; script-src *",
        "https://u.id/{z}/{x}/{y}.png' 'unsafe-inline'",
    ],
)
def test_only_a_usable_address_of_tiles_counts(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("PETA_AMAN_UBIN", address)
    assert tiles() is None
    assert tiles_origin() == ""


def test_tiles_name_their_source_and_only_their_host_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETA_AMAN_UBIN", "https://ubin.contoh.go.id:8443/dasar/{z}/{x}/{y}.png?k=1")
    assert tiles_origin() == "https://ubin.contoh.go.id:8443"
    assert (tiles() or {})["sumber"] == "ubin.contoh.go.id:8443"
    assert json.loads(context(snapshot())[1])["ubin"]["alamat"].endswith("k=1")
