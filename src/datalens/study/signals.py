"""Columns computed by a function of the user's: in chunks, stoppable, resumed where they stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.cache import load_table, save_table
from datalens.core.errors import UnfitError
from datalens.core.fingerprint import fingerprint
from datalens.core.progress import progress
from datalens.study.derived import Derived
from datalens.study.steps import check_batch_size, done_before, missing_from, stopped_sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from datalens.study.study import Study


def add_signal(
    study: Study,
    function: Callable[[Any], Any],
    *,
    name: str | None = None,
    on: str = "text",
    batch_size: int = 1024,
    version: str | None = None,
) -> None:
    """Add a column of what a function says of each row; see `Lens.add_signal`."""
    import pyarrow as pa

    if not callable(function):
        msg = f"add_signal() takes a function, not {function!r}. Signals by name are not supported yet."
        raise UnfitError(msg)
    name = name or str(getattr(function, "__name__", type(function).__name__))
    if name == "<lambda>":
        msg = "A lambda has no name to call the column by. Give one: add_signal(..., name='...')."
        raise ValueError(msg)
    study.check_free(name)
    check_batch_size(batch_size)
    inputs = _inputs(study, on)
    made_by = (version or function, *(study.fingerprint(column) for column in inputs))
    key = None if version is None else f"signal-{fingerprint(*made_by)}"
    stored = None if key is None else load_table(key)
    if stored is not None:
        _add(study, name, stored.column(0), on, study.rows, None)
        return
    before = done_before(study, name, made_by)
    done: list[pa.Array] = [] if before is None else list(before.chunks)
    computed = sum(map(len, done))
    stopped = False
    with study.step(name), progress(name, total=study.rows) as bar:
        bar.update(computed)
        try:
            while computed < study.rows:
                count = min(batch_size, study.rows - computed)
                done.append(_batch(study, function, on, inputs, computed, count, name))
                computed += count
                bar.update(count)
        except KeyboardInterrupt:
            stopped = True
    values = _one_column(done, name)
    if computed < study.rows:
        values = pa.chunked_array([*values.chunks, pa.nulls(study.rows - computed, values.type)])
    elif key is not None:
        save_table(key, pa.table({name: values}))
    _add(study, name, values, on, computed, made_by)
    if stopped:
        raise KeyboardInterrupt(stopped_sentence(name, computed, study.rows))


def _inputs(study: Study, on: str) -> list[str]:
    """Return the columns that the function looks at."""
    if on == "frame":
        return [n for n in study.names() if study.describe(n).kind != "vector"]
    column = (study.column_of("text") or on) if on == "text" else on
    if on == "text" and column not in study.names():
        msg = (
            "add_signal() needs texts, and no column holds any. Say what to read: on='frame' or on='COLUMN'."
        )
        raise ValueError(msg)
    study.check_column(column)
    return [column]


def _batch(
    study: Study,
    function: Callable[[Any], Any],
    on: str,
    inputs: list[str],
    start: int,
    count: int,
    name: str,
) -> pa.Array:
    import numpy as np
    import pyarrow as pa

    if on == "frame":
        frame = study.take(np.arange(start, start + count), inputs).to_pandas()
        found = function(frame)
        given = len(found) if hasattr(found, "__len__") and not isinstance(found, str) else 1
        if given != count:
            msg = f"Signal {name!r} gave {given:,} values for a frame of {count:,} rows. It must give one a row."
            raise ValueError(msg)
    else:
        found = [function(value) for value in study.column(inputs[0]).slice(start, count).to_pylist()]
    try:
        array = pa.array(found, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        msg = (
            f"Signal {name!r} gave values of several types, or of one that a column can't hold, in rows {start:,} to "
            f"{start + count - 1:,} ({str(error).splitlines()[0][:120]}). Give one type, and None where there is no value."
        )
        raise ValueError(msg) from error
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _one_column(parts: list[pa.Array], name: str) -> pa.ChunkedArray:
    """Bring batches to one type: a batch of whole numbers or of nothing joins one of floats."""
    import pyarrow as pa

    if not parts:
        return pa.chunked_array([pa.array([], pa.null())])
    try:
        schema = pa.unify_schemas(
            [pa.schema([(name, part.type)]) for part in parts], promote_options="permissive"
        )
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        kinds = sorted({str(part.type) for part in parts})
        msg = f"Signal {name!r} gave values of several types: {', '.join(kinds)}. Give one type."
        raise ValueError(msg) from error
    return pa.chunked_array([part.cast(schema.field(0).type) for part in parts])


def _add(study: Study, name: str, values: pa.ChunkedArray, on: str, computed: int, made_by: Any) -> None:
    said = f"add_signal({name}, on {on!r})"
    if computed < study.rows:
        said += f": stopped after {computed:,} of {study.rows:,} rows"
    version = fingerprint("signal", values, computed)
    missing = missing_from(study, computed)
    study.add_columns([Derived(name, values, version, said, None, missing, made_by)])
