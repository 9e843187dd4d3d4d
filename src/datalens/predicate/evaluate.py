"""Which rows of a frame match: leaves as numpy masks from the column's values, combined in numpy."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.predicate.compare import list_mask, literal_mask, pair_mask, search_mask
from datalens.predicate.computed import computed_mask, items_mask, linear_mask, member_values, reader_of
from datalens.predicate.nodes import (
    And,
    Between,
    Compare,
    Contains,
    Everything,
    Inside,
    IsIn,
    IsNull,
    Items,
    Keys,
    Linear,
    Matches,
    Member,
    Not,
    Or,
    StartsWith,
)
from datalens.predicate.operands import Field, Literal
from datalens.predicate.polygon import polygon_mask
from datalens.predicate.values import Values, read

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from datalens.predicate.base import Predicate

    Array = np.ndarray[Any, Any]


class Frame:
    """A frame in memory whose columns are read once.

    Parameters
    ----------
    native : dataframe
        Anything narwhals knows that is not lazy.
    """

    def __init__(self, native: Any) -> None:
        import narwhals as nw

        if type(native).__module__.startswith("pandas") and not native.columns.is_unique:
            twice = native.columns[native.columns.duplicated()][0]
            msg = f"There are several columns {twice!r}: rename them, so that each has a name of its own."
            raise ValueError(msg)
        try:
            self.narwhal = nw.from_native(native, eager_only=True)
        except TypeError:
            msg = (
                f"A predicate is evaluated on a dataframe in memory (pandas, polars, pyarrow), not on "
                f"{type(native).__module__}.{type(native).__qualname__}: collect it, or use predicate.filter(frame)."
            )
            raise TypeError(msg) from None
        self.native = native
        self.values = functools.cache(self._read)

    def __len__(self) -> int:
        return len(self.narwhal)

    def _read(self, name: str) -> Values:
        return read(self.native, self.narwhal, name)


def numpy_mask(node: Predicate, native: Any) -> Array:
    """Return the rows that match as a numpy array of bool."""
    return tree_mask(node, checked(node, native))


def checked(node: Predicate, native: Any) -> Frame:
    """Return a frame in memory that a predicate fits, or say what is wrong before anything runs."""
    from datalens.predicate.check import check_frame

    frame = Frame(native)
    check_frame(node, frame.native, frame.narwhal)
    return frame


def native_mask(node: Predicate, native: Any) -> Any:
    """Return the rows that match as a boolean series of the frame's kind."""
    import narwhals as nw

    mask = numpy_mask(node, native)
    frame = nw.from_native(native, eager_only=True)
    if frame.implementation.is_pandas():
        import pandas as pd

        return pd.Series(mask, index=native.index)
    if frame.implementation.is_pyarrow():
        import pyarrow as pa

        return pa.chunked_array([pa.array(mask)])
    return nw.new_series("", mask, nw.Boolean, backend=frame.implementation).to_native()


def filtered(node: Predicate, native: Any) -> Any:
    """Return the rows that match, of a frame in memory or a lazy one."""
    import narwhals as nw

    frame = nw.from_native(native)
    if isinstance(frame, nw.LazyFrame):
        from datalens.predicate.check import check_schema

        check_schema(node, frame.collect_schema())
        if frame.implementation.is_polars():
            return native.filter(node.expression("polars", frame=native))
        return frame.filter(node.expression("narwhals", frame=frame)).to_native()
    mask = native_mask(node, native)
    return native[mask] if frame.implementation.is_pandas() else native.filter(mask)


def tree_mask(node: Predicate, frame: Frame, among: Array | None = None) -> Array:
    """Return which rows match.

    Parameters
    ----------
    node : Predicate
    frame : Frame
    among : numpy.ndarray of bool, optional
        The rows that matter: for others the answer may be anything.
    """
    import numpy as np

    match node:
        case And(of=parts):
            # What asks least of the rows that are left comes last.
            first, *rest = sorted(parts, key=_is_worth_waiting)
            mask = tree_mask(first, frame, among)
            for part in rest:
                mask = np.logical_and(mask, tree_mask(part, frame, mask), out=mask)
            return mask
        case Or(of=parts):
            masks = (tree_mask(part, frame, among) for part in parts)
            return functools.reduce(lambda a, b: np.logical_or(a, b, out=a), masks)
        case Not(of=part):
            mask = tree_mask(part, frame, among)
            return np.logical_not(mask, out=mask)
        case Inside():
            return _inside_mask(node, frame.values, among)
        case Keys():
            return _keys_mask(node, frame)
        case Everything():
            return np.ones(len(frame), dtype=bool)
    return leaf_mask(node, frame.values)


