"""A selection as code, in the forms that serve different frames."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from datalens.core.errors import NotExpressibleError
from datalens.core.keys import SURROGATES
from datalens.predicate.dialects import SQL, WIDE, render
from datalens.predicate.text import clip
from datalens.study.beside import (
    READ_KEYS,
    RESULT,
    Lines,
    free,
    how_to_join,
    joined_columns,
    selected_by_file,
    together,
)
from datalens.study.sampling import counted
from datalens.table.convert import REPLACEMENT

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from datalens.predicate import Predicate
    from datalens.study.selection import Form, Selection
    from datalens.study.study import Study
    from datalens.table.convert import AsText

    Mask = np.ndarray[Any, np.dtype[np.bool_]]
    StrPath = str | os.PathLike[str]

FORMS = ("columns", "keys")
# More keys than this are no longer read: the code says that they can lie in a file.
LONG_KEYS = 1_000
# More keys make megabytes of code, which nobody pastes; the clipboard and the page would choke on them.
MAX_KEYS = 50_000
# A file's name in a comment.
FILE_CHARACTERS = 120


def selection_code(
    study: Study,
    predicate: Predicate,
    mask: Mask,
    dialect: str,
    form: str,
    frame: str,
    columns: StrPath | None = None,
    keys: StrPath | None = None,
) -> str:
    """Return code for a selection; see `Selection.code`."""
    from datalens.predicate import Everything

    if form not in FORMS:
        msg = f"There is no form {form!r} of code. There are: {', '.join(map(repr, FORMS))}."
        raise ValueError(msg)
    # The dialect and the frame's name are checked before the name stands in lines of our own.
    Everything().code(dialect, frame=frame)
    sign = "--" if dialect in SQL else "#"
    count = counted(study, int(mask.sum()))
    if form == "keys":
        notes, code = _by_keys(study, mask, dialect, frame, _path(keys, "keys"))
        return "\n".join([f"{sign} {count}, by {_named_by(study)}", *(f"{sign} {n}" for n in notes), code])
    notes, code = _by_columns(study, predicate, dialect, frame, _path(columns, "columns"))
    return "\n".join([f"{sign} {count}", *(f"{sign} {note}" for note in notes), code])


def _by_keys(study: Study, mask: Mask, dialect: str, frame: str, path: str | None) -> tuple[list[str], str]:
    """Return what is said of the code, and the code that names rows by key."""
    if path is not None and dialect in READ_KEYS:
        made = f"the file is what lens.write_keys(lens.selection, {path!r}) makes"
        return [made], selected_by_file(study, dialect, frame, path)
    number = int(mask.sum())
    notes = []
    if path is not None:
        notes = [f"{dialect} code reads no keys from a file: all {number:,} stand here"]
    elif number > LONG_KEYS and dialect in READ_KEYS:
        notes = [f"{number:,} keys: with keys='keys.parquet' they are read from a file"]
    try:
        named = study.keys_predicate(mask)
        schema = _schema(study, named) if study.source.identity.scheme == "column" else None
        if dialect not in ("polars", "pyarrow") and not (dialect == "pandas" and _has_integers(schema)):
            schema = None
        attributes = _attributes(study)
        return notes, render(named, dialect, frame=frame, result=RESULT, schema=schema, attributes=attributes)
    except NotExpressibleError as error:
        # Most languages say it themselves.
        remedy = "" if "key=" in str(error) or "form=" in str(error) else _keyless(study)
        raise NotExpressibleError(f"{error} {remedy}".rstrip()) from error


def _by_columns(
    study: Study, predicate: Predicate, dialect: str, frame: str, path: str | None
) -> tuple[list[str], str]:
    """Return what is said of the code, and the code of the conditions themselves."""
    needed = computed_columns_of(study, predicate)
    texts = {name: note for name, note in study.as_text.items() if name in predicate.columns}
    notes, before = [], Lines(frame)
    if texts:
        before = _made_text(study, texts, dialect, frame)
    if needed:
        names = ", ".join(map(repr, needed))
        if path is None:
            notes = [f"needs {names}, computed by DataLens: {_has_them(study, needed, dialect, frame)}"]
        else:
            made = f"{names} {'is' if len(needed) == 1 else 'are'} in the file that lens.write_columns({path!r}) makes"
            notes = [made]
            if dialect in SQL:
                notes.append(how_to_join(study, dialect, path))
            else:
                join = joined_columns(study, needed, dialect, before.frame, path, frame)
                before = Lines(
                    join.frame,
                    sorted({*before.imports, *join.imports}),
                    [*before.helpers, *join.helpers],
                    [*before.body, *join.body],
                )
    attributes = _attributes(study)
    try:
        schema = _schema(study, predicate)
        # A column made text becomes one of pandas' own, whose nulls are NA.
        if dialect == "pandas" and not getattr(study.source, "has_na", False) and not texts:
            schema = _in_numpy(schema)
        code = render(
            predicate,
            dialect,
            frame=before.frame,
            result=RESULT,
            schema=schema,
            required=[name for name in needed if name not in attributes or dialect != "datatrove"],
            otherwise=_made_by(study, needed, dialect),
            attributes=attributes,
        )
    except NotExpressibleError as error:
        raise NotExpressibleError(f"{error} {_use_keys(study, dialect, str(error))}".rstrip()) from error
    return notes, together(before, code, frame) if before.body else code


def _attributes(study: Study) -> dict[str, str]:
    """Return the columns that a reader of datatrove's takes for the text and the id of its documents."""
    identity = study.source.identity
    text = study.roles.get("text") or "text"
    key = identity.columns[0] if identity.scheme == "column" and identity.columns else "id"
    return {text: "text", **({key: "id"} if key != text else {})}


