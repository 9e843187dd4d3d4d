"""Everything that selects rows by a predicate: how a frame gets there, and how it is asked.

An engine takes an Arrow table whose column `ROW` numbers the rows. `convert` gives its own frame, or None where that
would not hold the same values; `select` gives the numbers of the rows that are selected.
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds

from datalens.predicate import Predicate
from datalens.predicate.dialects import DIALECTS
from laws import oracle

#: The column that numbers the rows; no frame that is drawn has it.
ROW = "the row's number, for the law"
#: Floats count whole numbers exactly up to here, and no literal is rounded onto one below.
EXACT = 2**52


@dataclass(frozen=True)
class Engine:
    """Something that selects rows.

    Attributes
    ----------
    name : str
    convert : callable
        From a table to the engine's own frame, or None where values would be lost.
    select : callable
        From a predicate and that frame to the numbers of the rows.
    share : int
        It is asked one example in so many: 1 where it is fast.
    """

    name: str
    convert: Callable[[pa.Table], Any]
    select: Callable[[Predicate, Any], list[int]]
    share: int = 1


def numbered(table: pa.Table) -> pa.Table:
    """Return a table with its rows numbered."""
    return table.append_column(ROW, pa.array(range(table.num_rows), pa.int64()))


def columns(table: pa.Table) -> dict[str, list[Any]]:
    """Return a table's values; as many columns as names, or none is what was meant."""
    return dict(zip(table.column_names, (column.to_pylist() for column in table.columns), strict=True))


def _cell(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, list):
        return [_cell(item) for item in value]
    if isinstance(value, dict):
        return {name: _cell(item) for name, item in value.items()}
    return value


def same(table: pa.Table, back: dict[str, list[Any]]) -> bool:
    """Say whether a table's values came back as what they are to a predicate, to which NaN is null."""
    return table.column_names == list(back) and all(
        [_cell(value) for value in table[name].to_pylist()] == [_cell(value) for value in values]
        for name, values in back.items()
    )


def types_within(kind: Any) -> Iterator[Any]:
    """Yield a type and those that are inside."""
    yield kind
    for place in range(kind.num_fields):
        yield from types_within(kind.field(place).type)


def has_type(table: pa.Table, *tests: Callable[[Any], bool]) -> bool:
    """Say whether a column, or what is inside one, is of a type."""
    return any(test(inner) for kind in table.schema.types for inner in types_within(kind) for test in tests)


# What other libraries raise where they have no such type or name.
_LOST = (
    pa.ArrowException, pl.exceptions.PolarsError, duckdb.Error, TypeError, ValueError, OverflowError, KeyError, OSError,
    BaseExceptionGroup,
)  # fmt: skip


def _without_loss(
    make: Callable[[pa.Table], Any], back: Callable[[Any, pa.Table], dict[str, list[Any]]]
) -> Any:
    def convert(table: pa.Table) -> Any:
        try:
            made = make(table)
            return made if same(table, back(made, table)) else None
        except _LOST:
            return None

    return convert


# pandas, in its three backings.
NULLABLE = {
    pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype(), pa.uint64(): pd.UInt64Dtype(), pa.bool_(): pd.BooleanDtype(),
    pa.float64(): pd.Float64Dtype(), pa.float32(): pd.Float32Dtype(), pa.string(): pd.StringDtype(),
}  # fmt: skip


def _typed(table: pa.Table) -> pa.Table:
    """Return a table whose categories have a type in pandas, which knows it from their values alone."""
    for field in table.schema:
        if pa.types.is_dictionary(field.type) and not table[field.name].combine_chunks().dictionary:
            msg = f"{field.name!r} has no categories"
            raise ValueError(msg)
    return table


def _with_rows(table: pa.Table) -> pa.Table:
    """Return a table of which Arrow takes rows: there are none of views."""
    if has_type(table, pa.types.is_string_view):
        msg = "Arrow takes no rows of a column of views"
        raise ValueError(msg)
    return table


def _default(table: pa.Table) -> pd.DataFrame:
    for field in table.schema:
        kind = field.type.value_type if pa.types.is_list(field.type) else field.type
        column = table[field.name].combine_chunks()
        column = column.flatten() if pa.types.is_list(field.type) else column
        if pa.types.is_integer(kind) and column.null_count:
            # These become floats. Where a literal is rounded onto a value, they are no longer the same numbers.
            large = [v for v in column.to_pylist() if v is not None and abs(v) > EXACT]
            if large:
                msg = f"{field.name!r} holds nulls and {large[0]}"
                raise ValueError(msg)
    return _typed(table).to_pandas()


