"""The verb ``neighbours``: what the panel of neighbours shows, and the condition that selects just that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.study.clauses import About
from datalens.study.neighbours import (
    NEAR_DUPLICATE,
    NoAnswerError,
    check_k,
    find,
    mask_query,
    row_query,
    search_of,
    text_query,
    vector_column,
)
from datalens.table.display import cells

if TYPE_CHECKING:
    import numpy as np

    from datalens.predicate import Predicate
    from datalens.space.search import Search
    from datalens.study.neighbours import Found, Query
    from datalens.study.study import Study

# Rows of one answer; the panel asks for 20 to 100, and a clause of more keys would not travel with the state.
MAX_NEIGHBOURS = 500
# What encoders read of a text; more comes from no person's hand.
MAX_TEXT = 20_000
SNIPPET_CHARACTERS = 300
# How the rows of each list are called before the name of what was asked for.
CALLED = {"nearest": "nearest to", "farthest": "farthest from", "duplicates": "near-duplicates of"}


def neighbours(study: Study, args: dict[str, Any]) -> tuple[dict[str, Any], Predicate | None, About | None]:
    """Answer one request; the input is untrusted.

    Parameters
    ----------
    study : Study
        The study; the caller holds its lock.
    args : dict
        As protocol.ts has them: one of "ordinal", "text" and "selection"; "which"; "k"; "metric" or nothing.

    Returns
    -------
    result : dict
        As protocol.ts has it; where there is no answer, "why" says so.
    predicate : Predicate or None
        The condition that selects the rows of the answer.
    about : About or None
        What a clause of it is called.

    Raises
    ------
    ValueError, TypeError, IndexError
        With a sentence for the person.
    """
    which, k, metric = args.get("which"), args.get("k"), args.get("metric") or "cosine"
    if not isinstance(which, str) or which not in CALLED:
        msg = f"Unknown list of neighbours: {str(which)[:40]!r}."
        raise ValueError(msg)
    if which == "duplicates" and metric != "cosine":
        msg = "Near-duplicates are those within a cosine distance; there is no such list by another metric."
        raise ValueError(msg)
    check_k(k)
    count = min(int(k or 1), MAX_NEIGHBOURS)
    column = vector_column(study)
    search = search_of(study, column, str(metric))
    result = {
        "rows": [],
        "total": 0,
        "of": study.rows,
        "within": NEAR_DUPLICATE,
        "column": column,
        "metric": search.metric,
        "query": "",
        "predicate": None,
        "why": None,
    }
    try:
        query = _query(study, search, column, args)
    except NoAnswerError as error:
        return {**result, "why": str(error)}, None, None
    found = find(search, query, which, count)  # type: ignore[arg-type]  # CALLED has just these
    result |= {"query": query.said, "total": found.total, "rows": _rows(study, found)}
    if not len(found.ordinals):
        return result, None, None
    predicate = study.keys_predicate(_mask(study, found.ordinals))
    label = f"{len(found.ordinals):,} {CALLED[which]} {query.said}"
    return {**result, "predicate": predicate.to_dict()}, predicate, About(label, column)


def _query(study: Study, search: Search, column: str, args: dict[str, Any]) -> Query:
    ordinal, text, selection = args.get("ordinal"), args.get("text"), args.get("selection", False)
    if not isinstance(selection, bool) or (ordinal is not None) + (text is not None) + selection != 1:
        msg = "Neighbours are asked for by one of a row, a text and the selection."
        raise ValueError(msg)
    if text is not None:
        if not isinstance(text, str) or not text.strip():
            msg = f"Type a text to look for, not {str(text)[:40]!r}."
            raise ValueError(msg)
        return text_query(study, search, column, text[:MAX_TEXT])
    if selection:
        mask = study.mask()
        return mask_query(search, column, _everything(study) if mask is None else mask)
    if isinstance(ordinal, bool) or not isinstance(ordinal, int):
        msg = f"ordinal must be a whole number, not {str(ordinal)[:40]!r}."
        raise TypeError(msg)
    if not 0 <= ordinal < study.rows:
        msg = f"There is no row {ordinal:,}: the dataset has {study.rows:,} rows."
        raise IndexError(msg)
    return row_query(study, search, column, ordinal)


def _everything(study: Study) -> np.ndarray[Any, np.dtype[np.bool_]]:
    import numpy as np

    return np.ones(study.rows, dtype=bool)


def _mask(study: Study, ordinals: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    mask = ~_everything(study)
    mask[ordinals] = True
    return mask


def _rows(study: Study, found: Found) -> list[dict[str, Any]]:
    texts = snippets(study, found.ordinals)
    return [
        {"ordinal": int(o), "key": study.key_of(int(o)), "distance": float(d), "text": text}
        for o, d, text in zip(found.ordinals, found.distances, texts, strict=True)
    ]


def snippets(study: Study, ordinals: np.ndarray[Any, np.dtype[np.int64]]) -> list[str | None]:
    """Return the first few hundred characters of the text of some rows; None where there is none."""
    text = study.column_of("text")
    if text is None:
        return [None] * len(ordinals)
    found = cells(study.take(ordinals, [text]).column(text), characters=SNIPPET_CHARACTERS)
    return [cell["text"] + "…" if isinstance(cell, dict) else cell for cell in found]
