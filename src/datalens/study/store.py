"""Where the journal of a study is: opened when somebody needs it, and watched for what other notebooks do."""

from __future__ import annotations

import logging
import sys
import threading
import warnings
import weakref
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from datalens.core.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from datalens.journal import Journal, Place
    from datalens.study.marks import Change
    from datalens.table.source import Source

log = logging.getLogger("datalens")

# How often other notebooks' changes are looked for while views are open: a person waits no longer, and a look costs
# some microseconds.
WATCH_SECONDS = 1.0
# Rows of a frame that tell whether it is the same one as the last time, evenly spread.
SIGN_ROWS = 1_000
# Changes of marks that studies of one journal may not have seen yet: each is told at once.
CHANGES_KEPT = 64
# What a journal in a folder of the user's is called for a frame, which has no name.
FRAME = "frame"
# The setting under which a journal says which columns its data had, and how many it tells.
COLUMNS = "columns"
MOST_COLUMNS = 500


class Store:
    """The journal of one dataset; a study and its samples share it.

    Nothing is read before somebody asks, and no file is made before the first change.

    Parameters
    ----------
    source : Source
        The rows.
    folder : pathlib.Path, optional
        Where the user wants the journal; else it is beside the files, or for a frame where
        `datalens.journal.place_of_frame` says.
    """

    def __init__(self, source: Source, folder: Path | None = None) -> None:
        self._source, self._folder = source, folder
        self._lock = threading.RLock()
        self._place: Place | None = None
        self._journal: Journal | None = None
        self._fingerprint: str | None = None
        self._listeners: list[Callable[[], None]] = []
        self._watchers = 0
        self._ended = threading.Event()
        self._told: set[str] = set()
        self._was_nothing = False  # at the last look
        # The last changes of marks, so that who knew what was before one of them need not read all marks again.
        self.changes: deque[Change] = deque(maxlen=CHANGES_KEPT)

    @property
    def place(self) -> Place:
        """Where the journal is or will be."""
        with self._lock:
            if self._place is None:
                self._place = self._find_place()
            return self._place

    @property
    def fingerprint(self) -> str:
        """A hash of the data: of footers, sizes and times of files, of the content of a frame; made once."""
        with self._lock:
            if self._fingerprint is None:
                source = self._source
                stamp = getattr(source, "stamp", None)
                names = source.schema.names
                self._fingerprint = stamp or fingerprint(names, *(source.fingerprint(n) for n in names))
            return self._fingerprint

    @property
    def journal(self) -> Journal:
        """The journal, opened at the first call."""
        from datalens.journal import Journal

        with self._lock:
            if self._journal is None:
                source = self._source
                self._journal = Journal.open(
                    self.place, title=source.title, identity=source.identity, fingerprint=self.fingerprint
                )
                self._journal.changed()
                self._say()
            return self._journal

    def peek(self) -> Journal | None:
        """Return the journal where one is open or lies on disk already; None where nothing was ever kept."""
        with self._lock:
            if self._journal is None and not self.place.path.exists():
                return None
            return self.journal

    @contextmanager
    def writing(self) -> Iterator[Journal]:
        """Change the journal in the block; who listens is told at its end, and the user where it is kept.

        Examples
        --------
        >>> import pyarrow as pa, tempfile
        >>> from pathlib import Path
        >>> from datalens.table.opening import open_source
        >>> store = Store(open_source(pa.table({"id": [1, 2]}), key="id"), Path(tempfile.mkdtemp()))
        >>> end = store.listen(lambda: print("changed"))
        >>> with store.writing() as journal:
        ...     journal.tag([1], "good")
        1
        changed
        """
        journal = self.journal
        is_new = not journal.path.exists()
        yield journal
        if is_new and journal.path.exists() and journal.is_saved:
            journal.set_setting(COLUMNS, self._source.schema.names[:MOST_COLUMNS])
        if self.place.printed and is_new and journal.is_saved and journal.path.exists():
            print(f"Kept in {journal.path}")  # noqa: T201 - nobody would look there; a folder of one's own is store=
        self.look()

    def rescue(self) -> Path:
        """Write a journal that could only be kept in memory to the user's own data folder, and go on there.

        Returns
        -------
        pathlib.Path
            Where it is now.

        Raises
        ------
        OSError
            When it can't be written there either.
        """
        from datalens.journal import place_of_frame

        journal = self.journal
        first = place_of_frame(self.fingerprint, self._source.schema.names).path
        tried, number = first, 2
        while True:
            try:
                tried.parent.mkdir(parents=True, exist_ok=True)
                journal.save_as(tried)
            except FileExistsError:
                tried, number = first.with_name(f"{number}-{first.name}"), number + 1
            else:
                return tried

    def look(self) -> None:
        """Tell who listens where anybody has changed the journal since the last look."""
        was_there = self._journal is not None
        journal = self.peek()
        if journal is None:
            self._was_nothing = True
            return
        # What another notebook has just made is news to whoever saw that there was nothing.
        changed = journal.changed() or (self._was_nothing and not was_there)
        self._was_nothing = False
        self._say()
        if changed:
            for listener in tuple(self._listeners):
                listener()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener()` after each change, by whoever made it, on any thread; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def watch(self) -> Callable[[], None]:
        """Look once a second, on a thread of its own, until the returned function is called."""
        with self._lock:
            self._watchers += 1
            if self._watchers == 1:
                self._was_nothing = self._journal is None and not self.place.path.exists()
                self._ended = threading.Event()
                thread = threading.Thread(
                    target=_watch, args=(weakref.ref(self), self._ended), name="datalens-journal", daemon=True
                )
                thread.start()
        return _once(self._end_watch)

    def _end_watch(self) -> None:
        with self._lock:
            self._watchers -= 1
            if self._watchers == 0:
                self._ended.set()

    def _say(self) -> None:
        """Warn the user of what is wrong with the journal, each thing once."""
        journal = self._journal
        said = [] if journal is None else [*journal.warnings, *([journal.problem] if journal.problem else [])]
        for sentence in said:
            if sentence not in self._told:
                self._told.add(sentence)
                warnings.warn(sentence, stacklevel=depth_outside())

    def _find_place(self) -> Place:
        from datalens.journal import place_beside, place_in, place_of_frame

        source = self._source
        origins: tuple[Path, ...] = getattr(source, "origins", ())
        if self._folder is not None:
            return place_in(self._folder, source.title) if origins else self._frame_in(self._folder)
        return place_beside(origins) if origins else place_of_frame(self._sign(), source.schema.names)

    def _frame_in(self, folder: Path) -> Place:
        """Return the place of a frame in a folder: the journal of one with about its columns, else a new one."""
        from datalens.journal import place_in

        number = 1
        while True:
            place = place_in(folder, FRAME if number == 1 else f"{FRAME} {number}")
            if not place.path.exists() or self._is_like(place):
                return place
            number += 1

    def _is_like(self, place: Place) -> bool:
        """Say whether a journal may be of an earlier state of this frame: it had at least half of its columns."""
        from datalens.journal import Journal

        source = self._source
        with Journal.open(place, title=FRAME, identity=source.identity, fingerprint="") as journal:
            then = journal.settings().get(COLUMNS)
            if journal.problem or not isinstance(then, list):
                return True  # it is said when it is opened
        names, key = set(source.schema.names), set(source.identity.columns)
        had = {name for name in then if isinstance(name, str)} - key
        return not had or 2 * len(had & names) >= len(had)

    def _sign(self) -> str:
        """Return a hash of a frame's types and of some of its rows: the same frame has it the next time too."""
        import numpy as np

        source = self._source
        chosen = np.unique(
            np.linspace(0, max(0, source.rows - 1), min(SIGN_ROWS, source.rows)).astype(np.int64)
        )
        kinds = [(field.name, str(field.type)) for field in source.schema]
        return fingerprint(source.rows, kinds, source.take(chosen, source.schema.names))


def _watch(store: weakref.ref[Store], ended: threading.Event) -> None:
    while not ended.wait(WATCH_SECONDS):
        alive = store()
        if alive is None:
            return
        try:
            alive.look()
        except Exception:  # one look that fails must not be the last
            log.warning("the journal could not be looked at", exc_info=True)
        del alive  # nobody else may need it: the thread must not keep it


def _once(work: Callable[[], None]) -> Callable[[], None]:
    """Return a function that does some work when it is first called."""
    left = [work]

    def do() -> None:
        if left:
            left.pop()()

    return do


def depth_outside() -> int:
    """Return how many frames up the user's own code is, for a warning that names its line."""
    frame: Any = sys._getframe(1)  # noqa: SLF001 - the documented way; inspect.stack reads files
    depth = 1
    while frame is not None and str(frame.f_globals.get("__name__", "")).startswith(
        ("datalens.", "contextlib")
    ):
        frame, depth = frame.f_back, depth + 1
    return depth
