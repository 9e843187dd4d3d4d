"""Which column is the text, the label, the source: given by the user, else guessed and said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datalens.core.errors import missing_column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from datalens.table.columns import Description

ROLES = ("text", "label", "source", "key", "embedding", "image", "chat", "chosen", "rejected", "x", "y")
LABEL_NAMES = ("label", "labels", "target", "class", "category", "intent")
SOURCE_NAMES = ("source", "dataset", "domain", "subset", "origin")


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


def find_roles(
    given: dict[str, str | None], names: Sequence[str], describe: Callable[[str], Description]
) -> Roles:
    """Check the roles that were given and guess text, label and source where they were not.

    Parameters
    ----------
    given : dict of str to (str or None)
        Role to column name, as the user said.
    names : sequence of str
        The columns there are.
    describe : callable
        Gives the `Description` of a column.

    Returns
    -------
    Roles
        What each column is for.

    Raises
    ------
    ColumnError
        When a given column is not there.
    ValueError
        When only one of a pair (x and y, chosen and rejected) is given, or a coordinate is not a number.
    """
    roles = Roles()
    for role, name in given.items():
        if name is None:
            continue
        if name not in names:
            raise missing_column(name, names, f"It was given as {role}=.")
        roles.columns[role] = name
    for pair, why in ((("x", "y"), "A map needs both."), (("chosen", "rejected"), "A preference has both.")):
        alone = [role for role in pair if role in roles.columns]
        if len(alone) == 1:
            other = pair[1 - pair.index(alone[0])]
            msg = f"{alone[0]}={roles.columns[alone[0]]!r} was given without {other}=. {why}"
            raise ValueError(msg)
    for role in ("x", "y"):
        if role in roles.columns and not describe(roles.columns[role]).numeric:
            msg = f"Column {roles.columns[role]!r} was given as {role}= but does not hold numbers."
            raise ValueError(msg)
    _guess(roles, names, describe)
    return roles


def _guess(roles: Roles, names: Sequence[str], describe: Callable[[str], Description]) -> None:
    free = [name for name in names if name not in roles.columns.values()]
    if "text" not in roles.columns:
        texts = [name for name in free if describe(name).kind == "text"]
        # The usual names first, else the first text there is.
        texts.sort(key=lambda name: name.lower() not in ("text", "content", "document", "body", "prompt"))
        if texts:
            roles.columns["text"] = texts[0]
            roles.guessed.add("text")
    for role, usual in (("label", LABEL_NAMES), ("source", SOURCE_NAMES)):
        if role in roles.columns:
            continue
        for name in free:
            if name.lower() in usual and describe(name).kind in ("category", "boolean", "integer"):
                roles.columns[role] = name
                roles.guessed.add(role)
                break
