"""What became of what engines were asked, counted over a run: the table at the end of `make laws`."""

from __future__ import annotations

from collections import Counter, defaultdict

from laws.refusals import LOUD, OVERFLOW, SAID, USED

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
    lines += ["", "How often a line of refusals.py was needed, and by which engines:"]
    for name, rules in (("SAID", SAID), ("LOUD", LOUD), ("OVERFLOW", OVERFLOW)):
        for part, pattern, _ in rules:
            used = {engine: count for (*rule, engine), count in USED.items() if rule == [part, pattern]}
            lines.append(f"{sum(used.values()):9,}  {name}: {part}: {pattern}: {', '.join(used) or 'NEVER'}")
    return lines