def _from_pandas(frame: pd.DataFrame, table: pa.Table) -> dict[str, list[Any]]:
    return columns(pa.Table.from_pandas(frame, schema=table.schema, preserve_index=False))


PANDAS: dict[str, Callable[[pa.Table], Any]] = {
    "pandas": _without_loss(_default, _from_pandas),
    "pandas nullable": _without_loss(
        lambda table: _typed(table).to_pandas(types_mapper=NULLABLE.get), _from_pandas
    ),
    "pandas arrow": _without_loss(
        lambda table: _with_rows(table).to_pandas(types_mapper=pd.ArrowDtype), _from_pandas
    ),
}


def _from_polars(frame: pl.DataFrame, _: pa.Table) -> dict[str, list[Any]]:
    # Through Arrow, since Python's times have no nanoseconds; polars hands over no name with a NUL.
    return {name: frame[name].alias("").to_arrow().to_pylist() for name in frame.columns}


def _polars(table: pa.Table) -> Any:
    if has_type(table, pa.types.is_date64):
        msg = "polars makes times of such days"
        raise ValueError(msg)
    return pl.from_arrow(table)


POLARS = _without_loss(_polars, _from_polars)


def _in_pieces(table: pa.Table) -> pa.Table:
    """Return a table in chunks that begin within larger arrays."""
    cut = table.num_rows // 2
    padded = pa.concat_tables([table.slice(0, 1), table]).combine_chunks().slice(min(table.num_rows, 1))
    return pa.concat_tables([padded.slice(0, cut), padded.slice(cut)])


def _masked(predicate: Predicate, frame: Any) -> list[int]:
    return np.flatnonzero(predicate.mask(frame)).tolist()


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def execute(code: str, **scope: Any) -> dict[str, Any]:
    """Run printed code, and return its names."""
    with _quiet():
        exec(code, scope)  # noqa: S102 - the code under test
    return scope


def _comparable(convert: Callable[[pa.Table], Any], untyped: str = "") -> Callable[[pa.Table], Any]:
    def converted(table: pa.Table) -> Any:
        frame = convert(table)
        # To pandas no two Arrow-backed floats of 16 bits are equal; those of 32 it compares in 64 with a literal. Only
        # code that knows the types can cast and round.
        if frame is None or (untyped and "halffloat[pyarrow]" in map(str, frame.dtypes)):
            return None
        return None if untyped == "pandas arrow" and widened(table) is None else frame

    return converted


def _schema(frame: Any, *, typed: bool) -> dict[str, Any]:
    return {"schema": frame} if typed else {}


def _pandas_code(predicate: Predicate, frame: Any, *, typed: bool = False) -> list[int]:
    code = predicate.code("pandas", **_schema(frame, typed=typed))
    return execute(code, df=frame)["selected"][ROW].tolist()


def _polars_code(predicate: Predicate, frame: Any, *, typed: bool = False) -> list[int]:
    code = predicate.code("polars", **_schema(frame, typed=typed))
    found = execute(code, df=frame)["selected"].lazy().collect()
    return found[ROW].to_list()


ARROW = _without_loss(_with_rows, lambda table, _: columns(table))


def _pyarrow_code(predicate: Predicate, table: pa.Table, *, typed: bool = False) -> list[int]:
    code = predicate.code("pyarrow", **_schema(table, typed=typed))
    return execute(code, df=table)["selected"][ROW].to_pylist()


def _pyarrow_scan(predicate: Predicate, table: pa.Table) -> list[int]:
    code = predicate.code("pyarrow", schema=table.schema)
    return execute(code, df=ds.dataset(table))["selected"].to_table(columns=[ROW])[ROW].to_pylist()


def _arrow_expression(predicate: Predicate, table: pa.Table) -> list[int]:
    return table.filter(predicate.expression("pyarrow", frame=table))[ROW].to_pylist()


def widened(table: pa.Table) -> pa.Table | None:
    """Return a table whose rows, as Python's values, are of the columns' types: its floats have 64 bits."""
    return None if has_type(table, pa.types.is_float32, pa.types.is_float16) else table


def _python_code(predicate: Predicate, table: pa.Table, *, typed: bool = False) -> list[int]:
    selected = execute(predicate.code("python", **_schema(table, typed=typed)))["selected"]
    found = []
    for row in oracle.rows(table):
        kept = selected(row)
        assert type(kept) is bool, f"selected(row) returns {kept!r}"
        found += [row[ROW]] * kept
    return found


# DuckDB. A connection for all: making one takes longer than asking.
CONNECTION = duckdb.connect(config={"threads": 1})
CONNECTION.execute("SET TimeZone = 'UTC'")


def _differs_in_case(kind: Any) -> bool:
    names = [field.name.lower() for field in kind.fields] if pa.types.is_struct(kind) else []
    return len(set(names)) < len(names)


