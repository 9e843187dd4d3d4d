"""Predicates as live expressions of narwhals, polars and pyarrow: for lazy frames, and for pipelines of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.errors import missing_column
from datalens.predicate.nodes import column_names

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate

#: A type of DuckDB's that narwhals has no name for.
_FINE_MOMENTS = "TIMESTAMPTZ_NS"
DIALECTS = ("narwhals", "polars", "pyarrow")


def expression(node: Predicate, dialect: str, frame: Any = None) -> Any:
    """Return a predicate as an expression.

    Parameters
    ----------
    node : Predicate
    dialect : {"narwhals", "polars", "pyarrow"}
    frame : dataframe or lazy frame, optional
        Where the columns' types are read; for pyarrow also a dataset or a schema.

    Returns
    -------
    narwhals.Expr, polars.Expr or pyarrow.compute.Expression
    """
    if dialect not in DIALECTS:
        msg = f"There are no expressions for {dialect!r}; there are: {', '.join(DIALECTS)}."
        raise ValueError(msg)
    schema, engine = None, None
    if frame is not None:
        schema, engine = _read(frame)
        for name in column_names(node):
            if name not in schema:
                raise missing_column(name, schema)
    if dialect == "pyarrow":
        from datalens.predicate.expression_arrow import ArrowBuilder

        return ArrowBuilder(schema).build(node)
    from datalens.predicate.expression_frames import Builder

    if dialect == "polars":
        import polars as pl

        return Builder(pl, schema, "polars").build(node)
    import narwhals as nw

    return Builder(nw, schema, engine).build(node)


def _read(frame: Any) -> tuple[dict[str, Any], str]:
    """Return the types of a frame's columns as narwhals has them, and the engine's name."""
    import narwhals as nw
    import pyarrow as pa

    types: dict[str, Any] = {}
    if type(frame).__module__.startswith("pyarrow"):  # a dataset or a schema is no frame to narwhals
        schema = frame if isinstance(frame, pa.Schema) else frame.schema
        # What narwhals has no name for isn't nothing but nulls.
        types = {field.name: _unnamed(field.type) for field in schema if not pa.types.is_null(field.type)}
        frame = schema.empty_table()
    frame = nw.from_native(frame)
    read = dict(frame.collect_schema())
    if frame.implementation.value == "duckdb":
        relation = frame.to_native()
        native = dict(zip(relation.columns, map(str, relation.types), strict=True))
        types = {name: nw.Datetime("ns", "UTC") for name, kind in native.items() if kind == _FINE_MOMENTS}
    read |= {name: types[name] for name, dtype in read.items() if dtype == nw.Unknown and name in types}
    return read, frame.implementation.value


def _unnamed(kind: Any) -> Any:
    """Return Arrow's type that narwhals has no name for: days in milliseconds, or what nothing is asked of."""
    import narwhals as nw
    import pyarrow as pa

    return nw.Date() if pa.types.is_date64(kind) else nw.Object()
