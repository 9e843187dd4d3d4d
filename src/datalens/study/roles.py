"""Which column is the text, the label, the key ...: given by the user and checked, else guessed and said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from datalens.core.errors import missing_column
from datalens.study.fitting import FITS, short
from datalens.study.guesses import Peek, guess

if TYPE_CHECKING:
    import pyarrow as pa

    from datalens.table.source import Source

ROLES = ("text", "label", "source", "key", "embedding", "image", "chat", "chosen", "rejected", "x", "y")
PAIRS = (("x", "y"), ("chosen", "rejected"))

# A column's name; None: guess one; False: there is none.
GivenRoles = Mapping[str, str | Literal[False] | None]


@dataclass
class Roles:
    """The column that plays each role.

    Attributes
    ----------
    columns : dict of str to str
        Role to column name; roles that nobody plays are absent.
    guessed : set of str
        Roles that were guessed, not given.
    """

    columns: dict[str, str] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)

    def get(self, role: str) -> str | None:
        """Return the column of a role, or None."""
        return self.columns.get(role)

    def of(self, column: str) -> str | None:
        """Return the role of a column, or None."""
        return next((role for role, name in self.columns.items() if name == column), None)


def find_roles(given: GivenRoles, source: Source) -> Roles:
    """Check the roles that were given, and guess the others from names and a few rows.

    Parameters
    ----------
    given : mapping of str to (str, None or False)
        Role to column name, as the user said; None is guessed, False is not.
    source : Source
        The data. Only the types of its columns and a few rows are looked at, and all values of a column that
        might be the key.

    Returns
    -------
    Roles
        What each column is for.

    Raises
    ------
    ColumnError
        When a given column is not there.
    ValueError
        When only one of a pair (x and y, chosen and rejected) is given, or a column can't play its role.
    """
    roles = Roles()
    names = source.schema.names
    for role, name in given.items():
        if name is None or name is False:
            continue
        if name not in names:
            raise missing_column(name, names, f"It was given as {role}=.")
        roles.columns[role] = name
    for pair, why in zip(PAIRS, ("A map needs both.", "A preference has both."), strict=True):
        alone = [role for role in pair if role in roles.columns]
        if len(alone) == 1:
            other = pair[1 - pair.index(alone[0])]
            msg = f"{alone[0]}={roles.columns[alone[0]]!r} was given without {other}=. {why}"
            raise ValueError(msg)
    for role, name in roles.columns.items():
        _check_fits(role, name, source)
    for role, name in guess(Peek(source), roles.columns, {r for r, name in given.items() if name is False}):
        roles.columns[role] = name
        roles.guessed.add(role)
    return roles


def _check_fits(role: str, name: str, source: Source) -> None:
    """Raise unless the values of a column can be what a role asks for."""
    if role not in FITS:
        return
    wanted, fits = FITS[role]
    kind = source.schema.field(name).type
    if not fits(kind) and not _is_empty(source.column(name)):
        msg = (
            f"Column {name!r} was given as {role}= but does not hold {wanted}: its values are {short(kind)}. "
            f"Name another column, or leave {role}= out."
        )
        raise ValueError(msg)


def _is_empty(column: pa.ChunkedArray) -> bool:
    """Say whether a column has no values: pandas calls such a column one of floats, whatever it was to be."""
    import pyarrow.compute as pc

    return bool(pc.all(pc.is_null(column, nan_is_null=True)).as_py() in (True, None))
