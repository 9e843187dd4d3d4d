"""The harness itself: a widget in JupyterLab answers to a click, and nothing else happens on the page."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

COUNTER = '''
import anywidget, traitlets

class Counter(anywidget.AnyWidget):
    _esm = """
    export default {
      render({ model, el }) {
        const button = document.createElement("button");
        button.textContent = "add one";
        button.addEventListener("click", () => {
          model.set("count", model.get("count") + 1);
          model.save_changes();
        });
        el.append(button);
      },
    };
    """
    count = traitlets.Int(0).tag(sync=True)

counter = Counter()
counter
'''


def a_click_reaches_python_test(notebook):
    book = notebook([COUNTER, "counter.count"])
    book.run(0)
    book.output(0).get_by_role("button", name="add one").click()
    assert book.run(1) == "1"
    assert book.value("counter.count") == 1
    assert book.append_and_run("print('at', counter.count)") == "at 1"
    book.assert_clean()


def a_reloaded_page_shows_the_widget_of_the_living_kernel_test(notebook):
    book = notebook([COUNTER])
    book.run_all()
    book.value("setattr(counter, 'count', 4)")
    book.save()
    book.reload()
    book.output(0).get_by_role("button", name="add one").click()
    assert book.value("counter.count") == 5
    book.assert_clean()


def the_kernel_can_be_ended_test(notebook):
    book = notebook(["1 + 1"])
    book.run(0)
    book.kill_kernel()
    assert book.text(0).splitlines()[0] == "2"  # a kernel may add a word about its own end
    book.assert_clean()


@pytest.mark.parametrize("theme", ["light", "dark"])
def theme_test(notebook, theme):
    book = notebook(["1"], theme=theme, width=800, height=600)
    paper = book.page.evaluate(
        "getComputedStyle(document.body).getPropertyValue('--jp-layout-color0').trim()"
    )
    assert paper == {"light": "white", "dark": "#111"}[theme]
    assert book.page.viewport_size == {"width": 800, "height": 600}
    book.assert_clean()


def an_error_in_a_cell_fails_the_test_test(notebook):
    book = notebook(["1 / 0"])
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        book.run(0)
    assert "ZeroDivisionError" in book.run(0, allow_error=True)


def requests_to_other_hosts_are_seen_test(notebook):
    book = notebook(["1"])
    book.page.evaluate("fetch('https://example.org/x.js').catch(() => null)")
    with pytest.raises(AssertionError, match=r"example\.org"):
        book.assert_clean()
