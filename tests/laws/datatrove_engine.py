"""datatrove: documents, whose metadata are the row's other columns, through the printed filter."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from datalens.predicate import Predicate
from laws import oracle
from laws.engines import ROW, Engine, execute


def _documents(table: pa.Table) -> list[Any] | None:
    from datatrove.data import Document

    made = []
    for row in oracle.rows(table):
        metadata = dict(row)
        # A document has a text and an id, never null.
        text, name = metadata.pop("text", ""), metadata.pop("id", "")
        if not isinstance(text, str) or not isinstance(name, str):
            return None
        made.append(Document(text=text, id=name, metadata=metadata))
    return made


def _select(predicate: Predicate, documents: list[Any]) -> list[int]:
    from datatrove.pipeline.filters.base_filter import BaseFilter

    scope = execute(predicate.code("datatrove"))
    (made,) = {
        kind
        for kind in scope.values()
        if isinstance(kind, type) and issubclass(kind, BaseFilter) and kind is not BaseFilter
    }
    keep: Any = made()
    return [document.metadata[ROW] for document in documents if keep.filter(document) is True]


def datatrove_engine() -> Engine:
    """Return datatrove."""
    return Engine("code on datatrove", _documents, _select)
