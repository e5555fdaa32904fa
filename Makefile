# Everything runs in .venv, made from requirements.lock; only Python (3.11 to 3.13), make and git are needed. The
# emulators that `make test-bigquery` starts run in an environment of their own and need Python 3.13.

SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
# The first that runs: a name on the path may be that of a version manager which has no such Python.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3; do \
	$$name -c '$(SUPPORTED)' 2>/dev/null && command -v $$name && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
export DAGSTER_HOME ?= $(CURDIR)
export DAGSTER_DISABLE_TELEMETRY := 1

# Python 3.13: on the path, of pyenv, or else one that uv downloads.
PYTHON313 ?= $(or $(shell python3.13 -c 'import sys; print(sys.executable)' 2>/dev/null), \
	$(lastword $(wildcard $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/3.13.*/bin/python3.13)), 3.13)
EMULATORS := .venv-emulators
SPARK := .venv-spark
EMULATORS_LOCK := jobmatch_assets_tests/bench/emulators/requirements

PORT ?= 3000

.PHONY: help setup demo dev test test-rebuilds bench fast-tests test-newest test-bigquery test-browser test-postgres test-mcp prove lineage lint format lock clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/.installed  ## Make .venv with everything in it

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(or $(PYTHON),false) -c '$(SUPPORTED)' 2>/dev/null || { echo "Python 3.11, 3.12 or 3.13 is needed;" \
		"$(or $(PYTHON),what is on the path) is not it. Run: make PYTHON=/path/to/python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv==0.13.8
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## Generate four weeks of events in data/demo, build every table and page
	$(BIN)/jobmatch demo

dev: setup  ## Start Dagster's UI and daemon on 127.0.0.1, port PORT (3000)
	@exec $(BIN)/jobmatch dev --port $(PORT)

BENCH ?=

bench: setup $(SPARK)/.installed  ## Measure speed against a bare script and PySpark, and small changes; BENCH='full --lines 100000' chooses
	$(BIN)/python -m benchmarks $(BENCH)

$(SPARK)/.installed: benchmarks/spark/requirements.lock | setup
	@java -version >/dev/null 2>&1 || { echo "PySpark needs Java 17 or later on the path," \
		"such as Debian's openjdk-17-jre-headless."; exit 1; }
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(SPARK)
	$(BIN)/uv pip sync --quiet --python $(SPARK)/bin/python --require-hashes benchmarks/spark/requirements.lock
	@touch $@

test: setup lint  ## Lint, then run the tests of every part
	$(BIN)/pytest

test-rebuilds: setup  ## What late, changed, withdrawn and broken files make be built again: platforms built over and over
	$(BIN)/pytest -m 'rebuilds and not proof'

# What may differ between versions of Python, without what only takes long.
FAST_TESTS := $(addprefix jobmatch_assets_tests/,settings alerting docs landing metrics orchestration \
	pipeline/test_golden.py)

test-newest: | setup  ## The fast tests with Python 3.13, in an environment of its own
	$(BIN)/uv python find --quiet $(strip $(PYTHON313)) || $(BIN)/uv python install --quiet 3.13
	$(MAKE) VENV=.venv-newest PYTHON="$$($(BIN)/uv python find $(strip $(PYTHON313)))" fast-tests

fast-tests: setup
	$(BIN)/pytest $(FAST_TESTS)

test-bigquery: setup $(EMULATORS)/.installed  ## The golden set on BigQuery: emulators, and the analyzer of its SQL
	$(BIN)/pytest -m bigquery jobmatch_assets_tests/bigquery

test-browser: | setup  ## The pages in a real browser, Debian's Chromium
	@test -x /usr/bin/chromium || { command -v apt-get >/dev/null || { echo "Chromium is needed as" \
		"/usr/bin/chromium, and there is no apt-get to install it with."; exit 1; }; \
		sudo=$$(test "$$(id -u)" = 0 || echo sudo); $$sudo apt-get update -qq && \
		$$sudo apt-get install -y -qq --no-install-recommends chromium; } || { echo "Chromium cannot be" \
		"installed. Do it by hand (apt-get install chromium), then make test-browser."; exit 1; }
	$(BIN)/pytest -m browser jobmatch_assets_tests/dashboards

test-postgres: | setup  ## Changes of a real database, Debian's PostgreSQL
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || { command -v apt-get >/dev/null || { echo \
		"PostgreSQL is needed below /usr/lib/postgresql, and there is no apt-get to install it with."; exit 1; }; \
		sudo=$$(test "$$(id -u)" = 0 || echo sudo); $$sudo apt-get update -qq && \
		$$sudo apt-get install -y -qq --no-install-recommends postgresql; } || { echo "PostgreSQL cannot be" \
		"installed. Do it by hand (apt-get install postgresql), then make test-postgres."; exit 1; }
	$(BIN)/pytest -n 0 -m postgres jobmatch_assets_tests/postgres

$(EMULATORS)/.installed: $(EMULATORS_LOCK).lock | setup
	$(BIN)/uv venv --quiet --clear --python $(strip $(PYTHON313)) $(EMULATORS)
	$(BIN)/uv pip sync --quiet --python $(EMULATORS)/bin/python --require-hashes --compile-bytecode $(EMULATORS_LOCK).lock
	@touch $@

test-mcp: setup  ## Ask the published copy through the MCP server of docs/use-the-data.md, which uv installs
	$(BIN)/pytest -n 0 -m mcp jobmatch_assets_tests/docs

prove: setup  ## Prove what docs/guarantees.md promises: the tests that take long
	$(BIN)/pytest -m proof

lineage: setup  ## Trace the columns of changed models again, for the asset pages
	$(BIN)/python -m jobmatch_assets.pipeline.lineage

lint: setup  ## ruff, mypy and sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	JOBMATCH_DUCKDB_PATH=:memory: $(BIN)/sqlfluff lint --processes 2 --disable-progress-bar dbt_project/models dbt_project/analyses dbt_project/tests/*.sql

format: setup  ## Let ruff and sqlfluff put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	JOBMATCH_DUCKDB_PATH=:memory: $(BIN)/sqlfluff fix --disable-progress-bar dbt_project/models dbt_project/analyses dbt_project/tests/*.sql

lock: setup  ## Resolve the dependencies again
	$(BIN)/uv pip compile --quiet pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --upgrade --output-file requirements.lock
	$(BIN)/uv pip compile --quiet pyproject.toml --extra deploy --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --upgrade --constraint requirements.lock \
		--output-file deploy/requirements.lock
	$(BIN)/uv pip compile --quiet $(EMULATORS_LOCK).in --python-version 3.13 --generate-hashes \
		--no-emit-index-url --no-header --upgrade --output-file $(EMULATORS_LOCK).lock

clean:  ## Remove the demo and what tools left behind; your own data stays
	rm -rf data/demo build dist dbt_project/target dbt_project/logs logs .mypy_cache .pytest_cache .ruff_cache
	@rmdir data 2>/dev/null || true
	@if [ -d data ]; then echo "Left as they are, remove what you do not need: $$(ls -d data/* | tr '\n' ' ')"; fi
