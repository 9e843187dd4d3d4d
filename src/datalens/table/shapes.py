"""The type of a column of JSON values, found by looking at all of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

# Beyond this a float can't tell neighbouring integers apart.
EXACT_IN_FLOAT = 2**53
INT64 = range(-(2**63), 2**63)
UINT64 = range(2**64)
# An object with more names than this is a map with data for names, not a record.
MAX_FIELDS = 256
# Deeper values are shown as text anyway.
MAX_DEPTH = 12

_SCALARS = {bool: "boolean", float: "number", str: "text"}


class Shape:
    """What the values of a column, a field or a list's items have been so far.

    Parameters
    ----------
    depth : int, default 0
        How many lists and objects it lies in.

    Examples
    --------
    >>> shape = Shape()
    >>> shape.add([1, None])
    >>> shape.type()
    DataType(int64)
    >>> shape.add([2.5])
    >>> shape.type()
    DataType(double)
    >>> shape.add(["a", [1]])
    >>> shape.type(), shape.array([1, 2.5, "a", [1], None]).to_pylist()
    (DataType(string), ['1', '2.5', 'a', '[1]', None])
    """

    def __init__(self, depth: int = 0) -> None:
        self._depth = depth
        self._kinds: set[str] = set()
        self._low = self._high = 0
        self._items: Shape | None = None
        self._fields: dict[str, Shape] = {}

    def add(self, values: list[Any]) -> None:
        """Take more values into account: what `json.loads` gives."""
        if self.is_mixed():
            return
        kinds = set(map(type, values))
        self._kinds |= {_SCALARS[kind] for kind in kinds if kind in _SCALARS}
        if int in kinds:
            whole = [value for value in values if type(value) is int]
            self._low, self._high = min(self._low, *whole), max(self._high, *whole)
            self._kinds.add("integer")
        if list in kinds:
            self._kinds.add("list")
            if self._items is None:
                self._items = Shape(self._depth + 1)
            self._items.add([item for value in values if type(value) is list for item in value])
        if dict in kinds:
            self._kinds.add("object")
            self._add_objects([value for value in values if type(value) is dict])

    def _add_objects(self, objects: list[dict[str, Any]]) -> None:
        for name in dict.fromkeys(name for value in objects for name in value):
            if len(self._fields) > MAX_FIELDS:
                return
            field = self._fields.setdefault(name, Shape(self._depth + 1))
            field.add([value[name] for value in objects if name in value])

    def is_mixed(self) -> bool:
        """Say whether no Arrow type but text holds the values."""
        kinds = self._kinds
        if kinds == {"integer", "number"}:
            return max(-self._low, self._high) > EXACT_IN_FLOAT
        if kinds == {"integer"}:
            whole = self._low in INT64 and self._high in INT64
            return not whole and not (self._low in UINT64 and self._high in UINT64)
        if kinds == {"object"}:
            return len(self._fields) > MAX_FIELDS or self._depth >= MAX_DEPTH
        return len(kinds) > 1 or (kinds == {"list"} and self._depth >= MAX_DEPTH)

    def is_loose(self) -> bool:
        """Say whether anything in it is to be written as text first."""
        if self.is_mixed() or (self._kinds == {"object"} and not self._fields):
            return True
        inside = [self._items] if self._items is not None else []
        return any(shape.is_loose() for shape in (*inside, *self._fields.values()))

    def type(self) -> pa.DataType:
        """Return the Arrow type of all values so far; text where nothing narrower holds them."""
        import pyarrow as pa

        if self.is_mixed():
            return pa.string()
        if not self._kinds:
            return pa.null()
        if self._kinds == {"boolean"}:
            return pa.bool_()
        if self._kinds == {"integer"}:
            return pa.int64() if self._high in INT64 else pa.uint64()
        if "number" in self._kinds:
            return pa.float64()
        if self._items is not None:
            return pa.list_(self._items.type())
        if self._fields:
            return pa.struct([(name, field.type()) for name, field in self._fields.items()])
        return pa.string()

    def array(self, values: list[Any]) -> pa.Array:
        """Return values as an Arrow array of this type; all of them have been added before."""
        import pyarrow as pa

        if self.is_loose():
            values = [self.fit(value) for value in values]
        return pa.array(values, self.type())

    def mixed(self) -> str:
        """Return the kinds of values that are kept as text for want of one type, or nothing."""
        if self.is_mixed():
            return (
                " and ".join(sorted(self._kinds)) if len(self._kinds) > 1 else f"{next(iter(self._kinds))}s"
            )
        return ""

    def fit(self, value: Any) -> Any:
        """Return one value as this type takes it: as JSON text what has no type of its own."""
        if value is None or isinstance(value, str):
            return value
        if self.is_mixed() or (self._kinds == {"object"} and not self._fields):
            return json.dumps(value, ensure_ascii=False)
        if isinstance(value, list) and self._items is not None:
            return [self._items.fit(item) for item in value]
        if isinstance(value, dict):
            return {name: self._fields[name].fit(item) for name, item in value.items()}
        return value
