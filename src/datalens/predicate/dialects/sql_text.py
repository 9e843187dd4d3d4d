"""Names, numbers, texts and times as SQL writes them."""

from __future__ import annotations

import datetime as dt
import math
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from datalens.core.errors import NotExpressibleError
from datalens.predicate.dialects.columns import Column as Typed
from datalens.predicate.dialects.columns import digits_of, on_grid
from datalens.predicate.dialects.sql_words import RESERVED
from datalens.predicate.scalars import SAFE_INTEGER, Scalar, kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Decimals in SQL have at most so many digits, nearly everywhere.
MAX_DIGITS = 38
_MICROSECOND = dt.timedelta(microseconds=1)
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class Column:
    """A column, an item of a list or a field of a struct, as it is written.

    Parameters
    ----------
    name : str
        For messages.
    sql : str
    dtype : narwhals.dtypes.DType, optional
        None where it is not known.
    """

    name: str
    sql: str
    dtype: Any = None

    @property
    def may_be_nan(self) -> bool:
        return self.dtype is None or bool(self.dtype.is_float())

    def narrows(self, other: Column) -> bool:
        """Whether engines would round another column's integers to this one's 32 bits."""
        if self.dtype is None or other.dtype is None:
            return False
        return str(self.dtype) in ("Float32", "Float16") and bool(other.dtype.is_integer())

    @property
    def is_double(self) -> bool:
        return self.dtype is not None and str(self.dtype) == "Float64"

    @property
    def is_float(self) -> bool:
        return self.dtype is not None and bool(self.dtype.is_float())

    @property
    def is_integer(self) -> bool:
        return self.dtype is not None and bool(self.dtype.is_integer())

    @property
    def is_decimal(self) -> bool:
        return self.dtype is not None and str(self.dtype).startswith("Decimal")

    @property
    def unit(self) -> str:
        """The unit of its times; empty where it has none, or it is not known."""
        return getattr(self.dtype, "time_unit", "")

    @property
    def as_single(self) -> Column:
        """The same column, where it turns out to be one of 32-bit floats."""
        import narwhals as nw

        return replace(self, dtype=nw.Float32())

    @property
    def is_list(self) -> bool:
        import narwhals as nw

        return self.dtype is not None and self.dtype in (nw.List, nw.Array)

    @property
    def is_struct(self) -> bool:
        import narwhals as nw

        return self.dtype is not None and self.dtype == nw.Struct


