"""The steps from texts to a map: embed, project, cluster. Each is cached by what it is computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.cache import load_arrays, save_arrays
from datalens.core.fingerprint import fingerprint
from datalens.study.derived import Derived

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    import pyarrow as pa

    from datalens.study.study import Study

    Floats = np.ndarray[Any, np.dtype[np.float32]]

# Rises when a step's own code changes what it gives, so that old cache entries are not taken for new ones.
STEP_VERSION = 1


def embed(
    study: Study,
    model: Any = None,
    *,
    name: str = "embedding",
    n_components: int = 128,
    batch_size: int = 1024,
    version: str | None = None,
    random_state: int = 0,
) -> None:
    """Add a column of vectors; see `Lens.embed`."""
    study.check_free(name)
    if isinstance(model, str) and model in study.names():
        vectors, token = _vectors_of(study, model), study.fingerprint(model)
        step = f"embed({model!r})"
    elif isinstance(model, str):
        msg = (
            f"embed({model!r}): there is no such column, and models by name are not supported yet. "
            "Give an array of vectors, a column of vectors, or a function from a list of texts to vectors."
        )
        raise ValueError(msg)
    elif callable(model):
        vectors, token = _called(study, model, batch_size, version)
        step = f"embed({getattr(model, '__name__', type(model).__name__)})"
    elif model is not None:
        from datalens.signals.vectors import as_vectors

        vectors = as_vectors(model, rows=study.rows, name=name)
        token, step = fingerprint(vectors), f"embed(array {vectors.shape[0]:,} x {vectors.shape[1]})"
    else:
        text = text_column(study, "embed()")
        token = fingerprint("tfidf", STEP_VERSION, study.fingerprint(text), n_components, random_state)
        vectors = cached(
            "embed", token, lambda: {"vectors": _tfidf(study, text, n_components, random_state)}
        )["vectors"]
        step = f"embed(TF-IDF + SVD of {text!r}, {vectors.shape[1]} components)"
    study.add_columns([Derived(name, _as_column(vectors), fingerprint("embed", token), step, "embedding")])


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

    x, y = name
    study.check_free(x)
    study.check_free(y)
    column = embedding_column(study, "project()")
    options = {"n_neighbors": n_neighbors, "min_dist": min_dist, "metric": metric}
    version = fingerprint(
        "project", STEP_VERSION, study.fingerprint(column), options, n_epochs, random_state, method
    )

    def compute() -> dict[str, np.ndarray[Any, Any]]:
        from datalens.space.graph import Graph, neighbors

        vectors = _vectors_of(study, column)
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

    named = f"{name}_name"
    study.check_free(name)
    study.check_free(named)
    x, y = map_columns(study, "cluster()")
    text = study.column_of("text")
    options = [method, n_clusters, min_cluster_size, min_samples, random_state]
    version = fingerprint("cluster", STEP_VERSION, study.fingerprint(x), study.fingerprint(y), options)

    def compute() -> dict[str, np.ndarray[Any, Any]]:
        points = np.stack([_floats_of(study, x), _floats_of(study, y)], axis=1)
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
    columns = [Derived(name, pa.chunked_array([numbers]), version, step)]
    if text is not None:
        columns.append(_named(study, named, text, labels, version))
    study.add_columns(columns)


def _named(study: Study, name: str, text: str, labels: np.ndarray[Any, Any], version: str) -> Derived:
    import json

    import numpy as np
    import pyarrow as pa

    from datalens.space.names import names as run

    token = fingerprint("names", STEP_VERSION, version, study.fingerprint(text))

    def compute() -> dict[str, np.ndarray[Any, Any]]:
        with study.step("name clusters"):
            found = run(study.column(text), labels)
        return {"json": np.frombuffer(json.dumps(found).encode(), dtype=np.uint8)}

    stored = json.loads(cached("names", token, compute)["json"].tobytes())
    values = [stored.get(str(label)) for label in labels.tolist()]
    return Derived(
        name, pa.chunked_array([pa.array(values, pa.string())]), token, f"names by c-TF-IDF of {text!r}"
    )


def cached(
    step: str, version: str, compute: Callable[[], Mapping[str, np.ndarray[Any, Any]]]
) -> Mapping[str, np.ndarray[Any, Any]]:
    """Return the arrays of a step from the cache on disk, else compute and store them."""
    key = f"{step}-{version}"
    stored = load_arrays(key)
    if stored is not None:
        return stored
    computed = compute()
    save_arrays(key, computed)
    return computed


def text_column(study: Study, what: str) -> str:
    """Return the column of texts, or raise the sentence that says how to name one."""
    text = study.column_of("text")
    if text is None:
        msg = f"{what} needs texts, and no column holds any. Name one: dl.Lens(data, text='...')."
        raise ValueError(msg)
    return text


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


def _tfidf(study: Study, text: str, n_components: int, random_state: int) -> Floats:
    from datalens.signals.tfidf import tfidf

    with study.step("embed"):
        return tfidf(study.column(text), n_components=n_components, random_state=random_state)


def _called(
    study: Study, model: Callable[[list[str | None]], Any], batch_size: int, version: str | None
) -> tuple[Floats, str]:
    """Run the user's function in batches; its results are cached only where it has a `version`."""
    import numpy as np

    from datalens.core.progress import progress
    from datalens.signals.vectors import as_vectors

    text = text_column(study, "embed(function)")

    def compute() -> dict[str, np.ndarray[Any, Any]]:
        texts = study.column(text)
        parts = []
        with study.step("embed"), progress("embed", total=study.rows) as bar:
            for start in range(0, study.rows, batch_size):
                batch = texts.slice(start, batch_size).to_pylist()
                parts.append(as_vectors(model(batch), rows=len(batch), name="embedding"))
                bar.update(len(batch))
        return {"vectors": np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)}

    if version is None:
        vectors = compute()["vectors"]
        return vectors, fingerprint(vectors)
    token = fingerprint("call", version, study.fingerprint(text))
    return cached("embed", token, compute)["vectors"], token


def _graph_arrays(graph: Any) -> dict[str, np.ndarray[Any, Any]]:
    return {"indices": graph.indices, "distances": graph.distances}


def _vectors_of(study: Study, name: str) -> Floats:
    from datalens.signals.vectors import as_vectors

    return as_vectors(study.column(name), rows=study.rows, name=name)


def _floats_of(study: Study, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    import numpy as np
    import pyarrow as pa

    column = study.column(name).cast(pa.float64())
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _as_column(vectors: Floats) -> pa.ChunkedArray:
    import pyarrow as pa

    width = max(vectors.shape[1], 1) if vectors.ndim > 1 else 1
    flat = pa.array(vectors.reshape(-1))
    if not len(flat):
        return pa.chunked_array([pa.nulls(len(vectors), pa.list_(pa.float32(), width))])
    return pa.chunked_array([pa.FixedSizeListArray.from_arrays(flat, width)])


def _float_column(values: Floats) -> pa.ChunkedArray:
    import numpy as np
    import pyarrow as pa

    values = np.ascontiguousarray(values)
    return pa.chunked_array([pa.array(values, mask=np.isnan(values))])
