"""What a journal keeps: marks, tags' styles, saved selections, settings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from datalens.core.keys import Identity
from datalens.journal import Journal, Marks, Place, SavedSelection, TagStyle
from datalens.predicate import col

ID = Identity("column", ("id",))


def opened(path, identity=ID, fingerprint="f0"):
    return Journal.open(Place(path, printed=False), title="rows", identity=identity, fingerprint=fingerprint)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "rows.datalens.sqlite"


def opening_writes_nothing_test(path):
    journal = opened(path)
    assert journal.marks() == Marks()
    assert journal.selections() == [] == journal.tag_styles()
    assert journal.settings() == {}
    assert journal.is_saved
    assert journal.problem is None
    assert not path.exists()


def a_tag_is_there_after_reopening_test(path):
    assert opened(path).tag(["a", "b"], "boilerplate") == 2
    assert opened(path).marks().tags == (["a", "b"], ["boilerplate", "boilerplate"])


def tagging_counts_the_rows_that_are_new_with_it_test(path):
    journal = opened(path)
    journal.tag(["a"], "spam")
    assert journal.tag(["a", "b", "b"], "spam") == 1
    assert journal.tag(["a"], "other") == 1


def untag_one_or_all_test(path):
    journal = opened(path)
    journal.tag(["a", "b"], "spam")
    journal.tag(["a"], "other")
    assert journal.untag(["a", "c"], "spam") == 1
    assert journal.untag(["a", "b", "c"], None) == 2
    assert journal.marks().tags == ([], [])


def notes_stars_and_seen_test(path):
    journal = opened(path)
    assert journal.note("a", "odd")
    assert journal.note("a", "very odd")
    assert not journal.note("a", "very odd")
    assert journal.star(["a", "b"]) == 2
    assert journal.star(["b"], on=False) == 1
    assert journal.see(["c", "a"]) == 2
    assert opened(path).marks() == Marks(notes={"a": "very odd"}, stars=["a"], seen=journal.marks().seen)
    assert set(journal.marks().seen) == {"a", "c"}
    assert journal.note("a", None)
    assert journal.marks().notes == {}


def save_as_goes_on_there_test(path, tmp_path):
    journal = opened(path)
    journal.tag(["a"], "spam")
    journal.save_as(tmp_path / "other.sqlite")
    journal.tag(["b"], "spam")
    assert journal.path == tmp_path / "other.sqlite"
    assert opened(tmp_path / "other.sqlite").marks().tags[0] == ["a", "b"]
    assert opened(path).marks().tags[0] == ["a"]


def another_journal_sees_the_change_test(path):
    one, two = opened(path), opened(path)
    assert not two.changed()
    one.tag(["a"], "spam")
    assert two.changed()
    assert not two.changed()
    two.tag(["b"], "spam")
    assert one.changed()
    assert one.marks() == two.marks()


def saved_selections_test(path):
    saved = SavedSelection(
        "long",
        (col("x") > 1).to_json(),
        "a note",
        "2026-11-21T00:00:00Z",
        "me",
        2,
        10,
        {"x": "v1"},
        ["a", "b"],
        "f0",
    )
    opened(path).save(saved)
    (found,) = opened(path).selections()
    assert found.identity == ID
    assert found.keys == ["a", "b"]
    assert found.versions == {"x": "v1"}


KEYS = [
    *(1, "1", 2**63, 1.5, True, b"\x00\xff", "\ud800", "", "a\x00b", Decimal("1.50"), dt.timedelta(days=1)),
    *(
        dt.date(2024, 2, 29),
        dt.datetime.fromisoformat("2024-02-29T01:02:03"),
        dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    ),
]


def keys_of_any_kind_come_back_test(path):
    opened(path).tag(KEYS, "t")
    found = opened(path).marks().tags[0]
    assert sorted(map(repr, found)) == sorted(map(repr, KEYS))


def styles_test(path):
    journal = opened(path)
    journal.tag(["a", "b"], "spam")
    journal.set_tag_style("spam", color="#ff0000", digit=1)
    journal.set_tag_style("good", color=None, digit=1)
    assert journal.tag_styles() == [TagStyle("spam", "#ff0000", None, 2), TagStyle("good", None, 1, 0)]
