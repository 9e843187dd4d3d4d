"""Answers to the fixed verbs, from a study. No widget, no browser: tests ask it directly."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from datalens.study.completing import Completer
from datalens.table.display import ROW_CHARACTERS, TABLE_DIGITS, cells
from datalens.widgets.bar import BAR_VERBS, complete
from datalens.widgets.marks import MARK_VERBS, UNLOCKED, shown_marks
from datalens.widgets.neighbours import neighbours, snippets
from datalens.widgets.protocol import wire_points
from datalens.widgets.refine import refine
from datalens.widgets.saved import SAVED_VERBS
from datalens.widgets.state import lens_state, map_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from datalens.predicate import Predicate
    from datalens.space.points import Points
    from datalens.study.clauses import About
    from datalens.study.study import Study

    Arrays = Mapping[str, np.ndarray[Any, Any]]
    Answer = tuple[Any, Arrays]

NOTHING: dict[str, Any] = {}
MAX_PAGE = 500  # rows; the views ask for 25 to 100
MAX_SNIPPETS = 64
# Answers about neighbours that can still be made a clause: those in view, and what is on its way.
ABOUTS_KEPT = 32
MODES = ("replace", "add", "subtract", "intersect")


class Desk:
    """Answers what views ask of one study.

    Parameters
    ----------
    study : Study
        What is looked at.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self._points: tuple[str, Points] | None = None
        self._abouts: dict[Predicate, About] = {}
        self._colors: dict[tuple[str, str | None, str | None], tuple[Any, dict[str, Any]]] = {}
        self._verbs: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "hello": self._hello,
            "points": self._ask_points,
            "refine": partial(refine, self),
            "color": self._color,
            "legend": self._legend,
            "clause": self._clause,
            "clear": self._clear,
            "undo": self._undo,
            "redo": self._redo,
            "focus": self._focus,
            "page": self._page,
            "locate": self._locate,
            "row": self._row,
            "snippet": self._snippet,
            "neighbours": self._neighbours,
            "code": self._code,
            "stop": self._stop,
            "complete": partial(complete, Completer(study)),
        }
        for verb, handler in {**BAR_VERBS, **SAVED_VERBS, **MARK_VERBS}.items():
            self._verbs[verb] = partial(handler, study)

    def answer(self, verb: Any, args: Any) -> Answer:
        """Answer one request; the input is untrusted.

        Parameters
        ----------
        verb : str
            One of the fixed verbs.
        args : dict
            Its arguments, as protocol.ts has them.

        Returns
        -------
        result : JSON value
            As protocol.ts has it.
        arrays : dict of str to numpy.ndarray
            Binary results.

        Raises
        ------
        ValueError, TypeError, KeyError, IndexError
            With a sentence for the person.
        """
        handler = self._verbs.get(verb) if isinstance(verb, str) else None
        if handler is None or not isinstance(args, dict):
            msg = f"The view asked for {str(verb)[:40]!r}, which this version of DataLens does not know. Reload the page."
            raise ValueError(msg)
        if verb == "stop" or verb in UNLOCKED:  # must not wait for a step that holds the lock
            return handler(args)
        with self.study.lock:
            return handler(args)

    def mask_bits(self) -> np.ndarray[Any, np.dtype[np.uint8]] | None:
        """Return the selection, a bit per ordinal, least significant first; None while all is selected."""
        import numpy as np

        mask = self.study.mask()
        return None if mask is None else np.packbits(mask, bitorder="little")

    def _hello(self, _: dict[str, Any]) -> Answer:
        bits = self.mask_bits()
        return lens_state(self.study), NOTHING if bits is None else {"mask": bits}

    # The map ------------------------------------------------------------------------------------------

    def points(self) -> tuple[str, str, str, Points]:
        """Return the map's columns, version and points; placed once per version.

        Raises
        ------
        ValueError
            When there are no coordinates.
        """
        from datalens.space.points import place_points
        from datalens.study.spatial import map_columns

        x, y = map_columns(self.study, "The map")
        version = map_version(self.study, x, y)
        if self._points is None or self._points[0] != version:
            self._points = (version, place_points(self.study.floats(x), self.study.floats(y)))
        return x, y, version, self._points[1]

    def _ask_points(self, _: dict[str, Any]) -> Answer:
        x, y, version, points = self.points()
        placed = wire_points(x, y, points, self.study.rows)
        return {"version": version, **placed[0]}, placed[1]

    def _coded(self, args: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Return codes by ordinal and the legend with its counts."""
        from datalens.study.tag_colors import tag_codes, with_selected
        from datalens.table.colors import color_codes, selected_counts

        name, scale = str(args.get("column")), args.get("scale")
        self.study.check_column(name)
        version = self.study.version(name)
        marks, is_tags = self.study.marks, name == self.study.marks.names.get("tags")
        place = (name, version, scale)
        if place not in self._colors:
            # An older version of the column is never asked for again.
            self._colors = {k: v for k, v in self._colors.items() if k[0] != name or k[1] == version}
            kind = self.study.describe(name).kind
            missing = self.study.missing(name)
            self._colors[place] = (
                tag_codes(marks)
                if is_tags
                else color_codes(
                    self.study.column(name), kind, scale=scale or self.study.scale(name), missing=missing
                )
            )
        codes, legend = self._colors[place]
        mask = self.study.mask_without(f"column:{name}")
        if is_tags:
            return codes, with_selected(marks, legend, mask)
        return codes, selected_counts(codes, legend, mask)

    def coloring(self, column: str, scale: str | None) -> tuple[np.ndarray[Any, Any], dict[str, Any]]:
        """Return a colour code for every row by ordinal, and the legend with its "column"."""
        codes, legend = self._coded({"column": column, "scale": scale})
        return codes, {**legend, "column": column}

    def _color(self, args: dict[str, Any]) -> Answer:
        codes, legend = self._coded(args)
        _, _, version, _ = self.points()
        return {**legend, "column": args["column"], "points": version}, {"codes": codes}

    def _legend(self, args: dict[str, Any]) -> Answer:
        _, legend = self._coded(args)
        return {**legend, "column": args["column"], "points": ""}, NOTHING

    # Gestures -----------------------------------------------------------------------------------------

    def _clause(self, args: dict[str, Any]) -> Answer:
        from datalens.predicate import Predicate
        from datalens.study.gestures import exact

        source, mode = str(args.get("source")), args.get("mode", "replace")
        if mode not in MODES:
            msg = f"Unknown way to combine a selection: {str(mode)[:40]!r}."
            raise ValueError(msg)
        given = args.get("predicate")
        predicate = None if given is None else exact(self.study, Predicate.from_dict(given))
        # The kernel knows what it answered; the browser can't make up what a condition is called.
        about = None
        if source == "neighbours" and mode == "replace" and predicate is not None:
            about = self._abouts.get(predicate)
        self.study.set_clause(source, predicate, mode, about)
        return None, NOTHING

    def _clear(self, _: dict[str, Any]) -> Answer:
        self.study.select(None)
        return None, NOTHING

    def _undo(self, _: dict[str, Any]) -> Answer:
        self.study.undo()
        return None, NOTHING

    def _redo(self, _: dict[str, Any]) -> Answer:
        self.study.redo()
        return None, NOTHING

    def _focus(self, args: dict[str, Any]) -> Answer:
        ordinal = args.get("ordinal")
        self.study.set_focus(None if ordinal is None else _whole(ordinal, "ordinal"))
        return None, NOTHING

    def _stop(self, _: dict[str, Any]) -> Answer:
        self.study.stop()
        return None, NOTHING

    # Rows ---------------------------------------------------------------------------------------------

    def _sorted(self, args: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
        from datalens.table.paging import selected_order

        sort = [(str(s["column"]), bool(s["descending"])) for s in args.get("sort") or []]
        return selected_order(self.study.order(sort), self.study.mask(), self.study.rows)

    def _page(self, args: dict[str, Any]) -> Answer:
        import numpy as np

        order = self._sorted(args)
        start = max(0, _whole(args.get("start", 0), "start"))
        count = min(MAX_PAGE, max(0, _whole(args.get("count", 25), "count")))
        names = self._page_columns(args.get("columns"))
        ordinals = np.ascontiguousarray(order[start : start + count])
        table = self.study.take(ordinals, names)
        columns = [self._cells(name, table.column(name), ordinals, TABLE_DIGITS) for name in names]
        rows = [
            {"ordinal": int(o), "key": self.study.key_of(int(o)), "cells": [column[i] for column in columns]}
            for i, o in enumerate(ordinals)
        ]
        result = {
            "start": start,
            "total": len(order),
            "of": self.study.rows,
            "revision": self.study.revision,
            "columns": names,
            "rows": rows,
        }
        return result, NOTHING

    def _page_columns(self, asked: Any) -> list[str]:
        """Return the columns of a page: all but vectors, and what was looked at, where none were asked for by name."""
        if asked is None:
            seen = self.study.marks.names.get("seen")  # it changes with each row that is read
            names = [name for name in self.study.names() if name != seen]
            return [name for name in names if self.study.describe(name).kind != "vector"]
        names = [str(name) for name in asked]
        for name in names:
            self.study.check_column(name)
        return names

    def _cells(self, name: str, column: Any, ordinals: Any, digits: int | None) -> list[Any]:
        missing = self.study.missing(name)
        if self.study.live([name]):
            column = shown_marks(column)
        found = cells(column, digits=digits) if digits else cells(column, characters=ROW_CHARACTERS)
        if missing is None:
            return found
        return [
            {"state": "not computed"} if gone else cell
            for cell, gone in zip(found, missing[ordinals], strict=True)
        ]

    def _locate(self, args: dict[str, Any]) -> Answer:
        import numpy as np

        places = np.flatnonzero(self._sorted(args) == _whole(args.get("ordinal"), "ordinal"))
        return {"index": int(places[0]) if len(places) else None}, NOTHING

    def _row(self, args: dict[str, Any]) -> Answer:
        import numpy as np

        ordinal = _whole(args.get("ordinal"), "ordinal")
        if not 0 <= ordinal < self.study.rows:
            msg = f"There is no row {ordinal:,}: the dataset has {self.study.rows:,} rows."
            raise IndexError(msg)
        ordinals = np.array([ordinal])
        marks = self.study.marks.names.values()  # the verb "marks" tells them
        names = [name for name in self.study.names() if name not in marks]
        shown = [name for name in names if self.study.describe(name).kind != "vector"]
        table = self.study.take(ordinals, shown)
        columns = [
            {
                "name": name,
                "kind": self.study.describe(name).kind,
                "role": self.study.roles.of(name),
                "derived": name in self.study.derived,
                "cell": self._cells(name, table.column(name), ordinals, None)[0],
            }
            for name in shown
        ]
        return {"ordinal": ordinal, "key": self.study.key_of(ordinal), "columns": columns}, NOTHING

    def _snippet(self, args: dict[str, Any]) -> Answer:
        import numpy as np

        asked = args.get("ordinals")
        if not isinstance(asked, list):
            msg = "snippet needs a list of ordinals."
            raise TypeError(msg)
        ordinals = np.array([_whole(o, "ordinal") for o in asked[:MAX_SNIPPETS]], dtype=np.int64)
        if len(ordinals) and not (ordinals.min() >= 0 and ordinals.max() < self.study.rows):
            msg = f"The dataset has {self.study.rows:,} rows."
            raise IndexError(msg)
        keys = [self.study.key_of(int(o)) for o in ordinals]
        return {"texts": snippets(self.study, ordinals), "keys": keys}, NOTHING

    def _neighbours(self, args: dict[str, Any]) -> Answer:
        result, predicate, about = neighbours(self.study, args)
        if predicate is not None and about is not None:
            self._abouts.pop(predicate, None)
            self._abouts[predicate] = about
            if len(self._abouts) > ABOUTS_KEPT:
                del self._abouts[next(iter(self._abouts))]
        return result, NOTHING

    def _code(self, args: dict[str, Any]) -> Answer:
        from datalens.study.code import code_forms

        return {"forms": code_forms(self.study, str(args.get("dialect", "pandas")))}, NOTHING


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        msg = f"{name} must be a whole number, not {str(value)[:40]!r}."
        raise TypeError(msg)
    return value
