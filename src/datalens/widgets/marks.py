"""Answers about marks: tag, star, note, what was looked at; how tags are shown; the next row to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.study.marks import Style
from datalens.study.review import left, next_unseen

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pyarrow as pa

    from datalens.study.study import Study

    Answer = tuple[Any, Mapping[str, np.ndarray[Any, Any]]]
    Ordinals = np.ndarray[Any, np.dtype[np.int64]]

NOTHING: dict[str, Any] = {}
# What may come from a browser; the journal has its own limits on top.
MAX_TAG = 500
MAX_NOTE = 100_000
MAX_SORT = 100
# A list of tags is looked through, not read; `lens.tags` has all.
MOST_TAGS = 500
# These write to the journal, and take the study's lock for themselves: one that holds it must not wait for the disk.
UNLOCKED = ("mark", "tagStyle")


def shown_marks(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return marks as the table shows them: tags side by side, a star where there is one.

    Examples
    --------
    >>> import pyarrow as pa
    >>> shown_marks(pa.chunked_array([[["good", "short"], None]])).to_pylist()
    ['good, short', None]
    >>> shown_marks(pa.chunked_array([[True, False]])).to_pylist()
    ['★', '']
    """
    import pyarrow as pa

    if pa.types.is_list(column.type):
        return pa.chunked_array([[None if tags is None else ", ".join(tags) for tags in column.to_pylist()]])
    if pa.types.is_boolean(column.type):
        return pa.chunked_array([["★" if on else "" for on in column.to_pylist()]], pa.string())
    return column


def _mark(study: Study, args: dict[str, Any]) -> Answer:
    what, on = args.get("what"), args.get("on", True) is True
    ordinals, marks = _ordinals(study, args), study.marks
    if what in ("star", "seen"):
        marks.flag(ordinals, "star" if what == "star" else "seen", on=on)
    elif what == "tag":
        marks.tag(ordinals, _text(args, "tag", MAX_TAG))
    elif what == "untag":
        marks.untag(ordinals, _text(args, "tag", MAX_TAG))
    elif what == "note" and args.get("ordinal") is not None:
        marks.note(int(ordinals[0]), _text(args, "text", MAX_NOTE))
    else:
        msg = f"Rows are not marked with {str(what)[:40]!r}: tag, untag, star and seen, and of one row its note."
        raise ValueError(msg)
    return None, NOTHING


def _marks(study: Study, args: dict[str, Any]) -> Answer:
    ordinal = args.get("ordinal")
    marks = study.marks
    row = None
    if ordinal is not None:
        here = int(_ordinals(study, args)[0])
        row = {
            "ordinal": here,
            "tags": list(marks.sheet.tags_of(here)) if marks.names else [],
            "note": marks.sheet.notes.get(here, "") if marks.names else "",
            "star": marks.sheet.has("star", here) if marks.names else False,
            "seen": marks.sheet.has("seen", here) if marks.names else False,
        }
    counts = marks.sheet.tag_counts() if marks.names else {}
    tags = [
        {"tag": tag, "count": counts.get(tag, 0), "color": style.color, "digit": style.digit}
        for tag, style in list(marks.styles.items())[:MOST_TAGS]
    ]
    return {"row": row, "tags": tags, "left": left(study, study.mask())}, NOTHING


def _tag_style(study: Study, args: dict[str, Any]) -> Answer:
    tag = _text(args, "tag", MAX_TAG)
    color, digit, name = args.get("color"), args.get("digit"), args.get("name")
    if name is not None:
        new = _text(args, "name", MAX_TAG).strip()
        if not new:
            msg = "A tag's name is one line of text."
            raise ValueError(msg)
        study.marks.rename(tag, new)
        tag = new
    if color is not None or digit is not None:
        if digit is not None:
            _whole(digit, "digit")
        now = study.marks.styles.get(tag, Style())
        color = now.color if color is None else color
        study.marks.style(tag, color=color, digit=now.digit if digit is None else digit)
    return None, NOTHING


def _review(study: Study, args: dict[str, Any]) -> Answer:
    after = args.get("ordinal")
    if after is not None:
        after = int(_ordinals(study, args)[0])
    given = args.get("sort") or []
    if (
        not isinstance(given, list)
        or len(given) > MAX_SORT
        or not all(isinstance(one, dict) for one in given)
    ):
        msg = "review needs a list of columns to sort by."
        raise TypeError(msg)
    sort = [(str(one.get("column")), one.get("descending") is True) for one in given]
    mask = study.mask()
    return {"next": next_unseen(study, mask, sort, after), "left": left(study, mask)}, NOTHING


def _ordinals(study: Study, args: dict[str, Any]) -> Ordinals:
    """Return the row that is meant, or all that are selected."""
    import numpy as np

    ordinal = args.get("ordinal")
    if ordinal is None:
        with study.lock:
            mask = study.mask()
        return np.arange(study.rows) if mask is None else np.flatnonzero(mask)
    _whole(ordinal, "ordinal")
    if not 0 <= ordinal < study.rows:
        msg = f"There is no row {ordinal:,}: the dataset has {study.rows:,} rows."
        raise IndexError(msg)
    return np.array([ordinal])


def _text(args: dict[str, Any], name: str, most: int) -> str:
    text = args.get(name)
    if not isinstance(text, str) or len(text) > most:
        msg = f"{name} is a text of at most {most:,} characters."
        raise TypeError(msg)
    return text


def _whole(value: Any, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        msg = f"{name} must be a whole number, not {str(value)[:40]!r}."
        raise TypeError(msg)


#: What answers each verb: a study and a request's arguments, untrusted, go in.
MARK_VERBS = {"mark": _mark, "marks": _marks, "tagStyle": _tag_style, "review": _review}
