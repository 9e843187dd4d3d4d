"""Columns from elsewhere, brought in by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.errors import missing_column
from datalens.core.fingerprint import fingerprint
from datalens.study.derived import Derived
from datalens.table.checks import check_key, check_own_type
from datalens.table.opening import open_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from datalens.study.study import Study

SHOWN = 3  # as many examples as fit a sentence


def join(
    study: Study,
    other: Any,
    *,
    on: str,
    columns: Sequence[str] | None = None,
    name: Mapping[str, str] | None = None,
) -> None:
    """Add columns of another frame by a key that both have; see `Lens.join`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    source = open_source(other)
    theirs = source.schema.names
    study.check_column(on)
    if on not in theirs:
        raise missing_column(on, theirs, "The frame to join needs it.")
    wanted = [c for c in theirs if c != on] if columns is None else _listed(columns)
    for column in wanted:
        if column not in theirs:
            raise missing_column(column, theirs, "It was given in columns=.")
    for column in name or {}:
        if column not in wanted:
            raise missing_column(column, wanted, "It was given in name=.")
    names = {column: (name or {}).get(column, column) for column in wanted}
    if len(set(names.values())) < len(names):
        repeated = next(given for given in names.values() if list(names.values()).count(given) > 1)
        msg = f"Two columns would be called {repeated!r}. Give each a name of its own in name=."
        raise ValueError(msg)
    for given in names.values():
        if given in study.source.schema.names:
            msg = f"The data already has a column {given!r}. Give it another name: name={{{given!r}: '...'}}."
            raise ValueError(msg)
    right = source.column(on)
    if pa.types.is_dictionary(right.type):
        right = right.cast(right.type.value_type)
    check_key(pa.table({on: right}), on)
    check_own_type(on, getattr(source, "as_text", {}))
    check_own_type(on, study.as_text)
    left = _same_type(study.column(on), right, on)
    place = pc.index_in(left, value_set=right.combine_chunks())
    matched = len(place) - place.null_count
    if not matched and study.rows:
        shown = [", ".join(repr(v) for v in c.slice(0, SHOWN).to_pylist()) for c in (left, right)]
        msg = (
            f"No value of {on!r} is in both: here {shown[0]}, there {shown[1]}. Do they name the same things?"
        )
        raise ValueError(msg)
    version = fingerprint("join", study.fingerprint(on), right)
    step = f"join(on {on!r}: {matched:,} of {study.rows:,} rows matched)"
    study.add_columns(
        [
            Derived(names[c], taken, fingerprint(version, source.fingerprint(c)), step)
            for c, taken in ((c, source.column(c).take(place)) for c in wanted)
        ]
    )


def _listed(columns: Sequence[str]) -> list[str]:
    return [columns] if isinstance(columns, str) else list(columns)


def _same_type(left: pa.ChunkedArray, right: pa.ChunkedArray, on: str) -> pa.ChunkedArray:
    """Cast between widths of one kind of type; a number never meets a text."""
    import pyarrow as pa

    if pa.types.is_dictionary(left.type):
        left = left.cast(left.type.value_type)
    if left.type == right.type:
        return left
    text = [_is_text(c.type) for c in (left, right)]
    if text[0] == text[1]:
        try:
            return left.cast(right.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            pass
    msg = (
        f"Column {on!r} holds {left.type} here and {right.type} there, which never are equal. "
        f"Make them one type: other[{on!r}] = other[{on!r}].astype(...)."
    )
    raise ValueError(msg)


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
