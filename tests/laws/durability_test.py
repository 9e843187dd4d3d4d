"""A process that writes a journal is killed at any moment: what it acknowledged is there, and the file opens clean.

`make test` kills 25, `make laws` 500.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from laws.journal_writer import change, opened

ASKED = os.environ.get("DATALENS_LAWS")
#: A tenth of the trees that the law of predicates is tried on.
KILLS = int(ASKED) // 10 if ASKED else 25
#: A journal is killed so many times before a new one is begun: the making of one is killed, too.
LIVES = 5
WRITER = Path(__file__).with_name("journal_writer.py")


@pytest.fixture
def writer():
    process = subprocess.Popen(
        [sys.executable, str(WRITER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    yield process
    process.stdin.close()
    process.wait(30)


def killed(writer, path, seed, mode, draw):
    """Let a process write, kill it at some moment, and return how many changes it acknowledged."""
    writer.stdin.write(f"{path} {seed} {mode}\n".encode())
    writer.stdin.flush()
    child = int(writer.stdout.readline())
    wanted = draw.choice([0, 0, 1, 5, 20])
    lines = [writer.stdout.readline().decode().strip() for _ in range(wanted)]
    time.sleep(
        draw.random() * 0.02 if wanted else draw.random() * 0.05
    )  # any moment, and not only after a change
    os.kill(child, signal.SIGKILL)
    while (line := writer.stdout.readline().decode().strip()) != "dead":
        lines.append(line)
    assert lines == [str(number) for number in range(len(lines))]
    return len(lines)


def content(journal):
    """Return all that a journal holds, to be compared."""
    marks = journal.marks()
    tagged = {}
    for key, tag in zip(*marks.tags, strict=True):
        tagged.setdefault(key, []).append(tag)
    selections = {saved.name: (saved.predicate, saved.keys) for saved in journal.selections()}
    return tagged, marks.notes, set(marks.stars), set(marks.seen), selections, journal.settings()


def apply(journal, seed, number):
    with journal.transaction():
        for method, values in change(seed, number):
            getattr(journal, method)(*values)


def killed_at_any_moment_no_acknowledged_change_is_lost_test(writer, tmp_path):
    draw = random.Random(None if ASKED else 5)
    # The same changes in a journal that nobody kills.
    twin = opened(tmp_path / "twin-0.sqlite")
    for kill in range(KILLS):
        life, turn = divmod(kill, LIVES)
        path = tmp_path / f"killed-{life}.sqlite"
        if turn == 0:
            twin.close()
            twin = opened(tmp_path / f"twin-{life}.sqlite")
        seed = draw.randrange(10**9)
        acknowledged = killed(writer, path, seed, draw.choice(["wal", "delete"]), draw)
        for number in range(acknowledged):
            apply(twin, seed, number)
        with opened(path) as journal:
            assert journal.problem is None
            assert journal.warnings == []
            found = content(journal)
        if found != content(twin):  # the change that was at work may be there, whole
            apply(twin, seed, acknowledged)
            assert found == content(twin), (
                f"kill {kill}, seed {seed}: after {acknowledged} acknowledged changes"
            )
        if path.exists():
            with sqlite3.connect(path) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            connection.close()
    twin.close()
