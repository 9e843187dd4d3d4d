"""The steps from vectors to a map: project, cluster. Each is cached by what it is computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.core.fingerprint import fingerprint
from datalens.core.progress import announce
from datalens.study.derived import Derived
from datalens.study.steps import STEP_VERSION, cached, vectors_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pyarrow as pa

    from datalens.study.study import Study

    Floats = np.ndarray[Any, np.dtype[np.float32]]

# What two cores without a GPU did when this was measured; it only has to tell seconds from minutes.
PAIR_DIMENSIONS_A_SECOND = 5e10
EDGES_A_SECOND = 4.5e6
EXACT_ROWS = 200_000  # beyond it the neighbours are searched approximately
PAIR = 'name=("m_x", "m_y")'  # for sentences
FEW_ROWS = 10_000  # umap-learn's limit for its larger number of epochs


def project(
    study: Study,
    *,
    n_neighbors: int = 15,
    min_dist: float = 0.1,
    metric: str = "cosine",
    n_epochs: int | None = None,
    random_state: int = 0,
    method: str = "umap-learn",
    name: Sequence[str] = ("x", "y"),
) -> None:
    """Add the map's coordinates; see `Lens.project`."""
    from datalens.space.projection import project as run

    x, y = _pair(name)
    for one in (x, y):
        study.check_free(one, f"Give the computed ones other names: {PAIR}.")
    column = embedding_column(study, "project()")
    vectors, without, why = placeable(study, column, metric)
    options = {"n_neighbors": n_neighbors, "min_dist": min_dist, "metric": metric}
    version = fingerprint(
        "project", STEP_VERSION, study.fingerprint(column), options, n_epochs, random_state, method
    )

    def compute() -> dict[str, np.ndarray[Any, Any]]:
        from datalens.space.graph import Graph, neighbors

        announce(
            "project", study.rows, project_seconds(len(vectors), vectors.shape[1], n_neighbors, n_epochs)
        )
        token = fingerprint("graph", STEP_VERSION, study.fingerprint(column), n_neighbors, metric)
        with study.step("neighbours"):
            stored = cached(
                "graph",
                token,
                lambda: _graph_arrays(neighbors(vectors, n_neighbors=n_neighbors, metric=metric)),
            )
        graph = Graph(stored["indices"], stored["distances"], metric)
        with study.step("project"):
            points = run(
                vectors,
                graph,
                n_neighbors=n_neighbors,
                min_dist=min_dist,
                metric=metric,
                random_state=random_state,
                n_epochs=n_epochs,
                method=method,
            )
        return {"points": points}

    points = cached("project", version, compute)["points"]
    step = f"project({column!r}, n_neighbors={n_neighbors}, min_dist={min_dist:g}, metric={metric!r})"
    if without:
        step += f"; {without:,} of {study.rows:,} rows not placed: {why}"
    study.add_columns(
        [
            Derived(x, _float_column(points[:, 0]), fingerprint(version, "x"), step, "x"),
            Derived(y, _float_column(points[:, 1]), fingerprint(version, "y"), step, "y"),
        ]
    )


def cluster(
    study: Study,
    *,
    method: str = "hdbscan",
    n_clusters: int | None = None,
    min_cluster_size: int | None = None,
    min_samples: int | None = None,
    random_state: int = 0,
    name: str = "cluster",
) -> None:
    """Add cluster numbers and, where there is text, cluster names; see `Lens.cluster`."""
    import numpy as np
    import pyarrow as pa

    from datalens.space.clusters import cluster as run

    if not isinstance(name, str):
        msg = f'name= of cluster() is one text, such as name="group"; the names are then in "group_name". Not {name!r}.'
        raise UnfitError(msg)
    named = f"{name}_name"
    for one in (name, named):
        study.check_free(
            one, 'Give the computed ones another name: name="group" makes "group" and "group_name".'
        )
    x, y = map_columns(study, "cluster()")
    text = study.column_of("text")
    options = [method, n_clusters, min_cluster_size, min_samples, random_state]
    version = fingerprint("cluster", STEP_VERSION, study.fingerprint(x), study.fingerprint(y), options)

    def compute() -> dict[str, np.ndarray[Any, Any]]:
        points = np.stack([study.floats(x), study.floats(y)], axis=1)
        with study.step("cluster"):
            labels = run(
                points,
                method=method,
                n_clusters=n_clusters,
                min_cluster_size=min_cluster_size,
                min_samples=min_samples,
                random_state=random_state,
            )
        return {"labels": labels}

    labels = cached("cluster", version, compute)["labels"]
    # -2 marks rows that have no place on the map: they have no cluster.
    numbers = pa.array(labels, pa.int32(), mask=labels < -1)
    arguments = f"{method!r}" + (f", n_clusters={n_clusters}" if n_clusters is not None else "")
    step = f"cluster({arguments}, on {x!r}, {y!r})"
    columns = [Derived(name, pa.chunked_array([numbers]), version, step, "cluster")]
    if text is not None:
        columns.append(_named(study, named, text, labels, version))
    study.add_columns(columns)


