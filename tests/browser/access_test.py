"""The explorer for those who don't see it, or use no mouse: what axe finds, the map in words, what is said, Tab."""

from __future__ import annotations

from pathlib import Path

import pytest

from browser.gestures import MapHand

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "js/node_modules/axe-core/axe.min.js"
# Four clouds in the corners and one in the middle, the largest first; the third has a label that would be markup.
CELL = """
import numpy as np, pandas as pd, datalens as dl
rng = np.random.default_rng(0)
labels = ["oil", "chips & fabs", "<img src=x onerror=alert(1)>", "courts", "tours"]
group = np.repeat(np.arange(5), [700, 500, 400, 250, 150])
places = np.array([[-9, 9], [9, 9], [0, 0], [-9, -9], [9, -9]])[group] + rng.normal(size=(2000, 2))
rows = pd.DataFrame({{
    "id": [f"p{{i}}" for i in range(2000)], "text": [f"the text of sample {{i}}" for i in range(2000)],
    "label": np.array(labels)[group], "loss": rng.gamma(2, size=2000), "x": places[:, 0], "y": places[:, 1],
}})
vectors = rng.normal(size=(2000, 8)).astype("float32")
lens = dl.Lens(rows, text="text", label="label", key="id", x="x", y="y", embedding=vectors, store={store!r})
"""
WORDS = ["upper left", "upper right", "centre", "lower left", "lower right"]
# JupyterLab's body is clipped to no height, by which axe takes all of the page for hidden.
SEEN = "body { height: 100vh }"
LOOK = """async () => {
  const { violations, passes } = await axe.run({ include: [[".datalens"]] }, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"],
    resultTypes: ["violations", "passes"],
  });
  const compared = passes.find(({ id }) => id === "color-contrast")?.nodes ?? [];
  return {
    found: violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`)),
    compared: compared.filter(({ any }) => any[0]?.data?.contrastRatio).length,
  };
}"""
# Counts what live regions say from now on.
LISTEN = """() => {
  window.said = [];
  for (const region of document.querySelectorAll(".datalens [aria-live]"))
    new MutationObserver(() => window.said.push(region.textContent))
      .observe(region, { childList: true, characterData: true, subtree: true });
}"""
# Where the focus is, by the part of the view.
PART = """() => {
  const parts = { "dl-toolbar": "toolbar", "dl-map": "map", "dl-words": "words", "dl-legend": "legend",
    "dl-table-panel": "table", "dl-reader": "reader", "dl-similar": "neighbours", "dl-where": "bar" };
  const splitter = document.activeElement.closest(".dl-splitter");
  for (const [name, part] of Object.entries(parts)) if (document.activeElement.closest(`.${name}`)) return part;
  return splitter ? "splitter" : "outside";
}"""


@pytest.fixture
def explorer(notebook, tmp_path):
    """Open an explorer, coloured by its labels, with a sample in focus."""

    def open_explorer(*, theme="light", width=1400):
        book = notebook(
            [CELL.format(store=str(tmp_path)), "view = lens.explore(height=700)\nview"],
            theme=theme,
            width=width,
            height=1000
            if width > 1000
            else 2400,  # all of it is on the screen, since axe looks at nothing else
        )
        book.run_all()
        output = book.output(1)
        MapHand(book.page, output)
        output.get_by_role("region", name="Legend").get_by_role("button", name="oil").wait_for()
        book.value("setattr(lens, 'focus', 'p7')")
        output.get_by_role("region", name="Reader").get_by_text("the text of sample 7", exact=True).wait_for()
        output.get_by_role("region", name="Neighbours").get_by_role("option").first.wait_for()
        return book, output

    return open_explorer


class Axe:
    """Looks at all explorers of a page with axe-core, from disk."""

    def __init__(self, page):
        if not AXE.exists():
            pytest.skip("needs axe-core: npm --prefix js install")
        self.page = page
        page.add_style_tag(content=SEEN)
        page.evaluate(AXE.read_text())
        self.found = []

    def look(self, state):
        """Note what is to be mended; `state` says what is shown."""
        self.page.wait_for_function("!document.querySelector('.datalens [data-loading=true]')")
        result = self.page.evaluate(LOOK)
        self.found += [f"{state}: {violation}" for violation in result["found"]]
        assert result["compared"] > 10, f"{state}: axe has compared few colours"


