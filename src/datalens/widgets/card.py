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
COLUMNS = "columns"
LEFT, WRAP = "text-align:left", "white-space:normal;overflow-wrap:anywhere"


Lines = list[tuple[str, str]]


def card_lines(study: Study) -> tuple[Lines, Lines]:
    """Return the card's lines as (name, what is known).

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    facts : list of (str, str)
        Of the dataset as a whole.
    columns : list of (str, str)
        A line for each column, in their order; the computed ones last.
    """
    with study.lock:
        names = study.source.schema.names
        shown = names if len(names) <= FOLD_COLUMNS else names[:SHOWN_COLUMNS]
        counts = f"{plural(study.rows, 'row')}, {plural(len(names), 'column')}"
        facts = [("data", f"{study.source.title}, {counts}")]
        if study.origin is not None:
            facts += [("sample", title_of(study))]
        facts += [("rows named by", _identity(study))]
        facts += [("roles", _roles(study))]
        facts += [("selection", counted(study, study.count()))]
        columns = [(_named(name), _column(study, name)) for name in shown]
        if len(shown) < len(names):
            columns += [("...", f"and {plural(len(names) - len(shown), 'more column')}")]
        columns += [(_named(name), _derived(study, name)) for name in study.derived]
    return facts, columns


def card_text(study: Study) -> str:
    """Return the card as plain text."""
    facts, columns = card_lines(study)
    width = min(NAME_WIDTH, max(len(name) for name, _ in facts + columns))
    said = [[f"{name:<{width}}  {what}" for name, what in lines] for lines in (facts, columns)]
    heading = ["", f"{COLUMNS}:"] if columns else []
    return "\n".join([*said[0], *heading, *said[1]])


def card_html(study: Study) -> str:
    """Return the card as a table; every name and value is escaped."""
    facts, columns = card_lines(study)
    heading = (
        f"<tr><th colspan='2' style='{LEFT};font-weight:600;padding:6px 0 2px;"
        f"border-top:1px solid rgba(128,128,128,.4)'>{COLUMNS}</th></tr>"
    )
    rows = "".join(map(_row, facts)) + (heading + "".join(map(_row, columns)) if columns else "")
    return (
        f"<div class='{NO_MATH}' style='max-width:100%'><table style='border-collapse:collapse;table-layout:auto;"
        f"font-variant-numeric:tabular-nums'>{rows}</table></div>"
    )


def _row(line: tuple[str, str]) -> str:
    name, what = line
    # A long name breaks anywhere, so that what is said beside it stays on the page.
    width = "white-space:nowrap" if len(name) <= NAME_WIDTH else f"{WRAP};min-width:{NAME_WIDTH}ch"
    return (
        f"<tr><th style='{LEFT};font-weight:500;padding:1px 16px 1px 0;vertical-align:top;{width}'>{escape(name)}</th>"
        f"<td style='{LEFT};padding:1px 0;vertical-align:top;{WRAP}'>{escape(what)}</td></tr>"
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
    # A list of numbers is one of many things, until it is what the map is made from.
    is_vector = description.kind == "nested" and name == study.roles.get("embedding")
    return f"{'vector' if is_vector else description.kind}{nulls}{shown}"


def _derived(study: Study, name: str) -> str:
    derived = study.derived[name]
    description = study.describe(name)
    missing = 0 if derived.missing is None else int(derived.missing.sum())
    notes = [f"{missing:,} not computed"] if missing else []
    if description.nulls - missing:
        notes.append(f"{description.nulls - missing:,} null")
    if derived.live:
        return derived.step
    return ", ".join([f"{description.kind}, computed: {derived.step}", *notes])
