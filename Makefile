# What a person types; CI types the same (.ci/run).

PYTHON ?= python3
PORT ?= 8000
# Processes of the server. One with four threads serves an office; more need more memory only.
WORKERS ?= 1
# For `make lock`, e.g. LOCK_FLAGS=--upgrade or LOCK_FLAGS="--upgrade-package django"
LOCK_FLAGS ?=
# For `make install`: a folder of `make wheelhouse`, on a computer without network
WHEELHOUSE ?=
# Files for `make mutants`, e.g. MUTATE=kpis/achievement.py; all of its table where there is none
MUTATE ?=
# Options for `make law`
LAW ?= --law 2000
# Options for `make fuzz`
FUZZ ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
OFFLINE := $(if $(WHEELHOUSE),--no-index --find-links "$(WHEELHOUSE)")
# Checks need no .env and must not read a developer's.
CHECK_ENV := ENV_FILE=/dev/null DEBUG=1 DATABASE_URL=sqlite://:memory:
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-header --no-emit-index-url --no-emit-find-links $(LOCK_FLAGS) pyproject.toml

# What a job says stays together, where `make` can (since 4.0).
WHOLE := $(if $(filter output-sync,$(.FEATURES)),--output-sync)

.DEFAULT_GOAL := help
.PHONY: help install wheelhouse run test tests sqlite postgres lint faults law large mutants fuzz guide lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

install: .venv/installed ## make .venv with what is locked (WHEELHOUSE=folder: without network)

wheelhouse: .venv/installed ## collect what is locked for `make install` without network, same system and Python
	rm -rf wheelhouse
	$(PIP) download --require-hashes --only-binary :all: --dest wheelhouse -r requirements.txt

run: .venv/installed .env ## set up if needed and serve on http://127.0.0.1:8000 (PORT=, WORKERS=)
	$(BIN)/python manage.py migrate --no-input
	$(BIN)/python manage.py load_plan --if-none omuta_2024_2028
	$(BIN)/python manage.py seed_demo
	$(BIN)/python manage.py collectstatic --no-input
	@$(BIN)/python scripts/announce.py $(PORT)
	@exec $(BIN)/python manage.py serve --port $(PORT) --workers $(WORKERS)

# Two jobs at a time, for one alone waits for browser, disk or one of its processes.
test: .venv/installed-dev ## run everything: lint, SQLite, a real browser, a real PostgreSQL
	$(MAKE) --jobs 2 --no-print-directory $(WHOLE) lint tests

tests: sqlite postgres

# Whatever the environment says: workers and the programs that tests start read compiled modules.
sqlite postgres: export PYTHONDONTWRITEBYTECODE =

# One more than there are cores: the longer of two runs that stand side by side.
sqlite: PROCESSES = $(shell python3 -c 'import os; print((os.cpu_count() or 1) + 1)')
sqlite: .venv/installed-dev ## run the tests on SQLite and in a real browser
	scripts/ensure_chromium.sh
	$(BIN)/python -m pytest -n $(PROCESSES)

postgres: .venv/installed-dev ## run what asks a database on a real PostgreSQL
	$(BIN)/python -m pytest -n auto --postgres --ignore tests/browser

lint: .venv/installed-dev ## style, format, rooms, types, missing migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(CHECK_ENV) $(BIN)/mypy
	$(CHECK_ENV) $(BIN)/python manage.py makemigrations --check --dry-run

faults: .venv/installed-dev ## attack and kill real servers, on both databases: some minutes
	$(BIN)/python -m pytest -m faults tests/faults
	$(BIN)/python -m pytest -m faults tests/faults --postgres

law: .venv/installed-dev ## thousands of sequences of all acts: what is closed stays (LAW="--law 4000 --law-seed 1")
	$(BIN)/python -m pytest -n auto -q tests/law/test_law.py $(LAW)
	$(BIN)/python -m pytest -n auto -q tests/law/test_law.py $(LAW) --postgres

large: .venv/installed-dev ## take a 総合計画 of 133 projects and 200 KPIs in and out by its workbook
	$(BIN)/python -m pytest -q tests/entry/plan_workbook/test_large_plan.py --large

mutants: .venv/installed-dev ## change the core in small ways and see whether its tests notice (MUTATE=)
	$(BIN)/python scripts/mutants.py $(MUTATE)

fuzz: .venv/installed-dev ## send what nobody means to readers, pages, forms and imports (FUZZ="--seed 2")
	$(BIN)/python -m benchmarks.fuzz $(FUZZ)

guide: .venv/installed-dev ## take the guides' pictures anew, and write what they say of sheets
	scripts/ensure_chromium.sh
	$(BIN)/python -m pytest --guide tests/browser/test_guides.py tests/entry/plan_workbook/test_guide.py

lock: .venv/installed-dev ## write requirements*.txt anew from pyproject.toml
	$(LOCK) --output-file requirements.txt
	$(LOCK) --extra ldap --extra oidc --constraint requirements.txt --output-file requirements-sign-on.txt
	$(LOCK) --extra dev --extra ldap --extra oidc --constraint requirements-sign-on.txt \
		--output-file requirements-dev.txt

clean: ## remove what can be made again (data/ and .env stay)
	rm -rf .venv staticfiles test-results mutants .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.env:
	@$(BIN)/python scripts/write_env.py .env

.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed and \`$(PYTHON)\` is $$($(PYTHON) -V 2>&1)." >&2; \
		echo "Name another one: make run PYTHON=python3.12" >&2; exit 1; }
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	$(PIP) install $(OFFLINE) --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
