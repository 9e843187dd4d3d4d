"""Answers about saved selections: which there are, save, apply, remove; and where they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from datalens.study.study import Study

    Answer = tuple[Any, Mapping[str, np.ndarray[Any, Any]]]

NOTHING: dict[str, Any] = {}
# What may come from a browser.
MAX_NAME = 500
MAX_NOTE = 20_000
# A menu lists no more; `lens.selections` has all.
MOST = 500


def _saved(study: Study, _: dict[str, Any]) -> Answer:
    saved = list(study.selections.values())
    items = [
        {"name": one.name, "note": one.note, "said": one.said, "state": one.state, "count": one.count}
        for one in saved[:MOST]
    ]
    journal = study.store.peek()
    problem = journal.problem if journal else None
    return {
        "items": items,
        "of": len(saved),
        "problem": problem,
        "isKept": journal is None or journal.is_saved,
    }, NOTHING


def _save(study: Study, args: dict[str, Any]) -> Answer:
    from datalens.study.selection import Selection

    name = _text(args, "name", MAX_NAME).strip()
    if not name:
        msg = "Give the selection a name."
        raise ValueError(msg)
    if name in study.selections and args.get("replace") is not True:
        msg = f"There is a saved selection {name!r} already. Choose another name, or replace it."
        raise ValueError(msg)
    study.selections[name] = Selection(study)
    note = _text(args, "note", MAX_NOTE)
    if note:
        study.selections.note(name, note)
    return None, NOTHING


def _apply(study: Study, args: dict[str, Any]) -> Answer:
    study.selections.apply(_text(args, "name", MAX_NAME), args.get("mode", "replace"))
    return None, NOTHING


def _unsave(study: Study, args: dict[str, Any]) -> Answer:
    del study.selections[_text(args, "name", MAX_NAME)]
    return None, NOTHING


def _rescue(study: Study, _: dict[str, Any]) -> Answer:
    return {"path": str(study.store.rescue())}, NOTHING


def _text(args: dict[str, Any], name: str, most: int) -> str:
    text = args.get(name)
    if not isinstance(text, str) or len(text) > most:
        msg = f"{name} is a text of at most {most:,} characters."
        raise TypeError(msg)
    return text


#: What answers each verb: a study and a request's arguments, untrusted, go in.
SAVED_VERBS = {"saved": _saved, "save": _save, "apply": _apply, "unsave": _unsave, "rescue": _rescue}
