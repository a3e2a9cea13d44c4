# Everything there is to run; `make` alone lists it.
SHELL := bash
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest -n 3
# In a file, since threads that race cannot share a database in memory.
ON_SQLITE := mkdir -p build && env -u DATABASE_URL INZAGE_TESTS_ON=sqlite INZAGE_TEST_DB=build/test.sqlite3
QUICK := not long and not slow and not worker
ON_POSTGRES := $(PYTHON) -m tests.postgres run --
# So that looking for mistakes leaves no database or secrets behind in var/.
APART := INZAGE_VAR=build/lint
export SERVE PORT SAMPLE_PORT RESET
# Tests start dozens of processes: each would compile everything again where a machine keeps no compiled files.
export PYTHONDONTWRITEBYTECODE :=

# $(call timed,what,command): runs it and says how long it took.
timed = @echo "== $(1)"; begin=$$SECONDS; $(2) && echo "== $(1): $$((SECONDS - begin)) s"

.PHONY: help setup demo serve test test-fast test-long bench bench-erasure bench-peers bench-growth bench-beside bench-ending bench-calls bench-desk bench-sealing drill pictures lint messages clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv as requirements/ says, compile the translations
	@bin/setup

demo: setup ## Show what Inzage does, on data of its own (SERVE=0 ends after the walk, PORT=8000, SAMPLE_PORT=8001, RESET=1 starts over)
	@$(PYTHON) -m config.demo

serve: setup ## Run the site on your own database in var/ (PORT=8000)
	@$(PYTHON) manage.py migrate --verbosity 0
	@$(PYTHON) manage.py createcachetable
	@INZAGE_DEBUG=1 $(PYTHON) manage.py runserver $(or $(PORT),8000)

test: ## The gate: lint, what is quick on SQLite, what starts processes or is about the database on PostgreSQL
	$(call timed,setup,bin/setup)
	$(call timed,browser,bin/browser)
	$(call timed,lint,$(MAKE) --no-print-directory lint)
	$(call timed,quick suite on SQLite,$(ON_SQLITE) $(PYTEST) -m "$(QUICK)")
	$(call timed,suite on PostgreSQL,$(ON_POSTGRES) $(PYTEST))

test-fast: setup ## The quick part of the suite, on SQLite
	@$(ON_SQLITE) $(PYTEST) -m "$(QUICK)"

test-long: setup ## On each database what `make test` leaves to the other, and what takes minutes
	@bin/browser
	@$(ON_SQLITE) $(PYTEST) -m "not ($(QUICK))"
	@$(ON_POSTGRES) $(PYTEST) -m long

bench: setup ## Measure exports and pages (ARGS="--help" says what)
	@$(PYTHON) -m bench $(ARGS)

bench-erasure: setup ## Measure erasures from five million rows, and the search for what is left
	@$(PYTHON) -m bench.erasure $(ARGS)

bench-peers: setup ## Measure how others export and erase such a person (installs them into build/peers)
	@$(PYTHON) -m bench.peers $(ARGS)

bench-growth: setup ## Measure exports and erasures in a table ten times as large
	@$(PYTHON) -m bench.growth $(ARGS)

bench-beside: setup ## Measure how long visitors wait while a million rows are erased
	@$(PYTHON) -m bench.beside $(ARGS)

bench-ending: setup ## Measure the end of a partner that a million members allowed
	@$(PYTHON) -m bench.ending $(ARGS)

bench-calls: setup ## Measure what partners' calls take, and that none is answered after its permission ended
	@$(PYTHON) -m bench.calls $(ARGS)

bench-sealing: setup ## Measure how fast the trail is sealed, and what its writer notices of that
	@$(PYTHON) -m bench.sealing $(ARGS)

bench-desk: setup ## Measure the lists of the desk with a million requests, and print how they are found
	@$(PYTHON) -m bench.desk $(ARGS)

drill: setup ## Erase people while much goes wrong (KILLS=200 SEED=1), and write docs/reliability.md
	@$(PYTHON) -m tests.drills --kills $(or $(KILLS),200) --seed $(or $(SEED),1) --write

pictures: setup ## Picture every page on the demonstration's data, into docs/
	@bin/browser
	@$(PYTHON) -m tests.browser.contact_sheet

lint: setup ## Style, settings of a live site, forgotten migrations
	@.venv/bin/ruff check --quiet --output-format concise .
	@.venv/bin/ruff format --check .
	@$(APART) INZAGE_HTTPS=1 $(PYTHON) manage.py check --deploy --fail-level WARNING
	@$(APART) $(PYTHON) manage.py makemigrations --check --dry-run

messages: ## Collect the sentences of the code for translation (takes gettext)
	@bin/messages

clean: ## Remove what builds and tests leave behind; .venv and var/ stay
	@rm -rf build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
	@find . -name '*.mo' -not -path './.venv/*' -delete
