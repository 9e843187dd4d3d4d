"""What a person chose in a view: found again in the journal when the data is opened again."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from datalens.widgets.looks import is_look

if TYPE_CHECKING:
    from collections.abc import Callable

    from datalens.study.study import Study

log = logging.getLogger("datalens")

MOST_SORTS = 100
MAX_PAGE_SIZE = 500
TEXT = 200  # characters; no name of a tool, a scale or a dialect is longer


def kept_settings(study: Study, kind: str) -> dict[str, Any]:
    """Return the settings that a view of this kind had last; what the journal holds is untrusted.

    Parameters
    ----------
    study : Study
        What is looked at.
    kind : str
        "explorer", "map", "table", "reader" or "similar".

    Returns
    -------
    dict
        As `View.settings` has them; what no longer fits the data is left out.
    """
    journal = study.store.peek()
    found = journal.settings().get(_name(kind)) if journal else None
    return _checked(study, found) if isinstance(found, dict) else {}


def keep_settings(study: Study, kind: str, settings: dict[str, Any]) -> None:
    """Keep a view's settings with the data, where a journal is kept already: a look alone makes no file.

    Parameters
    ----------
    study, kind
        As `kept_settings` has them.
    settings : dict
        What the browser wrote; untrusted.
    """
    if study.store.peek() is None:
        return
    try:
        checked = _checked(study, settings)
        with study.store.writing() as journal:
            if journal.settings().get(_name(kind)) != checked:
                journal.set_setting(_name(kind), checked)
    except (OSError, ValueError):  # the view works without
        log.warning("the view's settings could not be kept", exc_info=True)


def _name(kind: str) -> str:
    return f"view {kind}"


def _checked(study: Study, settings: dict[str, Any]) -> dict[str, Any]:
    columns = set(study.names())

    def is_sort(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and value.get("column") in columns
            and isinstance(value.get("descending"), bool)
        )

    def is_sorts(value: Any) -> bool:
        return isinstance(value, list) and len(value) <= MOST_SORTS and all(map(is_sort, value))

    def is_text(value: Any) -> bool:
        return value is None or (isinstance(value, str) and len(value) <= TEXT)

    fits: dict[str, Callable[[Any], bool]] = {
        "color": lambda value: value is None or (isinstance(value, str) and value in columns),
        "scale": is_text,
        "names": lambda value: isinstance(value, bool),
        "look": lambda value: is_look(value, columns),
        "dialect": is_text,
        "sort": is_sorts,
        "pageSize": lambda value: type(value) is int and 0 < value <= MAX_PAGE_SIZE,
    }
    return {name: settings[name] for name, good in fits.items() if name in settings and good(settings[name])}
