"""All keys are in one table, js/src/host/keys.ts: what the views do with a key they look up there."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "js" / "src"
HANDLER = re.compile(r"""onKeyDown=|(?:on|addEventListener)\("keydown\"""")
LOOKED_UP = re.compile(r"""\bpressed\("|\bonKey\(""")
# A line to type in, a slider, a tab, a box: they have the keys that all of their kind have.
OWN = {
    "explorer/help.tsx",
    "explorer/search.tsx",
    "explorer/splitter.tsx",
    "legend/number.tsx",
    "predicate/typing.tsx",
    "reader/marks.tsx",
    "styles/popup.tsx",
}


def no_handler_without_a_row_test():
    texts = {
        str(path.relative_to(SOURCES)): path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.ts*")
    }
    handlers = {name for name, text in texts.items() if HANDLER.search(text)}
    assert {name for name in handlers if not LOOKED_UP.search(texts[name])} == OWN
    assert {name for name, text in texts.items() if LOOKED_UP.search(text)} >= {
        "explorer/keys.ts",
        "map/gestures.ts",
        "predicate/chip.tsx",
        "similar/similar.tsx",
        "table/table.tsx",
    }
