"""A kernel that restarts, ends or was never there; the same lens on several pages: each view shows something true."""

from __future__ import annotations

import numpy as np
import pytest

from browser.gestures import MapHand
from browser.linked_test import GRID, corner, selected

pytestmark = pytest.mark.browser

SAVE_STATE = "@jupyter-widgets/jupyterlab-manager:plugin"
# What JupyterLab itself says of a kernel that is gone.
GONE = (
    r"Canceled future",
    r"status of 404.*api/kernels",
    r"WebSocket",
    r"Kernel .*dead",
    r"api/(kernels|sessions)",
)


def saved_banner(output):
    return output.locator(".dl-saved")


def says(output, sentence):
    saved_banner(output).filter(has_text=sentence).wait_for()


def lasso_works_on_what_was_saved(book, output, count=25):
    hand = MapHand(book.page, output)
    assert hand.colours() > 20
    hand.lasso(corner(hand, 5, 5))
    selected(book, count)
    output.get_by_role("region", name="Table").get_by_text(f"of {count}").first.wait_for()


@pytest.mark.parametrize("end", ["restart", "kill", "die"])
def a_view_outlives_its_kernel_test(notebook, end):
    book = notebook([GRID, "lens.explore()", "import os\nos._exit(1)"])
    book.run(0)
    book.run(1)
    output = book.output(1)
    MapHand(book.page, output)
    if end == "restart":
        book.restart_kernel()
    elif end == "kill":
        book.kill_kernel()
    else:
        book.start(2)
        says(output, "The kernel was restarted.")
        # JupyterLab says so as well, over the page.
        book.page.locator(".jp-Dialog").get_by_role("button", name="Ok").click()
        book.idle()
    says(output, "The kernel has ended." if end == "kill" else "The kernel was restarted.")
    says(output, "You see all 400 rows as saved before.")
    assert output.get_by_label("Selected").first.text_content() == "400 of 400 saved rows selected"
    assert output.get_by_role("application", name="Map").get_attribute("data-points") == "400"
    lasso_works_on_what_was_saved(book, output)
    assert output.get_by_role("button", name="Copying as code needs the kernel").is_visible()
    if end == "restart":
        book.run(0)
        book.run(1)
        output = book.output(1)
        MapHand(book.page, output)
        selected(book, 400)
        assert saved_banner(output).count() == 0
        assert book.value("lens.selection.count") == 400
    book.assert_clean(*GONE)


@pytest.mark.parametrize(("app", "before"), [("lab", 400), ("notebook", 4)])
def a_kernel_restarted_from_elsewhere_test(notebook, lab, app, before):
    """By the server's own interface, as another tab does it: nobody tells the page."""
    book = notebook([GRID, "lens.explore()"], app=app)
    book.run_all()
    output = book.output(1)
    hand = MapHand(book.page, output)
    if before == 4:
        hand.lasso(corner(hand, 2, 2))
    selected(book, before)
    (kernel,) = [session["kernel"]["id"] for session in lab.api("sessions") if session["path"] == book.name]
    lab.api(f"kernels/{kernel}/restart", "POST")
    book.idle()
    hand.lasso(corner(hand, 5, 5))
    says(output, "The kernel was restarted. You see all 400 rows as saved before.")
    # What the map drew ahead of the kernel is taken back: all say what was selected before.
    selected(book, before)
    hand.wait_for_grey(*hand.to_screen(np.array([[3.0, 3.0]]))[0], grey=before == 4)
    hand.wait_for_grey(*hand.to_screen(np.array([[9.0, 9.0]]))[0], grey=before == 4)
    output.get_by_role("region", name="Table").get_by_text(f"of {before}").first.wait_for()
    assert output.get_by_text("no conditions").count() == (before == 400)
    lasso_works_on_what_was_saved(book, output)
    assert output.locator(".dl-problem, .dl-status:not(:empty)").count() == 0
    book.assert_clean(*GONE)


