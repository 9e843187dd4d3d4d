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
    "pandas arrow": _without_loss(lambda table: table.to_pandas(types_mapper=pd.ArrowDtype), _from_pandas),
}
POLARS = _without_loss(pl.from_arrow, lambda frame, _: frame.to_dict(as_series=False))


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


def _pandas_code(predicate: Predicate, frame: Any) -> list[int]:
    return execute(predicate.code("pandas"), df=frame)["selected"][ROW].tolist()


def _typed_pandas_code(predicate: Predicate, frames: tuple[Any, pa.Table]) -> list[int]:
    frame, table = frames
    found = execute(predicate.code("pandas", schema=table), df=frame)["selected"][ROW].tolist()
    # A frame itself says of what its columns are.
    assert execute(predicate.code("pandas", schema=frame), df=frame)["selected"][ROW].tolist() == found
    return found


def _with_table(convert: Callable[[pa.Table], Any]) -> Callable[[pa.Table], Any]:
    def both(table: pa.Table) -> Any:
        frame = convert(table)
        return None if frame is None else (frame, table)

    return both


def _polars_code(predicate: Predicate, frame: Any) -> list[int]:
    return execute(predicate.code("polars"), df=frame)["selected"][ROW].to_list()


def _lazy_polars_code(predicate: Predicate, frame: Any) -> list[int]:
    return execute(predicate.code("polars"), df=frame.lazy())["selected"].collect()[ROW].to_list()


def _pyarrow_code(predicate: Predicate, table: pa.Table) -> list[int]:
    selected = execute(predicate.code("pyarrow"), df=table)["selected"]
    return table.filter(selected)[ROW].to_pylist()


def _pyarrow_scan(predicate: Predicate, table: pa.Table) -> list[int]:
    selected = execute(predicate.code("pyarrow"), df=table)["selected"]
    return ds.dataset(table).to_table(columns=[ROW], filter=selected)[ROW].to_pylist()


def _python_code(predicate: Predicate, table: pa.Table, schema: pa.Table | None = None) -> list[int]:
    selected = execute(predicate.code("python", schema=schema))["selected"]
    found = []
    for row in oracle.rows(table):
        kept = selected(row)
        assert type(kept) is bool, f"selected(row) returns {kept!r}"
        found += [row[ROW]] * kept
    return found


# DuckDB. A connection for all: making one takes longer than asking.
CONNECTION = duckdb.connect(config={"threads": 1})
CONNECTION.execute("SET TimeZone = 'UTC'")


def _from_duckdb(_: Any, table: pa.Table) -> dict[str, list[Any]]:
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
        Engine("expression on lazy duckdb", lambda table: _relation(duck(table)), _lazy, share=3),
    ]
    printed = {
        "pandas": [
            *(Engine(f"code on {name}", convert, _pandas_code) for name, convert in PANDAS.items()),
            *(
                Engine(f"typed code on {name}", _with_table(convert), _typed_pandas_code)
                for name, convert in PANDAS.items()
            ),
        ],
        "polars": [
            Engine("code on polars", POLARS, _polars_code),
            Engine("code on lazy polars", POLARS, _lazy_polars_code, share=3),
        ],
        "pyarrow": [
            Engine("code on pyarrow", lambda table: table, _pyarrow_code),
            Engine("code on a dataset", lambda table: table, _pyarrow_scan, share=3),
        ],
        "python": [
            Engine("code in python", lambda table: table, _python_code),
            Engine(
                "typed code in python", lambda table: table, lambda p, table: _python_code(p, table, table)
            ),
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
        from laws.datatrove_engine import datatrove_engine

        printed["datatrove"] = [datatrove_engine()]
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
