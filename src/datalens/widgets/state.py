"""The small state that every view shows, as JSON: columns, clauses, counts, focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datalens.study.bar import Explained
    from datalens.study.clauses import Clause
    from datalens.study.study import Study

# A predicate larger than this (a long list of keys) does not travel with every event.
MAX_PREDICATE_PARTS = 500
# Tooltips; nobody reads on.
DETAIL_CHARACTERS = 2_000
# Parts of a group that a chip lists.
MAX_PARTS = 50


def lens_state(study: Study) -> dict[str, Any]:
    """Return what `hello` answers and each `changed` event repeats (`LensState` in protocol.ts).

    Parameters
    ----------
    study : Study
        The study; the caller holds its lock.

    Returns
    -------
    dict
        JSON values.
    """
    from datalens.predicate.dialects import DIALECTS

    x, y = study.column_of("x"), study.column_of("y")
    return {
        "revision": study.revision,
        "rows": study.rows,
        "title": study.source.title,
        "sample": _sample(study),
        "columns": [_column(study, name) for name in study.names()],
        "map": None if x is None or y is None else _map(study, x, y),
        "text": study.column_of("text"),
        "color": default_color(study),
        "dialects": list(DIALECTS),
        "selection": {
            "clauses": _clauses(study),
            "count": study.count(),
            "total": study.rows,
            "canUndo": study.history.can_undo,
            "canRedo": study.history.can_redo,
        },
        "marks": study.marks.version,
        "focus": None if study.focus is None else {"ordinal": study.focus, "key": study.key_of(study.focus)},
    }


def map_version(study: Study, x: str, y: str) -> str:
    """Return what changes when the map's points do."""
    return f"{study.version(x) or x}/{study.version(y) or y}"


def default_color(study: Study) -> str | None:
    """Return what a map is coloured by where nobody has chosen: clusters, else label, else source."""
    return next(
        (c for role in ("cluster", "label", "source") if (c := study.column_of(role)) is not None), None
    )


def _sample(study: Study) -> dict[str, Any] | None:
    origin = study.origin
    return None if origin is None else {"of": origin.of, "title": origin.title, "how": origin.how}


def _map(study: Study, x: str, y: str) -> dict[str, Any]:
    return {"x": x, "y": y, "version": map_version(study, x, y), "placed": study.placed(x, y)}


def _column(study: Study, name: str) -> dict[str, Any]:
    description = study.describe(name)
    missing = study.missing(name)
    not_computed = 0 if missing is None else int(missing.sum())
    derived = study.derived.get(name)
    return {
        "name": name,
        "kind": description.kind,
        "numeric": description.numeric,
        "derived": derived is not None and not derived.live,
        "role": (derived.role if derived else None) or study.roles.of(name),
        "nulls": description.nulls - not_computed,
        "notComputed": not_computed,
        "version": study.version(name),
    }


def _clauses(study: Study) -> list[dict[str, Any]]:
    from datalens.study.bar import explained

    # What they do follows from what they are and from the columns: gestures alone change it.
    return [
        _clause(study, clause, does) for clause, does in zip(study.clauses, explained(study), strict=True)
    ]


def _clause(study: Study, clause: Clause, does: Explained) -> dict[str, Any]:
    from datalens.predicate import And, Keys, Or
    from datalens.study.formulas import as_shown

    predicate = as_shown(study, clause.source, clause.predicate)
    long = isinstance(predicate, Keys) and len(predicate.values) > MAX_PREDICATE_PARTS
    detail = repr(predicate) if not long else predicate.label()
    parts = predicate.of if isinstance(predicate, And | Or) else ()
    return {
        "source": clause.source,
        "label": clause.label if predicate == clause.predicate else predicate.label(),
        "detail": detail[:DETAIL_CHARACTERS],
        "count": clause.count,
        "only": does.only,
        "nulls": does.nulls,
        "enabled": clause.enabled,
        "joined": "or" if isinstance(predicate, Or) else "and" if parts else None,
        "parts": [part.label()[:DETAIL_CHARACTERS] for part in parts[:MAX_PARTS]],
        "note": clause.note,
        "predicate": None if long else predicate.to_dict(),
    }
