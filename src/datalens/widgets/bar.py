"""Answers to what the predicate bar asks: typed conditions, what may be typed next, what clauses do, the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.study import bar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from datalens.study.completing import Completer
    from datalens.study.study import Study

    Answer = tuple[Any, Mapping[str, np.ndarray[Any, Any]]]
    Verb = Callable[[Study, dict[str, Any]], Answer]

NOTHING: dict[str, Any] = {}
# What may come from a browser: nobody types more, nor picks more clauses.
MAX_TYPED = 10_000
MAX_SOURCES = 100
# Steps of the history that are listed, around the present one.
STEPS_SHOWN = 200


def _type(study: Study, args: dict[str, Any]) -> Answer:
    bar.type_clause(study, _text(args), _source(args))
    return None, NOTHING


def _preview(study: Study, args: dict[str, Any]) -> Answer:
    found = bar.preview(study, _text(args), _source(args))
    result = {
        "count": found.count,
        "together": found.together,
        "error": found.error,
        "position": found.position,
    }
    return result, NOTHING


def complete(completer: Completer, args: dict[str, Any]) -> Answer:
    """Answer what may stand at the cursor of a text."""
    cursor = args.get("cursor")
    if isinstance(cursor, bool) or not isinstance(cursor, int):
        msg = "complete needs the place of the cursor."
        raise TypeError(msg)
    found = completer.complete(_text(args), cursor)
    candidates = [{"text": one.text, "about": one.about} for one in found.of]
    return {"from": found.start, "to": found.end, "candidates": candidates}, NOTHING


def _negate(study: Study, args: dict[str, Any]) -> Answer:
    bar.negate(study, str(args.get("source")))
    return None, NOTHING


def _enable(study: Study, args: dict[str, Any]) -> Answer:
    bar.enable(study, str(args.get("source")), on=args.get("on") is True)
    return None, NOTHING


def _either(study: Study, args: dict[str, Any]) -> Answer:
    sources = args.get("sources")
    if not isinstance(sources, list) or len(sources) > MAX_SOURCES:
        msg = "either needs a list of clauses."
        raise TypeError(msg)
    bar.either(study, [str(source) for source in sources])
    return None, NOTHING


def _apart(study: Study, args: dict[str, Any]) -> Answer:
    bar.apart(study, str(args.get("source")))
    return None, NOTHING


def _part(study: Study, args: dict[str, Any]) -> Answer:
    bar.remove_part(study, str(args.get("source")), args.get("part"))  # type: ignore[arg-type] # it looks
    return None, NOTHING


def _as_text(study: Study, args: dict[str, Any]) -> Answer:
    return {"text": bar.as_text(study, str(args.get("source")))}, NOTHING


def _history(study: Study, _: dict[str, Any]) -> Answer:
    history = study.history
    first = max(0, history.position - STEPS_SHOWN // 2)
    last = min(len(history), first + STEPS_SHOWN)
    steps = [
        {"number": number, "label": history[number].label, "time": history[number].time.isoformat()}
        for number in range(first, last)
    ]
    return {"steps": steps, "position": history.position, "of": len(history)}, NOTHING


def _jump(study: Study, args: dict[str, Any]) -> Answer:
    step = args.get("step")
    if isinstance(step, bool) or not isinstance(step, int):
        msg = "jump needs the number of a step."
        raise TypeError(msg)
    study.history.jump(step)
    return None, NOTHING


def _text(args: dict[str, Any]) -> str:
    text = args.get("text")
    if not isinstance(text, str) or len(text) > MAX_TYPED:
        msg = f"A condition is a text of at most {MAX_TYPED:,} characters."
        raise TypeError(msg)
    return text


def _source(args: dict[str, Any]) -> str | None:
    source = args.get("source")
    return None if source is None else str(source)


#: What answers each verb: a study and a request's arguments, untrusted, go in.
BAR_VERBS: dict[str, Verb] = {
    "type": _type,
    "preview": _preview,
    "negate": _negate,
    "enable": _enable,
    "either": _either,
    "apart": _apart,
    "part": _part,
    "asText": _as_text,
    "history": _history,
    "jump": _jump,
}
