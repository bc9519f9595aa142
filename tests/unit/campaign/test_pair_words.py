"""Why A is above B in sentences, and what an assumed under-reporting changes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cli
from campaign.model.pairs import pair_words
from campaign.model.second_list import list_table, reporting_words, robustness
from campaign.reading.card import area_card
from campaign.reading.snapshot import Snapshot
from risk.pairs import kept
from risk.scoring.reporting import Curve

CODES = [f"98.01.01.200{i}" for i in range(3)]


def name(kode: str) -> str:
    return f"Desa {kode[-1]}"


@pytest.fixture
def content() -> dict[str, Any]:
    strength = pd.DataFrame(
        {"penduduk": [0.0, 0.5, 0.0], "kemiskinan": [0.0, 0.4, 0.02], "sekitar": [0.0, -0.2, 0.0]}, CODES
    )
    expected = np.exp(strength.sum(axis=1).to_numpy())
    return kept(
        CODES,
        expected,
        expected * np.exp(0.05 * np.random.default_rng(0).standard_normal((300, 3))),
        strength,
        strength.columns,
    )


@pytest.mark.parametrize(("a", "b"), [(CODES[1], CODES[0]), (CODES[0], CODES[1])])
def test_the_higher_one_is_named_first_with_what_raises_and_what_lowers_it(content: dict, a: str, b: str) -> None:
    told = pair_words(content, a, b, name)
    assert told is not None
    assert told.verdict.startswith("**Desa 1 di atas Desa 0**")
    assert ">99%" in told.verdict.replace(" ", "")
    assert told.causes == (
        "Jumlah penduduk: membuat perkiraan di Desa 1 1,65 kali Desa 0.",
        "Kemiskinan: membuat perkiraan di Desa 1 1,49 kali Desa 0.",
        "Kasus tercatat di wilayah tetangga: sebaliknya, membuat perkiraan di Desa 1 hanya 0,82 kali Desa 0.",
    )
    assert told.outcome == ("di_atas" if a == CODES[1] else "di_bawah")


@pytest.mark.parametrize(("lang", "words"), [("id", "tidak dapat dibedakan"), ("en", "cannot be told apart")])
def test_what_cannot_be_told_apart_is_said_so(content: dict, lang: str, words: str) -> None:
    told = pair_words(content, CODES[2], CODES[0], name, lang)
    assert told is not None
    assert words in told.verdict
    assert told.causes == ()


def test_nothing_is_said_without_a_kept_version_or_of_mixed_levels(content: dict) -> None:
    assert pair_words(None, CODES[0], CODES[1], name) is None
    assert pair_words(content, CODES[0], "98.01", name) is None


def test_the_assumption_is_told_with_what_it_changes() -> None:
    points = [list(point) for point in Curve.parse("0.5=0.6/0.8/0.9 3=0.2/0.35/0.5").points]
    second = {
        "kurva": points,
        "jarak": "pusat",
        "km_per_jam": 18.0,
        "n_top": 100,
        "kukuh": ["a"] * 80,
        "hanya_asumsi": ["b"] * 20,
    }
    assumption, result = reporting_words(second)
    assert assumption.startswith("ASUMSI")
    assert "60%–80%–90%" in assumption.replace(" ", "")
    assert "pusat kabupaten" in assumption
    assert "80 dari 100" in result
    assert "ASSUMPTION" in reporting_words(second, "en")[0]


def test_a_village_is_robust_or_on_one_list_or_on_none() -> None:
    second = {"kukuh": ["a"], "hanya_asumsi": ["b"], "hanya_terlapor": ["c"]}
    assert [robustness(second, kode) for kode in "abcd"] == ["kukuh", "hanya_asumsi", "hanya_terlapor", ""]
    assert robustness({}, "a") == ""


def test_the_command_line_compares_and_scores_with_an_assumption(
    demo_copy: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(demo_copy.path)
    assert cli.main(["--workspace", place, "--json", "score", "--lapor", "0.5=0.8 3=0.35 8=0.1"]) == 0
    scored = json.loads(capsys.readouterr().out)
    assert len(scored["reporting"]["kukuh"]) + len(scored["reporting"]["hanya_asumsi"]) == 100
    store = demo_copy.store()
    snapshot = Snapshot.load(demo_copy, store)
    ranked = store.scores.table("desa").sort_values("skor", ascending=False)["kode"].tolist()
    store.close()
    assert cli.main(["--workspace", place, "--json", "why", ranked[0], ranked[-1]]) == 0
    shown = capsys.readouterr()
    told = json.loads(shown.out)
    assert told["verdict"] == "di_atas"
    assert told["causes"]
    assert "di atas" in shown.err
    assert cli.main(["--workspace", place, "why", ranked[0], ranked[0][:8]]) == 2
    for list_name, words in (("kukuh", "kukuh"), ("hanya_asumsi", "hanya bila"), ("hanya_terlapor", "Keluar dari")):
        card = area_card(snapshot, snapshot.reporting[list_name][0])
        assert card is not None
        assert any(words in remark for remark in card.remarks)
    assert len(list_table(snapshot.reporting, snapshot.name)) == 2 * len(snapshot.reporting["hanya_asumsi"])
    out = demo_copy.path / "kedua.xlsx"
    assert cli.main(["--workspace", place, "scores", "--lapor", "--out", str(out)]) == 0
    rows = pd.read_excel(out, dtype={"kode": str}, engine="calamine")
    assert len(rows) == 3442
    assert (rows["daftar"] == "kedua daftar (kukuh)").sum() == len(scored["reporting"]["kukuh"])
    assert rows["asumsi"].str.startswith("ASUMSI").all()
    assert rows["data_contoh"].all()
    assert (rows["skor_asumsi_bawah"] <= rows["skor_asumsi"]).all()
    public = demo_copy.path / "publik.csv"
    assert cli.main(["--workspace", place, "scores", "--lapor", "--role", "publik", "--out", str(public)]) == 0
    assert pd.read_csv(public)[["skor", "skor_asumsi", "p_top_asumsi"]].isna().all(axis=None)
    assert cli.main(["--workspace", place, "score", "--lapor", "jauh"]) == 2
    assert "jauh" in capsys.readouterr().err


def test_without_a_second_list_the_file_is_refused_with_the_way_to_one(
    demo_copy: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    out = demo_copy.path / "kedua.csv"
    assert cli.main(["--workspace", str(demo_copy.path), "scores", "--lapor", "--out", str(out)]) == 2
    assert "score --lapor" in capsys.readouterr().err
    assert not out.exists()
