"""Numbers in printed Python, compared and computed as the 64-bit floats that predicates mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datalens.predicate.operands import Arithmetic, Field, Length, Literal, Operand
from datalens.predicate.scalars import SAFE_INTEGER, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: No text or list in memory is longer.
_LONGEST = 2**40
_ATOM, _PRODUCT, _SUM = 2, 1, 0
#: Whether Python's own value has a length.
SIZED = "isinstance({}, (str, list))"


def exact_form(value: str, literal: float) -> tuple[str, str]:
    """Return a value and a number so that Python, which compares all exactly, compares as arrays do.

    Beyond 2**53 an integer beside a float is rounded to one in arrays.

    Examples
    --------
    >>> exact_form("n", 2**53 + 1), exact_form("n", 1e300), exact_form("n", 2.5)
    (('n', 'type(n)(9007199254740993)'), ('float(n)', '1e+300'), ('n', '2.5'))
    """
    if literal in (float("inf"), float("-inf")):
        return value, f'float("{literal}")'
    if isinstance(literal, int):
        return value, str(literal) if abs(literal) <= SAFE_INTEGER else f"type({value})({literal})"
    return (value if abs(literal) < SAFE_INTEGER else f"float({value})"), repr(literal)


def is_beyond(value: Scalar) -> bool:
    """Say whether a value is a number from where on floats no longer count one by one.

    Examples
    --------
    >>> is_beyond(2**53), is_beyond(float("inf")), is_beyond(3)
    (True, False, False)
    """
    return isinstance(value, (int, float)) and SAFE_INTEGER <= abs(value) < float("inf")


def number(
    side: Operand,
    names: Mapping[str, str],
    helper: Callable[[str], str],
    guards: dict[str, None],
    sized: str = SIZED,
) -> str:
    """Return an operand as an expression in floats, or in whole numbers that are as exact.

    Parameters
    ----------
    side : Operand
    names : mapping of str
        The expressions for the columns' values.
    helper : callable
        From a helper's name to what it is called.
    guards : dict
        Takes the conditions under which the expression has a value.
    sized : str, optional
        Whether something has a length, with `{}` in its place.

    Examples
    --------
    >>> side = Arithmetic("div", Field("a"), Arithmetic("sub", Length("s"), Literal(1)))
    >>> guards = {}
    >>> number(side, {"a": "a", "s": "s"}, str, guards), list(guards)
    ('divide(float(a), len(s) - 1)', ['a is not None', 'isinstance(s, (str, list))'])
    """
    return _Numbers(names, helper, guards, sized).printed(side)[0]


def box(x: str, y: str, bounds: tuple[float, float, float, float]) -> list[str]:
    """Return what holds for a point in a rectangle, without its upper and right sides.

    Examples
    --------
    >>> box("x", "y", (0.0, 4.0, 1.0, 3.0))
    ['x is not None', 'y is not None', '0.0 <= float(x) < 4.0', '1.0 <= float(y) < 3.0']
    """
    x0, x1, y0, y1 = bounds
    there = dict.fromkeys(f"{value} is not None" for value in (x, y))
    return [*there, f"{x0!r} <= float({x}) < {x1!r}", f"{y0!r} <= float({y}) < {y1!r}"]


class _Numbers:
    def __init__(
        self, names: Mapping[str, str], helper: Callable[[str], str], guards: dict[str, None], sized: str
    ) -> None:
        self.names, self.helper, self.guards, self.sized = names, helper, guards, sized

    def printed(self, side: Operand) -> tuple[str, int, int | None]:
        """Return an expression, how tightly it binds, and how large it can get where it is a whole number."""
        match side:
            case Field(name=name):
                self.guards[f"{self.names[name]} is not None"] = None
                return f"float({self.names[name]})", _ATOM, None
            case Length(name=name):
                self.guards[self.sized.format(self.names[name])] = None
                return f"len({self.names[name]})", _ATOM, _LONGEST
            case Literal(value=int(value)):
                if abs(value) <= SAFE_INTEGER:
                    return str(value), _ATOM, abs(value)
                return repr(float(value)), _ATOM, None
            case Literal(value=value):
                infinite = value in (float("inf"), float("-inf"))
                return f'float("{value}")' if infinite else repr(value), _ATOM, None
            case Arithmetic():
                return self.computed(side)

    def computed(self, side: Arithmetic) -> tuple[str, int, int | None]:
        left, left_binds, left_most = self.printed(side.left)
        right, right_binds, right_most = self.printed(side.right)
        most = None
        if side.op != "div" and left_most is not None and right_most is not None:
            most = left_most * right_most if side.op == "mul" else left_most + right_most
            if most > SAFE_INTEGER:  # from here on floats round
                left, left_binds, most = f"float({left})", _ATOM, None
        if side.op == "div" and not (isinstance(side.right, Literal) and side.right.value):
            return f"{self.helper('divide')}({left}, {right})", _ATOM, None
        binds = _PRODUCT if side.op in ("mul", "div") else _SUM
        left = left if left_binds >= binds else f"({left})"
        right = right if right_binds > binds else f"({right})"
        return f"{left} {side.signs[side.op]} {right}", binds, most
