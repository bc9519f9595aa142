"""Results are kept by the version of their input."""

from __future__ import annotations

import numpy as np

from data.store.store import Store


def test_a_result_comes_back_for_its_version_only(store: Store) -> None:
    before = store.state_key()
    store.results.save("titik_panas", "S1", {"desa": [np.float64(0.5), np.int64(3), None]}, "ani")
    assert store.results.get("titik_panas", "S1") == {"desa": [0.5, 3, None]}
    assert store.results.get("titik_panas", "S2") is None
    assert store.results.get("lain", "S1") is None
    assert store.state_key() != before, "screens must notice"


def test_a_result_computed_again_replaces_the_first(store: Store) -> None:
    store.results.save("titik_panas", "S1", [1])
    store.results.save("titik_panas", "S1", [2])
    assert store.results.get("titik_panas", "S1") == [2]
