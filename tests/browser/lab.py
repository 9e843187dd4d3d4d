"""A Jupyter server of one's own, for tests: JupyterLab and Notebook 7 with the Python that runs them."""

from __future__ import annotations

import contextlib
import json
import secrets
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from browser.server import Server

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


STARTUP = """
import os, tempfile
os.environ["DATALENS_STORE"] = tempfile.mkdtemp(prefix="store-", dir={folder!r})
del os, tempfile
"""


class Lab(Server):
    """JupyterLab and, on the same server, Notebook 7; notebooks live in ``folder``.

    A context manager: starts the server and waits until it answers, ends it and all its kernels.

    Parameters
    ----------
    folder
        A new folder, for the server alone.
    python, variables
        Another environment's Python, and the environment variables to run it with.
    """

    def __init__(
        self, folder: Path, *, python: Path | str = sys.executable, variables: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(folder, "jupyter", variables)
        self.python = python
        self.token = secrets.token_hex(16)
        # The notification on first start, which asks whether to fetch news, would lie over the page.
        self.settings("@jupyterlab/apputils-extension:notification", {"fetchNews": "false"})
        # Tests open the same frames: what one keeps about them is not there in the next one's kernel.
        startup = self.private / "ipython" / "profile_default" / "startup"
        startup.mkdir(parents=True, exist_ok=True)
        (startup / "store.py").write_text(STARTUP.format(folder=str(self.private)))
        # Nothing is saved but by a test.
        self.settings("@jupyterlab/docmanager-extension:plugin", {"autosave": False})

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(OSError):
            self.end_kernels()
        super().__exit__(*error)

    def command(self) -> list[str]:
        return [
            *(str(self.python), "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0"),
            *(f"--ServerApp.root_dir={self.folder}", "--LabApp.news_url=None"),
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            # Tests run cells and read outputs through the application's own commands and models.
            *("--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True"),
        ]

    def environment(self) -> dict[str, str]:
        """Nothing of the user's: neither settings nor kernels nor what runs at IPython's start."""
        private = {
            "IPYTHONDIR": "ipython",
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        }
        folders = {name: str(self.private / folder) for name, folder in private.items()}
        return {**folders, "JUPYTER_PREFER_ENV_PATH": "1", "JUPYTER_TOKEN": self.token}

    def settings(self, plugin: str, values: dict[str, Any]) -> None:
        """Set a plugin's settings as a user would: ``("@jupyterlab/notebook-extension:tracker", {...})``.

        Pages opened from then on have them.
        """
        package, _, name = plugin.partition(":")
        path = self.private / "settings" / package / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))

    def write(self, name: str, cells: list[str]) -> Path:
        """Write a notebook of code cells."""
        path = self.folder / name
        code: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        content = {
            "cells": [{**code, "id": f"cell-{i}", "source": source} for i, source in enumerate(cells)],
            "metadata": {"kernelspec": kernel},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        path.write_text(json.dumps(content))
        return path

    def api(self, path: str, method: str = "GET") -> Any:
        """Ask the server's REST interface; OSError where it does not answer or refuses."""
        headers = {"Authorization": f"token {self.token}"}
        address = f"{self.address}/api/{path}"
        request = urllib.request.Request(address, method=method, headers=headers)  # noqa: S310 - our own http://
        with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310
            body = reply.read()
        return json.loads(body) if body else None

    def end_kernels(self, notebook: str | None = None) -> None:
        """End the kernels of one notebook, or of all."""
        for session in self.api("sessions"):
            if notebook in (None, session["path"]):
                with contextlib.suppress(urllib.error.HTTPError):  # it ended by itself meanwhile
                    self.api(f"sessions/{session['id']}", "DELETE")

    def ask(self) -> object:
        return self.api("status")
