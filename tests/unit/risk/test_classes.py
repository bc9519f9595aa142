"""Classes of the model's maps: locked over versions, chosen anew only when they no longer tell areas apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.domain.score_version import ScoreVersion
from risk.scoring.classes import LEVELS, locked_classes
from tests.stand_ins import score_version


def table(scale: float = 1.0, n: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    rows = [
        pd.DataFrame({"level": level, "laju": rng.lognormal(-3, 0.8, m) * scale, "harapan": rng.lognormal(0, 1, m) * m})
        for level, m in zip(LEVELS, (n, n // 10, 22), strict=True)
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