def _schema(study: Study, predicate: Predicate) -> pa.Schema:
    """Return the types of the columns that a predicate looks at, and of those that engines may take for them."""
    import pyarrow as pa

    own = study.source.schema
    looked_at = {name.lower() for name in predicate.columns}
    names = [*predicate.columns, *(name for name in study.names() if name not in predicate.columns)]
    return pa.schema(
        (name, study.derived[name].type if name in study.derived else own.field(name).type)
        for name in names
        if name.lower() in looked_at
    )


def _has_integers(schema: pa.Schema | None) -> bool:
    import pyarrow as pa

    return schema is not None and all(map(pa.types.is_integer, schema.types))


def _in_numpy(schema: pa.Schema) -> pa.Schema:
    """Say in a schema, as pandas does, that numpy holds the columns."""
    import pyarrow as pa

    return schema.with_metadata(pa.Schema.from_pandas(schema.empty_table().to_pandas()).metadata)


def _path(given: StrPath | None, name: str) -> str | None:
    """Return the path of a file as it stands in code, or None where none was given."""
    if given is None:
        return None
    path = os.fspath(given)
    if not isinstance(path, str) or not path or "\0" in path:
        msg = f"{name}={given!r} is no path of a file."
        raise ValueError(msg)
    return path


def _has_them(study: Study, needed: list[str], dialect: str, frame: str) -> str:
    """Say where the computed columns are."""
    if dialect in SQL:
        return f"lens.to_arrow({_with_vectors(study, needed)}) has them, and the file that lens.write_columns() makes"
    if dialect in WIDE:
        return f"the rows of {_made_by(study, needed, dialect)} have them"
    return f"{frame} = {_made_by(study, needed, dialect)} has them"


def _made_by(study: Study, needed: list[str], dialect: str) -> str:
    """Return the call that gives a frame with the computed columns."""
    method = {"polars": "to_polars", "pyarrow": "to_arrow"}.get(dialect, "to_frame")
    return f"lens.{method}({_with_vectors(study, needed)})"


