"""What a study tells its views: that something changed, and how far a step has come."""

from __future__ import annotations

import _thread
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from datalens.core.progress import listening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Events:
    """Listeners, the count of changes, and the step that is running.

    Attributes
    ----------
    lock : threading.RLock
        Held while state is read or changed; never while a step computes.
    revision : int
        Counts up with every change that a view would show.
    running : str or None
        The step at work.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.revision = 0
        self.running: str | None = None
        self._running_thread: int | None = None
        self._listeners: list[Callable[[str, Any], None]] = []

    def listen(self, listener: Callable[[str, Any], None]) -> Callable[[], None]:
        """Call `listener(event, detail)` at each change; returns a function that ends it.

        Events are "changed" (detail None) and "progress" (detail (label, done, total), or None at the end).
        A listener is called with the lock held, must be quick and must not raise.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def tell_changed(self) -> None:
        """Count the revision up and tell the listeners."""
        with self.lock:
            self.revision += 1
            for listener in tuple(self._listeners):
                listener("changed", None)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Mark a step as running while the block computes, and pass its progress on to the listeners."""

        def tell(label: str, done: int, total: int | None) -> None:
            for listener in tuple(self._listeners):
                listener("progress", (label, done, total))

        self.running, self._running_thread = name, threading.get_ident()
        try:
            with listening(tell):
                yield
        except KeyboardInterrupt:
            # Screens of a library's internals would hide the one thing to know.
            msg = f"{name} was stopped. The lens is as it was before."
            raise KeyboardInterrupt(msg) from None
        finally:
            self.running = self._running_thread = None
            for listener in tuple(self._listeners):
                listener("progress", None)

    def stop(self) -> bool:
        """Interrupt the step that is running, as the notebook's stop button does; returns whether one was."""
        main = threading.main_thread().ident
        if self.running is None or main is None or self._running_thread != main:
            return False
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main, signal.SIGINT)  # wakes it from a system call too
        else:
            _thread.interrupt_main()
        return True
