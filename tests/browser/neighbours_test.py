"""The neighbours as a person meets them: the list beside the reader, against distances worked out by numpy."""

from __future__ import annotations

import numpy as np
import pytest

from browser.gestures import MapHand

pytestmark = pytest.mark.browser

AG_NEWS = """
import numpy as np, pandas as pd, datalens as dl
folder = {folder!r}
df = pd.read_csv(folder + "/noisyagnews_val10000_human_noise.csv")
df.insert(0, "id", "news-" + df.index.astype(str))
vectors = np.load(folder + "/noisyagnews_minilm.npy").astype("float32")
# The plane of the two strongest directions: a map at once.
middle = vectors - vectors.mean(axis=0)
df[["x", "y"]] = middle @ np.linalg.eigh(middle.T @ middle)[1][:, [-1, -2]]
lens = dl.Lens(df, text="text", label="label", key="id", x="x", y="y", embedding=vectors)
"""


@pytest.fixture(scope="module")
def unit(test_data):
    vectors = np.load(test_data / "noisyagnews_minilm.npy").astype(np.float64)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def far_from(unit, row):
    """Return the cosine distances of all rows to one, itself left out as NaN."""
    far = 1 - unit @ unit[row]
    far[row] = np.nan
    return far


class Panel:
    """The panel of neighbours at a place on the page."""

    def __init__(self, output):
        self.region = output.get_by_role("region", name="Neighbours")
        self.rows = self.region.get_by_role("option")
        self.foot = self.region.locator("footer span")

    def wait_for(self, query, foot="20 of 9,999 · cosine"):
        self.region.locator(".dl-asked-name").get_by_text(query, exact=True).wait_for()
        self.region.locator("[role=tabpanel][aria-busy=false]").wait_for()
        self.foot.get_by_text(foot, exact=True).wait_for()
        return self

    def choose(self, name):
        self.region.get_by_role("tab", name=name, exact=True).click()
        return self

    def keys(self):
        return self.region.locator(".dl-near-key").all_inner_texts()

    def distances(self):
        return [float(text) for text in self.region.locator(".dl-near-far").all_inner_texts()]

    def say(self, text):
        field = self.region.get_by_role("textbox", name="Find what is like this text")
        field.fill(text)
        field.press("Enter")


def news(ordinals):
    return [f"news-{i}" for i in ordinals]


def the_list_is_that_of_all_distances_and_is_walked_through_test(notebook, test_data, unit):
    book = notebook([AG_NEWS.format(folder=str(test_data)), "lens.explore()"])
    book.run_all()
    output = book.output(1)
    MapHand(book.page, output)
    panel = Panel(output)
    panel.region.get_by_text("Click a sample to see what is like it").wait_for()
    output.get_by_role("region", name="Table").locator("tbody tr").nth(3).locator("td").first.click()
    far = far_from(unit, 3)
    panel.wait_for("news-3")
    near = np.argsort(far)[:20]
    assert panel.keys() == news(near)
    np.testing.assert_allclose(panel.distances(), far[near], atol=0.00006)
    # The farthest: NaN, the row itself, is sorted last.
    panel.choose("farthest").wait_for("news-3")
    last = np.argsort(-far)[:20]
    assert panel.keys() == news(last)
    np.testing.assert_allclose(panel.distances(), far[last], atol=0.00006)
    # A click is read, known in the kernel, and the list is that of the row.
    panel.choose("nearest").wait_for("news-3").rows.nth(1).click()
    reader = output.get_by_role("region", name="Reader")
    reader.get_by_text(f"news-{near[1]}", exact=True).wait_for()
    panel.wait_for(f"news-{near[1]}")
    assert panel.keys() == news(np.argsort(far_from(unit, near[1]))[:20])
    assert book.value("lens.focus") == f"news-{near[1]}"
    panel.region.get_by_role("button", name="Back to the sample before").click()
    panel.wait_for("news-3")
    # By key: the second row again.
    panel.region.get_by_role("listbox").press("ArrowDown")
    panel.region.get_by_role("listbox").press("ArrowDown")
    panel.region.get_by_role("listbox").press("Enter")
    panel.wait_for(f"news-{near[1]}")
    book.assert_clean()


def select_these_is_a_condition_of_the_list_test(notebook, test_data, unit):
    book = notebook([AG_NEWS.format(folder=str(test_data)), "lens.explore()", "lens.focus = 'news-77'"])
    book.run_all()
    output = book.output(1)
    MapHand(book.page, output)
    panel = Panel(output).wait_for("news-77")
    panel.region.get_by_role("button", name="Select these rows").click()
    output.get_by_role("region", name="Where").get_by_text("20 nearest to news-77", exact=True).wait_for()
    shown = news(np.argsort(far_from(unit, 77))[:20])
    assert set(book.value("lens.selection.keys()")) == set(shown) == set(panel.keys())
    # The centre of these twenty; what is like it takes their place.
    panel.region.get_by_role("button", name="Like the centre of the selection").click()
    panel.wait_for("the centre of 20 rows", "20 of 9,980 · cosine")
    chosen = np.argsort(far_from(unit, 77))[:20]
    centre = unit[chosen].mean(axis=0)
    far = 1 - unit @ centre / np.linalg.norm(centre)
    far[chosen] = np.nan
    assert panel.keys() == news(np.argsort(far)[:20])
    panel.region.get_by_role("button", name="Select these rows").click()
    output.get_by_role("region", name="Where").get_by_text("20 nearest to the centre of 20 rows").wait_for()
    assert set(book.value("lens.selection.keys()")) == set(panel.keys())
    book.assert_clean()


