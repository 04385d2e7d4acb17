# PolicyTrack: `make run` serves the site, `make test` and `make check` prove it.
# Needs Python 3.11 or newer (PYTHON=python3.12 chooses one), git and make.

PYTHON ?= python3
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 5000
DEMO ?= 1
WORKERS ?= 3

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# A stamp is younger than what it installed; when a lock changes, it is installed again.
FOR_RUN := $(VENV)/.installed-run
FOR_DEV := $(VENV)/.installed-dev
CATALOGUES := policytrack/translations
# Of the command line only: systems set a variable of that name for themselves.
NEW_LANGUAGE := $(if $(filter command,$(firstword $(origin LANGUAGE))),$(LANGUAGE))
LOCK := --universal --python-version 3.11 --no-header --no-emit-index-url --annotation-style line --upgrade --quiet

.PHONY: help run test check messages lock clean
.DELETE_ON_ERROR:

help: ## list what there is to make
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "PolicyTrack needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; choose another: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(VENV) || { echo "A virtual environment cannot be made. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(FOR_RUN): $(VENV)/.made requirements.lock setup.cfg setup.py pyproject.toml
	@echo "Installing the pinned dependencies into $(VENV) ..."
	@$(PIP) install --quiet --requirement requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(FOR_DEV): $(VENV)/.made requirements-dev.lock setup.cfg setup.py pyproject.toml
	@echo "Installing the pinned dependencies of development into $(VENV) ..."
	@$(PIP) install --quiet --requirement requirements-dev.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: $(FOR_RUN) ## prepare what is missing and serve (PORT=8080, HOST=0.0.0.0, DEMO=0)
	@exec $(BIN)/policytrack run --host "$(HOST)" --port "$(PORT)" $(if $(filter 0 no false,$(DEMO)),--no-demo,--demo)

# What is compiled is kept: the tests start hundreds of processes.
test: export PYTHONDONTWRITEBYTECODE =
test: $(FOR_DEV) ## run all tests on SQLite, and on PostgreSQL what depends on it
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && found=1; done; \
	  if [ -z "$$found" ]; then echo "There is no Chromium here: the browser journeys are skipped (Debian: apt-get install chromium)."; fi
	$(BIN)/pytest --database sqlite -n $(WORKERS)
	$(BIN)/pytest --database postgresql -n $(WORKERS)

check: $(FOR_DEV) ## run linters, types, import contracts and look at the catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy benchmarks
	$(BIN)/lint-imports
	$(BIN)/pytest --quiet tests/conventions/test_catalogues.py

messages: $(FOR_DEV) ## collect the sentences of the site and compile their translations (LANGUAGE=xx adds one)
	$(BIN)/pybabel extract --mapping babel.cfg --keyword _l --keyword lazy_gettext --no-location --sort-output --project PolicyTrack --output $(CATALOGUES)/messages.pot .
	@if [ -n "$(NEW_LANGUAGE)" ] && [ ! -d "$(CATALOGUES)/$(NEW_LANGUAGE)" ]; then \
	  $(BIN)/pybabel init --input-file $(CATALOGUES)/messages.pot --output-dir $(CATALOGUES) --locale "$(NEW_LANGUAGE)"; fi
	$(BIN)/pybabel update --input-file $(CATALOGUES)/messages.pot --output-dir $(CATALOGUES) --no-fuzzy-matching --previous
	$(BIN)/pybabel compile --directory $(CATALOGUES)

lock: $(VENV)/.made ## choose new exact versions of all dependencies
	$(PIP) install --quiet uv
	$(BIN)/uv pip compile setup.cfg --extra checkout $(LOCK) --output-file requirements.lock
	$(BIN)/uv pip compile setup.cfg --extra dev $(LOCK) --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove what can be made again (never instance/)
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
