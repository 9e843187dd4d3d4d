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


def _select(predicate: Predicate, dataset: Any) -> list[int]:
    return dataset.to_table(columns=[ROW], filter=predicate.code("lance"))[ROW].to_pylist()


def lance_engine() -> Engine:
    """Return Lance, which takes long to write a dataset."""
    return Engine("code on lance", _convert, _select, share=3)
