"""The one invisible model of a lens: it holds the comm and the JavaScript, and answers its views."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from datalens.widgets.desk import NOTHING, Desk
from datalens.widgets.keeper import SampleKeeper, at_the_end_of_cells
from datalens.widgets.protocol import PROTOCOL_VERSION, error_of, messages
from datalens.widgets.state import lens_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from datalens.study.study import Study
    from datalens.widgets.desk import Answer

STATIC = Path(__file__).parent.parent / "static"
# JupyterLab's server drops messages beyond 1,000 a second; a bar needs no more than this.
PROGRESS_SECONDS = 0.1

ID_CHARACTERS = 40
# Of requests cancelled, and of gestures done: what a browser may still send again is among the last few.
IDS_KEPT = 1_000

log = logging.getLogger("datalens")


def _nothing() -> None:
    """Stand in for the end of a subscription that never began."""


def _remember(ids: OrderedDict[int | str, None], number: int | str) -> None:
    ids[number] = None
    if len(ids) > IDS_KEPT:
        ids.popitem(last=False)


def _answer_where_asked(comm: Any) -> None:
    """Let a comm's messages be handled on the thread that the front end sends them to.

    JupyterLab sends them to a subshell, so that they are answered while a cell runs. ipykernel 7.4 overrules
    that once the kernel's main thread has sent something over the comm (progress, a selection made by code):
    what the browser sends next then waits for the running cell to end, the stop button's message too.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda _data, subshell: subshell  # noqa: SLF001


