"""Sentences about figures: they say what the numbers beside them bear out, and nothing else."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.statements.changes import change_sentence
from campaign.statements.comparison import LevelTest, ScoreComparison, comparison_sentence, comparison_warning
from campaign.statements.factors import (
    FactorFact,
    cause,
    drivers,
    facts_of,
    reason_keys,
    reason_name,
    reason_sentence,
    reason_sentences,
    short_reason,
)
from campaign.statements.gains import gain_sentence
from campaign.statements.headlines import plan_headline, score_headline
from campaign.statements.shares import chance_text, list_sureness, share_text, sureness_sentences
from data.domain.levels import Level
from risk.pairs import chances_of_top, kept
from risk.scoring.covariates import CLEAR, COVARIATES, EFFECTS, PEOPLE
from risk.scoring.reasons import Status, Way
from tests.said import faults_of
from words import LANGUAGES, number, percent, t

FACTORS = (*COVARIATES, PEOPLE, *EFFECTS.values())
KNOWN = {name: one.sign for name, one in COVARIATES.items()} | {PEOPLE: 1}
numbers = st.one_of(
    st.none(),
    st.sampled_from([0.0, math.nan, math.inf, -math.inf, 1.0, 0.63]),
    st.floats(-100, 100),
    st.integers(0, 60),
)
RAISES = {"id": "menaikkan", "en": "raises"}
LOWERS = {"id": "menurunkan", "en": "lowers"}


@given(
    st.sampled_from(FACTORS),
    numbers,
    numbers,
    st.floats(-5, 5),
    st.floats(0, 5),
    st.sampled_from(Status),
    st.sampled_from(Way),
    st.sampled_from(LANGUAGES),
)
def test_a_sentence_agrees_with_the_numbers_whatever_was_stored(
    name: str, value: Any, mean: Any, coef: float, sd: float, status: Status, stored: Way, lang: str
) -> None:
    told = reason_sentence(FactorFact(name, value, mean, coef, sd, status, stored, "BPS"), lang)
    shown = faults_of(told.replace("%", " persen"))  # a figure may be any number here; a share is tested below
    assert shown == []
    raises, lowers = RAISES[lang] in told, LOWERS[lang] in told
    assert not (raises and lowers)
    if raises or lowers:
        assert value != mean
        assert abs(coef) >= CLEAR * sd
        assert name in EFFECTS.values() or coef * KNOWN[name] > 0, "against its known meaning it is no reason"
        if name in EFFECTS.values():  # its coefficient is the log of the factor itself
            assert raises == (coef > 0) == (value > mean)
        else:
            assert (coef > 0) == (raises == (value > mean))
        assert stored == (Way.UP if raises else Way.DOWN)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", FACTORS)
def test_every_factor_can_be_a_reason_a_difference_or_missing(name: str, lang: str) -> None:
    sign = KNOWN.get(name, 1)
    base = {"faktor": name, "rata": 1.0, "sumber": "BPS", "sd": 0.1, "status": "diketahui"}
    up = {**base, "nilai": 1.5, "koef": 1.0 * sign, "arah": "naik" if sign > 0 else "turun"}
    (told,) = reason_sentences([up], lang)
    assert (RAISES if sign > 0 else LOWERS)[lang] in told
    assert number(1.5, lang, 1) in told
    assert "BPS" in told
    unclear = {**up, "sd": 0.6}
    (told,) = reason_sentences([unclear], lang)
    assert RAISES[lang] not in told
    assert number(1.5, lang, 1) in told
    assert reason_keys([unclear]) == {f"{name}.beda"}
    assert reason_name(f"{name}.beda", lang)
    if name not in EFFECTS.values():
        (told,) = reason_sentences([{**up, "nilai": None, "arah": "", "status": "tidak_diketahui"}], lang)
        assert told == t(f"alasan.belum_ada.{name}", lang)


def test_what_an_office_saw_on_its_first_day() -> None:
    poverty = {
        "faktor": "kemiskinan",
        "nilai": 11.3,
        "rata": 19.5,
        "koef": -0.05,
        "sd": 0.03,
        "status": "diketahui",
        "arah": "naik",
        "sumber": "BPS NTT 2024",
    }
    assert reason_sentences([poverty]) == (
        "Bagian penduduk miskin 11,3%, rata-rata provinsi 19,5%; belum cukup jelas untuk disebut alasan. "
        "Sumber: BPS NTT 2024.",
    )
    idm = {**poverty, "faktor": "idm", "nilai": 0.92, "rata": 0.63, "koef": 2.6, "sd": 3.0}
    assert "Indeks Desa Membangun 0,92, rata-rata provinsi 0,63;" in reason_sentences([idm])[0]
    assert short_reason([poverty, idm]) == "–"
    said = drivers([[idm]] * 3 + [[poverty]], 3)
    assert said[0] == "Indeks Desa Membangun di atas rata-rata menonjol pada 3 dari 4 desa; " + (
        "belum cukup jelas untuk disebut alasan."
    )
    assert "rendah" not in " ".join(said)


def test_reasons_of_earlier_programs_are_read_but_not_believed() -> None:
    old = [
        {"kunci": "alasan.kemiskinan.naik", "nilai": {"nilai": 38, "rata": 27, "sumber": "BPS"}},
        {"kunci": "alasan.kabupaten.turun", "nilai": {"kali": 0.5, "sumber": "BP3MI"}},
        {"kunci": "alasan.penduduk.naik", "nilai": {"nilai": 3000, "rata": 1600, "sumber": "BPS"}},
    ]
    poverty, kabupaten, people = reason_sentences(old)
    assert poverty == "Bagian penduduk miskin 38%, rata-rata provinsi 27%; pengaruhnya tidak diuji. Sumber: BPS."
    assert kabupaten.endswith(
        "0,50 kali yang biasa untuk keadaan serupa di provinsi; pengaruhnya tidak diuji. " + ("Sumber: BP3MI.")
    )
    assert "menaikkan prioritas" in people, "people count one for one, whatever the model"
    assert reason_sentences([{"kunci": "alasan.belum_ada.idm", "nilai": {}}]) == (t("alasan.belum_ada.idm"),)
    for key in ("tidak_menonjol", "cadangan.population", "pilihan.poverty"):
        assert reason_sentences([{"kunci": f"alasan.{key}", "nilai": {}}]) == (t(f"alasan.{key}"),)
    assert facts_of(None) == () == reason_sentences(float("nan"))


def test_drivers_of_a_list_that_another_way_made_say_that_way() -> None:
    row = {"faktor": "pilihan.population", "nilai": None, "rata": None, "koef": None, "sd": None}
    assert drivers([[{**row, "status": "diketahui", "arah": "", "sumber": ""}]] * 5, 3) == (
        t("alasan.pilihan.population"),
    )
    assert drivers([], 3) == (t("pernyataan.pendorong.tidak_ada"),)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("missing", [math.nan, None, math.inf, -0.1, 1.3])
def test_a_share_that_is_none_is_a_dash(missing: float | None, lang: str) -> None:
    assert share_text(missing, lang) == "–"
    assert faults_of(t("pernyataan.sumber", lang, sumber=missing)) == []
    assert number(math.nan, lang) == percent(math.nan, lang) == "–"


def test_no_chance_is_certain() -> None:
    assert [chance_text(p) for p in (0.0, 0.004, 0.5, 0.999, 1.0)] == ["<1%", "<1%", "50%", ">99%", ">99%"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_comparison_says_both_numbers_or_that_nothing_was_tested(lang: str) -> None:
    assert comparison_sentence(None, None, lang) == t("nota.belum_diuji", lang)
    only = comparison_sentence(None, LevelTest(Level.KABUPATEN, (2024, 2025), 0.871, -0.389), lang)
    assert number(0.87, lang, 2) in only
    assert number(-0.39, lang, 2) in only
    assert "2024, 2025" in only
    assert comparison_warning(None, lang) == ""
    assert comparison_warning(ScoreComparison(100, 0.4, 0.4, "rolling"), lang) == ""
    warned = comparison_warning(ScoreComparison(100, 0.312, 0.314, "rolling"), lang)
    assert number(31.2, lang, 1) in warned, "as many decimals as show the difference"
    assert number(31.4, lang, 1) in warned


def test_a_headline_names_no_place_whose_number_is_none() -> None:
    table = pd.DataFrame({"nama": ["Kab. A", "Kab. B", "Kab. C", "Kab. D"], "desa": 10, "utama": [3, 1, 0, 0]})
    said = score_headline(table)
    assert said == "4 dari 40 desa dan kelurahan masuk Prioritas I atau II; semuanya di Kab. A dan Kab. B."
    assert "Kab." not in score_headline(table.assign(utama=0))
    assert "terbanyak di Kab. A, Kab. B dan Kab. C." in score_headline(table.assign(utama=[4, 3, 2, 1]))


def test_a_plan_headline_tells_only_ways_that_brought_villages_in() -> None:
    rows = [{"kode": f"53.01.01.20{i:02d}", "how": "undian" if i < 3 else "wajib"} for i in range(5)]
    plan: Any = {"villages": rows, "used_team_days": 7.0}
    said = plan_headline(plan)
    assert "3 hasil undian; 2 ditetapkan petugas" in said
    assert "perhitungan" not in said
    empty: Any = {"villages": [], "used_team_days": 0.0}
    assert plan_headline(empty) == t("pernyataan.rencana_kosong")


def test_swapped_villages_are_counted_over_the_lists_own_length() -> None:
    rng = np.random.default_rng(3)
    codes = [f"53.01.01.{2000 + i}" for i in range(40)]
    expected = np.linspace(0.5, 4.0, 40)
    draws = expected * np.exp(0.4 * rng.standard_normal((300, 40)))
    content = kept(codes, expected, draws, pd.DataFrame({PEOPLE: np.zeros(40)}, codes))
    for length in (5, 20, 39):
        chances = chances_of_top(content, length)
        assert sum(chances.values()) == pytest.approx(length)
        listed = codes[-length:]
        found = list_sureness(listed, chances)
        assert found is not None
        truly = np.mean([len(set(listed) - {codes[i] for i in np.argsort(-one)[:length]}) for one in draws])
        assert found.swapped == pytest.approx(truly, abs=0.6)
        assert f"Kira-kira {found.swapped} dari {length} desa" in sureness_sentences(found)[0]
    assert set(chances_of_top(content, 40).values()) == {1.0}
    assert set(chances_of_top(content, 0).values()) == {0.0}
    assert list_sureness([], {}) is None
    assert sureness_sentences(None) == (t("pernyataan.daftar.tidak_dihitung"),)


def test_a_change_and_a_gain_say_the_direction_of_their_number() -> None:
    assert "2 desa lebih sedikit" in change_sentence("Kab. A", -2)
    assert "2 desa lebih banyak" in change_sentence("Kab. A", 2)
    assert "naik 6,0 poin" in gain_sentence((6.0, 2.0, 10.0), 12)
    assert "turun 6,0 poin" in gain_sentence((-6.0, -10.0, -2.0), 12)
    assert "arahnya belum jelas" in gain_sentence((1.0, -2.0, 4.0), 12)


def test_a_factor_that_is_not_clear_is_no_cause_between_two_villages() -> None:
    assert "belum cukup jelas" in cause("idm", 1.4, "A", "B", clear=False)
    assert "membuat perkiraan di A 1,40 kali B" in cause("idm", 1.4, "A", "B", clear=True)
    assert "sebaliknya" in cause("idm", 0.7, "A", "B", clear=True)


def test_no_text_key_of_a_factor_presumes_a_direction() -> None:
    from words import catalogue

    keys = [key for key in catalogue() if re.search(rf"\.({'|'.join(FACTORS)})(\.|$)", key)]
    assert len(keys) > 30
    assert [key for key in keys if key.endswith((".naik", ".turun"))] == []
    facts = [catalogue()[f"alasan.{name}"]["id"] for name in FACTORS]
    assert not [text for text in facts if re.search(r"menaikkan|menurunkan|rendah|tinggi|lebih|hanya|banyak", text)]
