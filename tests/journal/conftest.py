"""Where the tests' journals are."""

from __future__ import annotations

import pytest

from journal.files import opened


@pytest.fixture
def path(tmp_path):
    """Return the place of a journal that is not there yet."""
    return tmp_path / "rows.datalens.sqlite"


@pytest.fixture
def written(path):
    """Return a journal with a tag, a note and a setting, closed."""
    with opened(path) as journal:
        journal.tag(["a", "b"], "spam")
        journal.note("a", "odd")
        journal.set_setting("view", {"color": "loss"})
    return path
