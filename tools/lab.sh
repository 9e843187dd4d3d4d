#!/bin/sh
# Opens JupyterLab on the notebook $1 (a path inside this clone); prints its address where there is no screen.
# Jupyter makes a private token, takes the next port where one is taken, and prints both in the address.
cd "$(dirname "$0")/.." || exit 1
notebook=$1

set -- "--ServerApp.root_dir=$PWD" "--LabApp.default_url=/lab/tree/$notebook"
# No request leaves the machine: JupyterLab would otherwise ask for news and for updates of itself.
set -- "$@" --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

screen=yes
if [ -n "$SSH_CONNECTION" ]; then
  screen=no
elif [ "$(uname)" = Linux ] && [ -z "$DISPLAY$WAYLAND_DISPLAY" ]; then
  screen=no
fi
if [ "$screen" = no ]; then
  echo "There is no screen here: open the address that is printed below, with its token, in a browser."
  set -- "$@" --no-browser
fi
if [ "$(id -u)" = 0 ]; then
  set -- "$@" --allow-root
fi

# The notebook names the kernel "python3": this environment's, even where the user has one of that name.
export JUPYTER_PREFER_ENV_PATH=1
exec .venv/bin/python -m jupyterlab "$@"
