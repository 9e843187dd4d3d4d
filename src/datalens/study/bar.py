"""What the predicate bar does with clauses: type, negate, switch off, group, take apart, and count what each does."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from datalens.core.errors import MissingClauseError
from datalens.predicate.parse import ParseError
from datalens.study.clauses import About
from datalens.study.kept import leaves
from datalens.study.rows import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np

    from datalens.predicate import Predicate
    from datalens.study.clauses import Clause
    from datalens.study.study import Study

    Bits = np.ndarray[Any, np.dtype[np.uint8]]

# The source of the Nth condition that was typed.
TYPED = re.compile(r"typed:(\d{1,9})")
# Nobody edits more in one line: a chip with this is removed and typed anew.
TEXT_CHARACTERS = 2_000


@dataclass(frozen=True)
class Preview:
    """What a text would select if it were a clause.

    Attributes
    ----------
    count : int or None
        Rows that it selects alone; None where it is no condition that fits the data.
    together : int or None
        Rows that it selects together with the other clauses.
    error : str or None
        What is wrong, in a sentence.
    position : int or None
        The character at which it is wrong, from 0; None where it isn't one character.
    """

    count: int | None = None
    together: int | None = None
    error: str | None = None
    position: int | None = None


@dataclass(frozen=True)
class Explained:
    """What one clause does.

    Attributes
    ----------
    source : str
        Whose clause.
    count : int
        Rows that it selects.
    only : int
        Rows that only it removes: all other clauses select them. 0 where it is switched off.
    nulls : int
        Rows with a null or NaN in a column that it looks at.
    """

    source: str
    count: int
    only: int
    nulls: int


def read(study: Study, text: str) -> Predicate:
    """Return the predicate that a text says about a study's columns.

    Raises
    ------
    ParseError
        When it is none; with the position of the character.
    """
    from datalens.predicate import Predicate
    from datalens.study.completing import kinds

    return Predicate.parse(text, columns=kinds(study))


def type_clause(study: Study, text: str, source: str | None = None) -> str:
    """Make a typed condition a clause, or several where it joins some by "and".

    Parameters
    ----------
    study : Study
        Whose.
    text : str
        What was typed, as `Predicate.parse` reads it.
    source : str, optional
        The clause that it replaces; a new one is appended where left out.

    Returns
    -------
    str
        The (first) clause's source: the one that was given, unless that is a view's own (the map, a legend) and the condition
        is no longer of its kind.

    Raises
    ------
    ParseError
        When the text is no condition.
    ColumnError, ValueError, TypeError
        When it does not fit the data.
    MissingClauseError
        When there is no such clause.
    """
    from datalens.predicate import And

    with study.lock:
        old = None if source is None else find(study, source)
        predicate = read(study, text)
        if old is not None and predicate == old.condition and old.enabled:
            return old.source
        own = old is not None and (
            TYPED.fullmatch(old.source)
            or old.source == "code"
            or predicate.columns == (old.source.removeprefix("column:"),)
        )
        name = old.source if old is not None and own else free_source(study)
        # What is joined by "and" are conditions of their own, as clauses are.
        parts = predicate.of if isinstance(predicate, And) else (predicate,)
        clauses: list[Clause] = []
        for part in parts:
            source = free_source(study, [clause.source for clause in clauses]) if clauses else name
            clauses.append(study.make_clause(source, part))
        _replaced(study, [] if old is None else [old], clauses, predicate.label())
        return name


def preview(study: Study, text: str, source: str | None = None) -> Preview:
    """Count what a text would select, or say what is wrong with it; nothing is changed.

    Parameters
    ----------
    study, text, source
        As `type_clause` has them.
    """
    import numpy as np

    with study.lock:
        try:
            mask = study.mask_of(read(study, text))
        except ParseError as error:
            return Preview(error=error.sentence, position=error.position)
        except (KeyError, ValueError, TypeError) as error:
            return Preview(error=str(error))
        others = study.mask_without(source) if source is not None else study.mask()
        together = mask if others is None else mask & others
        return Preview(int(np.count_nonzero(mask)), int(np.count_nonzero(together)))


def negate(study: Study, source: str) -> None:
    """Turn a clause around: what it selected it removes. Twice is as before."""
    with study.lock:
        old = find(study, source)
        predicate = ~old.predicate
        about = None
        if old.about is not None:
            label = old.about.label
            about = About(
                label.removeprefix("not ") if label.startswith("not ") else f"not {label}", old.about.column
            )
        clause = study.make_clause(source, predicate, ~old.mask, about)
        clause = replace(clause, versions=old.versions, note=old.note, enabled=old.enabled)
        _replaced(study, [old], [clause], clause.label)


def enable(study: Study, source: str, on: bool = True) -> None:  # noqa: FBT001, FBT002 - as a switch has it
    """Let a clause count, or not: it is shown still, and selects nothing away."""
    with study.lock:
        old = find(study, source)
        what = f"{old.label} {'on again' if on else 'off'}"
        _replaced(study, [old], [replace(old, enabled=bool(on))], what)


def either(study: Study, sources: Sequence[str]) -> str:
    """Make several clauses one of which any part is enough, in the place of the first.

    Returns
    -------
    str
        The new clause's source.

    Raises
    ------
    ValueError
        When these are not two clauses at least.
    MissingClauseError
        When there is no such clause.
    """
    from datalens.predicate import Or

    with study.lock:
        old = [find(study, source) for source in dict.fromkeys(sources)]
        if len(old) < 2:  # noqa: PLR2004
            msg = f"An or-group is made of two clauses at least; there are: {_sources(study)}."
            raise ValueError(msg)
        parts = [
            part for c in old for part in (c.predicate.of if isinstance(c.predicate, Or) else (c.predicate,))
        ]
        mask = old[0].mask
        for clause in old[1:]:
            mask |= clause.mask
        name = next((c.source for c in old if TYPED.fullmatch(c.source)), None) or free_source(study)
        about = None
        if column := next((c.about.column for c in old if c.about), None):
            about = About(" or ".join(c.label for c in old), column)
        clause = study.make_clause(name, Or(tuple(parts)), mask, about)
        versions = {name: version for c in old for name, version in c.versions.items()}
        clause = replace(clause, versions=versions, note=next((c.note for c in old if c.note), None))
        _replaced(study, old, [clause], clause.label)
        return name


def apart(study: Study, source: str) -> list[str]:
    """Make each part of a clause that is an *and* a clause of its own.

    Returns
    -------
    list of str
        Their sources.

    Raises
    ------
    ValueError
        When the clause has no such parts.
    """
    from datalens.predicate import And, Not, Or

    with study.lock:
        old = find(study, source)
        match old.predicate:
            case And(of=parts):
                pass
            case Not(of=Or(of=others)):  # two-valued, so that this is exact
                parts = tuple(~part for part in others)
            case Or():
                msg = f"{old.label!r} is an or-group, whose parts are no clauses of their own: remove them one by one."
                raise ValueError(msg)
            case _:
                msg = f"{old.label!r} has one part only."
                raise ValueError(msg)
        clauses: list[Clause] = []
        for part in parts:
            taken = [clause.source for clause in clauses]
            keep = not taken and TYPED.fullmatch(source)
            clause = study.make_clause(source if keep else free_source(study, taken), part)
            clauses.append(replace(clause, enabled=old.enabled, note=old.note))
        _replaced(study, [old], clauses, f"{old.label} apart")
        return [clause.source for clause in clauses]


def remove_part(study: Study, source: str, part: int) -> None:
    """Leave out one part of a clause that is an *or* or an *and*; the last but one leaves a plain clause.

    Parameters
    ----------
    study : Study
        Whose.
    source : str
        The clause.
    part : int
        Which part, from 0.

    Raises
    ------
    ValueError
        When the clause has no parts.
    IndexError
        When it has no such part.
    """
    from datalens.predicate import And, Or

    with study.lock:
        old = find(study, source)
        whole = old.predicate
        if not isinstance(whole, And | Or):
            msg = f"{old.label!r} has one part only: remove the clause."
            raise ValueError(msg)  # noqa: TRY004 - of the clause's value
        if isinstance(part, bool) or not isinstance(part, int) or not 0 <= part < len(whole.of):
            msg = f"{old.label!r} has {len(whole.of)} parts, numbered from 0; there is no part {part!r}."
            raise IndexError(msg)
        rest = whole.of[:part] + whole.of[part + 1 :]
        predicate = rest[0] if len(rest) == 1 else type(whole)(rest)
        clause = replace(study.make_clause(source, predicate), enabled=old.enabled, note=old.note)
        _replaced(study, [old], [clause], f"without {whole.of[part].label()}")


def explained(study: Study) -> list[Explained]:
    """Count what each clause does, in the order of the clauses.

    From bits: ten million rows and five clauses take a few milliseconds once their nulls are counted.
    """
    import numpy as np

    with study.lock:
        active = study.active
        bits = [clause.rows.bits() for clause in active]
        # What all clauses from each on select: with what all before it select, that is all but one.
        rest: list[Bits | None] = [None]
        for one in reversed(bits):
            rest.append(one if rest[-1] is None else np.bitwise_and(one, rest[-1]))
        rest.reverse()
        only: dict[str, int] = {}
        before: Bits | None = None
        for place, clause in enumerate(active):
            others = [part for part in (before, rest[place + 1]) if part is not None]
            removed = np.bitwise_not(bits[place])
            for part in others:
                np.bitwise_and(removed, part, out=removed)
            # The bits beyond the last row are no rows; others have them clear.
            only[clause.source] = number(removed) - (0 if others else -study.rows % 8)
            before = bits[place] if before is None else np.bitwise_and(before, bits[place])
        return [
            Explained(clause.source, clause.count, only.get(clause.source, 0), _nulls(study, clause))
            for clause in study.clauses
        ]


def as_text(study: Study, source: str) -> str | None:
    """Return a clause as text to edit, which `Predicate.parse` reads back; None where it can't be typed (a lasso)."""
    from datalens.predicate import Inside, Keys, Linear

    with study.lock:
        predicate = find(study, source).predicate
        if any(isinstance(node, Inside | Keys | Linear) for node in leaves(predicate)):
            return None
        text = predicate.to_text()
        try:
            same = len(text) <= TEXT_CHARACTERS and read(study, text) == predicate
        except ParseError:
            return None
        return text if same else None


