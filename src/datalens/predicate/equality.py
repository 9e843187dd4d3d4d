"""When two nodes are equal: where they select the same rows of any column."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def compared(node: Any) -> Iterator[Any]:
    """Yield the fields that decide equality.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> list(compared(col("loss").is_null()))
    ['loss']
    """
    for field in dataclasses.fields(node):
        if field.compare:
            yield getattr(node, field.name)


def exact(value: Any) -> Any:
    """Return what decides equality: Python holds 1, 1.0 and True to be equal, a column doesn't.

    Examples
    --------
    >>> exact(1) == exact(True)
    False
    """
    if isinstance(value, tuple):
        return tuple(exact(item) for item in value)
    if dataclasses.is_dataclass(value):
        return (type(value), *(exact(item) for item in compared(value)))
    if isinstance(value, float):  # -0.0 equals 0.0, but 1 / x doesn't
        return (float, value.hex())
    return (type(value), value)
