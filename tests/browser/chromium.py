"""Which Chromium drives the browser tests. Run as a program it prints the path, or fails."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ARGUMENTS = (
    "--no-sandbox",  # CI runs as root in a container
    # WebGL2 in software: the same everywhere, with no GPU needed.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # No network: the browser's own services are off, and no other host has an address.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def find() -> str | None:
    """Return the path of the browser: $CHROMIUM, or the first that is installed, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    installed = (shutil.which(name) for name in (*NAMES, *MAC_APPLICATIONS))
    return next((path for path in installed if path and not is_snap_stub(path)), None)


def is_snap_stub(path: str) -> bool:
    """Whether this is Ubuntu's package, a script that only says that a snap must be installed."""
    head = Path(path).read_bytes()[:2000]
    return head.startswith(b"#!") and b"snap install" in head


if __name__ == "__main__":
    path = find()
    sys.stdout.write(f"{path or 'none'}\n")
    sys.exit(path is None)