def a_notebook_opened_again_shows_what_was_saved_test(notebook, lab):
    """JupyterLab starts a kernel for it, which has run no cell."""
    lab.settings(SAVE_STATE, {"saveState": True})
    try:
        big = GRID.replace("range(400)", "range(30_000)").replace("% 20", "% 200").replace("// 20", "// 200")
        book = notebook([big, "lens.explore()", "lens.selection = dl.col('y') < 75"])
        book.run_all()
        selected(book, 15_000)
        path = book.save()
        assert path.stat().st_size < 4_000_000
        book.kill_kernel()
        book.reload()
        output = book.output(1)
        says(output, "You see a sample of 20,000 of the 30,000 rows as saved before.")
        says(output, "Run the notebook's cells again to go on.")
        hand = MapHand(book.page, output)
        assert hand.surface.get_attribute("data-points") == "20000"
        assert hand.colours() > 20
        assert output.locator(".dl-problem").count() == 0  # the banner has said it
        count = output.get_by_label("Selected").first.text_content()
        assert count.endswith("of 20,000 saved rows selected")
        assert 9_800 < int(count.split()[0].replace(",", "")) < 10_200
        where = output.get_by_role("region", name="Where")
        where.get_by_text("y < 75").wait_for()
        where.get_by_role("button", name="Clear all conditions").click()
        selected(book, 20_000)
        output.get_by_role("region", name="Legend").get_by_role("button", name="left").click()
        where.get_by_text("side == left").wait_for()
        assert book.value("'lens' in globals()") is False
        assert book.page.locator(".datalens-still:visible").count() == 0
        book.assert_clean(*GONE)
        # Seen without any kernel, Jupyter's widgets wait for one: the picture stands there.
        book.kill_kernel()
        open_without_kernel(book)
        still_stands(book, "30,000 rows, 30,000 on the map, colored by side")
    finally:
        lab.settings(SAVE_STATE, {"saveState": False})


def views_opened_again_say_once_that_there_is_no_kernel_test(notebook, lab):
    """What views ask by themselves while the saved rows are read is no news: the banner says it."""
    lab.settings(SAVE_STATE, {"saveState": True})
    try:
        big = GRID.replace("range(400)", "range(30_000)").replace(
            'df["side"]', 'df["text"] += " word" * 99; df["side"]', 1
        )
        book = notebook([big, "lens.explore()", "dl.Map(lens)", "lens.focus = 'p5'"])
        book.run_all()
        for cell in (1, 2):
            MapHand(book.page, book.output(cell))
        book.output(1).get_by_label("Color").select_option("loss")
        book.append("lens.selection = dl.col('y') < 75")
        book.idle()
        book.save()
        book.kill_kernel()
        book.reload()
        for cell in (1, 2):
            says(book.output(cell), "Opened from the saved notebook.")
            MapHand(book.page, book.output(cell))
        assert book.page.locator(".dl-problem").all_inner_texts() == []
        book.assert_clean(*GONE)
    finally:
        lab.settings(SAVE_STATE, {"saveState": False})


def open_without_kernel(book):
    """Open the notebook anew, and start no kernel for it."""
    book.page.goto("about:blank")
    book.page.goto(f"{book.lab.address}/lab?token={book.lab.token}&reset")
    book.page.wait_for_function("window.jupyterapp?.restored")
    script = """async name => {
      const app = window.jupyterapp;
      await app.restored;
      const kernelPreference = {shouldStart: false, canStart: false};
      await app.commands.execute("docmanager:open", {path: name, kernelPreference});
    }"""
    book.page.evaluate(script, book.name)


def still_stands(book, title):
    image = book.page.locator(".datalens-still img")
    image.wait_for(state="visible")
    assert image.evaluate("node => node.naturalWidth") == 1440
    book.page.wait_for_function(
        "document.querySelector('.datalens-still img').getBoundingClientRect().height > 400"
    )
    assert title in image.get_attribute("alt")
    book.page.get_by_text("A picture from when the cell ran; run the cell to explore.").wait_for()


def a_notebook_without_saved_state_shows_the_picture_test(notebook):
    book = notebook([GRID, "lens.explore()"])
    book.run_all()
    MapHand(book.page, book.output(1))
    assert book.page.locator(".datalens-still:visible").count() == 0
    book.save()
    book.kill_kernel()
    book.reload()
    still_stands(book, "400 rows, 400 on the map, colored by side")
    book.assert_clean(*GONE, "model not found", "widget")


def displayed_twice_test(notebook):
    """In one cell and in another: all are the same, and one taken away leaves the rest."""
    book = notebook([GRID, "view = lens.explore(height=560)\nview", "display(view)", "display(view, view)"])
    book.run_all()
    hand = MapHand(book.page, book.output(1))
    hand.lasso(corner(hand, 5, 5))
    for cell in (1, 2, 3):
        output = book.output(cell)
        MapHand(book.page, output)
        for count in output.get_by_label("Selected").all():
            count.get_by_text("25", exact=True).wait_for()
    assert book.output(3).locator(".datalens").count() == 2
    book.page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets[1].model.clearExecution()")
    second = book.output(2)
    assert book.page.locator(".datalens").count() == 3
    second.get_by_role("button", name="Undo").click()
    second.get_by_label("Selected").get_by_text("400", exact=True).first.wait_for()
    assert book.value("lens.selection.count") == 400
    assert book.page.locator(".datalens-still:visible").count() == 0
    book.assert_clean()


