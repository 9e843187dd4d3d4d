#!/bin/sh
# Prints the Python to make the environment with: $PYTHON, or the newest of the tested versions, or python3.
# Each is run, not only looked up: a version manager's shim may be on the path without a Python behind it.
for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    command -v "$candidate"
    exit 0
  fi
done
found=$("${PYTHON:-python3}" --version 2>&1) || found="none that runs"
echo "DataLens needs Python 3.11 or newer, and found: $found. Install one, or name it: make PYTHON=/path/to/python3.12 ..." >&2
exit 1
