"""Worker processes that parse source files: started by path, so they need no `__main__` guard, and killed at once.

Not `multiprocessing`: its spawn imports the caller's `__main__` again (a script without a guard would run
twice), its fork is unsafe under a kernel's threads, and its pools linger on an interrupt.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from datalens.demo import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# More would gain little: below this many bytes a process's start costs as much as it saves.
BYTES_PER_WORKER = 1_000_000

# A wait without end can't be interrupted on Windows.
WAIT_SECONDS = 0.2

# What a file is skipped for when it takes its worker down with it.
CRASH = "Crash"

Answer: TypeAlias = "list[parse.Docstring] | str"


def read_files(
    paths: Sequence[str], sizes: Sequence[int], tell: Callable[[], object], *, workers: int = 2
) -> list[Answer]:
    """Parse files in worker processes.

    Parameters
    ----------
    paths : sequence of str
        The files.
    sizes : sequence of int
        Their bytes: the workers' shares are balanced by them.
    tell : callable
        Called without arguments after each file, in the caller's thread; what it raises kills the workers.
    workers : int, default 2
        At most this many processes; fewer where the files are few.

    Returns
    -------
    list
        For each path its docstrings, or the name of what it is skipped for. A file that kills its worker is
        skipped, and the rest are read by a new one. Where no process can be started (an embedded or a
        browser's Python), the files are read in this one.
    """
    answers: dict[int, Answer] = {}
    lines: queue.SimpleQueue[tuple[_Worker, bytes]] = queue.SimpleQueue()
    started: list[_Worker] = []

    def start(share: list[int]) -> None:
        if share:
            with suppress(OSError):  # no processes here: the loop at the end reads the files
                started.append(_Worker(paths, share, lines))

    def answer(index: int, found: Answer) -> None:
        answers[index] = found
        tell()

    count = max(1, min(workers, sum(sizes) // BYTES_PER_WORKER))
    try:
        for share in balance(sizes, count):
            start(share)
        while any(worker.running for worker in started):
            try:
                worker, line = lines.get(timeout=WAIT_SECONDS)
            except queue.Empty:
                continue
            if not worker.running:
                continue  # the end after half a line
            if line == parse.READY:
                worker.ready = True
            elif worker.ready and line.endswith(b"\n"):
                answer(worker.rest.pop(0), json.loads(line))
            else:  # the end of its output, or half a line that it died over
                worker.stop()
                if worker.ready and worker.rest:
                    answer(worker.rest.pop(0), CRASH)
                    start(worker.rest)
    finally:
        for worker in started:
            worker.stop()
    for index in sorted(set(range(len(paths))) - answers.keys()):
        answer(index, parse.read_docstrings(paths[index]))
    return [answers[index] for index in range(len(paths))]


def balance(sizes: Sequence[int], shares: int) -> list[list[int]]:
    """Deal indices into shares of nearly equal sums: the largest first, each to the lightest share.

    Parameters
    ----------
    sizes : sequence of int
        What is dealt.
    shares : int
        How many shares.

    Returns
    -------
    list of list of int
        Indices into `sizes`, ascending in each share, so that progress is even.

    Examples
    --------
    >>> balance([5, 1, 1, 3], 2)
    [[0], [1, 2, 3]]
    """
    dealt: list[list[int]] = [[] for _ in range(shares)]
    weights = [0] * shares
    for index in sorted(range(len(sizes)), key=lambda i: -sizes[i]):
        lightest = weights.index(min(weights))
        dealt[lightest].append(index)
        weights[lightest] += sizes[index]
    return [sorted(share) for share in dealt]


class _Worker:
    """One process and the thread that listens to it."""

    def __init__(
        self, paths: Sequence[str], share: list[int], lines: queue.SimpleQueue[tuple[_Worker, bytes]]
    ) -> None:
        self.rest = list(share)
        self.ready = False
        self.running = True
        # Isolated (-I) and without site (-S): it starts in hundredths of a second, and no file of the user's
        # can stand in for a module of the standard library.
        self.process = subprocess.Popen(  # noqa: S603  # this interpreter and a file of this package
            [sys.executable or "", "-I", "-S", str(Path(parse.__file__).resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        request = b"\0".join(os.fsencode(paths[index]) for index in share)
        self._listener = threading.Thread(target=self._listen, args=(request, lines), daemon=True)
        self._listener.start()

    def _listen(self, request: bytes, lines: queue.SimpleQueue[tuple[_Worker, bytes]]) -> None:
        if self.process.stdin is None or self.process.stdout is None:  # never: both are pipes
            return
        with suppress(OSError):  # a worker that died early: the end of its output tells
            with self.process.stdin as stdin:
                stdin.write(request)
            for line in self.process.stdout:
                lines.put((self, line))
        lines.put((self, b""))

    def stop(self) -> None:
        """Kill the process and wait until it is gone; harmless when it has ended."""
        self.running = False
        self.process.kill()
        self.process.wait()
        self._listener.join()
        if self.process.stdout is not None:
            self.process.stdout.close()
