"""What printed pandas code knows of the columns: their types, and whether numpy holds them."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, Literal

from datalens.core.errors import NotExpressibleError
from datalens.predicate.dialects.columns import Column, is_on_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from datalens.predicate.scalars import Scalar


class Types:
    """The columns' types, where a schema was given.

    Parameters
    ----------
    schema : dataframe or pyarrow.Schema, optional
        Of a pandas frame, and of a schema with pandas' own metadata, also what holds the columns.

    Examples
    --------
    >>> import pandas as pd
    >>> types = Types(pd.DataFrame({"loss": [1.5], "text": ["a"]}))
    >>> types.is_wide("loss"), types.is_wide("text"), types.is_wide("other"), types.in_numpy
    (True, False, False, True)
    """

    def __init__(self, schema: Any = None) -> None:
        #: Whether all columns are numpy's, or like numpy's: no value is pandas' NA.
        self.in_numpy = False
        #: The columns that are known to be Arrow's.
        self.arrow: set[str] = set()
        #: What holds the booleans that columns of a frame are compared into.
        self.arrays: dict[str, Literal["numpy", "arrow", "nullable"]] = {}
        #: Whether a frame has text of pandas' own in Arrow: what is looked for in it gives nullable booleans.
        self.has_strings = False
        self.of: dict[str, pa.DataType] = {}
        if schema is None:
            return
        import narwhals as nw
        import pyarrow as pa

        if nw.dependencies.is_pandas_dataframe(schema):
            self.in_numpy = all(map(_is_plain, schema.dtypes))
            named = [name for name in schema.columns if isinstance(name, str)]
            kinds = {name: _arrow_type(schema.dtypes[name]) for name in named}
            self.of = {name: kind for name, kind in kinds.items() if kind is not None}
            self.arrow = {name for name in named if hasattr(schema.dtypes[name], "pyarrow_dtype")}
            self.arrays = {name: _array(schema.dtypes[name]) for name in named}
            self.has_strings = any(
                array == "arrow" and name not in self.arrow for name, array in self.arrays.items()
            )
            return
        if isinstance(schema, pa.Table):
            schema = schema.schema
        if not isinstance(schema, pa.Schema):
            schema = nw.from_native(schema).collect_schema().to_arrow()
        # Of a column that holds nothing, any frame may have made another type.
        self.of = {field.name: field.type for field in schema if not pa.types.is_null(field.type)}
        told = {
            column["field_name"]: column["numpy_type"]
            for column in (schema.pandas_metadata or {"columns": ()})["columns"]
        }
        self.arrays = {name: _array_of(kind) for name, kind in told.items() if name in self.of}
        self.has_strings = any(
            array == "arrow" and told[name] == "string" for name, array in self.arrays.items()
        )
        self.in_numpy = set(self.of) <= set(told) and not any(
            _array_of(kind) != "numpy" for kind in told.values()
        )

    @property
    def schema(self) -> pa.Schema:
        """The types as Arrow has them."""
        import pyarrow as pa

        return pa.schema(list(self.of.items()))

    def _is(self, name: str, test: str) -> bool:
        import pyarrow as pa

        kind = self.of.get(name)
        return kind is not None and bool(getattr(pa.types, f"is_{test}")(kind))

    def is_text(self, name: str) -> bool:
        """Say whether a column is known to hold text, and is no category."""
        return self._is(name, "string") or self._is(name, "large_string")

    def is_category(self, name: str) -> bool:
        """Say whether a column is known to be a category."""
        return self._is(name, "dictionary")

    def uncategorised(self, name: str, column: str) -> str:
        """Return a column as what equals values of any other: pandas compares no two categories of other values."""
        return f"{column}.astype(object)" if self.is_category(name) else column

    def is_signed(self, name: str) -> bool:
        """Say whether a column is known to hold signed integers."""
        return self._is(name, "signed_integer")

    def is_integer(self, name: str) -> bool:
        """Say whether a column is known to hold integers."""
        return self._is(name, "integer")

    def is_wide(self, name: str) -> bool:
        """Say whether a column is known to hold floats of 64 bits."""
        return self._is(name, "float64")

    def is_half(self, name: str) -> bool:
        """Say whether a column is known to be Arrow's floats of 16 bits, of which to Arrow no two are equal."""
        return self._is(name, "float16") and (self.is_arrow(name) or self.arrays.get(name) == "arrow")

    def widened(self, name: str, column: str) -> str:
        """Return a column as one that pandas compares with others, and finds in lists."""
        return f'{column}.astype("float64")' if self.is_half(name) else column

    def is_time(self, name: str) -> bool:
        """Say whether a column is known to hold dates with a time."""
        return self._is(name, "timestamp")

    def is_arrow(self, name: str) -> bool:
        """Say whether a column is known to be Arrow's."""
        return name in self.arrow

    def typed(self, name: str) -> Column:
        """Return a column with its type, which has to be known."""
        import narwhals as nw
        import pyarrow as pa

        return Column(name, name, nw.Schema.from_arrow(pa.schema([(name, self.of[name])]))[name])

    def is_counted(self, name: str) -> bool:
        """Say whether a column is known to hold decimals or times, of which others can't be looked for."""
        kinds = ("decimal", "timestamp", "duration")
        return any(self._is(name, kind) for kind in kinds)

    def held(self, name: str, values: Sequence[Scalar]) -> list[Scalar]:
        """Return which of some values a column of decimals or times can hold, as its own.

        Raises
        ------
        NotExpressibleError
            For decimals of a width among which Arrow looks for none.
        """
        if self._is(name, "decimal256"):  # of which narwhals knows nothing
            kind, exact = self.of[name], Context(prec=1000)
            wanted = [Decimal(value) for value in values]  # type: ignore[arg-type]
            steps = [exact.scaleb(value, kind.scale) if value.is_finite() else value for value in wanted]
            return [
                value
                for value, step in zip(wanted, steps, strict=True)
                if step.is_finite() and step == step.to_integral_value() and abs(step) < 10**kind.precision
            ]
        if self._is(name, "decimal") and not self._is(name, "decimal128"):
            msg = (
                f"Arrow looks for no value among {self.of[name]} as in column {name!r}: "
                "cast it to decimal128, or compare with each value by itself."
            )
            raise NotExpressibleError(msg)
        found = [value for value in values if is_on_grid(value, self.typed(name))]
        return [Decimal(value) for value in found] if self._is(name, "decimal") else found  # type: ignore[arg-type]

    def is_mixed(self, left: str, right: str) -> bool:
        """Say whether two columns are known to be Arrow's, one of integers and one of floats: it rounds no integer."""
        names = (left, right)
        tests = [(self.is_integer(name), self._is(name, "floating")) for name in names]
        return all(map(self.is_arrow, names)) and {(True, False), (False, True)} == set(tests)

    def units_differ(self, left: str, right: str) -> bool:
        """Say whether two columns are known to be Arrow's times, one of which counts nanoseconds and one others."""
        units = {getattr(self.of.get(name), "unit", "") for name in (left, right)}
        return all(map(self.is_arrow, (left, right))) and "ns" in units and len(units) > 1 and "" not in units

    def may_overflow(self, name: str) -> bool:
        """Say whether a column may be of nanoseconds, which wrap around or fail beside what is far away."""
        kind = self.of.get(name)
        if str(kind) == "duration[ns]":
            return True  # numpy's, too, can't be looked for in a list
        return not self.in_numpy and (kind is None or str(kind) == "timestamp[ns]")

    def rounds(self, name: str) -> bool:
        """Say whether a column rounds by itself what it is compared with by == or <: numpy's of 32 or 16 bits."""
        return self.in_numpy and (self._is(name, "float32") or self._is(name, "float16"))

    def holds_nan(self, name: str) -> bool:
        """Say whether NaN in a column may be told from null; no where the type is not known."""
        return not self.in_numpy and self._is(name, "floating")

    def is_told_by_isna(self, name: str) -> bool:
        """Say whether isna() is known to find all that is null or NaN."""
        return self.in_numpy or (name in self.of and not self._is(name, "floating"))

    def zones_differ(self, left: str, right: str) -> bool:
        """Say whether two columns are known to be times with zones of two types: zones or units."""
        kinds = [self.of.get(name) for name in (left, right)]
        zoned = [getattr(kind, "tz", None) for kind in kinds]
        return all(zoned) and kinds[0] != kinds[1]

    def zones_may_differ(self, left: str, right: str) -> bool:
        """Say whether two columns may be Arrow's times of two zones, for all that is known."""
        return left != right and not self.in_numpy and not {left, right} <= set(self.of)


