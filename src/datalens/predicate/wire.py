"""Predicates as JSON, in the form of `PredicateJson` in js/src/host/protocol.ts. What comes in is untrusted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from datalens.core.keys import Identity
from datalens.predicate.nodes import (
    MAX_DEPTH,
    SYMBOLS,
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
from datalens.predicate.operands import MAX_TERMS_DEPTH, Arithmetic, Field, Length, Literal
from datalens.predicate.scalars import from_json_value, to_json_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from datalens.predicate.base import Predicate
    from datalens.predicate.operands import Operand

VERSION = 2
#: What brings JSON of a version to the next one. The second only added: lengths, arithmetic, matches, items, member, linear.
MIGRATIONS: dict[int, Callable[[Any], Any]] = {1: lambda data: data}
#: Ten million keys of twenty characters; more is a file of keys, not a predicate.
MAX_JSON = 256 * 2**20
MAX_VALUES = 10_000_000
MAX_VERTICES = 100_000
MAX_NODES = 100_000
MAX_WEIGHTS = 100_000
MAX_NAME = 10_000


def to_dict(node: Predicate) -> dict[str, Any]:
    """Return a predicate as JSON values.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> to_dict(col("loss") > 3.2)
    {'op': 'gt', 'left': {'column': 'loss'}, 'right': {'value': 3.2}}
    """
    match node:
        case And(of=parts) | Or(of=parts):
            return {"op": node.word, "of": [to_dict(part) for part in parts]}
        case Not(of=part):
            return {"op": "not", "of": to_dict(part)}
        case Everything():
            return {"op": "everything"}
        case Compare(op=op, left=left, right=right):
            return {"op": op, "left": _operand(left), "right": _operand(right)}
        case Between(column=name, low=low, high=high):
            return {"op": "between", "column": name, "low": to_json_value(low), "high": to_json_value(high)}
        case IsIn(column=name, values=values):
            return {"op": "is_in", "column": name, "values": [to_json_value(value) for value in values]}
        case IsNull(column=name):
            return {"op": "is_null", "column": name}
        case Contains(column=name, value=value):
            return {"op": "contains", "column": name, "value": value}
        case StartsWith(column=name, value=value):
            return {"op": "starts_with", "column": name, "value": value}
        case Matches(column=name, pattern=pattern):
            return {"op": "matches", "column": name, "pattern": pattern}
        case Items(column=name, which=which, of=part):
            return {"op": "items", "column": name, "which": which, "of": to_dict(part)}
        case Member(column=name, name=member, of=part):
            return {"op": "member", "column": name, "name": member, "of": to_dict(part)}
        case Linear(column=name, weights=weights, threshold=threshold, op=op, cosine=cosine):
            return {
                "op": "linear", "column": name, "weights": list(weights), "threshold": threshold,
                "compare": op, "cosine": cosine,
            }  # fmt: skip
        case Inside(x=x, y=y, polygon=polygon):
            return {"op": "inside", "x": x, "y": y, "polygon": [list(vertex) for vertex in polygon]}
        case Keys(identity=identity, values=values):
            return {
                "op": "keys",
                "identity": identity.to_dict(),
                "values": [to_json_value(value) for value in values],
            }
    msg = f"{type(node).__name__} has no JSON form."
    raise TypeError(msg)


def _operand(side: Operand) -> dict[str, Any]:
    match side:
        case Field(name=name):
            return {"column": name}
        case Length(name=name):
            return {"length": name}
        case Arithmetic(op=op, left=left, right=right):
            return {"op": op, "left": _operand(left), "right": _operand(right)}
        case Literal(value=value):
            return {"value": to_json_value(value)}


def from_json(data: str | bytes | dict[str, Any]) -> Predicate:
    """Return the predicate in a JSON text or object with its version.

    Examples
    --------
    >>> from_json('{"version": 3, "predicate": {}}')
    Traceback (most recent call last):
    ValueError: The predicate has version 3; this DataLens reads versions 1 to 2.
    """
    if isinstance(data, (str, bytes)):
        if len(data) > MAX_JSON:
            msg = f"The predicate's JSON has {len(data):,} characters; at most {MAX_JSON:,} are read."
            raise ValueError(msg)
        try:
            data = json.loads(data, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            msg = f"The predicate is not valid JSON: {str(error)[:200]}."
            raise ValueError(msg) from error
    if not isinstance(data, dict) or "version" not in data:
        msg = 'A predicate\'s JSON is an object with "version" and "predicate".'
        raise ValueError(msg)
    version = data["version"]
    if type(version) is not int or not 1 <= version <= VERSION:
        msg = f"The predicate has version {str(version)[:40]}; this DataLens reads versions 1 to {VERSION}."
        raise ValueError(msg)
    tree = data.get("predicate")
    for older in range(version, VERSION):
        tree = MIGRATIONS[older](tree)
    return from_dict(tree)


def _no_constant(name: str) -> Any:
    msg = f"{name} is no number in JSON"
    raise ValueError(msg)


def from_dict(data: Any) -> Predicate:
    """Return the predicate in JSON values.

    Examples
    --------
    >>> from_dict({"op": "contains", "column": "text", "value": "cookie"})
    dl.col('text').contains('cookie')
    """
    try:
        return _Reader().node(data, MAX_DEPTH)
    except (TypeError, OverflowError) as error:
        raise ValueError(str(error)) from error


class _Reader:
    """Reads one predicate, and counts its nodes."""

    def __init__(self) -> None:
        self.nodes = 0

    def node(self, data: Any, depth: int) -> Predicate:
        self.nodes += 1
        if depth == 0 or self.nodes > MAX_NODES:
            msg = f"The predicate is nested more than {MAX_DEPTH} deep or has more than {MAX_NODES:,} parts."
            raise ValueError(msg)
        if not isinstance(data, dict) or not isinstance(data.get("op"), str):
            msg = f'Each part of a predicate is an object with an "op", not {_short(data)}.'
            raise ValueError(msg)  # noqa: TRY004
        op = data["op"]
        match op:
            case "and" | "or":
                parts = [self.node(part, depth - 1) for part in _list(data, "of", MAX_NODES)]
                if not parts:
                    msg = f'{op!r} needs at least one predicate in "of".'
                    raise ValueError(msg)
                return parts[0] if len(parts) == 1 else (And if op == "and" else Or)(tuple(parts))
            case "everything":
                return Everything()
            case "not":
                return Not(self.node(_get(data, "of"), depth - 1))
            case "between":
                name = _name(data, "column")
                low, high = (from_json_value(_get(data, end), f"column {name!r}") for end in ("low", "high"))
                return Between(name, low, high)
            case "is_in":
                name = _name(data, "column")
                values = _list(data, "values", MAX_VALUES)
                return IsIn(name, tuple(from_json_value(value, f"column {name!r}") for value in values))
            case "is_null":
                return IsNull(_name(data, "column"))
            case "contains":
                return Contains(_name(data, "column"), _text(data, "value"))
            case "starts_with":
                return StartsWith(_name(data, "column"), _text(data, "value"))
            case "matches":
                return Matches(_name(data, "column"), _text(data, "pattern"))
            case "items":
                return Items(
                    _name(data, "column"), _get(data, "which"), self.node(_get(data, "of"), depth - 1)
                )
            case "member":
                inner = self.node(_get(data, "of"), depth - 1)
                return Member(_name(data, "column"), _name(data, "name"), inner)
            case "linear":
                weights = _list(data, "weights", MAX_WEIGHTS)
                numbers = [*weights, _get(data, "threshold")]
                if not all(type(number) in (int, float) for number in numbers):
                    msg = "The weights and the threshold of a predicate 'linear' are numbers."
                    raise ValueError(msg)
                compare, cosine = data.get("compare", "ge"), data.get("cosine", False)
                return Linear(_name(data, "column"), tuple(weights), numbers[-1], compare, cosine is True)
            case "inside":
                vertices = _list(data, "polygon", MAX_VERTICES)
                return Inside(
                    _name(data, "x"), _name(data, "y"), tuple(_vertex(vertex) for vertex in vertices)
                )
            case "keys":
                values = _list(data, "values", MAX_VALUES)
                keys = tuple(from_json_value(value, "the rows' keys") for value in values)
                return Keys(_identity(_get(data, "identity")), keys)
            case _ if op in SYMBOLS:
                return Compare(op, _side(_get(data, "left")), _side(_get(data, "right")))
        msg = f"There is no predicate {op[:40]!r} in version {VERSION}."
        raise ValueError(msg)


def _short(data: Any) -> str:
    # Not repr: of a large object that would take long.
    return (
        f"{type(data).__name__} {data!r:.40}" if isinstance(data, (str, int, float)) else type(data).__name__
    )


def _get(data: dict[str, Any], name: str) -> Any:
    if name not in data:
        msg = f'A predicate {data["op"][:40]!r} needs "{name}".'
        raise ValueError(msg)
    return data[name]


def _list(data: dict[str, Any], name: str, most: int) -> list[Any]:
    value = _get(data, name)
    if not isinstance(value, list) or len(value) > most:
        msg = f'"{name}" of a predicate {data["op"]!r} is a list of at most {most:,}.'
        raise ValueError(msg)
    return value


def _text(data: dict[str, Any], name: str) -> str:
    value = _get(data, name)
    if not isinstance(value, str):
        msg = f'"{name}" of a predicate {data["op"]!r} is text, not {_short(value)}.'
        raise ValueError(msg)  # noqa: TRY004
    return value


def _name(data: dict[str, Any], name: str) -> str:
    value = _text(data, name)
    if len(value) > MAX_NAME:
        msg = f"A column's name has at most {MAX_NAME:,} characters, not {len(value):,}."
        raise ValueError(msg)
    return value


def _side(data: Any, depth: int = MAX_TERMS_DEPTH) -> Operand:
    if isinstance(data, dict) and len(data) == 1:
        if "column" in data:
            return Field(_name({"op": "comparison", **data}, "column"))
        if "length" in data:
            return Length(_name({"op": "comparison", **data}, "length"))
        if "value" in data:
            return Literal(from_json_value(data["value"], "a comparison"))
    if (
        isinstance(data, dict)
        and set(data) == {"op", "left", "right"}
        and isinstance(data["op"], str)
        and depth
    ):
        sides = (_side(data[end], depth - 1) for end in ("left", "right"))
        return Arithmetic(data["op"], *sides)  # type: ignore[arg-type]
    msg = (
        'Each side of a comparison is {"column": name}, {"length": name}, {"value": scalar} or arithmetic: '
        f'{{"op": "add", "left": side, "right": side}}, at most {MAX_TERMS_DEPTH} deep.'
    )
    raise ValueError(msg)


def _vertex(data: Any) -> tuple[float, float]:
    if isinstance(data, list) and len(data) == 2 and all(type(v) in (int, float) for v in data):  # noqa: PLR2004
        return float(data[0]), float(data[1])
    msg = f"A vertex of a polygon is a list of two numbers, not {_short(data)}."
    raise ValueError(msg)


def _identity(data: Any) -> Identity:
    if not isinstance(data, dict):
        msg = f"The identity of rows is an object, not {_short(data)}."
        raise ValueError(msg)  # noqa: TRY004
    columns = data.get("columns")
    fits = (
        isinstance(columns, list)
        and all(isinstance(name, str) and len(name) <= MAX_NAME for name in columns)
        and type(data.get("rows", 0)) is int
        and 0 <= data.get("rows", 0) < 2**63
        and all(isinstance(data.get(name, ""), str) for name in ("scheme", "file", "fingerprint"))
    )
    if not fits:
        msg = (
            'The identity of rows needs "scheme", "columns" (a list of names), and for rows by number "rows".'
        )
        raise ValueError(msg)
    return Identity.from_dict(data)