def _with_vectors(study: Study, needed: list[str]) -> str:
    return "vectors=True" if any(study.describe(name).kind == "vector" for name in needed) else ""


def _use_keys(study: Study, dialect: str, said: str = "") -> str:
    """Return the sentence that offers the other form, where it can be had and has not been said."""
    from datalens.predicate import Keys

    try:
        Keys(study.source.identity, ()).code(dialect)
    except NotExpressibleError:
        return f"Nor can it name the rows. {_keyless(study)}"
    return "" if "form=" in said else f"lens.selection.code({dialect!r}, form='keys') names the very rows."


def _keyless(study: Study) -> str:
    """Return what to do where a language can't name rows as the data does."""
    if study.source.identity.scheme == "column":
        return ""
    return (
        "Give the lens a column of unique values as key=, or take lens.selection.code('pandas', form='keys')."
    )


def _made_text(study: Study, texts: dict[str, AsText], dialect: str, frame: str) -> Lines:
    """Return the lines that turn columns into the text that the lens compared."""
    from datalens.predicate.dialects.layout import quote

    if dialect != "pandas":
        name, note = next(iter(texts.items()))
        holds = note.holds or "text that is no valid Unicode"
        msg = (
            f"Column {name!r} holds {holds} and is compared as text, which {dialect} code can't do alike. "
            f"{_use_keys(study, dialect)}"
        )
        raise NotExpressibleError(msg)
    shown = free("as_text", frame)
    lines = [f"{shown} = {frame}.copy(deep=False)"]
    for name, note in texts.items():
        text = "str"
        if note.broken:
            text = f"lambda value: re.sub({quote(SURROGATES.pattern)}, {quote(REPLACEMENT)}, str(value))"
        said = note.holds or "text that is no valid Unicode"
        lines.append(f"# column {name!r} holds {said}: compared as text")
        column = f'{frame}[{quote(name)}].astype(object).map({text}, na_action="ignore").astype("string")'
        lines.append(f"{shown}[{quote(name)}] = {column}")
    return Lines(shown, ["import re"] if any(note.broken for note in texts.values()) else [], [], lines)


def computed_columns_of(study: Study, predicate: Predicate) -> list[str]:
    """Return the columns that a predicate mentions and the caller's frame does not have."""
    return [name for name in predicate.columns if name in study.derived]


def _named_by(study: Study) -> str:
    identity = study.source.identity
    if identity.scheme == "column":
        return f"column {identity.columns[0]!r}"
    # A comment is one line, whatever a file is called.
    return (
        "content" if identity.scheme == "content" else f"row number in {clip(identity.file, FILE_CHARACTERS)}"
    )


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

    Raises
    ------
    ValueError
        When there is no such dialect.
    """
    from datalens.study.selection import Selection

    selection = Selection(study)
    computed = computed_columns_of(study, selection.predicate)
    needs = " Runs on your own data."
    if computed:
        needs = f" Needs {', '.join(computed)}, which DataLens computed."
    good = f"Exactly these {selection.count:,} rows, on your own data, by {_named_by(study)}."
    return [
        _form("columns", "The conditions themselves, to read and to edit." + needs, selection, dialect),
        _form("keys", good, selection, dialect),
    ]


def _form(form: Form, good: str, selection: Selection, dialect: str) -> dict[str, Any]:
    code, why = None, None
    if form == "keys" and selection.count > MAX_KEYS:
        why = f"{selection.count:,} keys are too many to copy. lens.selection.code({dialect!r}, form='keys') returns them"
        if dialect in READ_KEYS:
            why += "; with keys='keys.parquet' it reads the file of lens.write_keys(lens.selection, 'keys.parquet')"
        why += "."
    else:
        try:
            code = selection.code(dialect, form=form)
        except NotExpressibleError as error:
            why = str(error)
    return {"form": form, "title": form.capitalize(), "good": good, "code": code, "why": why}
