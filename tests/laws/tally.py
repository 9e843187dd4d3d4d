"""What became of what engines were asked, counted over a run: the table at the end of `make laws`."""

from __future__ import annotations

from collections import Counter, defaultdict

from laws.refusals import LOUD, SAID, USED

#: Engine to what became of what it was asked: the same rows, a refusal, a frame that it can't hold, an error of its own.
TALLY: dict[str, Counter[str]] = defaultdict(Counter)
BECAME = ("agreed", "refused", "lossy", "failed")


def report() -> list[str]:
    """Return the table's lines, and the lines of `refusals` that nothing needed."""
    width = max(map(len, TALLY), default=0)
    lines = [" " * width + "".join(f"{word:>9}" for word in BECAME)]
    lines += [
        f"{name:{width}}" + "".join(f"{counts[word]:9,}" for word in BECAME) for name, counts in TALLY.items()
    ]
    rules = [(name, rule) for name, rules in (("SAID", SAID), ("LOUD", LOUD)) for rule in rules]
    lines += ["", "How often a line of refusals.py was needed:"]
    lines += [f"{USED[rule[:2]]:9,}  {name}: {rule[0]}: {rule[1]}" for name, rule in rules]
    return lines
