"""What stands before the last statement of printed Python: imports, helpers, fixed values."""

from __future__ import annotations

import builtins
import keyword
import re
import sys
from string import Formatter
from typing import TYPE_CHECKING

from datalens.predicate.dialects.layout import Listing, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Modules and types keep their names where a column has the same.
_IMPORTED = ("date", "datetime", "math", "np", "pd", "re", "timedelta", "timezone")
#: Longer names of columns are cut where they become names of variables.
MAX_NAME = 30


class Parts:
    """Collects imports, helpers and fixed values while an expression is printed, each under a name of its own.

    Parameters
    ----------
    taken : iterable of str
        Names that stand for something else already.

    Examples
    --------
    >>> parts = Parts(["np"])
    >>> parts.module("np", "import numpy as np")
    'np_2'
    >>> print(parts.assemble("x"))
    import numpy as np_2
    <BLANKLINE>
    x
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = {*taken, *keyword.kwlist, *vars(builtins)}
        self.imports: set[str] = set()
        self.helpers: dict[str, str] = {}
        self.before: dict[str, str] = {}
        self.notes: dict[str, None] = {}
        self.names: dict[object, str] = {}

    def name(self, wanted: str, what: object) -> str:
        """Return a name for something, other than the names that are taken."""
        if what not in self.names:
            name, number = wanted, 2
            while name in self.taken:
                name, number = f"{wanted}_{number}", number + 1
            self.taken.add(name)
            self.names[what] = name
        return self.names[what]

    def module(self, alias: str, statement: str) -> str:
        """Import something (under another name where its own is taken)."""
        name = self.name(alias, statement)
        self.imports.add(statement if name == alias else f"{statement.partition(' as ')[0]} as {name}")
        return name

    def helper(self, name: str, sources: Mapping[str, str], modules: Mapping[str, str]) -> str:
        """Print a function before the rest, once, with those that it calls, and return its name.

        Parameters
        ----------
        name : str
            What the function is called where that is free.
        sources : mapping of str
            Functions by name, with `{name}` where the name of a function or module stands.
        modules : mapping of str
            From what a module is called to the statement that imports it.
        """
        if name not in self.helpers:
            parts = [part for _, part, _, _ in Formatter().parse(sources[name]) if part]
            chosen = {part: self.module(part, modules[part]) for part in parts if part in modules}
            for part in parts:
                if part in sources:
                    own = part == name
                    chosen[part] = (
                        self.name(name, f"helper {name}") if own else self.helper(part, sources, modules)
                    )
            self.helpers[name] = sources[name].format(**chosen)
        return self.names[f"helper {name}"]

    def listing(self, wanted: str, what: object, items: Sequence[str]) -> str:
        """Give a list a name before the last statement, once, and return the name."""
        name = self.name(wanted, what)
        self.before[name] = "\n".join(lines(Listing(f"{name} = ", items, ""), ""))
        return name

    def note(self, text: str) -> None:
        """Put a comment before the last statement, once."""
        self.notes[text] = None

    def assemble(self, last: str) -> str:
        """Return imports, helpers, fixed values and the last statement."""
        body = "\n".join([*self.before.values(), *self.notes, last])
        above = import_block(self.imports)
        if self.helpers:
            return "\n\n\n".join([*filter(None, [above]), *self.helpers.values(), body])
        return "\n\n".join([*filter(None, [above]), body])


def import_block(statements: Iterable[str]) -> str:
    """Return imports in the order that isort gives them.

    Examples
    --------
    >>> print(
    ...     import_block(
    ...         ["import pandas as pd", "from datetime import timezone", "from datetime import datetime"]
    ...     )
    ... )
    from datetime import datetime, timezone
    <BLANKLINE>
    import pandas as pd
    """
    plain, named = [], dict[str, list[str]]()
    for statement in sorted(statements):
        if statement.startswith("from "):
            module, _, what = statement.partition(" import ")
            named.setdefault(module, []).append(what)
        else:
            plain.append(statement)
    lines = [*plain, *(f"{module} import {', '.join(what)}" for module, what in named.items())]
    groups = [
        "\n".join(line for line in lines if (line.split()[1].split(".")[0] in sys.stdlib_module_names) is own)
        for own in (True, False)
    ]
    return "\n\n".join(filter(None, groups))


def variable(column: str) -> str:
    """Return a name in Python for what a column holds.

    Examples
    --------
    >>> variable("loss (mean)"), variable("class"), variable("2nd"), variable("😀")
    ('loss_mean', 'class_', 'value_2nd', 'value')
    """
    # ASCII alone: Python holds some other letters to be the same.
    name = re.sub("[^0-9A-Za-z]+", "_", column)[:MAX_NAME].strip("_").lower() or "value"
    if name[0].isdigit():
        name = f"value_{name}"
    keep = name in _IMPORTED or keyword.iskeyword(name) or hasattr(builtins, name)
    return f"{name}_" if keep else name
