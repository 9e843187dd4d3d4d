"""What is computed of columns, as SQL writes it: with 64-bit floats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from datalens.predicate.dialects.sql_text import Column, Writer
from datalens.predicate.operands import Arithmetic, Field, Length, Literal, Operand

if TYPE_CHECKING:
    from collections.abc import Callable


class Formulas(Writer):
    """Writes formulas; each engine's module overrides what its engine says otherwise."""

    #: Whether 1 / 0 is infinite, rather than null or an error.
    divides_by_zero: ClassVar[bool] = True
    #: Whether it cuts off the fraction of a quotient of whole numbers.
    truncates: ClassVar[bool] = False
    #: A float that stays negative, though it is zero: a decimal, or an integer, has no sign then.
    negative_zero: ClassVar[str]

    def term(self, operand: Operand, find: Callable[[str], Column], least: int) -> str:
        match operand:
            case Literal(value=value):
                return self.factor(float(value))  # type: ignore[arg-type]
            case Field(name=name):
                column = find(name)
                return column.sql if column.is_double else self.as_double(column.sql)
            case Length(name=name):
                return self.as_double(self.length(find(name)))
            case Arithmetic(op=op, left=left, right=right):
                strength = 2 if op in ("mul", "div") else 1
                if (
                    op == "div"
                    and not self.divides_by_zero
                    and not (isinstance(right, Literal) and right.value)
                ):
                    self.cannot("a division by what may be zero, which is infinite here")
                # Not even + and * may be regrouped: floats round at each step.
                a, b = self.term(left, find, strength), self.term(right, find, strength + 1)
                if op == "div" and self.truncates:
                    a, b = self.divided(left, a, right, b, find)
                text = f"{a} {Arithmetic.signs[op]} {b}"
                return f"({text})" if strength < least else text

    def divided(
        self, left: Operand, a: str, right: Operand, b: str, find: Callable[[str], Column]
    ) -> tuple[str, str]:
        """Return the sides of a division so that they say themselves that it is one of floats."""
        if any(self.is_cast(side, find) for side in (left, right)):
            return a, b
        if isinstance(right, Literal):
            return a, _bracketed(self.divisor(float(right.value)))  # type: ignore[arg-type]
        if isinstance(left, Literal):
            return _bracketed(self.divisor(float(left.value))), b  # type: ignore[arg-type]
        return self.as_double(a), b

    def is_cast(self, operand: Operand, find: Callable[[str], Column]) -> bool:
        """Say whether something in an operand is cast to a float where it is printed."""
        match operand:
            case Field(name=name):
                return not find(name).is_double
            case Arithmetic(left=left, right=right):
                return self.is_cast(left, find) or self.is_cast(right, find)
        return isinstance(operand, Length)

    def divisor(self, value: float) -> str:
        """Return a float that is written as one."""
        if _is_negative_zero(value):
            return self.negative_zero
        text = self.double(value)
        return f"{text}.0" if text.lstrip("-").isdigit() else text

    def factor(self, value: float) -> str:
        """Return a number beside which a 64-bit float stands."""
        return _bracketed(self.negative_zero if _is_negative_zero(value) else self.number(value))

    def as_double(self, sql: str) -> str:
        return f"CAST({sql} AS DOUBLE)"

    def length(self, column: Column) -> str:
        return f"length({column.sql})"


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def _is_negative_zero(value: float) -> bool:
    return value == 0 and math.copysign(1, value) < 0
