"""A notebook run and converted by nbconvert, and its page opened with no kernel and no network."""

from __future__ import annotations

import subprocess
import sys

import pytest

from browser.lab import Lab

pytestmark = pytest.mark.browser

CELLS = [
    """
import numpy as np, pandas as pd, datalens as dl
evil = "<img src=x onerror=window.harmed=1>"
df = pd.DataFrame({"id": [f"p{i}" for i in range(400)]})
df["x"], df["y"] = df.index % 20, df.index // 20
df["side"] = (df["x"] < 10).map({True: evil, False: "日本"})
df["text"] = [evil + key for key in df["id"]]
lens = dl.Lens(df, text="text", source="side", key="id", x="x", y="y")
""",
    "lens.explore()",
    "dl.Table(lens)",
]
# The page's own scripts (nbconvert's template, the widgets' loader) ask hosts that no browser of ours can reach.
LOADERS = ("cdnjs.cloudflare.com", "unpkg.com", "cdn.jsdelivr.net")


@pytest.fixture
def page(browser, tmp_path):
    """Open what nbconvert makes of `CELLS`: page(stored) with or without the widgets' state."""
    lab = Lab(tmp_path)
    lab.folder.mkdir()
    lab.write("t.ipynb", CELLS)
    context = browser.new_context(viewport={"width": 1200, "height": 1000})

    def open_page(*, stored):
        convert = [
            sys.executable,
            "-m",
            "nbconvert",
            "--to",
            "html",
            "--execute",
            "t.ipynb",
            "--output",
            "t.html",
        ]
        kept = f"--ExecutePreprocessor.store_widget_state={stored}"
        done = subprocess.run(
            [*convert, kept],
            cwd=lab.folder,
            env={**lab.variables, **lab.environment()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        written = (lab.folder / "t.html").read_text()
        assert ("application/vnd.jupyter.widget-state+json" in written) == stored
        view = context.new_page()
        view.asked = []
        view.on("request", lambda request: view.asked.append(request.url))
        view.goto((lab.folder / "t.html").as_uri())
        return view

    yield open_page
    context.close()


def colours_of(page, image):
    """Count the pixels of a picture by colour, as the browser decoded it."""
    script = """node => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [node.naturalWidth, node.naturalHeight];
      const pen = canvas.getContext("2d");
      pen.drawImage(node, 0, 0);
      const bytes = pen.getImageData(0, 0, canvas.width, canvas.height).data, counts = {};
      for (let i = 0; i < bytes.length; i += 4) {
        const key = [bytes[i], bytes[i + 1], bytes[i + 2]].join();
        counts[key] = (counts[key] ?? 0) + 1;
      }
      return counts;
    }"""
    return page.evaluate(script, image.element_handle())


def near(counts, colour):
    """Count the pixels whose colour is one, give or take rounding."""
    found = [(tuple(map(int, key.split(","))), count) for key, count in counts.items()]
    return sum(
        count for rgb, count in found if all(abs(a - b) <= 2 for a, b in zip(rgb, colour, strict=True))
    )


@pytest.mark.parametrize("stored", [True, False])
def the_picture_stands_where_no_view_can_test(page, stored):
    view = page(stored=stored)
    image = view.locator(".datalens-still img")
    image.wait_for(state="visible")
    view.wait_for_function(
        "document.querySelector('.datalens-still img').getBoundingClientRect().height > 400"
    )
    assert image.evaluate("node => node.naturalWidth") == 1440
    assert image.get_attribute("alt") == "Map of pandas frame: 400 rows, 400 on the map, colored by side"
    counts = colours_of(view, image)
    assert counts["255,255,255"] > 500_000
    # Two colours of the palette, as solid as single points are.
    assert near(counts, (85, 131, 188)) > 5_000
    assert near(counts, (229, 156, 43)) > 5_000
    legend = view.locator(".datalens-still li")
    assert [text.strip("● ") for text in legend.all_inner_texts()] == [
        "<img src=x onerror=window.harmed=1>: 200",
        "日本: 200",
    ]
    view.get_by_text("the first 5 of 400 rows, from when the cell ran").wait_for(state="visible")
    assert view.evaluate("window.harmed") is None
    asked = [url for url in view.asked if not url.startswith(("data:", "file:", "blob:"))]
    assert [url for url in asked if not any(host in url for host in LOADERS)] == []
