"""Two hundred frames that nobody would make on purpose: each opens whole, or is refused with a sentence."""

from __future__ import annotations

import pytest

from hostile.grammar import Hostile, frames
from hostile.looking import content, look, named, open_lens, select
from hostile.looking import place as place_on_a_map

# Each column is asked one predicate in so many, others by the next frame with such a column.
SHARE = 5
FRAMES = list(frames(draws=2))


def at_least_two_hundred_test():
    assert len(FRAMES) >= 200


@pytest.mark.parametrize("place", range(len(FRAMES)))
def opened_looked_at_selected_taken_away_test(place):
    hostile: Hostile = FRAMES[place]
    before = content(hostile.frame)
    if hostile.refused:
        with pytest.raises((ValueError, KeyError)) as caught:
            open_lens(hostile.frame)
        assert named(caught.value, hostile.refused), caught.value
        return
    lens, said = open_lens(hostile.frame)
    assert len(lens) == len(hostile.frame)
    assert all(any(repr(name) in sentence for name in lens._study.names()) for sentence in said)
    assert len(set(lens._study.source.keys().tolist())) == len(hostile.frame)
    look(lens)
    for i, name in enumerate(lens._study.names()):
        select(lens, hostile.frame, name, slice((place + i) % SHARE, None, SHARE))
    if lens._study.names():
        place_on_a_map(hostile.frame, lens._study.names()[place % len(lens._study.names())])
    assert content(lens.to_frame()) == before
    assert content(hostile.frame) == before
