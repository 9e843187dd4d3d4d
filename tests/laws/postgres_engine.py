"""Postgres, where `make laws` started one: a table of each frame's values, and one condition."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from typing import Any

import pyarrow as pa

from datalens.predicate import Predicate
from laws import oracle
from laws.engines import ROW, Engine

TYPES = {
    pa.int64(): "bigint", pa.int32(): "integer", pa.uint64(): "numeric", pa.float64(): "float8", pa.float32(): "real",
    pa.string(): "text", pa.bool_(): "boolean", pa.date32(): "date", pa.timestamp("us"): "timestamp",
    pa.int8(): "smallint", pa.uint16(): "integer", pa.large_string(): "text", pa.string_view(): "text",
    pa.timestamp("s"): "timestamp", pa.timestamp("ms"): "timestamp", pa.date64(): "date",
    pa.duration("us"): "interval", pa.duration("s"): "interval", pa.dictionary(pa.int32(), pa.string()): "text",
}  # fmt: skip
MAX_NAME = 63


def _type(kind: Any) -> str | None:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        inner = _type(kind.value_type)
        # Lists within lists are all of one length there.
        return None if inner is None or inner.endswith("[]") else f"{inner}[]"
    if pa.types.is_decimal(kind):
        return f"numeric({kind.precision}, {kind.scale})"
    if pa.types.is_timestamp(kind) and kind.tz and kind.unit != "ns":
        return "timestamptz"
    return TYPES.get(kind)


def _convert(table: pa.Table) -> pa.Table | None:
    names_fit = all(0 < len(name.encode()) <= MAX_NAME and "\0" not in name for name in table.column_names)
    types_fit = all(_type(field.type) for field in table.schema)
    # No text of Postgres' holds a NUL.
    return table if names_fit and types_fit and "\\x00" not in repr(table.to_pydict()) else None


def _literal(value: Any, kind: str) -> str:
    match value:
        case None:
            return "NULL"
        case list():
            return f"ARRAY[{', '.join(_literal(item, kind.removesuffix('[]')) for item in value)}]::{kind}"
        case dt.datetime():
            text = (value.astimezone(dt.UTC) if value.tzinfo else value).isoformat(" ")
        case dt.timedelta():
            text = f"{value // dt.timedelta(microseconds=1)} microseconds"
        case float():
            text = repr(value)
        case _:
            text = str(value)
    return "'" + text.replace("'", "''") + f"'::{kind}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _select(predicate: Predicate, table: pa.Table, *, typed: bool) -> list[int]:
    condition = predicate.code("postgres", **({"schema": table} if typed else {}))
    kinds = [_type(field.type) or "" for field in table.schema]
    declared = ", ".join(f"{_quoted(n)} {kind}" for n, kind in zip(table.column_names, kinds, strict=True))
    rows = ", ".join(
        f"({', '.join(_literal(v, kind) for v, kind in zip(row.values(), kinds, strict=True))})"
        for row in oracle.rows(table)
    )
    statements = [f"CREATE TEMP TABLE df ({declared})"]
    statements += [f"INSERT INTO df VALUES {rows}"] if rows else []  # noqa: S608 - values of our own
    statements.append(f"SELECT {_quoted(ROW)} FROM df WHERE {condition}")  # noqa: S608
    command = ["psql", "-X", "-q", "-A", "-t", "-U", "laws", "-h", os.environ["DATALENS_LAWS_POSTGRES"], "-d", "postgres",
               "-v", "ON_ERROR_STOP=1"]  # fmt: skip
    script = ";\n".join(["SET TimeZone = 'UTC'", *statements, ""])
    done = subprocess.run(command, input=script.encode(), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return [int(line) for line in done.stdout.split()]


def postgres_engines() -> list[Engine]:
    """Return Postgres, which is asked through a process of its own each time, without and with the columns' types."""
    return [
        Engine("code on postgres", _convert, lambda p, table: _select(p, table, typed=False), share=4),
        Engine("typed code on postgres", _convert, lambda p, table: _select(p, table, typed=True), share=4),
    ]
