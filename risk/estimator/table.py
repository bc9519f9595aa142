"""Reading of the estimator's tables: what each column must hold, refused with words a person can act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

RESERVED = ("baseline", "neighbours", "own_history", "area_size")
"""Columns of ``decompose`` that no covariate may be called."""


def read_covariates(table: pd.DataFrame) -> np.ndarray:
    """(n, p) float. Raises ValueError, naming the columns, for text, for missing and for infinite values."""
    if table.shape[1] == 0:
        return np.zeros((len(table), 0))
    if taken := [name for name in table.columns if name in RESERVED]:
        raise ValueError(f"covariates must not be called {taken}: decompose has columns of that name")
    if text := [name for name in table.columns if not _numeric(table[name])]:
        raise ValueError(
            f"could not convert the columns {text} to numbers: name them in groups, area or exposure, "
            "or encode them first"
        )
    if gaps := [name for name in table.columns if table[name].isna().any()]:
        raise ValueError(f"Input contains NaN in the covariates {gaps}: fill them first, for example by their mean")
    return _floats(table, "")


def read_exposure(X: pd.DataFrame, column: str) -> np.ndarray:
    """(n,) float >= 0. Raises ValueError for missing, infinite and negative values."""
    exposure = _floats(X[[column]], str(column))[:, 0]
    if (exposure < 0).any():
        raise ValueError(f"column {column!r} holds negative exposure")
    return exposure


def check_labels(X: pd.DataFrame, columns: list[str]) -> None:
    """Raises ValueError when a column of labels has gaps: rows of one unknown place would be taken for one place."""
    for column in columns:
        if pd.isna(X[column]).any():
            raise ValueError(f"column {column!r} holds missing labels; give each unknown place a label of its own")


def read_graph(graph: Any, areas: pd.Index) -> pd.DataFrame:
    """Two columns of labels. Raises ValueError for anything else, for missing labels, and when none is an area."""
    try:
        pairs = pd.DataFrame(graph)
    except ValueError:
        pairs = pd.DataFrame()
    if pairs.shape[1] < 2:
        raise ValueError("graph must be a table of two columns of neighbouring area labels")
    pairs = pairs.iloc[:, :2]
    if pairs.isna().any(axis=None):
        raise ValueError("graph holds missing labels")
    if len(pairs) and len(areas) and not any(pairs.iloc[:, i].isin(areas).any() for i in (0, 1)):
        raise ValueError(
            f"graph names none of the areas: its labels are like {pairs.iloc[0, 0]!r}, "
            f"those of the areas like {areas[0]!r}"
        )
    return pairs


def read_cells(X: Any, aggregates: Mapping[str, Any], exposure: np.ndarray) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Membership of rows in cells with extra counts (n, K), and the counts (K,).

    Raises ValueError for columns that X lacks, missing or negative counts and labels without exposure.
    """
    n = len(exposure)
    members, counts = [sparse.csr_matrix((n, 0))], [np.zeros(0)]
    for column, series in aggregates.items():
        if not isinstance(X, pd.DataFrame) or column not in X.columns:
            raise ValueError(f"aggregates name the column {column!r}, which X does not have")
        extra = pd.Series(series, dtype=float)
        if not np.isfinite(extra).all() or (extra < 0).any():
            raise ValueError(f"aggregates of {column!r} hold missing or negative counts")
        extra = extra.groupby(level=0).sum()
        extra = extra[extra > 0]
        member = membership(positions(X, column, extra.index), len(extra))
        bare = extra.index[member.T @ exposure <= 0]
        if len(bare):
            raise ValueError(f"aggregates of {column!r} hold cases of labels without exposure: {list(bare[:5])}")
        members.append(member)
        counts.append(extra.to_numpy())
    return sparse.hstack(members, format="csr"), np.concatenate(counts)


def positions(X: pd.DataFrame, column: Any, labels: pd.Index) -> np.ndarray:
    """Where each row's label is in ``labels``, -1 when it is not."""
    return labels.get_indexer(pd.Index(X[column]))


def membership(position: np.ndarray, size: int) -> sparse.csr_matrix:
    """(n, size) indicator matrix; rows of position -1 are empty."""
    rows = np.flatnonzero(position >= 0)
    return sparse.csr_matrix((np.ones(len(rows)), (rows, position[rows])), shape=(len(position), size))


def pick(values: np.ndarray, position: np.ndarray) -> np.ndarray:
    """``values`` by position, 0 where that is -1."""
    if not len(values):
        return np.zeros(len(position))
    return np.where(position >= 0, values[position], 0.0)


def _floats(table: pd.DataFrame, name: str) -> np.ndarray:
    """(n, p) finite numbers. What is none is told in scikit-learn's words, which then is worth the second its import
    takes."""
    if all(dtype == np.float64 for dtype in table.dtypes):
        values = np.asarray(table, dtype=float)
        if len(values) and np.isfinite(values).all():
            return values
    from sklearn.utils.validation import check_array

    checked: np.ndarray = check_array(table, dtype=float, input_name=name)
    return checked


def _numeric(column: pd.Series) -> bool:
    if column.dtype == object or isinstance(column.dtype, pd.StringDtype):
        return bool(pd.to_numeric(column, errors="coerce").notna().eq(column.notna()).all())
    return bool(pd.api.types.is_numeric_dtype(column))
