"""datatrove: documents, whose metadata are the row's other columns, through the printed filter."""

from __future__ import annotations

from functools import partial
from typing import Any

import pyarrow as pa

from datalens.predicate import Predicate
from laws import oracle
from laws.engines import ROW, Engine, execute, widened


def _documents(table: pa.Table) -> tuple[pa.Table, list[Any]] | None:
    from datatrove.data import Document

    made = []
    for row in oracle.rows(table):
        metadata = dict(row)
        # A document has a text and an id, never null.
        text, name = metadata.pop("text", ""), metadata.pop("id", "")
        if not isinstance(text, str) or not isinstance(name, str):
            return None
        made.append(Document(text=text, id=name, metadata=metadata))
    return table, made


def _select(predicate: Predicate, made: tuple[pa.Table, list[Any]], *, typed: bool) -> list[int]:
    from datatrove.pipeline.filters.base_filter import BaseFilter

    table, documents = made
    scope = execute(predicate.code("datatrove", **({"schema": table} if typed else {})))
    (filter_,) = {
        kind
        for kind in scope.values()
        if isinstance(kind, type) and issubclass(kind, BaseFilter) and kind is not BaseFilter
    }
    keep: Any = filter_()
    return [document.metadata[ROW] for document in documents if keep.filter(document) is True]


def _untyped(table: pa.Table) -> Any:
    return None if widened(table) is None else _documents(table)


def datatrove_engines() -> list[Engine]:
    """Return datatrove, without and with the columns' types."""
    return [
        Engine("code on datatrove", _untyped, partial(_select, typed=False)),
        Engine("typed code on datatrove", _documents, partial(_select, typed=True), share=2),
    ]
