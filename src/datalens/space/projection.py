"""From vectors and their neighbours to places on a map."""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from datalens.core.progress import progress
from datalens.space.graph import unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np

    from datalens.space.graph import Graph

METHODS = ("umap-learn",)
# With fewer distinct rows there is no neighbourhood to speak of: principal components place them.
MIN_ROWS = 5
# umap-learn's own figures for a start from principal components: side of the map, and the noise on it.
START_SIDE = 10.0
START_NOISE = 1e-4
# Principal components need no more rows than this to be found.
START_ROWS = 100_000
# One at a time: numba's default threading layer can't be entered twice, and the progress is told by a name that
# is replaced meanwhile.
_umap = threading.Lock()


def project(
    vectors: np.ndarray[Any, Any],
    graph: Graph,
    *,
    n_neighbors: int = 15,
    min_dist: float = 0.1,
    metric: str = "cosine",
    random_state: int = 0,
    n_epochs: int | None = None,
    method: str = "umap-learn",
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Place rows on a map, near rows near one another, by UMAP [1]_.

    The layout starts from the first two principal components, so that the map keeps the large shape of the data
    and is the same each time. The same input, `random_state` and versions of the libraries give the same map.

    Parameters
    ----------
    vectors : numpy.ndarray of float, shape (n, d)
        Of the rows; rows with NaN or infinite numbers have no place on the map.
    graph : Graph
        Their neighbours, as `datalens.space.graph.neighbors` finds them in the same vectors.
    n_neighbors : int, default 15
        How many neighbours to hold together, without the row itself; at most those that `graph` has.
    min_dist : float, default 0.1
        How close points may lie, in units of the map: small for dense clumps.
    metric : {"cosine", "euclidean"}, default "cosine"
        That of `graph`. With the cosine, principal components are those of the vectors scaled to length 1.
    random_state : int, default 0
        Seed of the layout.
    n_epochs : int, optional
        Steps of the layout; by default 500 up to 10,000 rows and 200 beyond.
    method : {"umap-learn"}, default "umap-learn"
        Who computes it.

    Returns
    -------
    numpy.ndarray of float32, shape (n, 2)
        Coordinates without a unit. NaN for rows without a finite vector, and finite for all others: fewer than 5
        distinct rows are placed by principal components, and rows that are all equal on a small grid, where each
        can be seen and picked.

    Raises
    ------
    ValueError
        When `method` is another, or `graph` is of another metric or number of rows.

    References
    ----------
    .. [1] L. McInnes, J. Healy, J. Melville, "UMAP: Uniform Manifold Approximation and Projection for Dimension
       Reduction", arXiv:1802.03426, 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from datalens.space.graph import neighbors
    >>> vectors = np.array([[1.0, 0.0], [0.0, 1.0], [np.nan, 0.0]])
    >>> project(vectors, neighbors(vectors)).round(3)
    array([[10.,  0.],
           [ 0.,  0.],
           [nan, nan]], dtype=float32)
    """
    import numpy as np

    _check(vectors, graph, metric, method)
    finite = np.flatnonzero(np.isfinite(vectors.sum(axis=1, dtype=np.float64)))
    places = np.full((len(vectors), 2), np.nan, dtype=np.float32)
    if not len(finite):
        return places
    rows = np.asarray(vectors[finite], dtype=np.float32)
    with progress("placing rows roughly", total=1, unit="step") as bar:
        start = _start(rows, metric)
        bar.update()
    if not start.any():
        places[finite] = _grid(len(finite))
    elif len(finite) < MIN_ROWS or _few(rows):
        places[finite] = start
    else:
        near, far = _with_self(graph, finite, n_neighbors)
        places[finite] = _umap_learn(start, near, far, min_dist, metric, random_state, n_epochs)
    return places


def _check(vectors: np.ndarray[Any, Any], graph: Graph, metric: str, method: str) -> None:
    if method not in METHODS:
        msg = f"method= is one of {', '.join(map(repr, METHODS))}, not {method!r}."
        raise ValueError(msg)
    if graph.metric != metric:
        msg = f"The neighbours were found with metric={graph.metric!r}, not {metric!r}. Find them with the same metric."
        raise ValueError(msg)
    if len(graph.indices) != len(vectors):
        msg = f"The neighbours are of {len(graph.indices):,} rows, the vectors of {len(vectors):,}. Find them in the same vectors."
        raise ValueError(msg)


def _start(rows: np.ndarray[Any, Any], metric: str) -> np.ndarray[Any, Any]:
    """Return the first two principal components, (n, 2), each side at most 10; zero when all rows are equal."""
    import numpy as np

    if metric == "cosine":
        rows = unit(rows)
    step = -(-len(rows) // START_ROWS)
    some = rows[::step].astype(np.float64)
    middle = some.mean(axis=0)
    some -= middle
    spread = some.T @ some
    _, axes = np.linalg.eigh(spread)
    axes = axes[:, ::-1][:, :2]
    # An eigenvector's sign is arbitrary: its largest part points up.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    flat = np.zeros((len(rows), 2))
    flat[:, : axes.shape[1]] = (rows - middle) @ axes
    flat -= flat.min(axis=0)
    side = flat.max()
    # A spread of rounding errors is none.
    if side <= 1e-5 * np.abs(rows).max(initial=0):
        return np.zeros((len(rows), 2), dtype=np.float32)
    start: np.ndarray[Any, Any] = (START_SIDE * flat / side).astype(np.float32)
    return start


def _grid(count: int) -> np.ndarray[Any, Any]:
    """Return places on a square grid at distances of 1, for rows that are all the same."""
    import numpy as np

    side = int(np.ceil(np.sqrt(count)))
    return np.stack([np.arange(count) % side, np.arange(count) // side], axis=1).astype(np.float32)


def _few(rows: np.ndarray[Any, Any]) -> bool:
    """Tell whether there are fewer than `MIN_ROWS` distinct rows, looking no further than needed."""
    import numpy as np

    left = rows
    for _ in range(MIN_ROWS - 1):
        left = left[np.any(left != left[0], axis=1)]
        if not len(left):
            return True
    return False


def _with_self(
    graph: Graph, finite: np.ndarray[Any, Any], n_neighbors: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return neighbours among the finite rows alone, each row its own first, as umap-learn has them."""
    import numpy as np

    number = np.full(len(graph.indices) + 1, -1, dtype=np.int64)  # the last one serves index -1
    number[finite] = np.arange(len(finite))
    # umap-learn wants more rows than neighbours, the row itself among them.
    count = min(n_neighbors, len(finite) - 2)
    near = number[graph.indices[finite, :count]]
    far = graph.distances[finite, :count]
    own = np.arange(len(finite))[:, None]
    # A missing neighbour (an inverted file may find too few) is the row itself: no edge.
    near = np.where(near < 0, own, near)
    far = np.where(np.isfinite(far), far, 0)
    return (
        np.hstack([own, near]).astype(np.int32),
        np.hstack([np.zeros_like(own), far]).astype(np.float32),
    )


def _umap_learn(
    start: np.ndarray[Any, Any],
    near: np.ndarray[Any, Any],
    far: np.ndarray[Any, Any],
    min_dist: float,
    metric: str,
    random_state: int,
    n_epochs: int | None,
) -> np.ndarray[Any, Any]:
    import numpy as np

    noise = np.random.default_rng(random_state).normal(scale=START_NOISE, size=start.shape)
    start = (start + noise).astype(np.float32)
    with _umap:
        with progress("loading umap-learn (compiles when first used)", total=1, unit="step") as bar:
            from umap.umap_ import UMAP

            bar.update()
        reducer = UMAP(
            n_neighbors=near.shape[1],
            min_dist=min_dist,
            metric=metric,
            init=start,
            n_epochs=n_epochs,
            random_state=random_state,
            n_jobs=1,
            precomputed_knn=(near, far),
            disconnection_distance=np.inf,
        )
        with _told_epochs(), warnings.catch_warnings():
            # Answered: nothing is transformed later, and the seed means one thread, which n_jobs says.
            warnings.filterwarnings("ignore", message=r"precomputed_knn\[2\]")
            warnings.filterwarnings("ignore", message="n_jobs value")
            # With neighbours and start given, umap-learn only counts and stores its data: the start will do.
            places = reducer.fit_transform(start)
    return np.asarray(places, dtype=np.float32)


@contextmanager
def _told_epochs() -> Iterator[None]:
    """Report umap-learn's epochs to our progress.

    Its layout runs ``for n in tqdm(range(n_epochs), ...)``. In a notebook that tqdm draws a widget and has no
    hook, so the name is replaced for as long as this thread needs it; other threads get tqdm as ever.
    """
    from umap import layouts

    tqdm, owner = layouts.tqdm, threading.get_ident()

    def told(epochs: Iterable[int], **options: Any) -> Iterable[int]:
        return _counted(epochs) if threading.get_ident() == owner else tqdm(epochs, **options)

    layouts.tqdm = told
    try:
        yield
    finally:
        layouts.tqdm = tqdm


def _counted(epochs: Iterable[int]) -> Iterator[int]:
    steps = list(epochs)
    with progress("placing rows", total=len(steps), unit="epoch") as bar:
        for step in steps:
            yield step
            bar.update()
