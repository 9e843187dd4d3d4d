"""Whether a predicate fits a frame, by the types of the columns alone: before anything runs."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datalens.core.errors import missing_column
from datalens.predicate.evaluate import leaf_mask
from datalens.predicate.nodes import And, Everything, IsIn, Keys, Not, Or, column_names
from datalens.predicate.values import WIDEST, Values, check_bits, from_arrow, from_pandas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datalens.predicate.base import Predicate
    from datalens.predicate.scalars import Scalar

#: Rows of Python objects that are looked at for their type: few enough to take no time, and enough for some nulls first.
_LOOKED_AT = 1000
_OBJECTS = frozenset({str, bool, int, float, Decimal, dt.date, dt.datetime, dt.timedelta})


def check_frame(node: Predicate, native: Any, narwhal: Any) -> None:
    """Raise what evaluating on a frame in memory would raise for a missing column or an unfit type.

    No rows are looked at, but the first of a pandas column of Python objects, which has no type otherwise. Where they
    are of several types, or none of those there are in Arrow, it is checked when it is read.

    Parameters
    ----------
    node : Predicate
    native : dataframe
        The frame itself.
    narwhal : narwhals.DataFrame
        The same, as narwhals sees it.

    Raises
    ------
    ColumnError
        Where a column is missing; with the nearest names.
    UnfitError
        Where a condition doesn't fit its column's type; names both.

    Examples
    --------
    >>> import narwhals as nw
    >>> import pyarrow as pa
    >>> from datalens.predicate import col
    >>> table = pa.table({"n": [1], "s": ["a"]})
    >>> check_frame((col("n") > 1) | (col("s") > 1), table, nw.from_native(table))
    Traceback (most recent call last):
    datalens.core.errors.UnfitError: Column 's' holds text (string), so it can't be compared with the number 1.
    """
    _check(node, narwhal.columns, lambda name: _no_rows(native, narwhal, name))


def check_schema(node: Predicate, schema: Any) -> None:
    """Raise the same for a lazy frame, by its schema.

    Parameters
    ----------
    node : Predicate
    schema : narwhals.Schema
        Of all columns.

    Examples
    --------
    >>> import narwhals as nw
    >>> from datalens.predicate import col
    >>> check_schema(col("los") > 1, nw.Schema({"loss": nw.Float64()}))
    Traceback (most recent call last):
    datalens.core.errors.ColumnError: There is no column 'los'. Did you mean 'loss'?
    """
    _check(node, list(schema), lambda name: _no_rows_of_type(name, schema[name]))


def frame_of(schema: Any) -> Any:
    """Return what types are read from: of Polars' schema a frame without rows.

    Columns of Polars that have no type in Arrow are left out of it; `check_types` has spoken of them.

    Examples
    --------
    >>> import polars as pl
    >>> frame_of(pl.Schema({"n": pl.Int64(), "large": pl.Int128()})).columns
    ['n']
    """
    if type(schema).__module__.partition(".")[0] != "polars":
        return schema
    import polars as pl

    if isinstance(schema, Mapping):
        schema = pl.DataFrame(schema=schema)
    wide = [name for name, kind in schema.collect_schema().items() if str(kind) in WIDEST]
    return schema.drop(wide) if wide else schema


def check_types(node: Predicate, schema: Any) -> None:
    """Raise the same by what says the types: a frame, a lazy one, a pyarrow.Schema.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from datalens.predicate import col
    >>> check_types(col("s") > 1, pa.schema([("s", pa.string())]))
    Traceback (most recent call last):
    datalens.core.errors.UnfitError: Column 's' holds text (string), so it can't be compared with the number 1.
    """
    import narwhals as nw
    import pyarrow as pa

    if isinstance(schema, pa.Schema):
        schema = schema.empty_table()
    elif isinstance(schema, Mapping):
        import polars as pl

        schema = pl.DataFrame(schema=schema)
    frame = nw.from_native(schema)
    if isinstance(frame, nw.LazyFrame):
        check_schema(node, frame.collect_schema())
    else:
        check_frame(node, schema, frame)


def _check(node: Predicate, columns: list[str], read: Callable[[str], Values]) -> None:
    there = set(columns)
    for name in column_names(node):
        if name not in there:
            raise missing_column(name, columns)
    read = functools.cache(read)
    for leaf in leaves(node):
        match leaf:
            # Millions of keys are checked when they are looked for; here, one of each type.
            case IsIn(column=name, values=values):
                leaf_mask(IsIn(name, _one_of_each_type(values)), read)
            case Keys(identity=identity, values=values) if identity.scheme == "column":
                leaf_mask(IsIn(identity.columns[0], _one_of_each_type(values)), read)
            case Keys() | Everything():
                pass
            case _:
                # On no rows a leaf does nothing but look at types: one place for what fits, and for its sentences.
                leaf_mask(leaf, read)


def leaves(node: Predicate) -> Iterator[Predicate]:
    """Give the conditions that others are made of, in order.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> list(leaves(~(col("a") > 1) & col("b").is_null()))
    [dl.col('a') > 1, dl.col('b').is_null()]
    """
    stack = [node]
    while stack:
        part = stack.pop()
        match part:
            case And(of=parts) | Or(of=parts):
                stack.extend(reversed(parts))
            case Not(of=inner):
                stack.append(inner)
            case _:
                yield part


def _one_of_each_type(values: tuple[Scalar, ...]) -> tuple[Scalar, ...]:
    firsts: dict[type, Scalar] = {}
    for value in values:
        firsts.setdefault(type(value), value)
    return tuple(firsts.values())


def _no_rows(native: Any, narwhal: Any, name: str) -> Values:
    """Return a column without its rows."""
    if narwhal.implementation.is_pandas():
        import pandas as pd

        series = native[name].iloc[:0]
        if isinstance(series.dtype, pd.CategoricalDtype):
            # The categories are values, of which there may be many: their type is enough.
            categories = series.cat.categories
            if not len(categories):
                return from_pandas(series, name)
            if categories.dtype == object:
                return from_pandas(pd.Series([], dtype=object), name)
            none = from_pandas(categories[:0].to_series(), name)
            return replace(none, dtype="category", codes=series.cat.codes.to_numpy())
        if series.dtype == object:
            return _no_objects(native[name].iloc[:_LOOKED_AT], name)
        return from_pandas(series, name)
    if narwhal.implementation.is_pyarrow():
        import pyarrow as pa

        kind = native.schema.field(name).type
        if pa.types.is_dictionary(kind):
            codes, values = pa.array([], kind.index_type), pa.array([], kind.value_type)
            return from_arrow(pa.DictionaryArray.from_arrays(codes, values), name)
        return from_arrow(pa.array([], kind), name)
    check_bits(name, narwhal.schema[name])
    return from_arrow(narwhal[name].head(0).alias("").to_arrow(), name, str(narwhal.schema[name]))


def _no_objects(head: Any, name: str) -> Values:
    """Return a column of Python objects without its rows: of the type that Arrow has for the first of them."""
    import pyarrow as pa

    there = head[head.notna()]
    types = set(map(type, there))
    if len(types) == 1 and types <= _OBJECTS:
        try:
            return from_arrow(pa.array(there, from_pandas=True)[:0], name, "object")
        except (pa.ArrowException, UnicodeError, TypeError, ValueError, OverflowError):
            pass  # read, it is of another type, or of none
    return from_pandas(head.iloc[:0], name)


def _no_rows_of_type(name: str, dtype: Any) -> Values:
    import narwhals as nw
    import pyarrow as pa

    check_bits(name, dtype)
    try:
        kind = nw.Schema({name: dtype}).to_arrow().field(0).type
    except (AssertionError, TypeError, ValueError, NotImplementedError):
        kind = pa.null()  # a type that Arrow doesn't have: the engine itself says what it makes of it
    return from_arrow(pa.array([], kind), name, str(dtype))