def _is_plain(dtype: Any) -> bool:
    import pandas as pd

    return getattr(dtype, "na_value", None) is not pd.NA


def _array(dtype: Any) -> Literal["numpy", "arrow", "nullable"]:
    if _is_plain(dtype):
        return "numpy"
    # Pandas' own text is in Arrow, too, where that is installed.
    is_arrow = hasattr(dtype, "pyarrow_dtype") or getattr(dtype, "storage", "") == "pyarrow"
    return "arrow" if is_arrow else "nullable"


def _array_of(dtype: str) -> Literal["numpy", "arrow", "nullable"]:
    """Return what holds the booleans of a type that pandas' metadata name."""
    if dtype.endswith("[pyarrow]") or dtype.startswith("string"):
        return "arrow"
    return "nullable" if dtype[0].isupper() or dtype.startswith("boolean") else "numpy"


def _arrow_type(dtype: Any) -> pa.DataType | None:
    """Return a pandas type as Arrow's; nothing for objects, whose values may be of any type."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    if isinstance(dtype, pd.ArrowDtype):
        return dtype.pyarrow_dtype
    if isinstance(dtype, pd.StringDtype):
        return pa.large_string()
    if isinstance(dtype, pd.DatetimeTZDtype):
        return pa.timestamp(dtype.unit, str(dtype.tz))
    if isinstance(dtype, pd.CategoricalDtype):
        values = _arrow_type(dtype.categories.dtype) if dtype.categories is not None else None
        return pa.dictionary(pa.int32(), values or pa.large_string())
    dtype = getattr(dtype, "numpy_dtype", dtype)
    if isinstance(dtype, np.dtype) and dtype.kind in "iufbmM":
        return pa.from_numpy_dtype(dtype)
    return None