class Writer(ABC):
    """Writes names and literals; each engine's module overrides what is written otherwise there."""

    engine: ClassVar[str]
    #: Whether 32-bit columns are compared with a literal as 64-bit ones.
    widens: ClassVar[bool] = False
    #: How many decimals a number may have that is compared with integers: they are brought to its type of 38 digits.
    decimals: ClassVar[int] = 18

    def cannot(self, what: str, remedy: str = "") -> NoReturn:
        remedy = remedy or f'use lens.selection.code({self.engine!r}, form="keys")'
        msg = f"{self.engine} can't express {what}: {remedy}."
        raise NotExpressibleError(msg)

    def check_digits(self, left: Column, right: Column) -> None:
        """Refuse two columns of decimals of which no type there holds both."""
        if left.is_decimal and right.is_decimal and digits_of(left.dtype, right.dtype)[0] > MAX_DIGITS:
            what = (
                f"a comparison of the columns {left.name!r} ({left.dtype}) and {right.name!r} ({right.dtype})"
            )
            self.cannot(
                f"{what}, which take more than {MAX_DIGITS} digits together", "cast one to fewer digits"
            )

    def identifier(self, name: str) -> str:
        if _PLAIN.fullmatch(name) and name not in RESERVED:
            return name
        if not name or "\0" in name:
            self.cannot(f"the column name {name!r}", "rename the column")
        return self.quoted_name(name)

    def quoted_name(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def scalar(self, value: Scalar, column: Column) -> str:
        """Return a literal that is compared with a column."""
        match kind(value):
            case "text":
                return self.text(str(value))
            case "boolean":
                return "true" if value else "false"
            case "number":
                number: float = value  # type: ignore[assignment]
                is_single = str(column.dtype) == "Float32" and to_single(number) != number
                if is_single and (self.widens or self.is_widened(number)):
                    return self.single(number)
                return self.number(number)
            case "decimal":
                return self.decimal(value)  # type: ignore[arg-type]
            case "timedelta":
                return self.duration(value // _MICROSECOND)  # type: ignore[operator, arg-type]
            case "date":
                return f"DATE '{value}'"
            case "datetime":
                return self.moment(value)  # type: ignore[arg-type]
        return self.instant(value)  # type: ignore[arg-type]

    @abstractmethod
    def text(self, value: str) -> str:
        """Return a text as a literal."""

    def valid(self, value: str) -> str:
        try:
            value.encode()
        except UnicodeEncodeError:
            self.cannot(f"the text {value[:40]!r}, which is no valid Unicode")
        return value

    def number(self, value: float) -> str:
        """Return an integer, or a fraction that is compared in its column's own precision."""
        if isinstance(value, int):
            return self.integer(value)
        if math.isfinite(value) and abs(value) < SAFE_INTEGER:
            if value.is_integer():
                return str(int(value))
            digits = format(Decimal(repr(value)), "f")
            if sum(map(str.isdigit, digits)) <= MAX_DIGITS and len(digits.partition(".")[2]) <= self.decimals:
                return digits
        return self.double(value)

    def integer(self, value: int) -> str:
        if len(str(abs(value))) > MAX_DIGITS:
            self.cannot(f"the integer {value}, which has more than {MAX_DIGITS} digits")
        return str(value)

    @abstractmethod
    def double(self, value: float) -> str:
        """Return a literal that is a 64-bit float whatever stands beside it."""

    def wide(self, value: float) -> str:
        """Return a float that is compared with all of its 64 bits, though a column may have 32."""
        return self.number(value) if to_single(value) == value else self.double(value)

    def single(self, value: float) -> str:
        """Return a float rounded to 32 bits."""
        rounded = to_single(value)
        if not rounded:
            return "0"
        if math.isinf(rounded):
            return self.double(rounded)
        return self.integer(int(rounded)) if isinstance(value, int) else self.as_single(self.number(value))

    def as_single(self, number: str) -> str:
        return f"CAST({number} AS FLOAT)"

    def is_widened(self, value: float) -> bool:
        """Whether a 32-bit column is compared with a literal as a 64-bit one."""
        return self.widens

    def is_narrowed(self, value: Scalar) -> bool:
        """Whether a column that turns out to have 32 bits has to be compared with another number."""
        return type(value) in (int, float) and to_single(value) != value and self.is_widened(value)  # type: ignore[arg-type]

    def brought(self, values: Sequence[Scalar]) -> Sequence[Scalar]:
        """Return which numbers, as one list, are brought to the type of their column, or compared exactly."""
        return ()

    def is_single(self, sql: str, sign: str) -> str:
        """Return whether a column is, or is not, one of 32-bit floats."""
        return f"typeof({sql}) {sign} 'float'"

    def decimal(self, value: Decimal) -> str:
        # A plain number would be read back as a float.
        text = self.decimal_digits(value)
        digits, _, rest = text.lstrip("-").partition(".")
        return f"CAST('{text}' AS DECIMAL({len(digits) + len(rest)}, {len(rest)}))"

    def decimal_digits(self, value: Decimal) -> str:
        digits = format(value, "f")
        if sum(map(str.isdigit, digits)) > MAX_DIGITS:
            self.cannot(f"the decimal {value}, which has more than {MAX_DIGITS} digits")
        return digits

    def moment(self, value: dt.datetime) -> str:
        return f"TIMESTAMP '{value.isoformat(' ')}'"

    def instant(self, value: dt.datetime) -> str:
        return f"TIMESTAMPTZ '{value.isoformat(' ')}'"

    def duration(self, microseconds: int) -> str:
        if not -(2**63) <= microseconds < 2**63:
            self.cannot("a duration of more than 292,000 years")
        seconds, rest = divmod(microseconds, 10**6)
        return f"INTERVAL '{microseconds} microseconds'" if rest else f"INTERVAL '{seconds} seconds'"


def within(column: Column, op: str, value: Scalar) -> tuple[str, Any] | bool:
    """Bring a comparison to what a column can hold, of a type that its engine brings literals to, and fails.

    Returns
    -------
    tuple or bool
        As `columns.on_grid` has it: an operator and a value, or whether all rows match that are not null, or none.

    Examples
    --------
    >>> import narwhals as nw
    >>> within(Column("n", "n", nw.Decimal(5, 2)), "lt", 1000)
    True
    """
    return on_grid(op, value, Typed(column.name, column.sql, column.dtype))


def to_single(value: float) -> float:
    """Return a float rounded to 32 bits, infinite where it is too large.

    Examples
    --------
    >>> to_single(0.5), to_single(3.2), to_single(1e300)
    (0.5, 3.200000047683716, inf)
    """
    import numpy as np

    with np.errstate(over="ignore"):
        return float(np.float32(float(value)))


def field_type(column: Column, name: str) -> Any:
    """Return the type of a struct's field, None where it is not known."""
    if not column.is_struct:
        return None
    return next((field.dtype for field in column.dtype.fields if field.name == name), None)


def escaped(text: str, names: dict[str, str], code: Callable[[int], str]) -> str:
    """Return a text with what is invisible written as escapes."""
    return "".join(names.get(c) or (c if c.isprintable() else code(ord(c))) for c in text)


def spelled(text: str, names: dict[str, str], prefix: str = "") -> str:
    r"""Return a text as literals joined with `chr` of what is invisible, for engines without escapes.

    Parameters
    ----------
    text : str
    names : dict
        How characters are written within quotes.
    prefix : str
        What stands before a quote.

    Examples
    --------
    >>> spelled("it's", {"'": "''"}), spelled("a\0", {})
    ("'it''s'", "('a' || chr(0))")
    """
    parts: list[str] = []
    literal = ""
    for c in text:
        if c.isprintable() or c in names:
            literal += names.get(c, c)
            continue
        if literal:
            parts.append(f"{prefix}'{literal}'")
        parts.append(f"chr({ord(c)})")
        literal = ""
    if literal or not parts:
        parts.append(f"{prefix}'{literal}'")
    return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"
