"""The rows most and least like a row, a text, a vector or a selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from datalens.predicate.text import clip

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from datalens.space.search import Search
    from datalens.study.study import Study

    Ordinals = np.ndarray[Any, np.dtype[np.int64]]
    Distances = np.ndarray[Any, np.dtype[np.float64]]

Which = Literal["nearest", "farthest", "duplicates"]
# Cosine distance up to which rows count as near-duplicates: texts of which a word or two differ, with most encoders.
NEAR_DUPLICATE = 0.05
# Characters of a typed text in a message.
SHOWN_CHARACTERS = 60


class NoAnswerError(ValueError):
    """A question that is well put and has no answer: the row has no vector, nothing would encode the text."""


@dataclass(frozen=True)
class Query:
    """What is looked for.

    Attributes
    ----------
    vector : numpy.ndarray of float, shape (d,)
        Where it lies.
    without : numpy.ndarray of int64
        Ordinals of the rows that it is, which are no answer.
    said : str
        What to call it: ``doc-17``, ``"a text"``, ``the centre of 20 rows``.
    """

    vector: np.ndarray[Any, Any]
    without: Ordinals
    said: str


@dataclass(frozen=True)
class Found:
    """The answer.

    Attributes
    ----------
    ordinals : numpy.ndarray of int64, shape (<= k,)
        The rows, in order of their distance.
    distances : numpy.ndarray of float64, shape (<= k,)
        Their distances.
    total : int
        How many rows there are to choose from; of near-duplicates, how many there are in all.
    """

    ordinals: Ordinals
    distances: Distances
    total: int


def similar(
    study: Study,
    query: Any = None,
    *,
    key: Any = None,
    text: str | None = None,
    k: int = 20,
    metric: str = "cosine",
    embedding: str | None = None,
    farthest: bool = False,
) -> Any:
    """Return the k nearest or farthest rows as a frame; see `Lens.similar`."""
    import pyarrow as pa

    from datalens.study.export import to_frame

    check_k(k)
    name = vector_column(study, embedding)
    search = search_of(study, name, metric)
    asked = _query(study, search, name, query, key, text)
    found = find(search, asked, "farthest" if farthest else "nearest", k)
    with study.lock:
        distance = "distance"
        while distance in study.names():
            distance += "_"
        return to_frame(study, ordinals=found.ordinals, extra={distance: pa.array(found.distances)})


def search_of(study: Study, name: str, metric: str = "cosine") -> Search:
    """Return the search over a column of vectors; made at first use, and anew for another version of it."""
    from datalens.space.search import Search
    from datalens.study.steps import vectors_of

    with study.lock:
        version, place = study.version(name), (name, metric)
        if place not in study.searches or study.searches[place][0] != version:
            study.searches.pop(place, None)  # its memory, before the new one takes as much
            study.searches[place] = (version, Search(vectors_of(study, name), metric))
        return study.searches[place][1]


def find(search: Search, query: Query, which: Which, k: int) -> Found:
    """Search for a query.

    Parameters
    ----------
    search : Search
        Where.
    query : Query
        What for.
    which : {"nearest", "farthest", "duplicates"}
        The k nearest, the k farthest, or the k nearest of those within `NEAR_DUPLICATE`.
    k : int
        How many rows, at most.

    Returns
    -------
    Found
        The rows.
    """
    import numpy as np

    if which == "duplicates":
        ordinals, distances = search.within(query.vector, NEAR_DUPLICATE, without=query.without)
        return Found(ordinals[:k], distances[:k], len(ordinals))
    ordinals, distances = search.near(query.vector, k, farthest=which == "farthest", without=query.without)
    left = len(search.ordinals) - int(np.isin(query.without, search.ordinals).sum())
    return Found(ordinals, distances, left)


def check_k(k: Any) -> None:
    """Raise unless k is a whole number from 1."""
    from operator import index

    try:
        enough = not isinstance(k, bool) and index(k) >= 1
    except TypeError:
        enough = False
    if not enough:
        msg = f"k= is how many rows to find, a whole number from 1, not {str(k)[:40]!r}."
        raise ValueError(msg)


def vector_column(study: Study, embedding: str | None = None) -> str:
    """Return the column of vectors to search: the one named, else the newest."""
    from datalens.study.spatial import embedding_column

    if embedding is None:
        return embedding_column(study, "Looking for neighbours")
    study.check_column(embedding)
    kind = study.describe(embedding).kind
    if kind != "vector":
        vectors = [repr(name) for name in study.names() if study.describe(name).kind == "vector"]
        there = "Columns of vectors are: " + ", ".join(vectors) if vectors else "There are none: lens.embed()"
        msg = f"embedding={embedding!r} names a column of kind {kind}, not of vectors. {there}."
        raise ValueError(msg)
    return embedding


def row_query(study: Study, search: Search, name: str, ordinal: int) -> Query:
    """Return the query for what is like a row.

    Raises
    ------
    NoAnswerError
        When the row has no vector.
    """
    import numpy as np

    said = clip(study.key_of(ordinal))
    vector = search.vector(ordinal)
    if vector is None:
        missing = study.missing(name)
        why = (
            "it is not computed yet"
            if missing is not None and missing[ordinal]
            else "it is null, zero or has something else than finite numbers"
        )
        msg = f"The row {said} has no vector in {name!r}: {why}."
        raise NoAnswerError(msg)
    return Query(vector, np.array([ordinal]), said)


def text_query(study: Study, search: Search, name: str, text: str) -> Query:
    """Return the query for what is like a text.

    Raises
    ------
    NoAnswerError
        When nothing is known that would encode it, or it has no vector.
    ValueError
        When the encoder's vectors are no vectors of this column.
    """
    import numpy as np

    from datalens.signals.vectors import as_vectors

    encoder = _encoder(study, name)
    vector = as_vectors(encoder([text]), rows=1, name="encoder")[0]
    shown = f'"{clip(text, SHOWN_CHARACTERS)}"'
    if len(vector) != search.dimensions:
        msg = (
            f"The encoder gave a vector of {len(vector):,} numbers, those of {name!r} have {search.dimensions:,}. "
            "Give the encoder that made the column."
        )
        raise ValueError(msg)
    if not np.isfinite(vector).all() or (search.metric == "cosine" and not vector.any()):
        msg = f"The text {shown} has no vector: the encoder knows none of its words."
        raise NoAnswerError(msg)
    return Query(vector, np.array([], dtype=np.int64), shown)


def mask_query(search: Search, name: str, mask: np.ndarray[Any, np.dtype[np.bool_]]) -> Query:
    """Return the query for what is like the centre of some rows.

    Raises
    ------
    NoAnswerError
        When there are none, none has a vector, or their vectors cancel out.
    """
    import numpy as np

    rows = np.flatnonzero(mask)
    said = f"the centre of {len(rows):,} row{'' if len(rows) == 1 else 's'}"
    centre = search.centre(mask)
    if centre is None:
        msg = f"None of the {len(rows):,} selected rows has a vector in {name!r}."
        raise NoAnswerError(msg if len(rows) else "No row is selected, so there is no centre to be near to.")
    # Opposite directions leave rounding errors, which point nowhere.
    if search.metric == "cosine" and np.linalg.norm(centre) < np.finfo(np.float32).eps:
        msg = f"The vectors of the {len(rows):,} selected rows cancel out: their centre has no direction."
        raise NoAnswerError(msg)
    return Query(centre, rows, said)


def _query(study: Study, search: Search, name: str, query: Any, key: Any, text: str | None) -> Query:
    """Return the one query that was given; the row in focus where none was."""
    from datalens.predicate import Predicate
    from datalens.study.selection import Selection

    given = [what for what, value in (("query", query), ("key", key), ("text", text)) if value is not None]
    if len(given) > 1:
        msg = f"Give one of query, key= and text=, not {' and '.join(given)}."
        raise ValueError(msg)
    if text is not None:
        if not isinstance(text, str):
            msg = f"text= is a text, not {type(text).__name__}."
            raise ValueError(msg)
        return text_query(study, search, name, text)
    if key is not None:
        return row_query(study, search, name, study.ordinal_of(key))
    if query is None:
        if study.focus is None:
            msg = "Give a key, a text, a vector or a selection to look for: no row is in focus."
            raise ValueError(msg)
        return row_query(study, search, name, study.focus)
    if isinstance(query, Selection | Predicate):
        return mask_query(search, name, _mask(study, query))
    if isinstance(query, str):
        ordinal = _ordinal_or_none(study, query)
        if ordinal is None:
            return text_query(study, search, name, query)
        return row_query(study, search, name, ordinal)
    if hasattr(query, "__len__") and not isinstance(query, bytes):
        return _vector_query(search, name, query)
    return row_query(study, search, name, study.ordinal_of(query))


def _ordinal_or_none(study: Study, text: str) -> int | None:
    try:
        return study.ordinal_of(text)
    except KeyError:
        return None


def _mask(study: Study, rows: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    from datalens.study.selection import Selection

    if not isinstance(rows, Selection):
        return study.mask_of(rows)
    # A selection knows its rows, whatever has become of its columns since; that of another lens does not.
    return rows.mask() if rows.is_of(study) else study.mask_of(rows.predicate)


def _vector_query(search: Search, name: str, given: Any) -> Query:
    import numpy as np

    try:
        vector = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        vector = np.zeros((0, 0))
    if vector.ndim != 1:
        msg = (
            f"A query is a key, a text, a vector of {search.dimensions:,} numbers, a selection or a predicate; "
            f"not {type(given).__name__} {str(given)[:SHOWN_CHARACTERS]}."
        )
        raise ValueError(msg)
    if len(vector) != search.dimensions:
        msg = (
            f"The vector has {len(vector):,} numbers, those of {name!r} have {search.dimensions:,}. "
            "Give one that was made as they were, or name its own column: embedding=...."
        )
        raise ValueError(msg)
    if not np.isfinite(vector).all():
        msg = "The vector has NaN or infinite numbers: nothing is near to it."
        raise ValueError(msg)
    if search.metric == "cosine" and not vector.any():
        msg = "The vector is zero, and has no direction to compare. Give another, or metric='euclidean'."
        raise ValueError(msg)
    return Query(vector, np.array([], dtype=np.int64), "the vector")


def _encoder(study: Study, name: str) -> Callable[[list[str | None]], Any]:
    derived = study.derived.get(name)
    if derived is None or derived.encoder is None:
        given = "vectors" if derived is not None else repr(name)
        msg = (
            f"A typed text can't be compared: the vectors of {name!r} were given without the function that makes "
            f"them. Say which: lens.embed({given}, encoder=function), from a list of texts to their vectors."
        )
        raise NoAnswerError(msg)
    return derived.encoder
