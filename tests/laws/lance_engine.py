"""Lance: a dataset in memory, and one condition in its SQL."""

from __future__ import annotations

import uuid
from typing import Any

import lance
import pyarrow as pa

from datalens.predicate import Predicate
from laws.engines import ROW, Engine, columns, same


def _convert(table: pa.Table) -> Any:
    try:
        made = lance.write_dataset(table, f"memory://{uuid.uuid4()}")
        return made if same(table, columns(made.to_table())) else None
    except (OSError, ValueError, RuntimeError, pa.ArrowException, BaseExceptionGroup):
        return None


def _select(predicate: Predicate, dataset: Any, *, typed: bool) -> list[int]:
    condition = predicate.code("lance", **({"schema": dataset.schema} if typed else {}))
    return dataset.to_table(columns=[ROW], filter=condition)[ROW].to_pylist()


def lance_engines() -> list[Engine]:
    """Return Lance, which takes long to write a dataset, without and with the columns' types."""
    return [
        Engine("code on lance", _convert, lambda p, dataset: _select(p, dataset, typed=False), share=3),
        Engine("typed code on lance", _convert, lambda p, dataset: _select(p, dataset, typed=True), share=3),
    ]