def find(study: Study, source: str) -> Clause:
    """Return the clause of a source.

    Raises
    ------
    MissingClauseError
        When there is none.
    """
    clause = study.clause(source)
    if clause is None:
        msg = f"There is no clause {str(source)[:60]!r}; there are: {_sources(study)}."
        raise MissingClauseError(msg)
    return clause


def free_source(study: Study, taken: Iterable[str] = ()) -> str:
    """Return the source of the next condition that is typed: "typed:N"."""
    sources = [*(clause.source for clause in study.clauses), *taken]
    found = [int(match[1]) for source in sources if (match := TYPED.fullmatch(source))]
    return f"typed:{max(found, default=0) + 1}"


def _sources(study: Study) -> str:
    return ", ".join(repr(clause.source) for clause in study.clauses) or "none"


def _replaced(study: Study, old: Sequence[Clause], new: Sequence[Clause], what: str) -> None:
    """Put new clauses in the place of the first of the old ones, or last."""
    clauses: list[Clause] = []
    for clause in study.clauses:
        if old and clause is old[0]:
            clauses.extend(new)
        elif not any(clause is gone for gone in old):
            clauses.append(clause)
    study.put(tuple(clauses if old else [*clauses, *new]), what)


def _nulls(study: Study, clause: Clause) -> int:
    """Count the rows with a null or NaN in a column that a clause looks at."""
    from datalens.predicate import IsNull, Keys, Or

    # Rows that are named one by one are looked at in no column.
    names = {n for leaf in leaves(clause.predicate) if not isinstance(leaf, Keys) for n in leaf.columns}
    there = [name for name in sorted(names) if study.describe(name).nulls]
    if len(there) <= 1:
        return sum(study.describe(name).nulls for name in there)
    place = tuple((name, study.version(name)) for name in there)
    if place not in study.null_rows:
        study.null_rows[place] = int(study.mask_of(Or(tuple(map(IsNull, there)))).sum())
    return study.null_rows[place]
