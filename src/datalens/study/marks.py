"""Tags, notes, stars and what was looked at: written to the journal, and columns of the study that follow it."""

from __future__ import annotations

import secrets
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from datalens.core.words import plural
from datalens.study.derived import Derived
from datalens.study.sheet import Sheet, kind_of
from datalens.study.store import depth_outside
from datalens.study.tags import Tags
from datalens.table.columns import Description

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import pyarrow as pa

    from datalens.journal import Journal, TagStyle
    from datalens.journal import Marks as JournalMarks
    from datalens.predicate import Predicate
    from datalens.study.sheet import Flag
    from datalens.study.study import Study

    Mask = np.ndarray[Any, np.dtype[np.bool_]]
    Ordinals = np.ndarray[Any, np.dtype[np.int64]]

Role = Literal["tags", "note", "star", "seen"]
ROLES: tuple[Role, ...] = ("tags", "note", "star", "seen")
KINDS: dict[Role, Literal["nested", "text", "boolean"]] = {
    "tags": "nested", "note": "text", "star": "boolean", "seen": "boolean",
}  # fmt: skip
DIGITS = range(1, 10)
# Tags that the summary card names.
SHOWN = 6
# A change of more rows is not held for studies that have not heard of it yet: they read all marks again.
MANY_KEYS = 10_000
# What the journal's marks are called before anybody has looked.
UNREAD = "unread"


@dataclass(frozen=True)
class Style:
    """How a tag is shown: its colour as ``#rrggbb`` and its key, 1 to 9; None where nobody has chosen."""

    color: str | None = None
    digit: int | None = None


@dataclass(frozen=True, eq=False)
class Change:
    """One change of marks, for other studies of the same journal; between two versions of its marks.

    Attributes
    ----------
    study : Study
        Whose ordinals these are.
    ordinals : numpy.ndarray of int64
        The rows.
    keys : sequence
        Their keys.
    apply : callable
        Of the marks to be changed, and of the ordinals there.
    before, after : str or None
        What the marks were called before, and are called after it.
    """

    study: Study
    ordinals: Ordinals
    keys: Sequence[Any]
    apply: Callable[[Marks, Ordinals], set[Role]]
    before: str | None
    after: str | None


class MarkColumn(Derived):
    """A column of marks: its values are made when somebody asks for them."""

    def __init__(self, marks: Marks, role: Role, name: str) -> None:
        for attribute, value in {"name": name, "role": role, "marks": marks}.items():
            object.__setattr__(self, attribute, value)  # frozen, as all are

    if TYPE_CHECKING:
        marks: Marks
        role: Role

    live = True

    @property
    def data(self) -> pa.ChunkedArray:
        """The values."""
        return self.marks.sheet.column(self.role)

    @property
    def version(self) -> str:
        """Another one after each change."""
        return self.marks.versions[self.role]

    @property
    def step(self) -> str:
        """What there is, for the summary card."""
        return self.marks.said(self.role)

    @property
    def type(self) -> pa.DataType:
        """The type of the values."""
        return kind_of(self.role)

    def take(self, ordinals: Ordinals) -> pa.Array:
        """Return some values."""
        return self.marks.sheet.take(self.role, ordinals)

    def describe(self) -> Description:
        """Return kind and counts, without a look at the values."""
        kind = KINDS[self.role]
        count = self.marks.sheet.count(self.role)
        return Description(self.name, kind, False, 0 if kind == "boolean" else self.marks.sheet.rows - count)


