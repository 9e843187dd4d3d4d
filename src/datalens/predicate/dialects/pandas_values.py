"""Columns of pandas beside values: what each is written as where one is compared with the other, or looked for in lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datalens.predicate.dialects import pandas_masks as masks
from datalens.predicate.dialects.layout import INDENT, Leaf, Listing, Piece, lines, quote
from datalens.predicate.dialects.parts import Parts
from datalens.predicate.dialects.rows_numbers import is_beyond
from datalens.predicate.scalars import Scalar, kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate.dialects.pandas_types import Types


class Values(Parts):
    """Prints columns and literals, and collects what has to stand before the last statement.

    Parameters
    ----------
    frame, result : str
        Names in the printed code.
    types : Types
    """

    def __init__(self, frame: str, result: str, types: Types) -> None:
        super().__init__([frame.partition(".")[0], result])
        self.frame = frame
        self.types = types

    def column(self, name: str) -> str:
        return f"{self.frame}[{quote(name)}]"

    def is_beyond(self, name: str, value: Scalar) -> bool:
        """Say whether a column may not be asked for a value as it is."""
        if self.types.is_signed(name) and isinstance(value, int):
            return not -(2**63) <= value < 2**63
        if masks.is_far(value):
            return self.types.may_overflow(name)
        return masks.beyond_arrow(value)

    def comparable(self, name: str, value: Scalar) -> str:
        column = self.column(name)
        if kind(value) == "date" and not self.types.is_time(name):
            # Columns of dates (objects, or Arrow's date32) don't compare with a Timestamp by themselves.
            column = f"{self.module('pd', 'import pandas as pd')}.to_datetime({column})"
        return f"{column}.astype(object)" if self.is_beyond(name, value) else column

    def bound(self, name: str, value: Scalar) -> str:
        """Return a literal, as it is compared with `comparable`'s column."""
        if isinstance(value, int) and is_beyond(value) and self.is_beyond(name, value):
            # Objects compare exactly; beside floats an integer is rounded to one.
            return f'({float(value)!r} if {self.column(name)}.dtype.kind == "f" else {value})'
        if isinstance(value, float) and self.types.rounds(name):
            import numpy as np

            value = float(str(np.float32(value)))  # as short as it can be: the column rounds it
        return self.scalar(value)

    def among(self, name: str, values: Sequence[Scalar]) -> Piece:
        if self.types.is_signed(name):
            # No other number is in such a column, and Arrow takes none beyond 64 bits.
            values = [v for v in values if isinstance(v, int) and not self.is_beyond(name, v)]
        elif self.types.is_integer(name) and self.types.is_arrow(name):
            values = [v for v in self.types.held(name, values) if isinstance(v, int)]
        elif self.types.is_counted(name):
            values = self.types.held(name, values)
        elif self.types.holds_nan(name):
            # Arrow would look for large integers among integers, which the column's floats may be none of.
            values = [float(v) if isinstance(v, int) and masks.is_large(v) else v for v in values]
        elif any(map(masks.is_rounded, values)) and name not in self.types.of:
            return self.among_rounded(name, values)
        elif any(map(is_beyond, values)):
            return self.among_large(name, values)
        hardest = next((v for v in values if self.is_beyond(name, v)), values[0] if values else "")
        is_told = self.types.is_integer(name) or self.types.in_numpy
        shown = [self.scalar(value) for value in values] if is_told else self.both_zeros(values)
        column = self.types.widened(name, self.comparable(name, hardest))
        return Listing(f"{column}.isin(", shown, ")")

    def both_zeros(self, values: Sequence[Scalar]) -> list[str]:
        """Print values, -0.0 beside 0: Arrow looks for one of them only."""
        shown = [self.scalar(value) for value in values]
        if values and kind(values[0]) == "number" and 0 in values:
            self.notes[masks.ZERO_NOTE] = None
            shown.insert(shown.index(self.scalar(0)) + 1, "-0.0")
        return shown

    def among_large(self, name: str, values: Sequence[Scalar]) -> Piece:
        """Look for integers among integers only, exactly, and among floats for what they are rounded to."""
        column = self.column(name)
        whole = [str(value) for value in values if isinstance(value, int)]
        wanted = self.wanted(values, whole)
        floats = [f"*map(float, {wanted})", *(self.scalar(v) for v in values if not isinstance(v, int))]
        choice = f'[{", ".join(floats)}] if {column}.dtype.kind == "f" else {wanted}'
        return Leaf(f"{column}.astype(object).isin({choice})")

    def among_rounded(self, name: str, values: Sequence[Scalar]) -> Piece:
        """Look for numbers as a column of 32-bit floats rounds them, where this may be one."""
        column, pd = self.column(name), self.module("pd", "import pandas as pd")
        wanted = self.wanted((name, *values), self.both_zeros(values))
        # Arrow takes no integer for a float that would round it.
        is_whole = any(isinstance(value, int) and masks.is_large(value) for value in values)
        rounded = f"{wanted}, dtype={column}.dtype)"
        if is_whole:
            rounded = f'{wanted}, dtype="float64").astype({column}.dtype)'
        self.before[f"rounded {wanted}"] = "\n".join(
            [
                f'if {column}.dtype.kind == "f":  # isin() compares 32-bit floats in 64 bits',
                f"{INDENT}{wanted} = {pd}.Series({rounded}.tolist()",
            ]
        )
        # Objects compare exactly.
        asked = f"{column}.astype(object)" if any(map(is_beyond, values)) else column
        return Leaf(f"{asked}.isin({wanted})")

    def wanted(self, values: Sequence[Scalar], shown: Sequence[str]) -> str:
        """Put a list above, and return its name."""
        wanted = self.name("wanted", ("wanted", tuple(values)))
        self.before[wanted] = "\n".join(lines(Listing(f"{wanted} = ", shown, ""), ""))
        return wanted

    def scalar(self, value: Scalar) -> str:
        return masks.scalar(self, value)
