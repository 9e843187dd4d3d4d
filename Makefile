# Everything a person does with this clone. `make help` lists it.
# Works with plain sh and GNU make from 3.81 (macOS's) on. What was done is remembered by stamps in .make/,
# so that a second run does only what an edit asks for.

PY := .venv/bin/python
PIP_FLAGS := --quiet --disable-pip-version-check
PIP_INSTALL := $(PY) -m pip install $(PIP_FLAGS) --constraint constraints.txt
# The oldest pandas that DataLens supports, in an environment of its own, and the tests of all that takes its frames.
PANDAS_22 := pandas==2.2.3
# Side by side, one for each core; browser tests stay together (tests/browser/conftest.py).
PYTEST_FLAGS := -q -n logical --dist loadgroup
PY_22 := .venv-pandas22/bin/python
FRAME_TESTS := $(addprefix tests/,core predicate table hostile signals study widgets) \
  $(addprefix src/datalens/,core predicate table signals study widgets lens) \
  $(addprefix --ignore=tests/predicate/,sql_code_test.py sql_law_test.py sql_text_test.py parse_test.py \
    polars_code_test.py pyarrow_code_test.py datatrove_code_test.py)
NPM := npm --prefix js --silent
NODE_MODULES := js/node_modules/.package-lock.json
BUNDLE := src/datalens/static/widget.js
JS_SOURCES := $(shell find js/src -type f ! -name '*.test.*') js/build.mjs js/element.mjs js/tsconfig.json

.PHONY: help demo test laws test-pandas22 check format notebooks bench screenshot binder build constraints clean static-checks chromium

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

demo: .make/lab $(BUNDLE)  ## install, build, and open JupyterLab on the first notebook
	@tools/lab.sh notebooks/01-first-look.ipynb

check: static-checks $(BUNDLE)  ## the fast subset: linters, types, unit tests (for every few minutes)
	$(PY) -m pytest $(PYTEST_FLAGS) -m "not browser and not slow" tests src

test: static-checks $(BUNDLE) chromium test-pandas22  ## everything: linters, types, unit tests, notebooks, real browser
	$(PY) -m pytest $(PYTEST_FLAGS) --nbmake

laws: .make/test  ## try the law of predicates on 5,000 trees, with Spark and Postgres where they can run (half an hour)
	$(PY) tools/law_servers.py

test-pandas22: .make/pandas22 $(BUNDLE)  ## the tests of all that takes frames, under pandas 2.2
	$(PY_22) -m pytest $(PYTEST_FLAGS) $(FRAME_TESTS)

format: .make/test $(NODE_MODULES)  ## format the Python and the TypeScript, and mend what linters can mend
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .
	$(NPM) run format

notebooks: .make/test $(BUNDLE)  ## run the notebooks from top to bottom
	$(PY) -m pytest --nbmake notebooks

bench: .make/test $(BUNDLE) chromium  ## run the benchmarks (minutes), and write their table
	PYTHONPATH=tests $(PY) -m benchmarks

screenshot: .make/test $(BUNDLE) chromium  ## draw the pictures that the README shows
	DATALENS_PICTURES=docs $(PY) -m pytest -q tests/browser/pictures_test.py

binder: .make/test  ## follow binder/ in a fresh environment, run the first notebook there, measure its memory
	$(PY) tools/binder.py

build: .make/test $(BUNDLE)  ## make the wheel, in dist/
	$(PY) -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

constraints: .venv/pyvenv.cfg  ## resolve all dependencies anew, into constraints.txt
	$(PY) tools/constraints.py

clean:  ## remove all that was installed and built here
	rm -rf .venv .venv-pandas22 .venv-laws .make js/node_modules src/datalens/static dist build test-results .pytest_cache .mypy_cache .ruff_cache

# All that needs neither the bundle nor a browser, cheapest first.
static-checks: .make/test $(NODE_MODULES)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(NPM) run lint
	$(NPM) run types
	$(PY) -m mypy
	$(NPM) test

chromium: .make/test
	@tools/chromium.sh $(PY)

# Installing. The environment is one for all; the demo installs less of it than the tests do.
.venv/pyvenv.cfg:
	@python=$$(tools/python.sh) && echo "Making .venv with $$($$python --version)." && { $$python -m venv .venv || \
	  { rm -rf .venv; echo "$$python cannot make a virtual environment: on Debian and Ubuntu, sudo apt-get install python3-venv." >&2; exit 1; }; }

# The bundle is built by this Makefile, so the package's own build hook, which would do it again, is skipped.
.make/lab .make/test: .make/%: pyproject.toml constraints.txt .venv/pyvenv.cfg
	@mkdir -p .make
	@echo "Installing DataLens with its '$*' extra (a minute or two)."
	@SKIP_JUPYTER_BUILDER=1 $(PIP_INSTALL) --editable '.[$*]'
	@touch $@

# The same versions but for pandas.
.make/pandas22: pyproject.toml constraints.txt
	@mkdir -p .make
	@echo "Installing DataLens with $(PANDAS_22), for its tests (a minute)."
	@python=$$(tools/python.sh) && $$python -m venv .venv-pandas22
	@grep -v '^pandas==' constraints.txt >.make/constraints-pandas22.txt
	@SKIP_JUPYTER_BUILDER=1 $(PY_22) -m pip install $(PIP_FLAGS) --constraint .make/constraints-pandas22.txt \
	  --editable '.[unit]' '$(PANDAS_22)'
	@touch $@

$(NODE_MODULES): js/package.json js/package-lock.json js/.npmrc
	@tools/node.sh
	@echo "Installing the JavaScript packages."
	@cd js && npm ci --silent
	@touch $@

# build.mjs writes view.js beside it.
$(BUNDLE): $(JS_SOURCES) $(NODE_MODULES)
	@$(NPM) run build
	@touch $@
