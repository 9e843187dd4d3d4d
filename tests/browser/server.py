"""A server of one's own for tests: on 127.0.0.1, on a free port, with nothing of the user's."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Self

START_SECONDS = 90  # a cold start on a busy machine with two cores takes twenty
POLL_SECONDS = 0.1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server(ABC):
    """A program that serves notebooks from ``folder``; a context manager that starts and ends it.

    Parameters
    ----------
    folder
        Where notebooks, log and private settings go.
    name
        What the program is called where it does not start.
    variables
        The environment that it is run in, in place of this process's own.
    """

    def __init__(self, folder: Path, name: str, variables: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.variables = os.environ if variables is None else variables
        self.folder = folder / "notebooks"
        self.private = folder / "private"
        self.log = folder / f"{name}.log"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    @abstractmethod
    def command(self) -> list[str]:
        """Return what starts the program."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Return what is set for it beside that."""

    @abstractmethod
    def ask(self) -> object:
        """Ask it anything; OSError while it does not answer."""

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                env={**self.variables, **self.environment()},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_it_answers()
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _wait_until_it_answers(self) -> None:
        never = Event()  # between two questions, not in place of an answer
        for _ in range(int(START_SECONDS / POLL_SECONDS)):
            if self.process.poll() is not None:
                break
            try:
                self.ask()
            except OSError:
                never.wait(POLL_SECONDS)
            else:
                return
        log = self.log.read_text(errors="replace")[-3000:]
        msg = f"{self.name} did not answer within {START_SECONDS} seconds. Its log ends:\n{log}"
        raise RuntimeError(msg)
