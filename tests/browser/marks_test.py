"""Marks as a person makes them: by key, by button, by reading; and there again in another kernel."""

from __future__ import annotations

import pytest

from browser.linked_test import selected

pytestmark = pytest.mark.browser

DATA = """
import pandas as pd, datalens as dl
df = pd.DataFrame({{"id": [f"p{{i}}" for i in range(400)], "x": [i % 20 for i in range(400)]}})
df["y"], df["text"] = df.index // 20, ["the text of sample " + key for key in df["id"]]
df.to_parquet({path!r})
"""
OPEN = """
import datalens as dl
lens = dl.Lens({path!r}, text="text", key="id", x="x", y="y")
lens.explore()
"""


def marks_outlive_the_kernel_test(notebook, tmp_path):
    path = str(tmp_path / "rows.parquet")
    book = notebook([DATA.format(path=path), OPEN.format(path=path)])
    book.run_all()
    output, keys = book.output(1), book.page.keyboard
    reader = output.get_by_role("region", name="Reader")
    root = output.locator(".datalens")
    root.focus()
    keys.press("j")
    # A new tag from the line, then by its key, also from the map.
    reader.get_by_label("Add a tag").fill("first")
    keys.press("Enter")
    reader.get_by_role("button", name="Take the tag first").wait_for()
    keys.press("Escape")
    keys.press("j")
    output.get_by_role("application", name="Map").focus()
    keys.press("1")
    keys.press("s")
    reader.get_by_role("button", name="Take the tag first").wait_for()
    reader.get_by_role("button", name="Take the star").wait_for()
    keys.press("n")
    keys.type("cut off")
    keys.press("Enter")
    # All that are selected, by the button that says how many.
    book.append_and_run("lens.selection = dl.col('y') < 2")
    selected(book, 40)
    reader.get_by_role("button", name="Tag 40 rows").click()
    menu = output.get_by_role("dialog", name="Tags")
    menu.get_by_label("Tag for all selected rows").fill("low")
    menu.get_by_role("button", name="Tag 40 rows", exact=True).click()
    menu.get_by_label("Name of low").wait_for()
    keys.press("Escape")
    # What stays in focus was looked at, and the queue goes on without it.
    reader.get_by_role("button", name="Next sample").get_by_text("39 left").wait_for()
    root.focus()
    keys.press("u")
    reader.get_by_text("p2", exact=True).wait_for()
    # They colour the map.
    output.get_by_label("Color").select_option("tags")
    legend = output.get_by_role("region", name="Legend")
    legend.get_by_role("button", name="first").click()
    selected(book, 2)
    book.restart_kernel()
    book.run(1)
    selected(book, 400)
    assert book.value("{tag: one.count for tag, one in lens.tags.items()}") == {"first": 2, "low": 40}
    again = book.value("lens.to_pandas().query('star').to_dict('records')[0]['note']")
    assert again == "cut off"
    assert book.value("bool(lens.to_pandas()['seen'].any())")
    output = book.output(1)
    output.locator(".datalens").focus()
    book.page.keyboard.press("j")
    chips = output.get_by_role("region", name="Reader").locator(".dl-tag")
    chips.nth(1).wait_for()
    assert chips.all_inner_texts() == ["first", "low"]
    book.assert_clean(r"status of 404.*api/kernels", r"Canceled future", r"Kernel .*dead")
