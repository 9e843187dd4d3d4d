import numpy as np
import pytest
from scipy.sparse.csgraph import minimum_spanning_tree
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score

from datalens.core.progress import listening
from datalens.space.clusters import cluster
from datalens.space.density import density_tree

SIZES = (300, 200, 100)
TRUTH = np.repeat([0, 1, 2], SIZES)


def blobs(dimensions=2):
    rng = np.random.default_rng(0)
    middles = np.eye(3, dimensions) * 20
    return np.concatenate(
        [rng.normal(m, 1, (size, dimensions)) for m, size in zip(middles, SIZES, strict=True)]
    )


@pytest.mark.parametrize("dimensions", [2, 3, 50])
@pytest.mark.parametrize("method", ["hdbscan", "kmeans"])
def three_blobs_test(dimensions, method):
    options = {"n_clusters": 3} if method == "kmeans" else {"min_cluster_size": 30}
    labels = cluster(blobs(dimensions), method=method, **options)
    assert labels.dtype == np.int32
    found = labels >= 0
    assert found.mean() > 0.75
    assert (labels == TRUTH)[found].all()  # the largest is 0


def scattered():
    return np.concatenate([blobs(), np.random.default_rng(1).uniform(-5, 25, (200, 2))])


@pytest.mark.parametrize("min_samples", [1, 5, 12, 40])
def scikit_learn_test(min_samples):
    ours = cluster(scattered(), min_cluster_size=20, min_samples=min_samples)
    theirs = HDBSCAN(min_cluster_size=20, min_samples=min_samples, copy=True).fit_predict(scattered())
    # Edges of the same length may be cut in another order.
    assert adjusted_rand_score(ours, theirs) > 0.95


@pytest.mark.parametrize("min_samples", [1, 5, 12, 40])
def tree_of_all_pairs_test(min_samples):
    points = scattered()
    far = np.linalg.norm(points[:, None] - points[None], axis=2)
    core = np.sort(far, axis=1)[:, min_samples - 1]
    exact = minimum_spanning_tree(np.maximum(far, np.maximum(core[:, None], core[None])))
    assert density_tree(points, min_samples=min_samples).sum() / 2 == pytest.approx(exact.sum(), rel=1e-3)


def deterministic_test():
    for method in ("hdbscan", "kmeans"):
        np.testing.assert_array_equal(cluster(blobs(), method=method), cluster(blobs(), method=method))


def rows_that_are_not_finite_test():
    points = blobs()
    points[5, 0], points[9, 1] = np.nan, np.inf
    for method in ("hdbscan", "kmeans"):
        assert np.flatnonzero(cluster(points, method=method) == -2).tolist() == [5, 9]


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 10])
@pytest.mark.parametrize("method", ["hdbscan", "kmeans"])
@pytest.mark.parametrize("dimensions", [1, 2, 5])
def few_rows_test(rows, method, dimensions):
    assert len(cluster(np.random.default_rng(0).normal(size=(rows, dimensions)), method=method)) == rows


def more_clusters_than_rows_test():
    assert sorted(cluster(np.eye(3), method="kmeans", n_clusters=10).tolist()) == [0, 1, 2]


@pytest.mark.filterwarnings("error")
def equal_rows_test():
    assert set(cluster(np.ones((50, 2)))) == {-1}
    assert set(cluster(np.ones((50, 2)), method="kmeans", n_clusters=3)) == {0}


def heaps_of_copies_test():
    points = np.repeat([[0.0, 0], [5, 5]], 100, axis=0)
    assert cluster(points).tolist() == [0] * 100 + [1] * 100


def points_on_a_line_test():
    x = np.concatenate([np.linspace(0, 1, 50), np.linspace(9, 10, 60)])
    assert cluster(np.stack([x, x], axis=1), min_cluster_size=20).tolist() == [1] * 50 + [0] * 60


def tree_spans_all_points_test():
    tree = density_tree(blobs(), min_samples=5)
    assert tree.nnz == 2 * (600 - 1)
    assert (tree != tree.T).nnz == 0


def progress_test():
    seen = []
    with listening(lambda *step: seen.append(step)):
        cluster(blobs())
    assert seen[-1] == ("clustering", 2, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "dbscan"}, "method= is 'hdbscan' or 'kmeans', not 'dbscan'"),
        ({"n_clusters": 3}, "HDBSCAN finds the number of clusters itself"),
        ({"method": "kmeans", "min_samples": 3}, "belong to method='hdbscan'"),
        ({"min_cluster_size": 1}, "min_cluster_size= must be at least 2, not 1"),
    ],
)
def error_test(options, message):
    with pytest.raises(ValueError, match=message):
        cluster(blobs(), **options)