class Hub(anywidget.AnyWidget):
    """Holds the connection to the browser for every view of one study. Never displayed.

    Parameters
    ----------
    study : Study
        What the views look at.

    Attributes
    ----------
    state : dict
        `LensState` of protocol.ts, written by the kernel at each change and by nobody else. It outlives the
        kernel, so that a notebook opened again can say what it showed.
    sample : bytes
        At most 20,000 rows (`sample.pack_sample`), so that a notebook opened without a kernel has something to show.
        Written by the kernel at the end of a cell that made a view or changed columns; empty before.
    marks : dict
        "clauses": for each clause of `state`, which rows of the sample it selects, a bit each; written with `state`.
    """

    _esm = STATIC / "widget.js"

    state = traitlets.Dict().tag(sync=True)
    sample = traitlets.Bytes(b"").tag(sync=True, echo_update=False)
    marks = traitlets.Dict().tag(sync=True, echo_update=False)

    def __init__(self, study: Study) -> None:
        self._desk = Desk(study)
        self._study = study
        self._cancelled: OrderedDict[int | str, None] = OrderedDict()
        self._done: OrderedDict[int | str, None] = OrderedDict()
        self._sending = threading.RLock()
        self._sent_clauses: Any = None
        self._last_progress = 0.0
        self._end: Callable[[], None] = _nothing
        self._end_watching: Callable[[], None] = _nothing
        self._keeper: SampleKeeper | None = None
        self._end_keeping: Callable[[], None] = _nothing
        super().__init__()
        _answer_where_asked(self.comm)
        self.on_msg(self._on_message)
        # The browser asks nothing before it has this: whatever it asked earlier might find nobody listening.
        with study.lock:
            self.state = lens_state(study)
        self._end = study.listen(self._on_event)
        self._end_watching = study.store.watch()

    @property
    def is_open(self) -> bool:
        """Whether views can still reach the kernel through it."""
        return self.comm is not None and not self.comm._closed  # noqa: SLF001

    @property
    def desk(self) -> Desk:
        """What answers the views."""
        return self._desk

    def keep_sample(self, settings: dict[str, Any]) -> None:
        """Keep a sample with the notebook from the end of this cell on; called when a view is made.

        Parameters
        ----------
        settings : dict
            The view's: what it is coloured and sized by is in the sample.
        """
        if self._keeper is None:
            self._keeper = SampleKeeper(self._desk)
            self._end_keeping = at_the_end_of_cells(self._refresh_sample)
        self.prefer(settings)

    def prefer(self, settings: dict[str, Any]) -> None:
        """Keep rows and colours of what a view with these settings shows from the end of the next cell on."""
        if self._keeper is None:
            return
        names, look = self._study.names(), settings.get("look")
        if settings.get("color") in names:
            self._keeper.color = settings["color"]
        if isinstance(look, dict) and look.get("by") in names:
            self._keeper.size = look["by"]

    def _refresh_sample(self) -> None:
        # Requests end as cells do. The first are those of a view that comes up, which must not wait for a sample.
        if not self.sample and threading.current_thread() is not threading.main_thread():
            return
        if self._keeper is not None and self._keeper.refresh():
            self.sample = self._keeper.payload
            self.marks = self._keeper.marks()

    def close(self) -> None:
        """Close the connection; the views show what they last had."""
        self._end()
        self._end_watching()
        self._end_keeping()
        self._end_keeping = _nothing
        super().close()

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        """Answer a request. Runs on a thread of its own where the kernel has subshells."""
        if not isinstance(content, dict):
            return
        number = content.get("cancel", content.get("id"))
        if not isinstance(number, (int, str)) or len(str(number)) > ID_CHARACTERS:
            return
        if "cancel" in content:
            _remember(self._cancelled, number)
            return
        head = {"v": PROTOCOL_VERSION, "id": number}
        if number in self._cancelled:
            del self._cancelled[number]
            return
        if content.get("v") != PROTOCOL_VERSION:
            msg = "This page and the kernel have different versions of DataLens. Run the cell again."
            self._deliver(
                {**head, "revision": self._study.revision}, {"ok": False, "error": error_of(ValueError(msg))}
            )
            return
        try:
            if number in self._done:  # sent again after the connection was lost: a gesture counts once
                answer: Answer = (None, NOTHING)
            else:
                answer = self._desk.answer(content.get("verb"), content.get("args"))
        except Exception as error:
            log.warning("%s failed", content.get("verb"), exc_info=True)
            self._deliver({**head, "revision": self._study.revision}, {"ok": False, "error": error_of(error)})
            return
        result, arrays = answer
        if result is None:
            _remember(self._done, number)
        self._deliver({**head, "revision": self._study.revision}, {"ok": True, "result": result}, arrays)

    def _deliver(self, head: dict[str, Any], body: dict[str, Any], arrays: Any = None) -> None:
        # Parts of two messages must not mix: the browser joins them by order.
        with self._sending:
            for content, buffers in messages(head, body, arrays or {}):
                if head.get("id") in self._cancelled:
                    del self._cancelled[head["id"]]
                    return
                self.send(content, buffers)

    def _on_event(self, event: str, detail: Any) -> None:
        if event == "progress":
            self._on_progress(detail)
            return
        state = lens_state(self._study)
        head = {"v": PROTOCOL_VERSION, "event": "changed", "revision": self._study.revision}
        body: dict[str, Any] = {"state": state, "mask": "same"}
        arrays = {}
        if self._study.clauses is not self._sent_clauses:
            self._sent_clauses = self._study.clauses
            bits = self._desk.mask_bits()
            body["mask"] = "all" if bits is None else "array"
            arrays = {} if bits is None else {"mask": bits}
        self._deliver(head, body, arrays)
        self.state = state
        if self._keeper is not None:
            self.marks = self._keeper.marks()

    def _on_progress(self, detail: tuple[str, int, int | None] | None) -> None:
        now = time.monotonic()
        if detail is not None and now - self._last_progress < PROGRESS_SECONDS:
            return
        self._last_progress = now
        progress = None if detail is None else {"label": detail[0], "done": detail[1], "total": detail[2]}
        self._deliver(
            {"v": PROTOCOL_VERSION, "event": "progress", "revision": self._study.revision},
            {"progress": progress},
        )
