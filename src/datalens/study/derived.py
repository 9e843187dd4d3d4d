"""Columns computed by DataLens: their values, what they were computed from, and how far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pyarrow as pa

    from datalens.predicate.operands import Operand
    from datalens.table.colors import Scale


@dataclass(frozen=True)
class Derived:
    """A computed column, by ordinal.

    Attributes
    ----------
    name : str
        Its name.
    data : pyarrow.ChunkedArray, length rows
        Its values; null where there is none.
    version : str
        A hash of what it was computed from and how: another version means other values.
    step : str
        How it came about, for the summary card: ``project(n_neighbors=15, ...)``.
    role : str or None
        "embedding", "x" or "y" where views are to take it as that.
    missing : numpy.ndarray of bool, shape (rows,), or None
        Rows that a stopped step has not computed; None where all are.
    made_by : object
        The user's function (or the version it was given) and a hash of its inputs: what must be the same for a
        stopped step to go on.
    encoder : callable or None
        Of vectors: from a list of texts to vectors in the same space; None where nobody has said.
    operand : Arithmetic, Length or None
        Of a formula: what it is computed from. A difference is coloured on both sides of zero.
    """

    name: str
    data: pa.ChunkedArray
    version: str
    step: str
    role: str | None = None
    missing: np.ndarray[Any, np.dtype[np.bool_]] | None = None
    made_by: Any = field(default=None, repr=False)
    encoder: Callable[[list[str | None]], Any] | None = field(default=None, repr=False, compare=False)
    operand: Operand | None = field(default=None, repr=False)

    # Whether its values follow what a person does, so that conditions on it are evaluated anew.
    live: ClassVar[bool] = False

    @property
    def type(self) -> pa.DataType:
        """The type of its values."""
        return self.data.type

    def take(self, ordinals: np.ndarray[Any, np.dtype[np.int64]]) -> pa.Array | pa.ChunkedArray:
        """Return the values of some rows."""
        return self.data.take(ordinals)

    @property
    def scale(self) -> Scale | None:
        """The scale that colours it where nobody has chosen; None for what suits its values."""
        return "symmetric" if getattr(self.operand, "op", None) == "sub" else None

    @property
    def partial(self) -> bool:
        """Whether a stopped step left rows out."""
        return self.missing is not None and bool(self.missing.any())
