# Every target works in a fresh clone with Python 3.11 or newer, git and make.

SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
# One more than there are cores: tests wait for browsers, servers and databases.
WORKERS ?= $(shell echo $$(( $$(nproc) + 1 )))

# Where an environment forbids Python to keep what it has compiled, every process would compile for seconds.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test check bench pictures format lock clean

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.run ## Start Castalia with the demonstration study, on CASTALIA_PORT (8000)
	@$(BIN)/castalia demo

test: check ## Check everything and run every test, on SQLite, PostgreSQL and Chromium
	@.ci/install_test_services
	$(BIN)/pytest -n $(WORKERS) --cov --cov-report=term

check: .venv/.dev ## Format, lint, types, import contracts, dependencies, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/deptry .
	$(BIN)/python -m app.i18n check

bench: .venv/.dev ## Measure speed, side by side with what people use today
	@$(BIN)/python -m tests.load.bench

pictures: .venv/.dev ## Take the pictures of README and docs anew, from the demonstration study
	@$(BIN)/python -m tests.pictures

format: .venv/.dev ## Put the code in its one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(BIN)/uv ## Lock the newest versions that pyproject.toml allows
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## Remove everything that make has made, the embedded database in ./var excepted
	rm -rf .venv .coverage* .hypothesis .*_cache build dist

# The locks name packages and hashes, never where they are fetched from.
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'
INSTALL = VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet
INSTALL_CASTALIA = $(INSTALL) --no-deps --no-build-isolation --editable .

$(BIN)/uv:
	@.ci/make_environment

.venv/.run: requirements.lock pyproject.toml | $(BIN)/uv
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL_CASTALIA)
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | $(BIN)/uv
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL_CASTALIA)
	@touch .venv/.run $@
