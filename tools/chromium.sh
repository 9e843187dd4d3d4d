#!/bin/sh
# Makes sure that there is a Chromium for the browser tests: one that is found, else Debian's package.
# $1 is the environment's Python.
find_it="$1 tests/browser/chromium.py"
if $find_it >/dev/null; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium for the browser tests."
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null && $find_it >/dev/null; then
    exit 0
  fi
fi
echo "The browser tests need Chromium or Google Chrome: install one (on Debian: sudo apt-get install chromium), or set CHROMIUM to its path, and run make test again." >&2
exit 1