class Marks:
    """The marks on a study's rows.

    Parameters
    ----------
    study : Study
        Whose rows.

    Attributes
    ----------
    version : str
        Another one after each change, also of colours and keys.
    versions : dict of str to str
        The same for the columns: "tags", "note", "star", "seen".
    names : dict of str to str
        What the columns are called that there are: one comes up with the first mark of its kind.
    styles : dict of str to Style
        All tags, in the order in which they first came up.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._known: str | None = UNREAD
        self.version = ""
        self.versions: dict[Role, str] = dict.fromkeys(ROLES, "")
        self.names: dict[Role, str] = {}
        self.styles: dict[str, Style] = {}

    @cached_property
    def sheet(self) -> Sheet:
        """The marks by ordinal."""
        return Sheet(self._study.rows)

    # What is there ------------------------------------------------------------------------------------

    def refresh(self) -> bool:
        """Take in what anybody has changed in the journal since the last look; returns whether anybody had."""
        study = self._study
        journal = study.store.peek()
        if journal is None:
            self._known = None
            return False
        had = False
        while True:  # until nobody has changed it while it was read
            with study.lock:
                now = journal.marks_version
                if now == self._known:
                    return had
                had = True
                changes = tuple(study.store.changes)
                change = next((one for one in reversed(changes) if one.before == self._known), None)
                if change is not None:
                    self._changed(change.apply(self, self._own(change)))
                    self._known = change.after
                    continue
            # A million marks take seconds, in which views are answered.
            marks, styles = journal.marks(), journal.tag_styles()
            with study.lock:
                self._take(marks, styles)
                self._known = now

    def said(self, role: Role) -> str:
        """Return what marks of a kind there are, in words."""
        rows = f"marked on {plural(self.sheet.count(role), 'row')}"
        if role != "tags":
            return rows
        counts = self.sheet.tag_counts()
        shown = [f"{tag!r} {counts.get(tag, 0):,}" for tag in list(self.styles)[:SHOWN]]
        more = f" and {len(self.styles) - SHOWN} more" if len(self.styles) > SHOWN else ""
        return f"{rows}: {', '.join(shown)}{more}" if shown else rows

    def seen(self) -> Mask:
        """Return which rows were looked at; not to be changed."""
        import numpy as np

        return self.sheet.flags("seen") if self.names else np.zeros(self._study.rows, dtype=np.bool_)

    def mask_of(self, predicate: Predicate) -> Mask | None:
        """Return the rows that a predicate on tags selects, from the few sets that there are.

        None for one that says nothing about tags.
        """
        from functools import reduce

        import numpy as np
        import pyarrow as pa

        from datalens.predicate import And, Not, Or

        name = self.names.get("tags")
        if name is None or name not in predicate.columns:
            return None
        if predicate.columns == (name,):
            return self.sheet.spread(predicate.mask(pa.table({name: self.sheet.sets()})))
        match predicate:
            case And(of=parts):
                return reduce(np.logical_and, map(self._study.mask_of, parts))
            case Or(of=parts):
                return reduce(np.logical_or, map(self._study.mask_of, parts))
            case Not(of=part):
                return ~self._study.mask_of(part)
        return None

    # What is written ----------------------------------------------------------------------------------

    def tag(self, ordinals: Ordinals, tag: str) -> int:
        """Tag rows; returns how many had not the tag."""
        made: list[Style] = []

        def work(journal: Journal, keys: Sequence[Any]) -> int:
            styles = self.styles
            if tag not in styles and journal.marks_version != self._known:
                styles = {one.tag: Style(one.color, one.digit) for one in journal.tag_styles()}
            done = journal.tag(keys, tag)
            if done and tag not in styles:  # a new one gets the next free key
                taken = {style.digit for style in styles.values()}
                made.append(Style(digit=next((digit for digit in DIGITS if digit not in taken), None)))
                journal.set_tag_style(tag, color=None, digit=made[0].digit)
            return done

        def apply(marks: Marks, rows: Ordinals) -> set[Role]:
            marks.sheet.tag(rows, tag)
            if made:
                marks.styles[tag] = made[0]
            return {"tags"}

        tag = tag.strip() if isinstance(tag, str) else tag
        return self._write(ordinals, work, apply)

    def untag(self, ordinals: Ordinals, tag: str | None) -> int:
        """Take a tag, or (with None) all tags, off rows; returns how many had one."""

        def apply(marks: Marks, rows: Ordinals) -> set[Role]:
            marks.sheet.untag(rows, tag)
            return {"tags"}

        return self._write(ordinals, lambda journal, keys: journal.untag(keys, tag), apply)

    def note(self, ordinal: int, text: str | None) -> int:
        """Write a row's note, or (with None or nothing) remove it; returns 1 where that changed anything."""
        import numpy as np

        said = text.strip() if isinstance(text, str) else text

        def apply(marks: Marks, rows: Ordinals) -> set[Role]:
            marks.sheet.note(rows, said)
            return {"note"}

        work = lambda journal, keys: int(journal.note(keys[0], said))  # noqa: E731
        return self._write(np.array([ordinal]), work, apply)

    def flag(self, ordinals: Ordinals, flag: Flag, *, on: bool) -> int:
        """Give rows a flag, or take it; returns how many that changed."""

        def apply(marks: Marks, rows: Ordinals) -> set[Role]:
            marks.sheet.flag(rows, flag, on=on)
            return {flag}

        def work(journal: Journal, keys: Sequence[Any]) -> int:
            return journal.star(keys, on) if flag == "star" else journal.see(keys, on)

        return self._write(ordinals, work, apply)

    def style(self, tag: str, *, color: str | None, digit: int | None) -> None:
        """Set a tag's colour and key; a tag that had the key loses it."""

        def work(journal: Journal, _: Sequence[Any]) -> int:
            journal.set_tag_style(tag, color=color, digit=digit)
            return 0

        def apply(marks: Marks, _: Ordinals) -> set[Role]:
            for other, style in marks.styles.items():
                if digit is not None and style.digit == digit:
                    marks.styles[other] = Style(style.color, None)
            marks.styles[tag] = Style(None if color is None else color.lower(), digit)
            return {"tags"}

        self._check(tag)
        self._write_tags(work, apply)

    def rename(self, old: str, new: str) -> None:
        """Give a tag another name, or (with an empty one) forget it; two of one name become one.

        Raises
        ------
        MissingNameError
            When there is no tag `old`.
        """
        new = new.strip() if isinstance(new, str) else new

        def work(journal: Journal, _: Sequence[Any]) -> int:
            if new == "":
                return journal.delete_tag(old)
            journal.rename_tag(old, new)
            return 0

        def apply(marks: Marks, _: Ordinals) -> set[Role]:
            marks.sheet.rename(old, new)
            gone = new == "" or (new in marks.styles and new != old)
            styles = {tag: style for tag, style in marks.styles.items() if not (gone and tag == old)}
            marks.styles = {new if tag == old else tag: style for tag, style in styles.items()}
            return {"tags"}

        self._check(old)
        self._write_tags(work, apply)

    def _write_tags(
        self, work: Callable[[Journal, Sequence[Any]], int], apply: Callable[[Marks, Ordinals], set[Role]]
    ) -> None:
        import numpy as np

        self._write(np.array([], dtype=np.int64), work, apply)

    def _check(self, tag: str) -> None:
        """Raise a `MissingNameError` unless there is such a tag."""
        self.refresh()
        Tags(self._study)[tag]

    def _write(
        self,
        ordinals: Ordinals,
        work: Callable[[Journal, Sequence[Any]], int],
        apply: Callable[[Marks, Ordinals], set[Role]],
    ) -> int:
        """Write a change to the journal, then show it; the study's lock is not held while the journal's is."""
        study = self._study
        keys = study.source.keys()[ordinals].tolist()
        with study.store.writing() as journal:
            with journal.transaction():
                before = journal.marks_version
                done = work(journal, keys)
                change = Change(study, ordinals, keys, apply, before, journal.marks_version)
                if change.after != before:
                    study.store.changes.append(change)
            # Also where another thread has just told who listens, and is not done yet.
            self.refresh()
        if len(keys) > MANY_KEYS and change in study.store.changes:
            study.store.changes.remove(change)
        return done

    # What follows -------------------------------------------------------------------------------------

    def _own(self, change: Change) -> Ordinals:
        """Return the rows of a change that are here."""
        import numpy as np

        if change.study is self._study:
            return change.ordinals
        there = self._study.ordinals_by_key()
        return np.array([there[key] for key in change.keys if key in there], dtype=np.int64)

    def _take(self, marks: JournalMarks, styles: Sequence[TagStyle]) -> None:
        """Show all marks anew: at the first look, and after another notebook has changed some."""
        self.styles = {style.tag: Style(style.color, style.digit) for style in styles}
        if not self.names and not (styles or marks.notes or marks.stars or marks.seen):
            return
        self.sheet = Sheet(self._study.rows)
        flags: dict[Flag, list[Any]] = {"star": marks.stars, "seen": marks.seen}
        self.sheet.load(marks.tags, marks.notes, flags, self._study.ordinals_by_key())
        self._changed(set(ROLES))

    def _changed(self, roles: set[Role]) -> None:
        """Let columns come up, and what hangs on them follow."""
        self.version = secrets.token_hex(6)
        for role in (role for role in ROLES if role in roles):
            self.versions[role] = f"{role} {self.version}"
            if role not in self.names and (self.sheet.count(role) or (role == "tags" and self.styles)):
                self._show(role)
        self._study.renew({self.names[role] for role in roles if role in self.names})

    def show(self, names: Sequence[str]) -> None:
        """Let those of these columns come up that a mark would make: a saved condition may ask for the first star."""
        with self._study.lock:
            there = {*self._study.source.schema.names, *self._study.derived}
            for role in (
                role for role in ROLES if role in names and role not in there and role not in self.names
            ):
                self._show(role)

    def _show(self, role: Role) -> None:
        study = self._study
        taken, name, number = {*study.source.schema.names, *study.derived}, str(role), 2
        while name in taken:
            name, number = f"{role}_{number}", number + 1
        if name != role:
            msg = f"There is a column {role!r} already: what you mark is the column {name!r}."
            warnings.warn(msg, stacklevel=depth_outside())
        self.names[role] = name
        study.derived[name] = MarkColumn(self, role, name)
