"""Saved selections: a mapping from names to what was selected, kept in the journal."""

from __future__ import annotations

import difflib
import getpass
from collections.abc import MutableMapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from datalens.core.errors import MissingNameError, UnfitError
from datalens.core.words import plural
from datalens.study.clauses import About
from datalens.study.kept import Saved, alike, named_by
from datalens.study.selection import Selection, condition_of, mask_in

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    import pandas as pd

    from datalens.journal import SavedSelection
    from datalens.predicate import Predicate
    from datalens.study.selection import Form, RowSet
    from datalens.study.study import Study

    Mask = np.ndarray[Any, np.dtype[np.bool_]]

How = Literal["replace", "and", "or", "minus"]
HOWS = ("replace", "and", "or", "minus")
WHAT = "Saved is"
# Names that an error lists.
SHOWN = 12


class Selections(MutableMapping[str, Saved]):
    """The saved selections of a dataset by name, kept in its journal; `lens.selections` is it.

    Assign ``lens.selection``, another saved one, or a predicate. Another notebook's changes show up.

    Parameters
    ----------
    study : Study
        Whose.

    Examples
    --------
    >>> import pandas as pd, tempfile, datalens as dl
    >>> frame = pd.DataFrame({"id": ["a", "b", "c"], "loss": [0.1, 3.5, 4.0]})
    >>> lens = dl.Lens(frame, key="id", store=tempfile.mkdtemp())
    >>> lens.selections["hard"] = dl.col("loss") > 3.2
    >>> lens.selections.note("hard", "to be read by somebody")
    >>> again = dl.Lens(frame, key="id", store=lens.store)
    >>> again.selections["hard"].keys(), again.selections["hard"].note
    (['b', 'c'], 'to be read by somebody')
    >>> again.selection = again.selections["hard"] - (dl.col("loss") > 3.9)
    >>> again.selection.keys()
    ['b']
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._read: tuple[int, dict[str, Saved]] = (-1, {})

    # The mapping --------------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Saved:
        saved = self._all()
        found = saved.get(name.strip()) if isinstance(name, str) else None
        if found is None:
            raise _missing(name, saved)
        return found

    def __setitem__(self, name: str, value: RowSet | Predicate) -> None:
        """Save a selection, in place of one of this name; its note stays."""
        study = self._study
        with study.lock:
            if not isinstance(name, str):
                msg = f"A selection is saved under a text, not {type(name).__name__}."
                raise UnfitError(msg)
            predicate, mask = self._meant(value)
            old = self._all().get(name.strip())
            stored = self._stored(name.strip(), predicate, mask, old.note if old else "")
            with study.store.writing() as journal:
                journal.save(stored)

    def __delitem__(self, name: str) -> None:
        name = self[name].name
        with self._study.store.writing() as journal:
            journal.delete(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        saved = self._all()
        lines = [f"{name}: {one.said}{f' ({one.note})' if one.note else ''}" for name, one in saved.items()]
        return "\n".join([f"{plural(len(saved), 'saved selection')}", *lines])

    # What else ----------------------------------------------------------------------------------------

    def rename(self, old: str, new: str) -> None:
        """Give a saved selection another name.

        Parameters
        ----------
        old, new : str
            The names.

        Raises
        ------
        MissingNameError
            When nothing is saved under the old name.
        ValueError
            When something is saved under the new one, or it is no name.
        """
        name = self[old].name
        with self._study.store.writing() as journal:
            journal.rename(name, new)

    def note(self, name: str, text: str) -> None:
        """Write what is to be known about a saved selection, in place of its note.

        Parameters
        ----------
        name : str
            Which.
        text : str
            The note; empty for none.
        """
        stored = self[name]._stored  # noqa: SLF001
        identity = stored.identity
        if stored.keys is not None and identity and not alike(identity, self._study.source.identity):
            msg = (
                f"{stored.name!r} was saved while rows were named by {named_by(identity)}: open the data with that "
                "key to write about it, or save it anew."
            )
            raise ValueError(msg)
        with self._study.store.writing() as journal:
            journal.save(replace(stored, note=text or ""))

    def apply(self, name: str, mode: How = "replace") -> None:
        """Make a saved selection what is selected, or combine it with that.

        Parameters
        ----------
        name : str
            Which.
        mode : {"replace", "and", "or", "minus"}, default "replace"
            ``replace``: its rows alone. ``and``: of the selected rows those that it has too, as a clause of its own.
            ``or``: the selected rows and its own. ``minus``: the selected rows without its own, as a clause.

        Raises
        ------
        MissingNameError
            When nothing is saved under this name.
        ValueError
            When the mode is unknown, or its rows can't be found any more.

        Examples
        --------
        >>> import pandas as pd, tempfile, datalens as dl
        >>> frame = pd.DataFrame({"id": ["a", "b", "c"], "loss": [0.1, 3.5, 4.0]})
        >>> lens = dl.Lens(frame, key="id", store=tempfile.mkdtemp())
        >>> lens.selections["hard"] = dl.col("loss") > 3.2
        >>> lens.selection = dl.col("loss") < 3.9
        >>> lens.selections.apply("hard", "minus")
        >>> lens.selection.keys()
        ['a']
        """
        from datalens.study.bar import free_source

        if mode not in HOWS:
            msg = f"There is no mode {mode!r}. There are: {', '.join(map(repr, HOWS))}."
            raise ValueError(msg)
        study = self._study
        with study.lock:
            saved = self[name]
            predicate, mask = saved.predicate, saved.mask()
            label, present = saved.name, study.clauses
            if mode == "or":
                now = Selection(study)
                if not study.active:
                    return  # all rows are selected already
                predicate, mask = now.predicate | predicate, now.mask() | mask
                label = f"{now.predicate.label()} or {label}"
                present = tuple(clause for clause in present if not clause.enabled)
            elif mode == "replace":
                present = ()
            elif mode == "minus":
                predicate, mask, label = ~predicate, ~mask, f"not {label}"
            source = free_source(study) if mode in ("and", "minus") else "code"
            present = tuple(clause for clause in present if clause.source != source)
            clause = study.make_clause(source, predicate, mask, About(label, ""))
            note = saved.said if saved.state == "kept as keys" else None
            study.put((*present, replace(clause, note=note)), label)

    def compare(self, names: Iterable[str] | None = None) -> pd.DataFrame:
        """Compare saved selections two by two.

        Parameters
        ----------
        names : iterable of str, optional
            Which; all where left out.

        Returns
        -------
        pandas.DataFrame
            A row for each pair: ``first``, ``second``, ``first_rows``, ``second_rows``, ``overlap`` (rows in both) and
            ``jaccard`` (overlap by rows in either; null where neither has any). Null where rows can't be found.

        Examples
        --------
        >>> import pandas as pd, tempfile, datalens as dl
        >>> frame = pd.DataFrame({"id": ["a", "b", "c"], "loss": [0.1, 3.5, 4.0]})
        >>> lens = dl.Lens(frame, key="id", store=tempfile.mkdtemp())
        >>> lens.selections["hard"] = dl.col("loss") > 3.2
        >>> lens.selections["high"] = dl.col("loss") > 3.9
        >>> lens.selections.compare()
          first second  first_rows  second_rows  overlap  jaccard
        0  hard   high           2            1        1      0.5
        """
        from itertools import combinations

        import numpy as np
        import pandas as pd

        from datalens.study.rows import number

        with self._study.lock:
            chosen = [self[name] for name in (self if names is None else dict.fromkeys(names))]
            bits = {s.name: None if s.state == "lost" else np.packbits(s.mask()) for s in chosen}
        rows: list[tuple[Any, ...]] = []
        for (first, a), (second, b) in combinations(bits.items(), 2):
            counts = [None if part is None else number(part) for part in (a, b)]
            overlap = jaccard = None
            if a is not None and b is not None:
                overlap, union = number(a & b), number(a | b)
                jaccard = overlap / union if union else None
            rows.append((first, second, *counts, overlap, jaccard))
        kinds = {"first": "object", "second": "object", "first_rows": "Int64", "second_rows": "Int64"}
        kinds |= {"overlap": "Int64", "jaccard": "Float64"}
        return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)

    # Modules ------------------------------------------------------------------------------------------

    def write(
        self, path: str | os.PathLike[str], names: Iterable[str] | None = None, *, form: Form = "columns"
    ) -> Path:
        """Write saved selections as a Python module that needs pandas alone; see `datalens.study.filters`.

        A documented function each, with its count, date, form, needs and note, and ``check(df)``, which raises where
        the data is not what they were written for.

        Parameters
        ----------
        path : str or path-like
            The file; one that is there is replaced, at once and whole.
        names : iterable of str, optional
            Which; all where left out.
        form : {"columns", "keys"}, default "columns"
            ``columns``: the conditions themselves. ``keys``: the rows by key, where the conditions need columns that
            the plain frame doesn't have.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        ValueError
            When nothing is saved, or rows can't be found any more.

        Examples
        --------
        >>> import pandas as pd, tempfile, datalens as dl
        >>> folder = tempfile.mkdtemp()
        >>> frame = pd.DataFrame({"id": ["a", "b", "c"], "loss": [0.1, 3.5, 4.0]})
        >>> lens = dl.Lens(frame, key="id", store=folder)
        >>> lens.selections["hard"] = dl.col("loss") > 3.2
        >>> path = lens.selections.write(f"{folder}/filters.py")
        >>> 'return df[df["loss"] > 3.2]' in path.read_text()
        True
        >>> lens.selections.read(path)
        {'hard': dl.col('loss') > 3.2}
        """
        from datalens.study.filters import write_filters

        chosen = [self[name] for name in (self if names is None else dict.fromkeys(names))]
        return write_filters(self._study, chosen, path, form)

    def read(self, path: str | os.PathLike[str]) -> dict[str, Predicate]:
        """Return the predicates of a module that `write` made, by name; nothing in it is run.

        ``lens.selections.update(lens.selections.read("filters.py"))`` saves them.

        Parameters
        ----------
        path : str or path-like
            The file.

        Returns
        -------
        dict of str to Predicate
            What its functions select, as they stand: edited conditions too.

        Raises
        ------
        ValueError
            When it is no such module; a `MissingFileError` when it is not there.
        """
        from datalens.study.filters import read_filters

        return read_filters(path)

    # The journal --------------------------------------------------------------------------------------

    def _all(self) -> dict[str, Saved]:
        store = self._study.store
        store.look()
        journal = store.peek()
        if journal is None:
            return {}
        with self._study.lock:
            if self._read[0] != journal.revision:
                old = self._read[1]
                revision = journal.revision
                saved = {}
                for stored in journal.selections():
                    before = old.get(stored.name)
                    same = before is not None and before._stored == stored  # noqa: SLF001
                    # What is as it was has been evaluated already.
                    saved[stored.name] = before if before and same else Saved(self._study, stored)
                self._read = (revision, saved)
            return self._read[1]

    def _meant(self, value: Any) -> tuple[Predicate, Mask]:
        """Return the condition to be saved, and its rows."""
        study = self._study
        predicate, mask = condition_of(value, study, WHAT), mask_in(value, study, WHAT)
        if isinstance(value, Selection) and value.is_of(study):
            # Columns may have been computed anew since: the rows are what was meant.
            try:
                same = bool((study.mask_of(predicate) == mask).all())
            except (KeyError, ValueError, TypeError):
                same = False
            if not same:
                predicate = study.keys_predicate(mask)
        return predicate, mask

    def _stored(self, name: str, predicate: Predicate, mask: Mask, note: str) -> SavedSelection:
        from datalens.journal import SavedSelection

        study = self._study
        versions = study.versions_of(predicate.columns)
        keys = study.source.keys()[mask].tolist() if versions else None
        return SavedSelection(
            name=name,
            predicate=predicate.to_json(),
            note=note,
            time=datetime.now(UTC).isoformat(timespec="seconds"),
            author=_author(),
            count=int(mask.sum()),
            total=study.rows,
            versions=versions,
            keys=keys,
            fingerprint=study.store.fingerprint,
        )


def _author() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # containers run as numbers that have no name
        return ""


def _missing(name: Any, saved: Iterable[str]) -> MissingNameError:
    names = list(saved)
    near = difflib.get_close_matches(str(name), names, n=3, cutoff=0.6)
    hint = "Nothing is saved yet."
    if near:
        hint = f"Did you mean {' or '.join(map(repr, near))}?"
    elif names:
        more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
        hint = f"There are: {', '.join(map(repr, names[:SHOWN]))}{more}."
    return MissingNameError(f"No selection is saved as {str(name)[:100]!r}. {hint}")
