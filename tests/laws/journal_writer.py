"""A process that writes a journal without end and acknowledges each change, to be killed by durability_test.py.

It reads lines "<path> <seed> <mode>" and answers each with a child of its own, so that Python starts once for all.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import Any

from datalens.core.keys import Identity
from datalens.journal import Journal, Place, SavedSelection, connections
from datalens.predicate import col

Change = tuple[str, tuple[Any, ...]]


def opened(path: Path) -> Journal:
    return Journal.open(
        Place(path, printed=False), title="killed", identity=Identity("column", ("id",)), fingerprint="f"
    )


def change(seed: int, number: int) -> list[Change]:
    """Return the change of a number: methods of a journal, that are one transaction."""
    draw = random.Random(f"{seed} {number}")
    few = [draw.randrange(50) for _ in range(draw.choice([1, 1, 3]))]
    many = list(range(draw.randrange(900), 1000))
    tag = draw.choice("abc")
    one: Change = draw.choice(
        [
            ("tag", (few, tag)),
            ("tag", (many, tag)),
            ("untag", (few, tag)),
            ("untag", (many, None)),
            ("note", (few[0], draw.choice([None, f"note {number}", "long " * 2000]))),
            ("star", (few, draw.random() < 0.7)),
            ("see", (many, draw.random() < 0.7)),
            ("set_setting", ("view", {"number": number})),
            ("save", (SavedSelection(draw.choice("xyz"), (col("a") > number).to_json(), keys=few),)),
        ]
    )
    return [one, ("set_setting", ("last", number))] if draw.random() < 0.3 else [one]


def write(path: Path, seed: int) -> None:
    """Change the journal until somebody kills this process."""
    journal = opened(path)
    for number in range(1_000_000):
        with journal.transaction():
            for method, values in change(seed, number):
                getattr(journal, method)(*values)
        if journal.problem:
            os.write(1, f"{journal.problem}\n".encode())
            os._exit(1)
        os.write(1, f"{number}\n".encode())


def main() -> None:
    for line in sys.stdin:
        path, seed, mode = line.rsplit(" ", 2)
        child = os.fork()
        if not child:
            if mode.strip() == "delete":
                connections.shares_memory = lambda _: False
            os.write(1, f"{os.getpid()}\n".encode())
            write(Path(path), int(seed))
        os.waitpid(child, 0)
        os.write(1, b"dead\n")


if __name__ == "__main__":
    main()
