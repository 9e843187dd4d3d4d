"""The summary card: what a lens is, has and has computed, as text and as a small table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datalens.study.study import Study


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
        lines = [
            ("data", f"{study.source.title}, {study.rows:,} rows, {len(study.source.schema.names)} columns")
        ]
        lines += [("rows named by", _identity(study))]
        roles = [
            f"{role}: {name}" + (" (guessed)" if role in study.roles.guessed else "")
            for role, name in study.roles.columns.items()
        ]
        lines += [("roles", ", ".join(roles) or "none: give text=, label=, source=, embedding= ...")]
        lines += [(name, _column(study, name)) for name in study.source.schema.names]
        lines += [(name, _derived(study, name)) for name in study.derived]
        lines += [("selection", f"{study.count():,} of {study.rows:,} rows")]
    return lines


def card_text(study: Study) -> str:
    """Return the card as plain text."""
    lines = card_lines(study)
    width = min(24, max(len(name) for name, _ in lines))
    return "\n".join(f"{name:<{width}}  {what}" for name, what in lines)


def card_html(study: Study) -> str:
    """Return the card as a table; every name and value is escaped."""
    rows = "".join(
        f"<tr><th style='text-align:left;font-weight:500;padding:1px 16px 1px 0;white-space:nowrap'>"
        f"{escape(name)}</th><td style='text-align:left;padding:1px 0'>{escape(what)}</td></tr>"
        for name, what in card_lines(study)
    )
    return f"<table style='border-collapse:collapse;font-variant-numeric:tabular-nums'>{rows}</table>"


def _identity(study: Study) -> str:
    identity = study.source.identity
    if identity.scheme == "column":
        return f"column {identity.columns[0]!r}"
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