def near_duplicates_are_counted_test(notebook, test_data, unit):
    far = np.where(np.isnan(alike := 1 - unit @ unit.T), 9, alike)
    np.fill_diagonal(far, 9)
    most = int((far <= 0.05).sum(axis=1).argmax())
    lone = int((far <= 0.05).sum(axis=1).argmin())
    same = np.flatnonzero(far[most] <= 0.05)
    book = notebook([AG_NEWS.format(folder=str(test_data)), "lens.explore()", f"lens.focus = 'news-{most}'"])
    book.run_all()
    panel = Panel(book.output(1)).choose("duplicates")
    panel.wait_for(f"news-{most}", f"{len(same)} of 10,000 within 0.05")
    assert set(panel.keys()) == set(news(same))
    book.value(f"setattr(lens, 'focus', 'news-{lone}')")
    panel.region.get_by_text(f"No other row lies within 0.05 of news-{lone}.").wait_for()
    book.assert_clean()


# Pixels of marks on the map about a place: the surface holds them alone, the points are drawn below it.
MARKED = """({surface, x, y, wanted}) => {
  const scale = surface.width / surface.clientWidth, half = 10 * scale;
  const {data} = surface.getContext("2d").getImageData(x * scale - half, y * scale - half, 2 * half, 2 * half);
  return data.some((value, i) => i % 4 === 3 && value > 0) === wanted;
}"""


def hover_marks_the_row_on_the_map_test(notebook, test_data):
    book = notebook([AG_NEWS.format(folder=str(test_data)), "lens.explore()", "lens.focus = 'news-9'"])
    book.run_all()
    output = book.output(1)
    hand = MapHand(book.page, output)
    panel = Panel(output).wait_for("news-9").choose("farthest").wait_for("news-9")
    places = f"lens.to_frame().set_index('id').loc[{panel.keys()[:2]!r}, ['x', 'y']].to_numpy().tolist()"
    where = hand.to_screen(np.array(book.value(places)))
    surface = hand.surface.element_handle()

    def marked(place, wanted):
        x, y = where[place]
        book.page.wait_for_function(MARKED, arg={"surface": surface, "x": x, "y": y, "wanted": wanted})

    book.page.mouse.move(5, 5)
    marked(0, wanted=False)
    panel.rows.nth(0).hover()
    marked(0, wanted=True)
    panel.rows.nth(1).hover()
    marked(1, wanted=True)
    marked(0, wanted=False)
    book.page.mouse.move(5, 5)
    marked(1, wanted=False)
    book.assert_clean()


def typed_text_needs_an_encoder_test(notebook, test_data):
    book = notebook([AG_NEWS.format(folder=str(test_data)), "lens.explore()", "lens.embed(name='words')"])
    book.run(0)
    book.run(1)
    panel = Panel(book.output(1))
    panel.say("the price of crude oil")
    panel.region.get_by_text("lens.embed(vectors, encoder=function)").wait_for()
    book.run(2)
    panel.wait_for('"the price of crude oil"', "20 of 10,000 · cosine")
    expected = book.value("lens.similar(text='the price of crude oil')['id'].tolist()")
    assert panel.keys() == expected
    assert "oil" in panel.rows.first.inner_text().lower()
    panel.say("zzzzqqqq")
    panel.region.get_by_text("the encoder knows none of its words").wait_for()
    panel.say("")
    panel.region.get_by_text("Click a sample to see what is like it").wait_for()
    book.assert_clean()


def in_a_cell_of_its_own_linked_test(notebook, test_data, unit):
    book = notebook(
        [
            AG_NEWS.format(folder=str(test_data)),
            "dl.Similar(lens, height=300)",
            "dl.Table(lens, height=260)",
            "dl.Reader(lens, height=220)",
        ]
    )
    book.run_all()
    table = book.output(2).get_by_role("region", name="Table")
    table.locator("tbody tr").nth(2).locator("td").first.click()
    panel = Panel(book.output(1)).wait_for("news-2")
    near = np.argsort(far_from(unit, 2))[:20]
    assert panel.keys() == news(near)
    panel.rows.first.click()
    reader = book.output(3).get_by_role("region", name="Reader")
    reader.get_by_text(f"news-{near[0]}", exact=True).wait_for()
    panel.region.get_by_role("button", name="Select these rows").click()
    table.get_by_text("of 20").first.wait_for()
    book.assert_clean()


def without_vectors_the_reader_has_the_room_test(notebook):
    cells = [
        "import pandas as pd, datalens as dl\nlens = dl.Lens(pd.DataFrame({'t': ['a b', 'a c', 'b c']}), text='t')",
        "lens.explore()",
        "dl.Similar(lens)",
        "lens.embed()",
    ]
    book = notebook(cells)
    for i in range(3):
        book.run(i)
    book.output(2).get_by_text("No vectors: run lens.embed().").wait_for()
    explorer = book.output(1)
    explorer.get_by_role("region", name="Reader").wait_for()
    assert explorer.get_by_role("region", name="Neighbours").count() == 0
    book.run(3)
    explorer.get_by_role("region", name="Neighbours").wait_for()
    book.assert_clean()