@pytest.mark.parametrize("width", [1400, 700])
@pytest.mark.parametrize("theme", ["light", "dark"])
def axe_finds_nothing_test(explorer, theme, width):
    book, output = explorer(theme=theme, width=width)
    page = book.page
    axe = Axe(page)
    axe.look("colored by category")

    output.get_by_role("application", name="Map").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    output.get_by_label("Selected").get_by_text("500", exact=True).wait_for()
    axe.look("the map in words, one value isolated")

    output.get_by_role("combobox", name="Color", exact=True).select_option("loss")
    page.get_by_text("drag to select a range").wait_for()
    axe.look("colored by number")

    where = output.get_by_role("region", name="Where")
    for name in ("Copy as pandas", "Saved selections", "History", "label is"):
        where.get_by_role("button", name=name).first.click()
        output.locator(".dl-menu").wait_for()
        axe.look(name)
        page.keyboard.press("Escape")
    where.get_by_role("button", name="Type a condition").click()
    where.get_by_role("combobox", name="Condition").press_sequentially("lo")
    where.get_by_role("option").first.wait_for()
    axe.look("a condition being typed")
    page.keyboard.press("Escape")

    output.get_by_role("button", name="Keys").click()
    output.get_by_role("dialog", name="Keys").wait_for()
    axe.look("the sheet of keys")
    assert not axe.found, "\n".join(axe.found)
    book.assert_clean()


def the_map_in_words_is_walked_by_keys_test(explorer):
    book, output = explorer()
    page = book.page
    words = output.get_by_role("group", name="Map in words")
    assert "2,000 points, 2,000 of 2,000 rows selected, colored by label: 5 values" in words.inner_text()
    assert words.bounding_box()["width"] < 2
    rows = words.get_by_role("listitem")
    rows.get_by_text("upper left").wait_for(state="attached")
    assert [row.inner_text().split("\n")[-1] for row in rows.all()] == WORDS
    assert "<img src=x onerror=alert(1)>" in rows.nth(2).inner_text()

    output.get_by_role("application", name="Map").focus()
    page.keyboard.press("Tab")
    assert words.bounding_box()["width"] > 200
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    output.get_by_label("Selected").get_by_text("250", exact=True).wait_for()
    assert book.value("lens.selection.frame()['label'].unique().tolist()") == ["courts"]
    rows.nth(3).get_by_role("button", pressed=True).wait_for()
    rows.nth(3).get_by_text("selected", exact=True).wait_for()
    rows.nth(0).get_by_text("0", exact=True).wait_for()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+Enter")
    output.get_by_label("Selected").get_by_text("950", exact=True).wait_for()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(PART) == "map"
    assert words.bounding_box()["width"] < 2

    output.get_by_role("combobox", name="Color", exact=True).select_option("loss")
    page.wait_for_function(
        "words => words.textContent.endsWith('950 of 2,000 rows selected, colored by loss')",
        arg=words.element_handle(),
    )
    book.assert_clean()


def each_gesture_is_announced_once_and_no_hover_test(explorer):
    book, output = explorer()
    page = book.page
    hand = MapHand(page, output)
    page.evaluate(LISTEN)
    for x in range(60, 260, 20):
        hand.hover(x, 150)
    assert page.evaluate("window.said") == []
    output.get_by_role("region", name="Legend").get_by_role("button", name="courts").click()
    output.get_by_label("Selected").get_by_text("250", exact=True).wait_for()
    # The reader says besides where its sample is among them.
    said = [text for text in page.evaluate("window.said") if text[0].isdigit() and "selected" in text]
    assert list(dict.fromkeys(said)) == ["250 of 2,000 selected"]
    book.assert_clean()


@pytest.mark.parametrize("width", [1400, 700])
def tab_goes_as_the_eye_does_and_out_again_test(explorer, width):
    book, output = explorer(width=width)
    page = book.page
    output.get_by_role("button", name="Pan", exact=True).focus()
    parts = []
    for _ in range(120):
        part = page.evaluate(PART)
        if part == "outside":
            break
        if part != "splitter" and part not in parts[-1:]:
            parts.append(part)
        page.keyboard.press("Tab")
    assert part == "outside"
    panels = ["table", "reader", "neighbours"]
    below = [*panels, "bar"] if width > 1000 else ["bar", *panels]
    assert parts == ["toolbar", "map", "words", "legend", *below]
    # The sheet of keys keeps the focus until it is closed, and gives it back.
    output.get_by_role("button", name="Pan", exact=True).focus()
    page.keyboard.press("?")
    for _ in range(3):
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('.dl-help'))")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.ariaLabel") == "Pan"
    book.assert_clean()
