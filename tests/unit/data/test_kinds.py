"""What a kind and a measure say of themselves, and that whatever says nothing is protected."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from data.disclosure import HIDDEN, MANY, guarded_rows, release_facts, release_sum
from data.domain.kinds import KINDS, Holds, fact_kinds, is_guarded, load, measure_of, protection_of
from data.domain.measures import MEASURES, Protection
from words import LANGUAGES, catalogue

OPEN = {"kemiskinan", "indikator"}
"""Kinds whose declared measures are public statistics."""


def fact(jenis: str, indikator: str, value: float = 4.0, level: str = "kabupaten") -> dict[str, Any]:
    return {"jenis": jenis, "indikator": indikator, "level": level, "value": value, "published": False}


@pytest.mark.parametrize("key", MEASURES)
def test_every_measure_says_how_it_is_protected(key: str) -> None:
    measure = MEASURES[key]
    assert (protection_of(measure.jenis, key) is Protection.OPEN) == (measure.jenis in OPEN)
    shown = release_facts(pd.DataFrame([fact(measure.jenis, key)]), role="publik")["value"].tolist()
    assert shown == ([4.0] if measure.jenis in OPEN else [HIDDEN])
    summed = [release_sum(n, cells=2, jenis=measure.jenis, indikator=key, role="publik") for n in (4.0, 40.0)]
    assert summed == ([4.0, 40.0] if measure.jenis in OPEN else [HIDDEN, MANY])


@pytest.mark.parametrize(
    ("jenis", "indikator"),
    [
        ("kasus", "tppo_korban"),
        ("kasus", "penduduk"),
        ("kemiskinan", "kk_tanpa_listrik"),
        ("keberangkatan", "idm"),
        ("ramalan", "idm"),
        ("ramalan", "apa_saja"),
        ("", ""),
        ("batas", "luas_km2"),
        ("sesi", "peserta"),
        ("indikator", "tppo"),
        ("indikator", "jumlah_korban"),
        ("indikator", "kasus_kekerasan"),
        ("indikator", "PMI_di_malaysia"),
        ("indikator", "pengaduan_masuk"),
        ("indikator", "jenazah_dipulangkan"),
        ("indikator", "pekerja_migran_terkendala"),
    ],
)
def test_what_nobody_declared_or_speaks_of_persons_is_guarded(jenis: str, indikator: str) -> None:
    assert is_guarded(jenis, indikator)
    facts = pd.DataFrame([fact(jenis, indikator), fact(jenis, indikator, level="desa", value=40.0)])
    assert release_facts(facts, role="publik")["value"].tolist() == [HIDDEN, None]
    assert release_sum(4.0, cells=30, jenis=jenis, indikator=indikator, role="publik") == HIDDEN


@pytest.mark.parametrize("indikator", ["listrik_pln", "rasio_guru", "desa_migran_emas", "sekolah_dasar", "lansia"])
def test_a_free_indicator_of_public_statistics_stays_open(indikator: str) -> None:
    assert not is_guarded("indikator", indikator)
    assert release_facts(pd.DataFrame([fact("indikator", indikator, 0.63)]), role="publik")["value"].tolist() == [0.63]


def test_facts_that_do_not_name_their_measure_are_all_guarded() -> None:
    facts = pd.DataFrame([fact("indikator", "idm")]).drop(columns="indikator")
    assert guarded_rows(facts).tolist() == [True]


def test_an_undeclared_count_of_persons_is_never_negative() -> None:
    assert measure_of("jumlah_korban", "indikator").lowest == 0
    assert measure_of("perubahan_suhu", "indikator").lowest is None


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_has_all_that_screens_and_commands_ask_of_it(name: str) -> None:
    kind = KINDS[name]
    for key in kind.text_keys:
        assert all(catalogue()[key][lang] for lang in LANGUAGES)
    for path in (kind.reader, kind.preview, kind.locate, *(column.choices for column in kind.template)):
        assert not path or load(path)
    assert bool(kind.reader) == (kind.holds is not Holds.FACTS)
    assert kind.default is None or MEASURES[kind.default].jenis == name
    assert kind.free or kind.holds is not Holds.FACTS or kind.measures
    for column in kind.template:
        assert f"templat.arti.{column.what}" in catalogue()
        assert (column.what == "pilihan") == bool(column.choices)


def test_figures_of_places_hold_no_guarded_measure() -> None:
    placed = fact_kinds(of_places=True)
    assert not [key for key, one in MEASURES.items() if one.jenis in placed and one.protection is Protection.GUARDED]
    assert set(placed) | set(fact_kinds(of_places=False)) == set(fact_kinds())