def a_tab_reloaded_while_a_cell_runs_test(notebook, lab):
    """Jupyter brings widgets back when the cell has ended: until then the picture stands there."""
    slow = """
import pathlib, time

def slow(text):
    while not pathlib.Path("slow-may-end").exists():
        time.sleep(0.05)
    return len(text)

lens.add_signal(slow, batch_size=5)
"""
    book = notebook([GRID, "lens.explore()", slow])
    book.run(0)
    book.run(1)
    hand = MapHand(book.page, book.output(1))
    book.save()
    book.start(2)
    hand.lasso(corner(hand, 5, 5))
    selected(book, 25)
    book.page.goto("about:blank")
    book.page.goto(f"{lab.address}/lab/tree/{book.name}")
    book.page.locator(".jp-Notebook .jp-Cell .cm-content").first.wait_for()
    still_stands(book, "400 rows, 400 on the map, colored by side")
    (lab.folder / "slow-may-end").touch()
    output = book.output(1)
    hand = MapHand(book.page, output)
    selected(book, 25)
    assert book.page.locator(".datalens-still:visible").count() == 0
    assert saved_banner(output).count() == 0
    output.get_by_label("Color").select_option("slow")
    output.get_by_role("region", name="Legend").get_by_text("slow").first.wait_for()
    hand.surface.press("Escape")
    selected(book, 400)
    assert book.value("lens.selection.count") == 400
    book.assert_clean("Comm not found")  # progress for widgets that Jupyter had not brought back yet


def two_notebooks_on_one_kernel_test(notebook, lab):
    book = notebook([GRID, "lens.explore()"])
    book.run_all()
    hand = MapHand(book.page, book.output(1))
    other = notebook(["lens.explore()"])
    model = book.page.evaluate(
        "window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.model"
    )
    other.page.evaluate(
        "async model => window.jupyterapp.shell.currentWidget.context.sessionContext.changeKernel(model)",
        model,
    )
    other.idle()
    other.run(0)
    there = MapHand(other.page, other.output(0))
    hand.lasso(corner(hand, 5, 5))
    selected(book, 25)
    selected(other, 25)
    there.lasso(corner(there, 2, 2), hold="Alt")
    selected(other, 21)
    selected(book, 21)
    point = there.to_screen(np.array([[7.0, 3.0]]))[0]
    there.click(*point)
    for page in (book, other):
        page.page.get_by_role("region", name="Reader").get_by_text(
            "the text of sample p67", exact=True
        ).wait_for()
    assert book.value("lens.focus") == "p67"
    book.assert_clean()
    other.assert_clean()


def a_websocket_dropped_and_back_test(notebook):
    book = notebook([GRID, "lens.explore()"])
    book.run_all()
    hand = MapHand(book.page, book.output(1))
    book.page.evaluate(
        """() => {
          const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
          window.back = kernel.reconnect();
        }"""
    )
    hand.lasso(corner(hand, 5, 5))
    book.page.evaluate("window.back")
    selected(book, 25)
    assert book.value("lens.selection.count") == 25
    book.value("setattr(lens, 'selection', dl.col('loss') >= 0.75)")
    selected(book, 100)
    book.assert_clean(*GONE)


def a_page_without_its_connection_test(notebook):
    book = notebook([GRID, "lens.explore()"])
    book.run_all()
    output = book.output(1)
    hand = MapHand(book.page, output)
    book.page.context.set_offline(True)
    reconnect = "window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.reconnect()"
    book.page.evaluate(f"void {reconnect}.catch(() => {{}})")
    hand.lasso(corner(hand, 5, 5))
    output.locator(".dl-status").get_by_text("no connection to the kernel", exact=True).wait_for()
    book.page.context.set_offline(False)
    book.page.evaluate(reconnect)
    selected(book, 25)
    output.locator(".dl-status:empty").wait_for(state="attached")
    assert book.value("lens.selection.count") == 25
    assert saved_banner(output).count() == 0
    book.assert_clean(*GONE, "ERR_INTERNET_DISCONNECTED", "Failed to fetch")
