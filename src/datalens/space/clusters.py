"""Clusters of points on the map, or of vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.progress import progress
from datalens.space.density import density_tree

if TYPE_CHECKING:
    import numpy as np

METHODS = ("hdbscan", "kmeans")
NOISE = -1
NOT_CLUSTERED = -2
# KMeans without a number: as many clusters as a legend can show.
KMEANS_CLUSTERS = 20
# A cluster holds at least n ** .6 / 4 rows: 62 of 10,000, 144 of 40,000, 995 of a million. That finds 46 clusters in
# the map of 10,000 news texts, 74 in that of 30,000 docstrings, 21 in a tenth of it.
SIZE_POWER = 0.6
SIZE_SHARE = 0.25
SMALLEST = 5
# With 10 and more, HDBSCAN sooner takes most of a map of texts for one cluster.
MIN_SAMPLES = 5


def cluster(
    points: np.ndarray[Any, Any],
    *,
    method: str = "hdbscan",
    n_clusters: int | None = None,
    min_cluster_size: int | None = None,
    min_samples: int | None = None,
    random_state: int = 0,
) -> np.ndarray[Any, np.dtype[np.int32]]:
    """Group points that lie together.

    HDBSCAN [1]_ finds groups of any shape and leaves the points between them alone. scikit-learn's compares all
    pairs; here the tree that it cuts comes from each point's neighbours and, on the plane, the Delaunay
    triangulation, in time n log n: see `datalens.space.density`. Where nothing stands apart, all is noise.

    Parameters
    ----------
    points : numpy.ndarray of float, shape (n, d)
        Coordinates (d = 2) or vectors. Rows with NaN or infinite numbers are not clustered.
    method : {"hdbscan", "kmeans"}, default "hdbscan"
        KMeans puts every point into the nearest of `n_clusters` round groups.
    n_clusters : int, optional
        For KMeans: how many; 20 by default, at most the number of distinct points.
    min_cluster_size : int, optional
        For HDBSCAN: the smallest group that is a cluster. By default ``n ** 0.6 / 4``, at least 5: 62 of 10,000.
    min_samples : int, optional
        For HDBSCAN: how many points must lie close by, the point itself among them, to count as dense; 5 by
        default. More leaves more points as noise.
    random_state : int, default 0
        Seed of KMeans.

    Returns
    -------
    numpy.ndarray of int32, shape (n,)
        0 for the largest cluster, 1 for the next; -1 for noise (HDBSCAN); -2 for rows that are not finite.

    Raises
    ------
    ValueError
        When `method` is another, an option belongs to the other method or is too small.

    References
    ----------
    .. [1] R. J. G. B. Campello, D. Moulavi, J. Sander, "Density-Based Clustering Based on Hierarchical Density
       Estimates", PAKDD 2013.

    Examples
    --------
    >>> import numpy as np
    >>> points = np.array([[0.0, 0], [0, 1], [1, 0], [9, 9], [9, 8], [np.nan, 0]])
    >>> cluster(points, method="kmeans", n_clusters=2).tolist()
    [0, 0, 0, 1, 1, -2]
    """
    import numpy as np

    _check(method, n_clusters, min_cluster_size, min_samples)
    labels = np.full(len(points), NOT_CLUSTERED, dtype=np.int32)
    finite = np.flatnonzero(np.isfinite(points.sum(axis=1, dtype=np.float64)))
    if not len(finite):
        return labels
    rows = np.ascontiguousarray(points[finite], dtype=np.float64 if points.shape[1] == 2 else np.float32)  # noqa: PLR2004
    if method == "kmeans":
        found = _kmeans(rows, n_clusters or KMEANS_CLUSTERS, random_state)
    else:
        size = min_cluster_size or max(SMALLEST, int(SIZE_SHARE * len(rows) ** SIZE_POWER))
        found = _hdbscan(rows, size, min_samples or min(MIN_SAMPLES, size))
    labels[finite] = _by_size(found)
    return labels


def _check(
    method: str, n_clusters: int | None, min_cluster_size: int | None, min_samples: int | None
) -> None:
    if method not in METHODS:
        msg = f"method= is 'hdbscan' or 'kmeans', not {method!r}."
        raise ValueError(msg)
    if method == "hdbscan" and n_clusters is not None:
        msg = "HDBSCAN finds the number of clusters itself: leave n_clusters= out, or use method='kmeans'."
        raise ValueError(msg)
    if method == "kmeans" and (min_cluster_size is not None or min_samples is not None):
        msg = "min_cluster_size= and min_samples= belong to method='hdbscan'; KMeans takes n_clusters=."
        raise ValueError(msg)
    least = {
        "n_clusters": (n_clusters, 1),
        "min_cluster_size": (min_cluster_size, 2),
        "min_samples": (min_samples, 1),
    }
    for name, (value, lowest) in least.items():
        if value is not None and value < lowest:
            msg = f"{name}= must be at least {lowest}, not {value}."
            raise ValueError(msg)


def _kmeans(rows: np.ndarray[Any, Any], n_clusters: int, random_state: int) -> np.ndarray[Any, Any]:
    import numpy as np
    from sklearn.cluster import KMeans

    # Distinct points are counted only where there may be too few of them.
    distinct = len(rows) if n_clusters < 2 else len(np.unique(rows, axis=0))  # noqa: PLR2004
    with progress("clustering", total=1, unit="step") as bar:
        found: np.ndarray[Any, Any] = KMeans(
            min(n_clusters, distinct), n_init=3, random_state=random_state
        ).fit_predict(rows)
        bar.update()
    return found


def _hdbscan(rows: np.ndarray[Any, Any], min_cluster_size: int, min_samples: int) -> np.ndarray[Any, Any]:
    import numpy as np
    from sklearn.cluster import HDBSCAN

    if len(rows) < max(min_cluster_size, 2):
        return np.full(len(rows), NOISE)
    with progress("clustering", total=2, unit="step") as bar:
        tree = density_tree(rows, min_samples=min(min_samples, len(rows)))
        bar.update()
        # The distances already take density into account, so here a point is its own neighbourhood.
        found: np.ndarray[Any, Any] = HDBSCAN(
            min_cluster_size=min_cluster_size, min_samples=1, metric="precomputed", copy=True
        ).fit_predict(tree)
        bar.update()
    return found


def _by_size(labels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return labels that number clusters from the largest; of equals the one whose first row comes first."""
    import numpy as np

    found, first, sizes = np.unique(labels[labels >= 0], return_index=True, return_counts=True)
    number = np.full(int(found.max(initial=-1)) + 2, NOISE)  # the last one serves noise, -1
    number[found[np.lexsort((first, -sizes))]] = np.arange(len(found))
    numbered: np.ndarray[Any, Any] = number[labels]
    return numbered
