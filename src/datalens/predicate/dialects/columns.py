"""A column as printed Python names it, with its type where that is known; what a type's values can be."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal
from typing import TYPE_CHECKING, Any

from datalens.core.errors import NotExpressibleError
from datalens.predicate.compare import nanoseconds
from datalens.predicate.expression_types import BITS, UNITS, kind_of
from datalens.predicate.operands import ITEM
from datalens.predicate.precision import rounded
from datalens.predicate.values import is_text

if TYPE_CHECKING:
    import pyarrow as pa

    from datalens.predicate.scalars import Scalar

#: Decimals of any column are counted exactly with so many digits.
_DIGITS = 400
#: Digits of any integer of 64 bits.
_INTEGER_DIGITS = 20
#: Of Arrow's decimals of 128 and of 256 bits.
_MOST_DIGITS = (38, 76)


@dataclass(frozen=True)
class Column:
    """A column, an item of a list or a field of a struct.

    Parameters
    ----------
    name : str
        For messages.
    code : str
        How it is written.
    dtype : narwhals.dtypes.DType, optional
        None where it is not known.
    """

    name: str
    code: str
    dtype: Any = None

    @property
    def kind(self) -> str:
        """What it holds, as `kind_of` says it; empty where that is not known."""
        return "" if self.dtype is None else kind_of(self.dtype)

    @property
    def unit(self) -> str:
        """The unit of its times; empty where it has none, or it is not known."""
        return getattr(self.dtype, "time_unit", "")

    @property
    def zone(self) -> str | None:
        """The time zone of its moments."""
        return getattr(self.dtype, "time_zone", None)

    def is_called(self, *names: str) -> bool:
        """Say whether its type has one of these names."""
        return self.dtype is not None and str(self.dtype).partition("(")[0] in names

    def item(self, code: str) -> Column:
        """Return what the items of its lists are."""
        return Column(ITEM, code, getattr(self.dtype, "inner", None))

    def field(self, name: str, code: str) -> Column:
        """Return a field of its structs."""
        types = {field.name: field.dtype for field in getattr(self.dtype, "fields", ())}
        return Column(ITEM, code, types.get(name))

    def rounded(self, value: Any) -> Any:
        """Return a number as floats of the column's precision have it; as it is where the type is not known."""
        bits = BITS.get(str(self.dtype))
        return rounded(value, bits) if bits and type(value) in (int, float) else value


def types_of(schema: Any) -> dict[str, Any]:
    """Return the types that narwhals has for the columns of a frame or a schema of Arrow's: None where it has none.

    Examples
    --------
    >>> import pyarrow as pa
    >>> types_of(pa.schema([("loss", pa.float32())]))
    {'loss': Float32}
    """
    import narwhals as nw

    return {name: None if dtype == nw.Unknown else dtype for name, dtype in dtypes_of(schema).items()}


def dtypes_of(schema: Any) -> dict[str, Any]:
    """Return the types that narwhals has for the columns of a frame or a schema of Arrow's, "Unknown" among them."""
    import narwhals as nw
    import pyarrow as pa

    frame = _decoded(plain).empty_table() if isinstance(plain := _plain(schema), pa.Schema) else schema
    return dict(nw.from_native(frame).collect_schema())


def encoded_in(schema: Any) -> list[str]:
    """Return the columns that are dictionaries of numbers and the like.

    Examples
    --------
    >>> import pyarrow as pa
    >>> encoded_in(pa.schema([("n", pa.dictionary(pa.int32(), pa.int64())), ("m", pa.int64())]))
    ['n']
    """
    import pyarrow as pa

    plain = _plain(schema)
    if not isinstance(plain, pa.Schema):
        return []
    return [
        field.name
        for field in plain
        if pa.types.is_dictionary(field.type) and not is_text(field.type.value_type)
    ]


def _plain(schema: Any) -> Any:
    import pyarrow as pa

    return schema.schema if isinstance(schema, pa.Table) else schema


def _decoded(schema: pa.Schema) -> pa.Schema:
    """Return a schema in which dictionaries of numbers and the like are those: narwhals has categories of text."""
    import pyarrow as pa

    encoded = encoded_in(schema)
    return pa.schema(
        field.with_type(field.type.value_type) if field.name in encoded else field for field in schema
    )


