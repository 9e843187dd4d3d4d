"""Tags as colours: a row has the colour of the first tag that it got, and the legend counts it under each of its tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.table.colors import (
    BYTE_CATEGORIES,
    CODE_FIRST,
    CODE_NULL,
    CODE_OTHER,
    MAX_CATEGORIES,
)

if TYPE_CHECKING:
    import numpy as np

    from datalens.study.marks import Marks

    Mask = np.ndarray[Any, np.dtype[np.bool_]]


def tag_codes(marks: Marks) -> tuple[np.ndarray[Any, Any], dict[str, Any]]:
    """Return a colour code for every row, and the legend, as `table.colors.color_codes` does.

    Parameters
    ----------
    marks : Marks
        Of a study.

    Returns
    -------
    codes : numpy.ndarray of uint8 or uint16, shape (rows,)
        Of the row's first tag.
    legend : dict
        Most frequent tag first. A value's "color" is what was chosen for the tag, else its place among all tags: so it
        keeps its colour when others become more frequent.
    """
    import numpy as np

    counts = marks.sheet.tag_counts()
    places = {tag: place for place, tag in enumerate(marks.styles)}
    colors = {tag: style.color for tag, style in marks.styles.items()}
    shown = sorted(counts, key=lambda tag: (-counts[tag], places[tag]))[:MAX_CATEGORIES]
    code_of = {tag: CODE_FIRST + i for i, tag in enumerate(shown)}
    firsts = [CODE_NULL if tag is None else code_of.get(tag, CODE_OTHER) for tag in marks.sheet.firsts()]
    kind = np.uint8 if len(shown) <= BYTE_CATEGORIES else np.uint16
    legend = {
        "kind": "category",
        "values": [
            {"value": tag, "label": tag, "count": counts[tag], "color": colors[tag] or places[tag]}
            for tag in shown
        ],
        "other": {
            "values": len(counts) - len(shown),
            "count": sum(count for tag, count in counts.items() if tag not in code_of),
        },
        "nulls": marks.sheet.rows - marks.sheet.count("tags"),
        "notComputed": 0,
    }
    return marks.sheet.spread(np.array(firsts, dtype=kind)), legend


def with_selected(marks: Marks, legend: dict[str, Any], mask: Mask | None) -> dict[str, Any]:
    """Return the legend with how many selected rows have each tag, as `table.colors.selected_counts` does."""
    counts = marks.sheet.tag_counts(mask)
    values = [{**value, "selected": counts.get(value["value"], 0)} for value in legend["values"]]
    shown = {value["value"] for value in values}
    other = sum(count for tag, count in counts.items() if tag not in shown)
    return {**legend, "values": values, "other": {**legend["other"], "selected": other}}
