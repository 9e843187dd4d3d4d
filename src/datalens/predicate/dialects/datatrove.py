"""Predicates as a filter of datatrove, which keeps the documents that match."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from datalens.predicate.dialects.layout import INDENT, WIDTH, quote
from datalens.predicate.dialects.parts import Parts
from datalens.predicate.dialects.python import assemble, check_result, function_body, required_lines
from datalens.predicate.nodes import column_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datalens.predicate.base import Predicate


def render(
    node: Predicate,
    *,
    frame: str,  # noqa: ARG001 - documents come one by one
    result: str,
    schema: Any = None,
    required: Sequence[str] = (),
    otherwise: str = "",
    attributes: Mapping[str, str] | None = None,
) -> str:
    """Print a predicate as a class for a datatrove pipeline.

    Parameters
    ----------
    node : Predicate
    frame : str
        Not used: the filter is given documents.
    result : str
        What the class is called, in capitals: ``hard_rows`` names ``HardRows``.
    schema : dataframe or pyarrow.Schema, optional
        Where columns' types are read.
    required : sequence of str, optional
        What each document's metadata has to have.
    otherwise : str, optional
        Where rows have it.
    attributes : dict of str to str, optional
        The columns that a reader takes for a document's "text" and "id": by default those of these names.

    Returns
    -------
    str

    Examples
    --------
    >>> from datalens.predicate import col
    >>> print(render((col("loss") > 3.2) & col("text").starts_with("a"), frame="df", result="selected"))
    # pip install "datatrove[processing]"
    # Reads doc.text and doc.metadata["loss"].
    <BLANKLINE>
    from datatrove.data import Document
    from datatrove.pipeline.filters.base_filter import BaseFilter
    <BLANKLINE>
    <BLANKLINE>
    class Selected(BaseFilter):
        name = "Selected"
    <BLANKLINE>
        def filter(self, doc: Document) -> bool:
            loss = doc.metadata.get("loss")
            text = doc.text
            return (
                loss is not None
                and loss > 3.2
                and isinstance(text, str)
                and text.startswith("a")
            )
    """
    name = "".join(word[:1].upper() + word[1:] for word in result.split("_")) or "Selected"
    check_result(name)
    own = {one: one for one in ("text", "id")} if attributes is None else attributes
    parts = Parts([name, "doc", "self"])
    document = parts.module("Document", "from datatrove.data import Document")
    base = parts.module("BaseFilter", "from datatrove.pipeline.filters.base_filter import BaseFilter")
    body = function_body(node, parts, partial(_value, own), INDENT * 2, schema)
    lines = [
        f"class {name}({base}):",
        f"{INDENT}name = {quote(name)}",
        "",
        f"{INDENT}def filter(self, doc: {document}) -> bool:",
        *required_lines("doc.metadata", required, otherwise, INDENT * 2),
        *body,
    ]
    reads = sorted(
        (_read(own, column) for column in column_names(node)), key=lambda read: ("[" in read, read)
    )
    notes = ['# pip install "datatrove[processing]"']
    if named := [f"{key}_key={quote(column)}" for column, key in own.items() if column != key]:
        notes.append(f"# Give its reader {' and '.join(named)}.")
    if reads:
        joined = ", ".join(reads[:-1]) + " and " + reads[-1] if reads[1:] else reads[0]
        line = f"# Reads {joined}."
        notes += [line] if len(line) <= WIDTH else ["# Reads:", *(f"#     {read}" for read in reads)]
    return assemble(parts, notes, "\n".join(lines))


def _value(own: Mapping[str, str], name: str) -> str:
    return f"doc.{own[name]}" if name in own else f"doc.metadata.get({quote(name)})"


def _read(own: Mapping[str, str], name: str) -> str:
    return f"doc.{own[name]}" if name in own else f"doc.metadata[{quote(name)}]"
