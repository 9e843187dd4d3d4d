"""Names on the map and the map as a picture, as a person meets them: against places worked out in the kernel."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from browser.gestures import MapHand
from browser.neighbours_test import AG_NEWS

pytestmark = pytest.mark.browser

CLUSTERED = AG_NEWS + '\nlens.cluster(method="kmeans", n_clusters=24)\nview = lens.explore()'
# Where each name belongs, in data units, as the kernel works it out.
PLACES = """
def places():
    from datalens.widgets.naming import dense_places, shortened
    _, _, _, points = view.hub.desk.points()
    codes, legend = view.hub.desk.coloring("cluster_name", None)
    steps, _ = dense_places(points, codes[points.rows], len(legend["values"]))
    at = steps * points.scale + points.origin
    labels = [shortened(value["label"]).replace("...", "…") for value in legend["values"]]
    return {label: where.tolist() for label, where in zip(labels, at)}
"""
RINGED = """([canvas, x, y]) => {
  const { data } = canvas.getContext("2d").getImageData(x - 12, y - 12, 24, 24);
  return data.some((value, i) => i % 4 === 3 && value > 0);
}"""
LEGEND, HEAD = 200, 34


#: A map that stays as it is for so many frames is at rest; one that does not come to rest in so many never does.
STILL, FRAMES = 10, 600


def shown(output, page, *, until):
    """Return the names on the map at rest, as (text, x, y, width, height), once they are so."""
    layer, still, before = output.locator(".dl-map-names"), 0, None
    for _ in range(FRAMES):
        page.evaluate("new Promise(requestAnimationFrame)")
        text = layer.get_attribute("data-names")
        still = still + 1 if text == before else 0
        before = text
        if still > STILL and until(names := json.loads(text)):
            return names
    msg = f"the names stay {before}"
    raise AssertionError(msg)


def check_apart(names, camera):
    for i, (_, ax, ay, aw, ah) in enumerate(names):
        assert aw / 2 < ax < camera["width"] - aw / 2
        assert ah / 2 < ay < camera["height"] - ah / 2
        for _, bx, by, bw, bh in names[:i]:
            assert abs(ax - bx) >= (aw + bw) / 2 or abs(ay - by) >= (ah + bh) / 2


def names_pictures_and_rings_test(notebook, test_data, tmp_path):
    book = notebook([CLUSTERED.format(folder=str(test_data)) + PLACES, "view"])
    book.run(0)
    book.run(1)
    output, page = book.output(1), book.page
    hand = MapHand(page, output)
    names = shown(output, page, until=lambda names: len(names) > 4)
    camera = hand.camera()
    check_apart(names, camera)
    places = book.value("places()")
    for text, x, y, *_ in names:
        px, py = hand.to_screen(np.array([places[text]]))[0]
        assert np.hypot(px - x, py - y) < 1.5 or not 100 < px < camera["width"] - 100

    # More as one zooms in; what had a name keeps it.
    hand.surface.focus()
    page.keyboard.press("+")
    closer = shown(output, page, until=lambda _: hand.camera()["scale"] > 1.1 * camera["scale"])
    check_apart(closer, hand.camera())
    inside = {
        text
        for text, *_ in names
        if (
            np.abs(hand.to_screen(np.array([places[text]]))[0] - [camera["width"] / 2, camera["height"] / 2])
            < 100
        ).all()
    }
    assert inside <= {text for text, *_ in closer}

    # Off and on by key; the notebook keeps it.
    page.keyboard.press("m")
    shown(output, page, until=lambda names: names == [])
    assert book.value("view.settings['names']") is False
    output.get_by_role("button", name="Names on the map").click()
    shown(output, page, until=lambda names: names == closer)

    # Clusters are named where other colours are shown.
    hand.surface.focus()
    page.keyboard.press("Home")
    output.get_by_role("combobox", name="Color", exact=True).select_option("x")
    page.get_by_text("drag to select a range").wait_for()
    first = [text for text, *_ in names]
    shown(output, page, until=lambda names: [text for text, *_ in names] == first)

    # A picture at twice the screen's pixels.
    output.get_by_role("button", name="Save a picture of the map").click()
    with page.expect_download() as got:
        output.get_by_role("menuitem").nth(1).click()
    assert got.value.suggested_filename == "pandas frame.png"
    path = tmp_path / "map.png"
    got.value.save_as(path)
    picture = Image.open(path).convert("RGB")
    assert picture.size == (2 * (camera["width"] + LEGEND), 2 * (camera["height"] + HEAD))
    body = picture.crop((0, 2 * HEAD, 2 * camera["width"], picture.height))
    assert len(body.getcolors(maxcolors=2**24)) > 50
    assert len(picture.crop((2 * camera["width"], 0, *picture.size)).getcolors(maxcolors=2**24)) > 20
    hand.wait_for_colours(50)  # the map itself goes on

    # The neighbours that the panel lists have rings.
    page.keyboard.press("m")
    book.value("setattr(lens, 'focus', 'news-7')")
    rows = output.get_by_role("region", name="Neighbours").get_by_role("option")
    rows.nth(19).wait_for()
    keys = output.locator(".dl-near-key").all_inner_texts()
    at = book.value(f"df.set_index('id').loc[{keys!r}, ['x', 'y']].to_numpy().tolist()")
    for x, y in hand.to_screen(np.array(at)):
        page.wait_for_function(RINGED, arg=[output.locator(".dl-map-names").element_handle(), x, y])
    book.assert_clean()
