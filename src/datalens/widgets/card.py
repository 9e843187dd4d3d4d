"""The summary card: what a lens is, has and has computed, as text and as a small table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from datalens.core.words import NO_MATH, plural
from datalens.study.roles import ROLES
from datalens.study.sampling import counted, title_of

if TYPE_CHECKING:
    from datalens.study.study import Study

# What fits a screen: of data with more columns than FOLD_COLUMNS, SHOWN_COLUMNS have a line of their own.
SHOWN_COLUMNS = 12
FOLD_COLUMNS = 16
# Longer names push what is said of them off the page.
NAME_CHARACTERS = 60
# Names line up in the text card up to here.
NAME_WIDTH = 24


def card_lines(study: Study) -> list[tuple[str, str]]:
    """Return the card's lines as (name, what is known).

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    list of (str, str)
        From the whole to the parts.
    """
    with study.lock:
        names = study.source.schema.names
        shown = names if len(names) <= FOLD_COLUMNS else names[:SHOWN_COLUMNS]
        counts = f"{plural(study.rows, 'row')}, {plural(len(names), 'column')}"
        lines = [("data", f"{study.source.title}, {counts}")]
        if study.origin is not None:
            lines += [("sample", title_of(study))]
        lines += [("rows named by", _identity(study))]
        lines += [("roles", _roles(study))]
        lines += [(_named(name), _column(study, name)) for name in shown]
        if len(shown) < len(names):
            lines += [("...", f"and {plural(len(names) - len(shown), 'more column')}")]
        lines += [(_named(name), _derived(study, name)) for name in study.derived]
        lines += [("selection", counted(study, study.count()))]
    return lines


def card_text(study: Study) -> str:
    """Return the card as plain text."""
    lines = card_lines(study)
    width = min(NAME_WIDTH, max(len(name) for name, _ in lines))
    return "\n".join(f"{name:<{width}}  {what}" for name, what in lines)


def card_html(study: Study) -> str:
    """Return the card as a table; every name and value is escaped."""
    rows = "".join(
        f"<tr><th style='text-align:left;font-weight:500;padding:1px 16px 1px 0;white-space:nowrap;"
        f"vertical-align:top'>{escape(name)}</th>"
        f"<td style='text-align:left;padding:1px 0'>{escape(what)}</td></tr>"
        for name, what in card_lines(study)
    )
    return (
        f"<div class='{NO_MATH}'>"
        f"<table style='border-collapse:collapse;font-variant-numeric:tabular-nums'>{rows}</table></div>"
    )


def _named(name: str) -> str:
    """Return a column's name on one line: data may call it anything."""
    clipped = name if len(name) <= NAME_CHARACTERS else name[: NAME_CHARACTERS - 1] + "…"
    return clipped if clipped.isprintable() else repr(clipped)


def _roles(study: Study) -> str:
    roles = study.roles
    said = [
        f"{role}: {_named(roles.columns[role])}" + (" (guessed)" if role in roles.guessed else "")
        for role in ROLES
        if role in roles.columns
    ]
    return ", ".join(said) or "none: give text=, label=, source=, embedding= ..."


def _identity(study: Study) -> str:
    identity = study.source.identity
    if identity.scheme == "column":
        guessed = (
            " (guessed; key=False names them without it)"
            if study.roles.get("key") == identity.columns[0] and "key" in study.roles.guessed
            else ""
        )
        return f"column {identity.columns[0]!r}{guessed}"
    if identity.scheme == "content":
        return "their content (give key= for a column of unique values)"
    return f"row number in {identity.file} (give key= for a column of unique values)"


def _column(study: Study, name: str) -> str:
    description = study.describe(name)
    nulls = f", {description.nulls:,} null" if description.nulls else ""
    as_text = study.as_text.get(name)
    shown = f", {as_text.said}" if as_text else ""
    return f"{description.kind}{nulls}{shown}"


def _derived(study: Study, name: str) -> str:
    derived = study.derived[name]
    description = study.describe(name)
    missing = 0 if derived.missing is None else int(derived.missing.sum())
    notes = [f"{missing:,} not computed"] if missing else []
    if description.nulls - missing:
        notes.append(f"{description.nulls - missing:,} null")
    return ", ".join([f"{description.kind}, computed: {derived.step}", *notes])
