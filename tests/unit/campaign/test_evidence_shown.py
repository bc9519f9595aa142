"""What people see of the evidence behind an order, and of estimates of people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from campaign.maps.filter import Filters, kept_codes
from campaign.maps.layers import available_layers, map_layer
from campaign.reading.card import area_card
from campaign.reading.snapshot import Snapshot
from campaign.reading.summary import missing
from tests.unit.campaign.test_read_model import CODES, figures, scores, snapshot


def with_params(**params: Any) -> Snapshot:
    version = snapshot().version
    assert version is not None
    return snapshot(version=replace(version, params=version.params | params))


def test_the_map_colours_and_filters_by_level_of_evidence() -> None:
    assert map_layer(snapshot(), "desa", "bukti").classes == "01123"
    assert kept_codes(snapshot(), "desa", Filters(evidence=("kecamatan", "tanpa"))) == {CODES[1], CODES[2], CODES[4]}
    old = {level: table.assign(tingkat_bukti="") for level, table in snapshot().scores.items()}
    assert "bukti" not in available_layers(snapshot(scores=old))


@pytest.mark.parametrize(
    ("lang", "order", "others"),
    [
        ("id", "mengurutkan desa: kemiskinan", "dalam kabupaten: IDM"),
        ("en", "order villages: poverty", "kabupaten: village index"),
    ],
)
def test_the_card_says_what_the_order_stands_on_and_which_figures_order(lang: str, order: str, others: str) -> None:
    known = {
        "kemiskinan": {"mengurutkan": True, "borrowed": 0.2},
        "idm": {"mengurutkan": False, "borrowed": 0.1},
        "rata_lama_sekolah": {"mengurutkan": True, "borrowed": 0.0},
    }
    card = area_card(with_params(covariates=known), CODES[1], lang)
    assert card is not None
    assert "kecamatan" in card.quality
    assert order.lower() in card.quality.lower()
    assert others.lower() in card.quality.lower(), "what a kabupaten has one figure of tells no villages apart either"


def test_a_card_of_an_old_score_says_nothing_of_evidence() -> None:
    table = scores(CODES).assign(tingkat_bukti="")
    card = area_card(snapshot(scores=snapshot().scores | {"desa": table}), CODES[0])
    assert card is not None
    assert "bersandar pada bukti" not in card.quality


def test_a_layer_says_when_it_rests_on_estimated_people() -> None:
    guessed = with_params(taksiran={"desa": 0.9, "kabupaten": 0.0})
    assert map_layer(guessed, "desa", "laju").estimated
    assert not map_layer(guessed, "kabupaten", "laju").estimated
    assert not map_layer(guessed, "desa", "kualitas").estimated
    assert not map_layer(snapshot(), "desa", "laju").estimated


def test_poor_persons_by_a_share_of_the_kabupatens_people_are_said_to_be_an_estimate() -> None:
    poor = [("kemiskinan", "penduduk_miskin", "desa", CODES[3], 120.0)]
    total = [("indikator", "penduduk", "kabupaten", CODES[3][:5], 6_000.0)]
    assert map_layer(snapshot(poor), "desa", "kemiskinan").classes == "55555", "nothing is known of its people"
    made = map_layer(snapshot([*poor, *total]), "desa", "kemiskinan")
    assert made.estimated
    given = [("kemiskinan", "persen_miskin", "desa", CODES[3], 39.2)]
    both = map_layer(snapshot([*poor, *given, *total]), "desa", "kemiskinan")
    assert (both.estimated, both.classes[3]) == (False, "4")


def test_people_of_villages_and_service_points_are_named_when_they_are_missing() -> None:
    known = dict(missing(snapshot()))
    assert known["kurang.penduduk"] == {"n": 1}
    assert "kurang.titik" not in known
    total = figures([("indikator", "penduduk", "kabupaten", "53.01", 6_000.0)])
    assert "kurang.penduduk" in dict(missing(snapshot(figures=total))), "a total does not count its villages"
    assert "kurang.titik" in dict(missing(snapshot(points=snapshot().points.iloc[:0])))
