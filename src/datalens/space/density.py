"""The tree that HDBSCAN cuts: points joined by the shortest ways through dense places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    Edges = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]

# Neighbours a point is joined to; never fewer than those that its density is measured by.
NEIGHBORS = 15
# No pair counts as closer than this share of the median: a heap of copies would be infinitely dense, and pull a
# cluster apart.
CLOSEST_SHARE = 0.05
# Sweeps that join far groups of vectors, each along another axis.
SWEEPS = 8


def density_tree(points: np.ndarray[Any, Any], *, min_samples: int) -> csr_matrix:
    """Return the minimum spanning tree of the mutual reachability distances.

    The mutual reachability distance of two points is the largest of their distance and their core distances,
    which reach to the `min_samples`-th point, the point itself being the first [1]_. All pairs would take
    quadratic time, so the tree is looked for among these: each point and its nearest; on the plane also those
    joined in the Delaunay triangulation, which holds the shortest tree of plain distances [2]_. There the tree
    is practically exact; for vectors the joints between far groups are approximate, since they come from sweeps
    along random axes.

    Parameters
    ----------
    points : numpy.ndarray of float, shape (n, d)
        Finite, n at least 2.
    min_samples : int
        From 1 to n.

    Returns
    -------
    scipy.sparse.csr_matrix of float64, shape (n, n)
        Symmetric, ``2 * (n - 1)`` entries, all above 0.

    References
    ----------
    .. [1] R. J. G. B. Campello, D. Moulavi, J. Sander, "Density-Based Clustering Based on Hierarchical Density
       Estimates", PAKDD 2013.
    .. [2] M. I. Shamos, D. Hoey, "Closest-point problems", FOCS 1975.

    Examples
    --------
    >>> import numpy as np
    >>> density_tree(np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0]]), min_samples=1).toarray()
    array([[0., 1., 0.],
           [1., 0., 2.],
           [0., 2., 0.]])
    """
    import numpy as np
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import minimum_spanning_tree  # type: ignore[import-untyped]

    near, far = _nearest(points, min(len(points) - 1, max(NEIGHBORS, min_samples - 1)))
    core = far[:, min_samples - 2] if min_samples > 1 else np.zeros(len(points))
    own = np.repeat(np.arange(len(points)), near.shape[1])
    edges: list[Edges] = [(own, near.ravel()), *_joints(points)]
    left = np.concatenate([edge[0] for edge in edges])
    right = np.concatenate([edge[1] for edge in edges])
    left, right = np.minimum(left, right), np.maximum(left, right)
    # Each pair once: a sparse matrix would add up what comes twice.
    _, once = np.unique(left.astype(np.int64) * len(points) + right, return_index=True)
    left, right = left[once], right[once]
    weights = np.maximum(np.maximum(core[left], core[right]), _lengths(points, left, right))
    apart = weights[weights > 0]
    closest = CLOSEST_SHARE * float(np.median(apart)) if len(apart) else 1.0
    graph = coo_matrix((np.maximum(weights, closest), (left, right)), shape=(len(points), len(points)))
    tree = minimum_spanning_tree(graph.tocsr())
    return (tree + tree.T).tocsr()


def _nearest(points: np.ndarray[Any, Any], count: int) -> Edges:
    """Return each point's nearest others and their distances, nearest first."""
    import numpy as np

    if points.shape[1] > 2:  # noqa: PLR2004
        from datalens.space.graph import neighbors

        graph = neighbors(points, n_neighbors=count, metric="euclidean")
        return graph.indices, graph.distances.astype(np.float64)
    from scipy.spatial import cKDTree  # type: ignore[import-untyped]

    far, near = cKDTree(points).query(points, k=count + 1, workers=-1)
    # The first is the point itself or a copy of it: at distance 0 in either case.
    return near[:, 1:], far[:, 1:]


def _joints(points: np.ndarray[Any, Any]) -> Iterator[Edges]:
    """Yield pairs that join what the nearest points leave apart."""
    import numpy as np

    if points.shape[1] == 2:  # noqa: PLR2004
        yield from _triangles(points)
        axes = points
    else:
        axes = points @ np.random.default_rng(0).normal(size=(points.shape[1], SWEEPS))
    # Neighbours along an axis: this alone joins all points, and exactly where they lie on a line or are copies.
    for axis in range(axes.shape[1]):
        order = np.lexsort((*points.T[:2], axes[:, axis]))
        yield order[:-1], order[1:]


def _triangles(points: np.ndarray[Any, Any]) -> Iterator[Edges]:
    from scipy.spatial import Delaunay, QhullError

    try:
        found = Delaunay(points)
    except (QhullError, ValueError):  # fewer than three points, or all on a line
        return
    for side in ((0, 1), (1, 2), (2, 0)):
        yield found.simplices[:, side[0]], found.simplices[:, side[1]]
    # Points that the triangulation left out, as copies are, and the corner nearest to each.
    yield found.coplanar[:, 0], found.coplanar[:, 2]


def _lengths(
    points: np.ndarray[Any, Any], left: np.ndarray[Any, Any], right: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Return the distances of pairs, in pieces, so that vectors don't fill the memory."""
    import numpy as np

    step = max(1, 8_000_000 // points.shape[1])
    pieces = [
        np.linalg.norm(points[left[i : i + step]] - points[right[i : i + step]], axis=1)
        for i in range(0, len(left), step)
    ]
    return np.concatenate(pieces).astype(np.float64)
