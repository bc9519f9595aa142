"""Classes of the model's maps: locked over versions, chosen anew only when they no longer tell areas apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.domain.levels import DRAWN
from data.domain.score_version import ScoreVersion
from risk.scoring.classes import locked_classes
from tests.stand_ins import score_version


def table(scale: float = 1.0, n: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    rows = [
        pd.DataFrame({"level": level, "laju": rng.lognormal(-3, 0.8, m) * scale, "harapan": rng.lognormal(0, 1, m) * m})
        for level, m in zip(DRAWN, (n, n // 10, 22), strict=True)
    ]
    return pd.concat(rows, ignore_index=True)


def version(kelas: dict, contoh: bool = False) -> ScoreVersion:
    return score_version(data_contoh=contoh, params={"kelas": kelas})


def test_the_highest_class_is_a_twentieth_of_the_villages() -> None:
    found = locked_classes(table(), None, False)
    villages = table().query("level == 'desa'")
    assert len(found["laju"]) == 4
    assert 0.03 < (villages["laju"] >= found["laju"][-1]).mean() < 0.07
    assert found["harapan"]["kabupaten"] != found["harapan"]["desa"]


def test_the_breaks_are_the_percentiles_of_the_areas_to_two_digits() -> None:
    ladder = pd.DataFrame({"level": "desa", "laju": np.arange(101) / 1000, "harapan": np.arange(101) ** 2.0})
    found = locked_classes(ladder, None, False)
    assert found["laju"] == [0.02, 0.05, 0.08, 0.095]
    assert found["harapan"]["desa"] == [400.0, 2500.0, 6400.0, 9000.0]


def test_breaks_stay_when_numbers_move_a_little_and_change_when_they_no_longer_serve() -> None:
    first = locked_classes(table(), None, False)
    assert locked_classes(table(1.3), version(first), False)["laju"] == first["laju"]
    assert locked_classes(table(20.0), version(first), False)["laju"] != first["laju"]


def test_breaks_of_sample_data_are_not_kept_for_real_ones() -> None:
    first = locked_classes(table(1.0), None, True)
    assert locked_classes(table(1.1), version(first, contoh=True), False)["laju"] != first["laju"]


def test_equal_numbers_have_no_classes() -> None:
    flat = table().assign(laju=0.1)
    assert locked_classes(flat, None, False)["laju"] == []
