"""The step from texts to vectors: by default, from an array or a column, or by the user's function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.cache import load_arrays, save_arrays
from datalens.core.errors import UnfitError
from datalens.core.fingerprint import fingerprint
from datalens.core.progress import progress
from datalens.study.derived import Derived
from datalens.study.steps import (
    STEP_VERSION,
    cached,
    check_batch_size,
    done_before,
    missing_from,
    stopped_sentence,
    text_column,
    vectors_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pyarrow as pa

    from datalens.study.study import Study

    Floats = np.ndarray[Any, np.dtype[np.float32]]
    Encoder = Callable[[list[str | None]], Any]


def embed(
    study: Study,
    model: Any = None,
    *,
    encoder: Encoder | None = None,
    name: str = "embedding",
    n_components: int = 128,
    batch_size: int = 1024,
    version: str | None = None,
    random_state: int = 0,
) -> None:
    """Add a column of vectors; see `Lens.embed`."""
    study.check_free(name)
    check_batch_size(batch_size)
    if encoder is not None and not callable(encoder):
        msg = f"encoder= is a function from a list of texts to vectors, not {type(encoder).__name__}."
        raise ValueError(msg)
    if isinstance(model, str):
        if model not in study.names():
            msg = (
                f"embed({model!r}): there is no such column, and models by name are not supported yet. Give an "
                "array of vectors, a column of vectors, or a function from a list of texts to vectors."
            )
            raise ValueError(msg)
        study.add_columns([_derived(name, vectors_of(study, model), f"embed({model!r})", encoder=encoder)])
    elif callable(model):
        _embed_by_function(study, model, name, batch_size, version, encoder or model)
    elif model is not None:
        from datalens.signals.vectors import as_vectors

        vectors = as_vectors(model, rows=study.rows, name=name)
        said = f"embed(array {vectors.shape[0]:,} x {vectors.shape[1]})"
        study.add_columns([_derived(name, vectors, said, encoder=encoder)])
    else:
        text = text_column(study, "embed()")
        token = fingerprint("tfidf", STEP_VERSION, study.fingerprint(text), n_components, random_state)
        stored = cached("embed", token, lambda: _tfidf(study, text, n_components, random_state))
        vectors = stored["vectors"]
        said = f"embed(TF-IDF + SVD of {text!r}, {vectors.shape[1]} components)"
        from datalens.signals.tfidf import TfidfEncoder

        encoder = encoder or TfidfEncoder.from_arrays(stored)
        study.add_columns([_derived(name, vectors, said, encoder=encoder)])


def _tfidf(study: Study, text: str, n_components: int, random_state: int) -> dict[str, np.ndarray[Any, Any]]:
    from datalens.signals.tfidf import fit
    from datalens.signals.tokens import as_texts

    try:
        texts = as_texts(study.column(text))
    except UnfitError as error:
        msg = (
            f"Column {text!r} holds {study.column(text).type}, which can't be read as text. "
            f"Turn it into text first, df[{text!r}] = df[{text!r}].astype(str), or name another column as text=."
        )
        raise UnfitError(msg) from error
    with study.step("embed"):
        vectors, encoder = fit(texts, n_components=n_components, random_state=random_state)
    return {"vectors": vectors, **encoder.arrays()}


def _embed_by_function(
    study: Study, model: Encoder, name: str, batch_size: int, version: str | None, encoder: Encoder
) -> None:
    """Run the user's function in batches. What an interrupt leaves stays, and the same function goes on from there.

    Results are cached on disk only where the function has a `version`.
    """
    import numpy as np

    from datalens.signals.vectors import as_vectors

    text = text_column(study, "embed(function)")
    made_by = (version or model, study.fingerprint(text))
    key = None if version is None else f"embed-{fingerprint('call', *made_by)}"
    said = f"embed({getattr(model, '__name__', type(model).__name__)})"
    stored = None if key is None else load_arrays(key)
    if stored is not None:
        study.add_columns([_derived(name, stored["vectors"], said, encoder=encoder)])
        return
    before = done_before(study, name, made_by)
    parts = [] if before is None else [as_vectors(before, rows=len(before), name=name)]
    computed = sum(map(len, parts))
    texts = study.column(text)
    stopped = False
    with study.step("embed"), progress("embed", total=study.rows) as bar:
        bar.update(computed)
        try:
            while computed < study.rows:
                batch = texts.slice(computed, batch_size).to_pylist()
                parts.append(as_vectors(model(batch), rows=len(batch), name=name))
                _check_width(parts, name, computed)
                computed += len(batch)
                bar.update(len(batch))
        except KeyboardInterrupt:
            stopped = True
    vectors = np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)
    if not stopped and key is not None:
        save_arrays(key, {"vectors": vectors})
    if computed < study.rows:
        said += f": stopped after {computed:,} of {study.rows:,} rows"
        rest = np.full((study.rows - computed, vectors.shape[1]), np.nan, dtype=np.float32)
        vectors = np.concatenate([vectors, rest])
    study.add_columns([_derived(name, vectors, said, missing_from(study, computed), made_by, encoder)])
    if stopped:
        raise KeyboardInterrupt(stopped_sentence("embed", computed, study.rows))


def _check_width(parts: list[Floats], name: str, start: int) -> None:
    width, last = parts[0].shape[1], parts[-1].shape[1]
    if width != last:
        msg = (
            f"The vectors of {name!r} differ in length: those of the first rows have {width} numbers, those from row "
            f"{start:,} on {last}. The function must give vectors of one length."
        )
        raise ValueError(msg)


def _derived(
    name: str,
    vectors: Floats,
    step: str,
    missing: Any = None,
    made_by: Any = None,
    encoder: Encoder | None = None,
) -> Derived:
    from datalens.signals.vectors import without_place

    there = vectors if missing is None else vectors[~missing]
    _, why = without_place(there)
    if why and step.startswith("embed(TF-IDF"):
        why += " (no words, or none that another text has)"
    step += f"; {why}" if why else ""
    version = fingerprint("embed", vectors)
    return Derived(name, _as_column(vectors), version, step, "embedding", missing, made_by, encoder)


def _as_column(vectors: Floats) -> pa.ChunkedArray:
    import pyarrow as pa

    width = max(vectors.shape[1], 1) if vectors.ndim > 1 else 1
    flat = pa.array(vectors.reshape(-1))
    if not len(flat):
        return pa.chunked_array([pa.nulls(len(vectors), pa.list_(pa.float32(), width))])
    return pa.chunked_array([pa.FixedSizeListArray.from_arrays(flat, width)])
