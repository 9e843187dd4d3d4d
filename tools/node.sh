#!/bin/sh
# Fails with a sentence where Node 20 and npm are not there to build the JavaScript.
version=$(node --version 2>/dev/null) || version="none"
major=${version#v}
major=${major%%.*}
if [ "$version" = none ] || [ "$major" -lt 20 ]; then
  echo "DataLens builds its JavaScript with Node 20 or newer, and found: $version. Install it (nodejs.org, or your package manager) and run make again." >&2
  exit 1
fi
if ! npm --version >/dev/null 2>&1; then
  echo "DataLens builds its JavaScript with npm, which is not on the path though Node $version is. Install npm and run make again." >&2
  exit 1
fi