def _pair(name: Any) -> tuple[str, str]:
    """Return the names of the map's two columns, or raise the sentence that says how to give them."""
    names = (name,) if isinstance(name, str) else tuple(name) if hasattr(name, "__iter__") else ()
    if len(names) != len("xy") or not all(isinstance(one, str) for one in names) or names[0] == names[1]:
        msg = (
            f"name= of project() is a pair of different names, one for each coordinate: {PAIR}. Not {name!r}."
        )
        raise UnfitError(msg)
    return names[0], names[1]


def _named(study: Study, name: str, text: str, labels: np.ndarray[Any, Any], version: str) -> Derived:
    import json

    import numpy as np
    import pyarrow as pa

    from datalens.signals.tokens import as_texts
    from datalens.space.names import names as run

    token = fingerprint("names", STEP_VERSION, version, study.fingerprint(text))

    def compute() -> dict[str, np.ndarray[Any, Any]]:
        try:
            texts = as_texts(study.column(text))
        except UnfitError:  # lists, say: clusters are numbered then
            texts = pa.array([""] * study.rows, pa.large_string())
        with study.step("name clusters"):
            found = run(texts, labels)
        return {"json": np.frombuffer(json.dumps(found).encode(), dtype=np.uint8)}

    stored = json.loads(cached("names", token, compute)["json"].tobytes())
    values = [stored.get(str(label)) for label in labels.tolist()]
    column = pa.chunked_array([pa.array(values, pa.string())])
    return Derived(name, column, token, f"names by c-TF-IDF of {text!r}", "cluster")


def placeable(study: Study, column: str, metric: str) -> tuple[Floats, int, str]:
    """Return vectors, NaN for rows that can have no place by a metric; how many those are, and why."""
    from datalens.signals.vectors import without_place

    vectors = vectors_of(study, column)
    without, why = without_place(vectors, metric)
    if without.any():
        vectors = vectors.copy()  # they may be the caller's own
        vectors[without] = float("nan")
    return vectors, int(without.sum()), why


def embedding_column(study: Study, what: str) -> str:
    """Return the column of vectors, or raise the sentence that says how to get one."""
    column = study.column_of("embedding")
    if column is None:
        msg = f"{what} needs vectors. Call lens.embed() first, or give them: dl.Lens(data, embedding=...)."
        raise ValueError(msg)
    return column


def map_columns(study: Study, what: str) -> tuple[str, str]:
    """Return the columns of the map's coordinates, or raise the sentence that says how to get them."""
    x, y = study.column_of("x"), study.column_of("y")
    if x is None or y is None:
        msg = f"{what} needs a map. Call lens.project() first, or give coordinates: dl.Lens(data, x=..., y=...)."
        raise ValueError(msg)
    return x, y


def project_seconds(rows: int, dimensions: int, n_neighbors: int, n_epochs: int | None) -> float:
    """Return about how many seconds `project` will take on two cores.

    Parameters
    ----------
    rows, dimensions : int
        Of the vectors.
    n_neighbors : int
        Neighbours of each row.
    n_epochs : int, optional
        Rounds of the layout; umap-learn's own choice where left out (500 up to 10,000 rows, else 200).

    Returns
    -------
    float
        Seconds: comparing all pairs (up to 200,000 rows exactly) and moving each edge once a round.

    Examples
    --------
    >>> 15 < project_seconds(38_000, 128, 15, None) < 60
    True
    """
    pairs = rows * min(rows, EXACT_ROWS) * dimensions / PAIR_DIMENSIONS_A_SECOND
    epochs = n_epochs or (500 if rows <= FEW_ROWS else 200)
    return pairs + rows * n_neighbors * epochs / EDGES_A_SECOND


def _graph_arrays(graph: Any) -> dict[str, np.ndarray[Any, Any]]:
    return {"indices": graph.indices, "distances": graph.distances}


def _float_column(values: Floats) -> pa.ChunkedArray:
    import numpy as np
    import pyarrow as pa

    values = np.ascontiguousarray(values)
    return pa.chunked_array([pa.array(values, mask=np.isnan(values))])
