# Everything that a checkout needs. Each target does its own set-up, once, in .venv.
PYTHON ?= $(shell deploy/find-python)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed-$(shell cat pyproject.toml constraints.txt | cksum | cut -d' ' -f1)

DEVSTACK := $(BIN)/python deploy/devstack/devstack
# With TEST_SERVERS=required a server that cannot run here is an error; else its tests are left out.
POSSIBLE := $(if $(filter required,$(TEST_SERVERS)),,--possible)

PYTEST := $(BIN)/python -m pytest --durations=30 --durations-min=5
# Contracts of what holds no processes: those of the bus watch the clock.
STORED := $(wildcard tests/contracts/test_*_store.py tests/contracts/test_*_index.py)
# Files that take minutes come first, so that none is left to the end alone; Kafka, which the flows
# are the first to use, takes a while to be quick. The matrix of kills has servers' names of its own
# and waits for what must come, however long it takes; what must not be slow counts its own CPU time.
CLOCKLESS := $(addprefix tests/faults/test_, kill_matrix.py restarts.py language.py store.py disk_full.py mail.py \
	dead_letters.py deadly_events.py one_writer.py hostile_servers.py slow_pages.py slow_patterns.py \
	elasticsearch_rebuild.py elasticsearch_stories.py elasticsearch_index.py) \
	$(addprefix tests/system/test_, docs_commands.py setup_servers.py)
SIDE_BY_SIDE := $(CLOCKLESS) tests/browser $(STORED) tests/specs tests/flows tests/golden tests/unit
# They watch the clock and the memory, so nothing else runs beside them.
ALONE := $(filter-out $(STORED) $(CLOCKLESS),$(wildcard tests/contracts/test_*.py \
	tests/faults/test_*.py tests/system/test_*.py))

SOAKED := $(BIN)/python -m tests.support.soak

.PHONY: run test check types style bench faults soak devstack clean setup

run: $(STAMP)  ## install, then crawl the sample newsroom and serve it
	@$(BIN)/beatwire demo

test: $(STAMP)  ## all checks and all tests
	@$(MAKE) --no-print-directory check
	@$(DEVSTACK) run $(POSSIBLE) sh -c '$(PYTEST) -n 3 --dist loadfile --no-loadscope-reorder $(SIDE_BY_SIDE) && $(PYTEST) $(ALONE)'

check: $(STAMP)  ## style, types, import direction, sizes
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target types style

types:
	@$(BIN)/mypy

style:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/architecture

bench: $(STAMP)  ## pages and words a second on this machine, and what a search takes
	@$(BIN)/beatwire bench flow
	@$(BIN)/beatwire bench nlp
	@$(BIN)/beatwire bench search

faults: $(STAMP)  ## the full matrix of faults, with outages of a minute: takes an hour or more
	@TEST_ROUNDS=50 $(BIN)/python -m pytest -q tests/system/test_bus_kills.py tests/system/test_up_kills.py
	@TEST_ROUNDS=200 $(BIN)/python -m pytest -q --timeout 7200 tests/unit/test_web_keys.py
	@TEST_ROUNDS=20 TEST_OUTAGE_SECONDS=60 $(DEVSTACK) run $(POSSIBLE) $(BIN)/python -m pytest -q \
		tests/faults --timeout 7200
	@$(SOAKED) $(POSSIBLE) --articles 3000

soak: $(STAMP)  ## a day's articles on real servers with harm done to all of them: takes hours; SOAK="--help"
	@$(SOAKED) $(SOAK)

devstack: $(STAMP)  ## Kafka, Elasticsearch, PostgreSQL and Redis on this machine, until `devstack stop`
	@$(DEVSTACK) up

clean:  ## remove what the other targets made
	@[ ! -e .devstack/state.json ] || $(PYTHON) deploy/devstack/devstack reset
	@rm -rf $(VENV) .beatwire .devstack build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@deploy/make-venv "$(PYTHON)" $(VENV)
	@touch $@
