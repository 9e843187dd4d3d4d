import os
from pathlib import Path

import numpy as np
import pytest

from datalens.core.progress import listening
from datalens.space import graph as module
from datalens.space.graph import neighbors


def brute(vectors, k, metric):
    """Return indices and distances from all pairs in float64."""
    rows = vectors.astype(np.float64)
    if metric == "cosine":
        rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        far = 1 - rows @ rows.T
    else:
        far = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    np.fill_diagonal(far, np.inf)
    order = np.argsort(far, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(far, order, axis=1)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def brute_force_test(metric):
    vectors = np.random.default_rng(0).normal(size=(500, 12)).astype(np.float32)
    graph = neighbors(vectors, n_neighbors=7, metric=metric)
    indices, distances = brute(vectors, 7, metric)
    np.testing.assert_array_equal(graph.indices, indices)
    np.testing.assert_allclose(graph.distances, distances, rtol=1e-5, atol=1e-6)
    assert (graph.indices.dtype, graph.distances.dtype) == (np.int32, np.float32)


def ties_go_to_the_lower_row_test():
    # whole numbers on a grid: many distances are equal, and exactly so
    grid = np.stack(np.meshgrid(np.arange(9), np.arange(9)), axis=-1).reshape(-1, 2).astype(np.float32)
    graph = neighbors(grid, n_neighbors=8, metric="euclidean")
    np.testing.assert_array_equal(graph.distances, brute(grid, 8, "euclidean")[1].astype(np.float32))
    assert (np.diff(graph.indices, axis=1) > 0)[np.diff(graph.distances, axis=1) == 0].all()


def copies_test():
    vectors = np.repeat(np.eye(3, dtype=np.float32), [40, 1, 2], axis=0)
    graph = neighbors(vectors, n_neighbors=4, metric="euclidean")
    assert graph.indices[0].tolist() == [1, 2, 3, 4]
    assert graph.indices[39].tolist() == [0, 1, 2, 3]
    assert graph.indices[40].tolist() == [0, 1, 2, 3]
    assert graph.indices[41].tolist() == [42, 0, 1, 2]
    assert graph.distances[41].tolist() == pytest.approx([0, 2**0.5, 2**0.5, 2**0.5])


def scaled_copies_are_at_cosine_distance_zero_test():
    assert neighbors(np.array([[3.0, 1], [6, 2], [1, 0]]), n_neighbors=1).distances[0, 0] < 1e-12


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("chunk", [1, 7, 64])
def chunks_do_not_matter_test(monkeypatch, metric, chunk):
    vectors = np.random.default_rng(1).normal(size=(300, 20)).astype(np.float32)
    vectors[100:150] = vectors[0]
    vectors[200] = 0
    whole = neighbors(vectors, metric=metric)
    monkeypatch.setattr(module, "CHUNK_ROWS", chunk)
    cut = neighbors(vectors, metric=metric)
    np.testing.assert_array_equal(cut.indices, whole.indices)
    np.testing.assert_array_equal(cut.distances, whole.distances)


@pytest.mark.parametrize(("rows", "k"), [(0, 0), (1, 0), (2, 1), (5, 4), (20, 15)])
def few_rows_test(rows, k):
    graph = neighbors(np.random.default_rng(0).normal(size=(rows, 3)))
    assert graph.indices.shape == graph.distances.shape == (rows, k)
    assert all(
        set(near) == set(range(rows)) - {row} for row, near in enumerate(graph.indices) if k == rows - 1
    )


@pytest.mark.parametrize("place", [0, 40])
def zero_vector_test(place):
    vectors = np.random.default_rng(0).normal(size=(60, 4)) + 3
    vectors[place] = 0
    graph = neighbors(vectors, n_neighbors=3)
    assert graph.indices[place].tolist() == [row for row in range(4) if row != place][:3]
    assert graph.distances[place].tolist() == [1, 1, 1]
    assert not (np.delete(graph.indices, place, axis=0) == place).any()


def zero_vectors_are_alike_test():
    graph = neighbors(np.array([[1.0, 0], [0, 0], [0, 1], [0, 0]]), n_neighbors=1)
    assert graph.indices[[1, 3]].ravel().tolist() == [3, 1]
    assert graph.distances[[1, 3]].ravel().tolist() == [0, 0]


def rows_that_are_not_finite_test():
    vectors = np.random.default_rng(0).normal(size=(30, 4))
    vectors[3, 1], vectors[7, 0] = np.nan, np.inf
    graph = neighbors(vectors, n_neighbors=5)
    assert (graph.indices[[3, 7]] == -1).all()
    assert np.isinf(graph.distances[[3, 7]]).all()
    others = np.delete(graph.indices, [3, 7], axis=0)
    assert not np.isin(others, [-1, 3, 7]).any()


def all_rows_not_finite_test():
    assert neighbors(np.full((4, 2), np.nan)).indices.shape == (4, 0)


def inverted_file_test(monkeypatch):
    vectors = np.random.default_rng(0).normal(size=(3000, 8)).astype(np.float32)
    exact = neighbors(vectors)
    monkeypatch.setattr(module, "EXACT_ROWS", 1000)
    near = neighbors(vectors)
    recall = np.mean([len(set(a) & set(b)) / 15 for a, b in zip(near.indices, exact.indices, strict=True)])
    assert recall > 0.95
    monkeypatch.setattr(module, "PROBES", 1)
    monkeypatch.setattr(module, "CHUNK_ROWS", 100)
    few = neighbors(vectors[:1001], n_neighbors=60)  # more than a cell holds
    assert np.isinf(few.distances[few.indices < 0]).all()
    assert np.isfinite(few.distances[few.indices >= 0]).all()


def progress_test():
    seen = []
    with listening(lambda *step: seen.append(step)):
        neighbors(np.eye(50))
    assert seen[-1] == ("finding neighbours", 50, 50)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metric": "manhattan"}, "metric= is 'cosine' or 'euclidean'"),
        ({"n_neighbors": 0}, "n_neighbors= must"),
    ],
)
def error_test(options, message):
    with pytest.raises(ValueError, match=message):
        neighbors(np.eye(3), **options)


def not_a_matrix_test():
    with pytest.raises(ValueError, match=r"vectors= must have the shape \(rows, dimensions\)"):
        neighbors(np.ones(3))


def real_vectors_test():
    folder = os.environ.get("DATALENS_TEST_DATA")
    if not folder:
        pytest.skip("DATALENS_TEST_DATA names no folder with noisyagnews_minilm.npy")
    vectors = np.load(Path(folder) / "noisyagnews_minilm.npy")[:2000].astype(np.float32)
    np.testing.assert_allclose(
        neighbors(vectors).distances, brute(vectors, 15, "cosine")[1], rtol=1e-4, atol=2e-6
    )
