"""Draw the pictures that the README shows: the explorer of the first notebook, in light and in dark.

Run by ``make screenshot``, in a real JupyterLab, with what the browser tests use (PYTHONPATH=tests).
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from browser.chromium import ARGUMENTS, find
from browser.lab import Lab
from browser.notebook import Notebook

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "01-first-look.ipynb"
WIDTH, HEIGHT = 1440, 900


def code_cells() -> list[str]:
    """Return the sources of the notebook's code cells."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def main() -> None:
    """Run the notebook once in each theme; the picture is the largest output, the explorer."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        with Lab(Path(folder) / "lab") as lab:
            for theme in ("light", "dark"):
                lab.write("first-look.ipynb", code_cells())
                book = Notebook(lab, program, "first-look.ipynb", width=WIDTH, height=HEIGHT, theme=theme)
                book.run_all()
                heights = [book.output(i).bounding_box() for i in range(len(code_cells()))]
                largest = max(range(len(heights)), key=lambda i: (heights[i] or {"height": 0})["height"])
                book.assert_clean()
                target = ROOT / "docs" / f"explorer-{theme}.png"
                target.parent.mkdir(exist_ok=True)
                book.output(largest).screenshot(path=target)
                print(target.relative_to(ROOT), f"{target.stat().st_size // 1000} kB")
                book.close()
        program.close()


if __name__ == "__main__":
    main()
