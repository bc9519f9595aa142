"""The neighbour field: an intrinsic conditional autoregression (ICAR) over a graph of areas, scaled as in BYM2.

Sources: Riebler et al. 2016 (BYM2 scaling: the variance is a marginal one, whatever the graph);
Freni-Sterrantino, Ventrucci & Rue 2018 (parts of a graph that hang apart are scaled one by one).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu
from scipy.special import digamma

from risk.estimator.table import read_graph

SCALING_DRAWS = 128
SMALL_PART = 100
"""Nodes up to which a part's level is held exactly, with a dense block; above, I / k is as good and sparse."""


@dataclass(frozen=True)
class Field:
    """A unit-variance field over ``labels``: ``precision`` (N x N) and ``root`` (E x N) with root'root = precision."""

    labels: pd.Index
    precision: sparse.csr_matrix
    root: sparse.csr_matrix


def build_field(graph: pd.DataFrame, areas: pd.Index) -> Field:
    """The field over every label of ``graph`` (two columns of neighbouring labels) and of ``areas``.

    Each connected part of k nodes has precision L * c + 11' / k^2: L the graph Laplacian, c the geometric mean of the
    variances that L alone implies (so that a typical node varies by 1), the other term lets the part's own level vary
    by 1 instead of without bound; in large parts the sparse I / k stands for it. A node without neighbours so becomes
    an ordinary independent effect.
    Raises ValueError when ``graph`` does not have two columns.
    """
    pairs = read_graph(graph, areas)
    first, second = pd.Index(pairs.iloc[:, 0]), pd.Index(pairs.iloc[:, 1])
    labels = pd.Index(areas.unique()).append(first).append(second).unique()
    a, b = labels.get_indexer(first), labels.get_indexer(second)
    ends = np.unique(np.sort(np.column_stack([a, b])[a != b], axis=1), axis=0)
    n, n_edges = len(labels), len(ends)

    rows = np.repeat(np.arange(n_edges), 2)
    incidence = sparse.csr_matrix((np.tile([1.0, -1.0], n_edges), (rows, ends.ravel())), shape=(n_edges, n))
    adjacency = sparse.csr_matrix((np.ones(n_edges), (ends[:, 0], ends[:, 1])), shape=(n, n))
    _, part = connected_components(adjacency, directed=False)
    size = np.bincount(part)
    scale = _scales(incidence, part, size)
    edge_part = part[ends[:, 0]] if n_edges else np.zeros(0, int)
    small = size[part] <= SMALL_PART
    own_row = np.where(small, part, size.size + np.arange(n))  # small parts share a row, large ones have one a node
    level = sparse.csr_matrix((np.where(small, 1 / size[part], 1 / np.sqrt(size[part])), (own_row, np.arange(n))))
    root = sparse.vstack([sparse.diags(np.sqrt(scale[edge_part])) @ incidence, level], format="csr")
    return Field(labels, (root.T @ root).tocsr(), root)


def _scales(incidence: sparse.csr_matrix, part: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Per part, the geometric mean of the diagonal of its Laplacian's pseudo-inverse (1 where there is no edge).

    Found from draws instead of an n x n inverse: L^- B'z has covariance L^- when z is standard normal. One node of
    each part is held at 0 to make the system solvable and the part's mean is taken off afterwards.
    """
    n = len(part)
    held = np.zeros(n, bool)
    held[np.unique(part, return_index=True)[1]] = True
    free = np.flatnonzero(~held)
    scale = np.ones(len(size))
    if not len(free):
        return scale
    laplacian = (incidence.T @ incidence).tocsc()
    solver = splu(
        laplacian[free][:, free].tocsc(),
        permc_spec="MMD_AT_PLUS_A",
        options={"SymmetricMode": True},
        diag_pivot_thresh=0.0,
    )
    z = np.random.default_rng(0).standard_normal((incidence.shape[0], SCALING_DRAWS))
    draws = np.zeros((n, SCALING_DRAWS))
    draws[free] = solver.solve(np.asarray((incidence.T @ z)[free]))
    in_part = sparse.csr_matrix((np.ones(n), (part, np.arange(n))), shape=(len(size), n))
    draws -= ((in_part @ draws) / size[:, None])[part]
    # the mean of log(chi2_k / k) is digamma(k/2) - log(k/2), not 0
    log_variance = np.log(np.maximum((draws**2).mean(axis=1), 1e-12))
    log_variance -= digamma(SCALING_DRAWS / 2) - np.log(SCALING_DRAWS / 2)
    geometric = np.exp((in_part @ log_variance) / size)
    return np.where(size > 1, geometric, scale)
