"""A sample in the explorer: its counts say so, and what is selected in it holds for all rows."""

from __future__ import annotations

import pytest

from browser.gestures import MapHand

pytestmark = pytest.mark.browser

WHOLE = """
import datalens as dl, numpy as np, pandas as pd
from datalens.study import sizes
sizes.MAX_ROWS, sizes.SAMPLE_ROWS = 2_000, 500
rng = np.random.default_rng(0)
topics = {"web": "bank loan rate credit", "book": "team match goal season", "code": "cell gene tissue dna"}
source = rng.choice(list(topics), 3_000)
text = [" ".join(rng.choice(topics[name].split(), 12)) for name in source]
df = pd.DataFrame({"text": text, "source": source})
"""


def a_sample_is_explored_and_selects_in_the_whole_test(notebook):
    book = notebook(
        [
            WHOLE,
            "explorer = dl.explore(df)\nlens, small = explorer.lens.parent, explorer.lens\nexplorer",
            "lens.selection = small.selection\nlens.selection",
            "small",
        ]
    )
    book.run(0)
    said = book.run(1)
    assert "3,000 rows without vectors" in said
    assert "Exploring a sample of 500 (stratified by 'source')" in said
    output = book.output(1)
    hand = MapHand(book.page, output)
    assert hand.colours() > 10
    total = output.get_by_label("Selected").first
    total.get_by_text("500 of 500 sampled rows").wait_for()
    assert total.get_attribute("title").startswith(
        "a sample of 3,000 rows of pandas frame: sampled by 'source'"
    )
    output.get_by_role("region", name="Where").get_by_text("all 500 rows of the sample").wait_for()
    output.get_by_role("searchbox").first.fill("bank")
    output.get_by_role("region", name="Where").get_by_text("bank").wait_for()
    # The words are looked for in the sample, and its conditions then in all rows.
    found = book.value("int(small.to_frame()['text'].str.contains('bank').sum())")
    total.get_by_text(f"{found} of 500 sampled rows").wait_for()
    everywhere = book.value("int(df['text'].str.contains('bank').sum())")
    assert book.run(2).startswith(f"<{everywhere:,} of 3,000 rows:")
    assert "500 of 3,000 rows of pandas frame, sampled by 'source', random_state=0" in book.run(3)
    book.assert_clean()