def _is_worth_waiting(node: Predicate) -> bool:
    """Say whether a condition gains from knowing the rows that matter."""
    match node:
        case And(of=parts) | Or(of=parts):
            return any(map(_is_worth_waiting, parts))
        case Not(of=part):
            return _is_worth_waiting(part)
    return isinstance(node, Inside)


def leaf_mask(node: Predicate, values: Callable[[str], Values]) -> Array:
    """Return which values match a condition on columns, items of lists or fields of structs.

    Parameters
    ----------
    node : Predicate
        A leaf.
    values : callable
        From a column's name to its values.
    """
    match node:
        case Compare() if node.is_computed:
            return computed_mask(node, values)
        case Compare(op=op, left=Field(name=name), right=Literal(value=value)):
            return literal_mask(values(name), op, value)
        case Compare(left=Field(name=left), right=Field(name=right)):
            return pair_mask(values(left), values(right), node)
        case Between(column=name, low=low, high=high):
            column = values(name)
            return literal_mask(column, "ge", low) & literal_mask(column, "le", high)
        case IsIn(column=name, values=wanted):
            return list_mask(values(name), wanted)
        case IsNull(column=name):
            return null_mask(values(name))
        case Contains(column=name) | StartsWith(column=name) | Matches(column=name):
            return search_mask(values(name), node)
        case Items(column=name, which=which, of=part):
            return items_mask(values(name), which, lambda items: leaf_mask(part, reader_of(items)))
        case Member(column=name, name=member, of=part):
            return leaf_mask(part, reader_of(member_values(values(name), member)))
        case Linear(column=name):
            return linear_mask(values(name), node)
        case Inside():
            return _inside_mask(node, values)
    msg = f"{type(node).__name__} can't be evaluated."
    raise TypeError(msg)


def null_mask(values: Values) -> Array:
    """Return which values are null or NaN."""
    import numpy as np

    values = values if values.codes is None else values.decoded()
    length = len(values.data if values.valid is None else values.valid)
    mask = np.zeros(length, dtype=bool) if values.valid is None else ~values.valid
    if values.kind == "number" and values.data.dtype.kind == "f":
        mask |= np.isnan(values.data)
    return mask


def _inside_mask(node: Inside, values: Callable[[str], Values], among: Array | None = None) -> Array:
    import numpy as np

    sides = [values(node.x), values(node.y)]
    for side in sides:
        if side.kind not in ("number", "decimal", "null") or side.codes is not None:
            msg = f"Column {side.name!r} ({side.dtype}) holds no numbers, so no polygon can be drawn over it."
            raise UnfitError(msg)
    if any(side.kind == "null" for side in sides):
        return np.zeros(len(sides[0].data if sides[0].valid is None else sides[0].valid), dtype=bool)
    axes = [
        side.data
        if side.kind == "number"
        else np.array([float("nan" if v is None else v) for v in side.data])
        for side in sides
    ]
    mask = polygon_mask(axes[0], axes[1], node.polygon, among)
    for side in sides:
        if side.valid is not None:
            mask &= side.valid
    return mask


def _keys_mask(node: Keys, frame: Frame) -> Array:
    import numpy as np
    import pandas as pd

    identity = node.identity
    if identity.scheme == "column":
        return list_mask(frame.values(identity.columns[0]), node.values)
    if identity.scheme == "row":
        mask = np.zeros(len(identity.keys(pd.DataFrame(index=pd.RangeIndex(len(frame))))), dtype=bool)
        mask[np.array(node.values, dtype=np.int64)] = True
        return mask
    pandas = (
        frame.native if frame.narwhal.implementation.is_pandas() else frame.narwhal.select(identity.columns)
    )
    keys = identity.keys(pandas if pandas is frame.native else pandas.to_pandas())
    return np.asarray(pd.Index(keys, dtype=object).isin(list(node.values)), dtype=bool)
