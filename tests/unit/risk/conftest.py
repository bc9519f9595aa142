"""Small fictional provinces with a known truth, so that no test of this room leans on real files."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from data.batches import BatchMeta
from data.store.store import Store


def make_province(n_kab: int = 6, n_kec: int = 6, n_desa: int = 10, seed: int = 0) -> pd.DataFrame:
    """Province 98 in the store's columns: villages on a jittered grid, a town in each kabupaten, no population."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n_kab):
        for j in range(n_kec):
            for k in range(n_desa):
                town = j == 0 and k < 3
                rows.append(
                    {
                        "kode": f"98.{i + 1:02d}.{j + 1:02d}.{(1000 if town else 2000) + k + 1}",
                        "nama": f"Desa {i}-{j}-{k}",
                        "jenis": "kelurahan" if town else "desa",
                        "kode_kec": f"98.{i + 1:02d}.{j + 1:02d}",
                        "kecamatan": f"Kecamatan {i}-{j}",
                        "kode_kab": f"98.{i + 1:02d}",
                        "kabupaten": f"Kabupaten {i}",
                        "kode_prov": "98",
                        "kode_bps": "",
                        "penduduk": np.nan,
                        "kode_lama": "",
                        "lon": 120 + 0.5 * (i % 3) + 0.15 * (j % 3) + 0.03 * (k % 4) + 0.01 * rng.random(),
                        "lat": -9 + 0.5 * (i // 3) + 0.15 * (j // 3) + 0.03 * (k // 4) + 0.01 * rng.random(),
                        "elevasi": np.nan,
                        "presisi_titik": "desa",
                    }
                )
    return pd.DataFrame(rows).sort_values("kode", ignore_index=True)


@pytest.fixture(scope="session")
def province() -> pd.DataFrame:
    return make_province()


@pytest.fixture
def fill(store: Store) -> Callable[..., Store]:
    """Puts a gazetteer and batches into the store."""

    def put(gazetteer: pd.DataFrame, *batches: tuple[BatchMeta, pd.DataFrame]) -> Store:
        store.gazetteer.replace(gazetteer)
        for meta, rows in batches:
            store.facts.commit(meta, rows)
        return store

    return put


@pytest.fixture(scope="session")
def simulated() -> Callable[..., tuple[pd.DataFrame, np.ndarray, np.ndarray]]:
    """(X, y, true rate) of a nested Poisson province; X has kab, kec, desa, penduduk and one covariate."""

    def draw(
        seed: int = 0, n_kab: int = 8, n_kec: int = 6, n_desa: int = 10, cases: float = 500.0
    ) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        rng = np.random.default_rng(seed)
        n = n_kab * n_kec * n_desa
        kab = np.repeat(np.arange(n_kab), n_kec * n_desa)
        kec = np.repeat(np.arange(n_kab * n_kec), n_desa)
        X = pd.DataFrame(
            {
                "desa": [f"d{i}" for i in range(n)],
                "kec": [f"c{k}" for k in kec],
                "kab": [f"b{k}" for k in kab],
                "penduduk": np.exp(rng.normal(7, 0.5, n)),
                "miskin": rng.normal(size=n),
            }
        )
        log_rate = 0.5 * X["miskin"].to_numpy() + 0.5 * rng.normal(size=n_kab)[kab]
        log_rate += 0.4 * rng.normal(size=n_kab * n_kec)[kec] + 0.4 * rng.normal(size=n)
        rate = np.exp(log_rate)
        rate *= cases / (rate @ X["penduduk"])
        return X, rng.poisson(rate * X["penduduk"]).astype(float), rate

    return draw
