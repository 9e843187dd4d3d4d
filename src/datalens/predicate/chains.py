"""Long chains of conditions in groups: what reads code, or runs it, bears a chain of a hundred, not of thousands."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

#: How many conditions stand between one pair of brackets.
CHAIN = 100
#: How many Arrow bears: it puts those in brackets into one chain, and goes through it by recursion.
LONGEST = 1000


def groups(parts: Sequence[T]) -> list[Sequence[T]]:
    """Return the parts of a chain in groups of nearly one size; no more groups than a chain may have parts.

    Groups of more than a chain may have are to be grouped again.

    Examples
    --------
    >>> [len(group) for group in groups(range(250))], groups(range(100))
    ([84, 83, 83], [])
    """
    if len(parts) <= CHAIN:
        return []
    size = CHAIN
    while len(parts) > size * CHAIN:
        size *= CHAIN
    count = -(-len(parts) // size)
    least, more = divmod(len(parts), count)
    ends = [i * least + min(i, more) for i in range(count + 1)]
    return [parts[i:j] for i, j in itertools.pairwise(ends)]


def ungrouped(kind: type[Any], parts: Sequence[Any]) -> tuple[Any, ...]:
    """Return the parts of a chain without the groups that it was printed in.

    Parameters
    ----------
    kind : type
        `And` or `Or`, which has its parts as `of`.
    parts : sequence
        What was read; as it is where `groups` makes other groups.
    """
    if len(parts) > 1 and all(isinstance(part, kind) for part in parts):
        whole = tuple(leaf for part in parts for leaf in part.of)
        if [len(part.of) for part in parts] == [len(group) for group in groups(whole)]:
            return whole
    return tuple(parts)
