"""A selection as code, in the forms that serve different frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.keys import SURROGATES
from datalens.study.sampling import counted
from datalens.table.convert import REPLACEMENT

if TYPE_CHECKING:
    import numpy as np

    from datalens.predicate import Predicate
    from datalens.study.study import Study
    from datalens.table.convert import AsText

FORMS = ("columns", "keys")
# More keys make megabytes of code, which nobody pastes; the clipboard and the page would choke on them.
MAX_KEYS = 50_000


def selection_code(
    study: Study,
    predicate: Predicate,
    mask: np.ndarray[Any, np.dtype[np.bool_]],
    dialect: str,
    form: str,
    frame: str,
) -> str:
    """Return code for a selection; see `Selection.code`."""
    if form not in FORMS:
        msg = f"There is no form {form!r} of code. There are: {', '.join(map(repr, FORMS))}."
        raise ValueError(msg)
    count = counted(study, int(mask.sum()))
    if form == "keys":
        return f"# {count}, by {_named_by(study)}\n" + study.keys_predicate(mask).code(dialect, frame=frame)
    needed = computed_columns_of(study, predicate)
    lines = [f"# {count}"]
    if needed:
        names = ", ".join(map(repr, needed))
        lines.append(f"# needs {names}, computed by DataLens: {frame} = lens.to_frame() has them")
    texts = {name: note for name, note in study.as_text.items() if name in predicate.columns}
    if not texts:
        return "\n".join(lines) + "\n" + predicate.code(dialect, frame=frame)
    shown = "as_text" if frame.partition(".")[0] != "as_text" else "shown_as_text"
    return "\n".join([*lines, *_made_text(texts, frame, shown), predicate.code(dialect, frame=shown)])


def _made_text(texts: dict[str, AsText], frame: str, shown: str) -> list[str]:
    """Return the lines that turn columns into the text that the lens compared."""
    from datalens.predicate.dialects.layout import quote

    lines = ["import re", ""] if any(note.broken for note in texts.values()) else []
    lines.append(f"{shown} = {frame}.copy(deep=False)")
    for name, note in texts.items():
        text = "str"
        if note.broken:
            text = f"lambda value: re.sub({quote(SURROGATES.pattern)}, {quote(REPLACEMENT)}, str(value))"
        said = note.holds or "text that is no valid Unicode"
        lines.append(f"# column {name!r} holds {said}: compared as text")
        column = f'{frame}[{quote(name)}].astype(object).map({text}, na_action="ignore").astype("string")'
        lines.append(f"{shown}[{quote(name)}] = {column}")
    return lines


def computed_columns_of(study: Study, predicate: Predicate) -> list[str]:
    """Return the columns that a predicate mentions and the caller's frame does not have."""
    return [name for name in predicate.columns if name in study.derived]


def _named_by(study: Study) -> str:
    identity = study.source.identity
    if identity.scheme == "column":
        return f"column {identity.columns[0]!r}"
    return "content" if identity.scheme == "content" else f"row number in {identity.file}"


def code_forms(study: Study, dialect: str) -> list[dict[str, Any]]:
    """Return the present selection as code in each form, with a line on what it is good for.

    Parameters
    ----------
    study : Study
        The study; the caller holds its lock.
    dialect : str
        The language of the code.

    Returns
    -------
    list of dict
        ``form``, ``title``, ``good``, ``code`` (None where it can't be made) and ``why``.
    """
    from datalens.study.selection import Selection

    selection = Selection(study)
    computed = computed_columns_of(study, selection.predicate)
    needs = f" Needs {', '.join(computed)}: use lens.to_frame()." if computed else " Runs on your own frame."
    long = selection.count > MAX_KEYS
    why = f"{selection.count:,} keys are too many to copy. lens.selection.code({dialect!r}, form='keys') returns them."
    return [
        {
            "form": "columns",
            "title": "Columns",
            "good": "The conditions themselves, to read and to edit." + needs,
            "code": selection.code(dialect, form="columns"),
            "why": None,
        },
        {
            "form": "keys",
            "title": "Keys",
            "good": f"Exactly these {selection.count:,} rows, on your own frame, by {_named_by(study)}.",
            "code": None if long else selection.code(dialect, form="keys"),
            "why": why if long else None,
        },
    ]