def _from_duckdb(_: Any, table: pa.Table) -> dict[str, list[Any]]:
    if has_type(table, pa.types.is_float16, _differs_in_case):
        msg = "DuckDB makes floats of 16 bits those of 32, and finds the first of two fields that differ in case"
        raise ValueError(msg)
    return columns(CONNECTION.from_arrow(table).to_arrow_table())


def duckdb_rows(condition: str, table: pa.Table) -> list[int]:
    """Return the rows that an SQL condition selects in DuckDB."""
    CONNECTION.register("df", table)
    column = '"' + ROW + '"'
    found = CONNECTION.execute(f"SELECT {column} FROM df WHERE {condition}").fetchall()  # noqa: S608
    return [number for (number,) in found]


def _lazy(predicate: Predicate, frame: Any) -> list[int]:
    found = nw.from_native(predicate.filter(frame))
    return (
        found.select(ROW).collect().to_native()[ROW].to_pylist() if _is_duckdb(frame) else _collected(found)
    )


def _collected(found: Any) -> list[int]:
    return found.collect()[ROW].to_list()


def _is_duckdb(frame: Any) -> bool:
    return isinstance(frame, duckdb.DuckDBPyRelation)


def _polars_expression(predicate: Predicate, frame: Any) -> list[int]:
    return frame.lazy().filter(predicate.expression("polars", frame=frame)).collect()[ROW].to_list()


def engines() -> dict[str, Engine]:
    """Return the engines there are: every frame, every expression, and every dialect that is printed."""
    duck = _without_loss(lambda table: table, _from_duckdb)
    made = [
        *(Engine(f"evaluate on {name}", convert, _masked) for name, convert in PANDAS.items()),
        Engine("evaluate on polars", POLARS, _masked),
        Engine("evaluate on pyarrow", lambda table: table, _masked),
        Engine("evaluate on pieces", _in_pieces, _masked),
        Engine("expression of polars", POLARS, _polars_expression),
        Engine("expression on lazy polars", lambda table: _lazy_of(POLARS(table)), _lazy),
        Engine("expression of pyarrow", ARROW, _arrow_expression),
        Engine("expression on lazy duckdb", lambda table: _relation(duck(table)), _lazy, share=3),
    ]
    printed = {
        "pandas": [
            *(
                Engine(f"code on {name}", _comparable(convert, name), _pandas_code)
                for name, convert in PANDAS.items()
            ),
            *(
                Engine(
                    f"typed code on {name}", _comparable(convert), partial(_pandas_code, typed=True), share=2
                )
                for name, convert in PANDAS.items()
            ),
        ],
        "polars": [
            Engine("code on polars", POLARS, _polars_code),
            Engine("code on lazy polars", lambda table: _lazy_of(POLARS(table)), _polars_code, share=3),
            Engine("typed code on polars", POLARS, partial(_polars_code, typed=True), share=2),
        ],
        "pyarrow": [
            Engine("code on pyarrow", ARROW, _pyarrow_code),
            Engine("typed code on a dataset", ARROW, _pyarrow_scan, share=3),
            Engine("typed code on pyarrow", ARROW, partial(_pyarrow_code, typed=True), share=2),
        ],
        "python": [
            Engine("code in python", widened, _python_code),
            Engine("typed code in python", lambda table: table, partial(_python_code, typed=True)),
        ],
        "duckdb": [
            Engine("code on duckdb", duck, lambda p, table: duckdb_rows(p.code("duckdb"), table)),
            Engine(
                "typed code on duckdb",
                duck,
                lambda p, table: duckdb_rows(p.code("duckdb", schema=table), table),
            ),
        ],
    }
    if "lance" in DIALECTS:
        from laws.lance_engine import lance_engines

        printed["lance"] = lance_engines()
    if "datatrove" in DIALECTS:
        from laws.datatrove_engine import datatrove_engines

        printed["datatrove"] = datatrove_engines()
    if "postgres" in DIALECTS and "DATALENS_LAWS_POSTGRES" in os.environ:
        from laws.postgres_engine import postgres_engines

        printed["postgres"] = postgres_engines()
    if "spark" in DIALECTS and "DATALENS_LAWS_SPARK" in os.environ:
        from laws.spark_engine import spark_engines

        printed["spark"] = spark_engines()
    made += [engine for dialect, its in printed.items() if dialect in DIALECTS for engine in its]
    return {engine.name: engine for engine in made}


def _lazy_of(frame: Any) -> Any:
    return None if frame is None else frame.lazy()


def _relation(table: Any) -> Any:
    return None if table is None else CONNECTION.from_arrow(table)
