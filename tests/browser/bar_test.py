"""The predicate bar in JupyterLab: typed with what it proposes, counted, grouped, undone, saved, found again."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

CELL = """
import pandas as pd, datalens as dl
rows = pd.DataFrame({{
    "id": [f"r{{i}}" for i in range(600)],
    "source": ["web", "web", "book"] * 200,
    "loss": [i / 100 if i % 50 else None for i in range(600)],
    "x": [float(i % 30) for i in range(600)], "y": [float(i // 30) for i in range(600)],
}})
lens = dl.Lens(rows, key="id", x="x", y="y", store={store!r})
"""


@pytest.fixture
def book(notebook, tmp_path):
    opened = notebook([CELL.format(store=str(tmp_path)), "lens.explore()"])
    opened.run(0)
    opened.run(1)
    return opened


def counted(book, n):
    """Wait until the view says how many rows are selected."""
    book.output(1).get_by_label("Selected").get_by_text(f"{n} of 600", exact=False).first.wait_for()


def typed(book, text):
    where = book.output(1).get_by_role("region", name="Where")
    where.get_by_role("button", name="Type a condition").click()
    line = where.get_by_role("combobox", name="Condition")
    line.press_sequentially(text)
    return where, line


def has_text(line, text):
    """Wait until what was proposed is in the line: it has to be asked for first."""
    wanted = "([line, text]) => line.value === text"
    line.page.wait_for_function(wanted, arg=[line.element_handle(), text])


def conditions_are_typed_grouped_switched_off_and_saved_test(book):
    expected = book.value("rows.query(\"source == 'web' and loss > 3\")['id'].tolist()")
    where, line = typed(book, "sou")
    where.get_by_role("option", name="source category").wait_for()
    line.press("Tab")
    has_text(line, "source")
    line.press_sequentially(" == ")
    where.get_by_role("option", name="'web' 400 rows").wait_for()
    line.press("Tab")
    has_text(line, "source == 'web'")
    line.press_sequentially(" and loss > 3")
    where.get_by_text(f"{len(expected)} rows").wait_for()
    line.press("Enter")
    counted(book, len(expected))
    assert book.value("lens.selection.keys()") == expected

    chips = where.locator(".dl-chip-label")
    chips.nth(1).press("n")
    both = "((rows.source == 'web') {} ~(rows.loss > 3))"
    counted(book, book.value(f"int({both.format('&')}.sum())"))
    chips.nth(1).click()
    where.get_by_role("menuitem", name="This or").click()
    counted(book, book.value(f"int({both.format('|')}.sum())"))
    chips.first.press("d")
    counted(book, 600)
    chips.first.press("d")

    where.get_by_role("button", name="Saved selections").click()
    where.get_by_label("Name of the selection").fill("either <b>")
    where.get_by_label("Name of the selection").press("Enter")
    where.get_by_role("list", name="Saved").get_by_text("either <b>").wait_for()
    where.get_by_label("Name of the selection").press("Escape")
    again = "dl.Lens(rows, key='id', store=lens.store).selections['either <b>'].keys()"
    assert book.value(again) == book.value("lens.selection.keys()")

    where.get_by_role("button", name="History").click()
    where.get_by_role("menuitemradio").last.click()
    counted(book, 600)
    assert book.value("lens.history.position") == 0


def what_is_wrong_is_said_under_its_character_test(book):
    where, line = typed(book, "source contians 'w'")
    where.get_by_text("Did you mean 'contains'?").wait_for()
    assert where.locator(".dl-wrong").inner_text() == "source contians 'w'"
    assert where.locator(".dl-wrong mark").inner_text() == "c"
    line.press("Enter")
    assert book.value("lens.selection.count") == 600
    line.press("Escape")
    assert where.get_by_role("combobox", name="Condition").count() == 0
