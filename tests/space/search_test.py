"""Exact search, held against all distances worked out one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from datalens.space.search import Search

# Few values, so that there are copies, ties, zeros and rows without a vector.
VALUES = st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5, np.nan])
MATRICES = st.tuples(st.integers(1, 40), st.integers(1, 5)).flatmap(
    lambda shape: arrays(np.float32, shape, elements=VALUES)
)
METRICS = ("cosine", "euclidean")


def brute(vectors, query, metric):
    """Return every row's distance, NaN where it has no vector."""
    rows, at = vectors.astype(np.float64), np.asarray(query, dtype=np.float64)
    if metric == "euclidean":
        return np.sqrt(((rows - at) ** 2).sum(axis=1))
    with np.errstate(invalid="ignore"):
        return 1 - rows @ at / np.linalg.norm(rows, axis=1) / np.linalg.norm(at)


@given(
    vectors=MATRICES,
    metric=st.sampled_from(METRICS),
    farthest=st.booleans(),
    k=st.integers(1, 45),
    data=st.data(),
)
def the_k_are_those_of_all_distances_law_test(vectors, metric, farthest, k, data):
    search = Search(vectors, metric)
    query = data.draw(arrays(np.float32, vectors.shape[1], elements=st.sampled_from([1.0, -1.0, 0.25])))
    without = np.array(data.draw(st.lists(st.integers(0, len(vectors) - 1), max_size=4)), dtype=np.int64)
    far = brute(vectors, query, metric)
    far[without] = np.nan
    there = np.flatnonzero(np.isfinite(far))
    found, distances = search.near(query, k, farthest=farthest, without=without)
    expected = np.sort(far[there])[:: -1 if farthest else 1][:k]
    np.testing.assert_allclose(distances, expected, atol=1e-6)
    np.testing.assert_allclose(distances, far[found], atol=1e-6)
    assert len(set(found.tolist())) == min(k, len(there))


@given(vectors=MATRICES, metric=st.sampled_from(METRICS), distance=st.sampled_from([0.0, 0.05, 0.6, 1.7]))
def within_finds_all_law_test(vectors, metric, distance):
    query = np.ones(vectors.shape[1])
    far = brute(vectors, query, metric)
    found, distances = Search(vectors, metric).within(query, distance)
    assert sorted(found.tolist()) == np.flatnonzero(far <= distance + 1e-9).tolist()
    assert (np.diff(distances) >= 0).all()


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("farthest", [False, True])
def of_many_copies_the_first_come_first_test(metric, farthest):
    vectors = np.tile(np.array([[0.3, 0.4, 0.1]], dtype=np.float32), (5_000, 1))
    found, distances = Search(vectors, metric).near([1, 0, 0], 3, farthest=farthest, without=np.array([1]))
    assert found.tolist() == [0, 2, 3]
    assert len(set(distances.tolist())) == 1


def copies_have_distance_zero_whatever_their_length_test():
    vectors = np.array([[0.1, 0.7, 0.3]], dtype=np.float32) * np.array(
        [[1], [3], [7], [1e-30], [1e30]], "float32"
    )
    search = Search(vectors)
    found, distances = search.within(search.vector(2), 0.0)
    assert (found.tolist(), distances.tolist()) == ([0, 1, 2, 3, 4], [0.0] * 5)


def huge_vectors_have_distances_test():
    vectors = np.array([[1e30, 0], [3e30, 0], [-2e30, 0]], dtype=np.float32)
    found, distances = Search(vectors, "euclidean").near([1e30, 0], 3)
    assert found.tolist() == [0, 1, 2]
    np.testing.assert_allclose(distances, [0, 2e30, 3e30], rtol=1e-6)


def a_row_without_a_vector_is_never_found_test():
    vectors = np.array([[np.nan, 1], [0, 0], [1, 1], [np.inf, 0]], dtype=np.float32)
    cosine, euclidean = Search(vectors), Search(vectors, "euclidean")
    assert (cosine.ordinals.tolist(), euclidean.ordinals.tolist()) == ([2], [1, 2])
    assert cosine.vector(1) is None
    assert cosine.vector(3) is None
    assert cosine.near([1, 0], 9)[0].tolist() == [2]


@pytest.mark.parametrize("rows", [0, 1, 2])
def next_to_no_rows_test(rows):
    search = Search(np.ones((rows, 3), dtype=np.float32))
    assert search.near([1, 2, 3], 5)[0].tolist() == list(range(rows))
    assert search.near([1, 2, 3], 1, without=np.arange(rows))[0].tolist() == []
    assert search.within([1, 1, 1], 0.1)[0].tolist() == list(range(rows))


def the_centre_is_the_mean_of_directions_or_of_places_test():
    vectors = np.array([[2, 0], [0, 1], [np.nan, 1]], dtype=np.float32)
    mask = np.array([True, True, True])
    assert Search(vectors).centre(mask).tolist() == [0.5, 0.5]
    assert Search(vectors, "euclidean").centre(mask).tolist() == [1.0, 0.5]
    assert Search(vectors).centre(np.array([False, False, True])) is None


def blocks_change_nothing_test(monkeypatch):
    vectors = np.random.default_rng(0).normal(size=(300, 8)).astype("float32")
    whole = [Search(vectors, metric).near(vectors[0], 300) for metric in METRICS]
    monkeypatch.setattr("datalens.space.search.BLOCK_BYTES", 1_000)
    for metric, (found, distances) in zip(METRICS, whole, strict=True):
        again = Search(vectors, metric).near(vectors[0], 300)
        assert (again[0].tolist(), again[1].tolist()) == (found.tolist(), distances.tolist())


def another_metric_is_refused_test():
    with pytest.raises(ValueError, match="'cosine' or 'euclidean', not 'dot'"):
        Search(np.ones((1, 1), dtype=np.float32), "dot")