def common_type(left: Column, right: Column) -> pa.DataType | None:
    """Return the type to which two columns are brought where Arrow itself would bring them to one that can't hold both.

    Parameters
    ----------
    left, right : Column
        Of integers or decimals.

    Returns
    -------
    pyarrow.DataType or None
        None where Arrow compares them as they are.

    Examples
    --------
    >>> import narwhals as nw
    >>> common_type(Column("n", "n", nw.Int64()), Column("u", "u", nw.UInt64()))
    Decimal128Type(decimal128(20, 0))
    """
    import pyarrow as pa

    a, b = left.dtype, right.dtype
    if {left.kind, right.kind} == {"number"} and a.is_unsigned_integer() != b.is_unsigned_integer():
        return pa.decimal128(_INTEGER_DIGITS)
    if {left.kind, right.kind} != {"decimal"}:
        return None
    digits, scale = digits_of(a, b)
    if digits > _MOST_DIGITS[1]:
        msg = (
            f"Arrow can't compare the columns {left.name!r} ({a}) and {right.name!r} ({b}), since no decimal of its own "
            "holds both: cast one to fewer digits, or copy the rows as keys."
        )
        raise NotExpressibleError(msg)
    return pa.decimal256(digits, scale) if digits > _MOST_DIGITS[0] else None


def digits_of(left: Any, right: Any) -> tuple[int, int]:
    """Return how many digits a decimal has that holds what columns of two types of decimals do, and how many are a fraction.

    Examples
    --------
    >>> import narwhals as nw
    >>> digits_of(nw.Decimal(38, 10), nw.Decimal(38, 0))
    (48, 10)
    """
    scale: int = max(left.scale, right.scale)
    return max(left.precision - left.scale, right.precision - right.scale) + scale, scale


def on_grid(op: str, value: Any, column: Column) -> tuple[str, Any] | bool:
    """Bring a comparison to the values that a column of integers, decimals or times can have.

    Engines bring a column to the literal's type, and fail or round where that does not fit.

    Parameters
    ----------
    op : str
    value : scalar
    column : Column
        Whose type is known.

    Returns
    -------
    tuple or bool
        An operator and a value of the column's type that select the same rows; or whether all rows match that are not
        null, or none.

    Examples
    --------
    >>> import narwhals as nw
    >>> on_grid("ge", 2.5, Column("n", "n", nw.Int64()))
    ('gt', 2)
    >>> on_grid("lt", 300, Column("n", "n", nw.UInt8()))
    True
    """
    step, low, high = _grid(column)
    exact = Context(prec=_DIGITS, Emax=10**6, Emin=-(10**6))
    is_time = isinstance(value, (dt.date, dt.timedelta))
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return op == "ne" or ((op in ("lt", "le")) == (value > 0) and op != "eq")
    wanted = Decimal(nanoseconds(value)) if is_time else Decimal(value)
    count = exact.divide(wanted, step)
    whole = count.to_integral_value(ROUND_FLOOR, context=exact)
    if op in ("eq", "ne"):
        if whole != count or not low <= whole <= high:
            return op == "ne"
        return op, int(value) if isinstance(value, float) else value
    if not low <= whole <= high:
        return (op in ("gt", "ge")) == (whole < low)
    if whole == count:
        return op, int(value) if isinstance(value, float) else value
    op = {"ge": "gt", "lt": "le"}.get(op, op)
    floor = exact.multiply(whole, step)
    if isinstance(value, dt.timedelta):
        return op, dt.timedelta(microseconds=int(floor) // 1000)
    if is_time:
        return op, value - dt.timedelta(microseconds=int(wanted - floor) // 1000)
    return op, floor if column.kind == "decimal" else int(floor)


def is_on_grid(value: Scalar, column: Column) -> bool:
    """Say whether a column of integers, decimals or times can hold a value.

    Examples
    --------
    >>> import narwhals as nw
    >>> is_on_grid(2.5, Column("n", "n", nw.Int64()))
    False
    """
    return on_grid("eq", value, column) is not False


def _grid(column: Column) -> tuple[Decimal, int, int]:
    """Return the distance of a column's values, and the least and the greatest of them in such steps."""
    if column.kind == "decimal":
        most = 10**column.dtype.precision - 1
        return Decimal(1).scaleb(-column.dtype.scale), -most, most
    if column.unit:
        return Decimal(UNITS[column.unit]), -(2**63) + 1, 2**63 - 1
    bits = int(str(column.dtype).lstrip("UInt"))
    if column.dtype.is_unsigned_integer():
        return Decimal(1), 0, 2**bits - 1
    return Decimal(1), -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
