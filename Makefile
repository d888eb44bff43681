# `make run` and `make test` do everything on a fresh machine; each sets up what it needs by itself.
# The distribution's own Python first: it is built with optimisation, and computes a third faster than one built in haste.
PYTHON ?= $(shell for one in /usr/bin/python3.11 python3.11 python3; do \
	"$$one" -c "import ensurepip, venv" 2>/dev/null && command -v "$$one" && break; done)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
ADDRESS ?= localhost
MINUTES ?= 10
SEED ?= 1
unexport PYTHONDONTWRITEBYTECODE  # what one process of the tests has compiled, the others need not

.DEFAULT_GOAL := help
.PHONY: help run test quick lint bench pictures frozen faults mutants pins notice audit chromium clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

run: $(VENV)/.ready  ## start the app and print its address (PORT=8502 for another port)
	@$(BIN)/python -m ektp_analysis doctor --start --port $(PORT)
	@$(BIN)/streamlit run app.py --server.port $(PORT) --server.address $(ADDRESS)

test: $(VENV)/.tested chromium  ## ruff, mypy and every test, a real browser and a real PostgreSQL included
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet . || { echo "Run: ruff format ." >&2; exit 1; }
	@$(BIN)/mypy --strict ektp_analysis > $(VENV)/mypy.log 2>&1 & types=$$!; \
	$(BIN)/python -m pytest --workers 4; tests=$$?; \
	wait $$types; types=$$?; cat $(VENV)/mypy.log; exit $$((tests | types))

quick: $(VENV)/.tested  ## ruff and the quick tests in a minute: no browser, no PostgreSQL, no whole pages or reports, no mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet . || { echo "Run: ruff format ." >&2; exit 1; }
	@$(BIN)/python -m pytest --workers 3 -m quick

lint: $(VENV)/.tested  ## ruff and mypy --strict
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet . || { echo "Run: ruff format ." >&2; exit 1; }
	@$(BIN)/mypy --strict ektp_analysis

bench: $(VENV)/.tested chromium  ## measure speed, side by side with a baseline in the same run
	@$(BIN)/python -m tests.benchmarks

frozen: $(VENV)/.tested  ## whether the product answers and says what was recorded of it, to the bit
	@$(BIN)/python -m tests.frozen

faults: $(VENV)/.tested chromium  ## further cases, full counts of layouts, damage, power cuts, odd requests, plans, kills, spoilt stores, Caddy (long)
	@$(BIN)/python -m pytest --workers 4 -m breadth
	@$(BIN)/python -m tests.faults
	@$(BIN)/python -m tests.silent
	@$(BIN)/python -m tests.several
	@$(BIN)/python -m tests.power
	@$(BIN)/python -m tests.odd_requests
	@$(BIN)/python -m tests.plans 300
	@$(BIN)/python -m tests.kills
	@$(BIN)/python -m tests.moved
	@$(BIN)/python -m tests.behind_caddy

mutants: $(VENV)/.tested  ## small wrong changes that the tests must find, for some minutes (MINUTES=10 SEED=1)
	@$(BIN)/python -m tests.mutants $(MINUTES) all $(SEED)

pins: $(VENV)/.tested  ## pin every package below the requirements anew: constraints.txt, hashes.txt, tests/constraints.txt (minutes)
	@$(BIN)/python -m tests.pins

notice: $(VENV)/.ready  ## write NOTICE anew: licences and credits of packages and data; refuses the GPL and the AGPL
	@$(BIN)/python -m tests.notice

audit: $(VENV)/.ready  ## whether a pinned package has a known weakness, as far as pip-audit reaches its source
	@$(BIN)/python -m tests.audit

pictures: $(VENV)/.tested chromium  ## take the README's pictures of every page anew
	@EKTP_TEST_PICTURES=1 $(BIN)/python -m pytest tests/browser/readme_pictures.py

clean:  ## remove the virtual environment and caches; data stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.ready: requirements.txt constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: install it, or name it with PYTHON=/path/to/python3.11." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "The virtual environment could not be made: install the venv module (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@echo "Installing what the app needs (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	@$(BIN)/python -m compileall -q app.py pages ektp_analysis  # else the first start does it
	@touch $@

$(VENV)/.tested: $(VENV)/.ready tests/requirements.txt tests/constraints.txt
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt -c tests/constraints.txt
	@$(BIN)/mypy --strict tests/libraries.py >/dev/null || true
	@$(BIN)/python -m pytest --collect-only -q >/dev/null || true  # compiles the tests
	@touch $@

chromium:
	@command -v chromium-headless-shell >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests (once) ..."; \
		apt-get -qq update >/dev/null; export DEBIAN_FRONTEND=noninteractive; \
		apt-get -qq install -y chromium-headless-shell >/dev/null 2>&1 || apt-get -qq install -y chromium >/dev/null; \
	fi; \
	for name in chromium-headless-shell chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	echo "The browser tests need Chromium: install it (Debian: sudo apt-get install chromium-headless-shell) and run make test again." >&2; \
	exit 1
