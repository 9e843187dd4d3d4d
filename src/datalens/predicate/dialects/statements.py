"""What has to stand before the last statement of printed Python: imports, helpers, lists, notes."""

from __future__ import annotations

import datetime as dt

from datalens.predicate.dialects.layout import INDENT, WIDTH, Listing, Piece, flat, lines, quote


class Statements:
    """Collects statements, and keeps their names apart from the caller's.

    Parameters
    ----------
    *taken : str
        Names that the caller's code has already.

    Examples
    --------
    >>> code = Statements("pl", "selected")
    >>> code.module("pl", "import polars as pl")
    'pl_2'
    >>> print(code.assemble("selected = pl_2.lit(True)"))
    import polars as pl_2
    <BLANKLINE>
    selected = pl_2.lit(True)
    """

    def __init__(self, *taken: str) -> None:
        self.taken = set(taken)
        self.imports: set[str] = set()
        self.names_from: dict[str, set[str]] = {}
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
        """Import a module (under another name where the caller has its name)."""
        name = self.name(alias, statement)
        self.imports.add(statement if name == alias else f"{statement.partition(' as ')[0]} as {name}")
        return name

    def imported(self, wanted: str, module: str) -> str:
        """Import a name from a module of the standard library."""
        name = self.name(wanted, (module, wanted))
        self.names_from.setdefault(module, set()).add(wanted if name == wanted else f"{wanted} as {name}")
        return name

    def helper(self, wanted: str, text: str, **modules: str) -> str:
        """Define a helper whose text holds ``{name}`` for its own name, and return the name."""
        name = self.name(wanted, text)
        self.helpers[wanted] = text.format(name=name, **modules)
        return name

    def listing(self, wanted: str, what: object, items: list[str]) -> str:
        """Give a list a name, and return the name."""
        name = self.name(wanted, what)
        self.before[name] = "\n".join(lines(Listing(f"{name} = ", items, ""), ""))
        return name

    def note(self, text: str) -> None:
        """Put a comment before the last statement, once."""
        self.notes[text] = None

    def assemble(self, last: str) -> str:
        """Return all statements."""
        parts = ["\n\n".join(filter(None, (self.standard(), "\n".join(sorted(self.imports)))))]
        body = "\n".join([*self.before.values(), *self.notes, last])
        apart = "\n\n\n" if self.helpers else "\n\n"
        return apart.join([*filter(None, parts), *self.helpers.values(), body])

    def standard(self) -> str:
        """Return the imports from the standard library, one line a module."""
        lines = [
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(self.names_from.items())
        ]
        return "\n".join(lines)


def raw(pattern: str) -> str:
    r"""Return a regular expression as a raw literal, where it can be one.

    Examples
    --------
    >>> print(raw(r"\d+"), raw('"'))
    r"\d+" '"'
    """
    plain = pattern.isprintable() and '"' not in pattern and not pattern.endswith("\\")
    return f'r"{pattern}"' if plain and "\\" in pattern else quote(pattern)


def ending(before: str, condition: Piece, after: str) -> str:
    """Return the last statement, broken where it is too long.

    Examples
    --------
    >>> from datalens.predicate.dialects.layout import Leaf
    >>> ending("selected = df.filter(", Leaf('pl.col("n") == 1', loose=True), ")")
    'selected = df.filter(pl.col("n") == 1)'
    """
    line = f"{before}{flat(condition)}{after}"
    if len(line) <= WIDTH and "\n" not in line:
        return line
    if isinstance(condition, Listing):
        return "\n".join(lines(condition, "", before, after))
    return "\n".join([before, *lines(condition, INDENT), after])


def python_time(code: Statements, value: dt.date | dt.timedelta) -> str:
    """Print a date, time or duration with the standard library's names.

    Examples
    --------
    >>> python_time(Statements(), dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC))
    'datetime(2024, 2, 29, 12, tzinfo=UTC)'
    """
    if isinstance(value, dt.timedelta):
        name = code.imported("timedelta", "datetime")
        parts = {"days": value.days, "seconds": value.seconds, "microseconds": value.microseconds}
        return f"{name}({', '.join(f'{unit}={count}' for unit, count in parts.items() if count)})"
    day = f"{value.year}, {value.month}, {value.day}"
    if not isinstance(value, dt.datetime):
        return f"{code.imported('date', 'datetime')}({day})"
    clock = [value.hour, value.minute, value.second, value.microsecond]
    while clock and not clock[-1]:
        clock.pop()
    shown = ", ".join([day, *map(str, clock)])
    if value.tzinfo is not None:
        shown += f", tzinfo={code.imported('UTC', 'datetime')}"
    return f"{code.imported('datetime', 'datetime')}({shown})"
