# Everything that people type. Needs Python 3.11 or newer and make; the rest is installed into $(VENV).
#
#   PYTHON   the interpreter that makes the environment (default: the newest that is found and new enough);
#            one that is named gets an environment of its own: make test PYTHON=python3.13
#   VENV     the environment's folder (default: .venv, or .venv-python3.13 and the like)
#   HOST, PORT, WORKERS, DATABASE_URL, … are settings of the service: docs/reference/configuration.md

PYTHON ?=
VENV ?= .venv$(addprefix -,$(notdir $(PYTHON)))
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
export PYTHONUTF8 := 1
# Where this is set, as some containers do, every one of the suite's hundreds of processes compiles the whole service anew.
unexport PYTHONDONTWRITEBYTECODE

# What the environment holds depends on these files and on nothing else: unchanged, a second run installs nothing.
DECLARED := setup.cfg pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run test test-fast properties campaign lint format openapi bench example evaluate clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/.ready ## install, migrate, load the starter taxonomy, serve on http://127.0.0.1:8000
	@exec $(BIN)/competency-api serve

test: $(VENV)/.ready-to-test ## the whole suite, on SQLite and on PostgreSQL (ARGS="-k diff" for a part)
	@.ci/debian-packages nginx openssl chromium
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

test-fast: $(VENV)/.ready-to-test ## the suite without PostgreSQL and without tests of more than a second
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow and not postgresql" $(ARGS)

properties: $(VENV)/.ready-to-test ## what must hold for any input, with forty times as many, for an hour (ARGS=…: some)
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m hypothesis --hypothesis-profile=many $(ARGS)

SHARE ?= 1
campaign: $(VENV)/.ready-to-test ## the trials under fire, for hours (SHARE=0.1: a tenth; ARGS=…: some); writes docs/reliability.md
	@mkdir -p var
	@CAMPAIGN=$(SHARE) $(BIN)/python -m pytest -n 2 --dist worksteal -m campaign -o junit_family=xunit1 --junitxml var/campaign.xml $(ARGS); \
	  outcome=$$?; CAMPAIGN=$(SHARE) $(BIN)/python -m tests.support.campaigns var/campaign.xml $(if $(ARGS),--some); exit $$outcome

lint: $(VENV)/.ready-to-test ## style, types and the direction of imports
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.ready-to-test ## write the code as the style wants it
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

openapi: $(VENV)/.ready ## write the API's description to openapi/openapi.json
	@$(BIN)/competency-api openapi --output openapi/openapi.json

bench: $(VENV)/.ready-to-test ## measure speed and memory (ONLY="reads starts" for a part); writes benchmarks/RESULTS.md
	@.ci/debian-packages wrk nginx
	@$(BIN)/python -m benchmarks $(ONLY)

example: $(VENV)/.ready-to-test ## play the workshop of docs/examples again; writes its report and pictures
	@.ci/debian-packages chromium
	@$(BIN)/python -m tests.support.session_pictures

evaluate: $(VENV)/.ready ## how good suggestions are on labelled sentences (ARGS=--curve or --cross: how sure that is)
	@$(BIN)/python -m benchmarks.evaluate $(ARGS)

clean: ## remove what was installed and cached; data in var/ stays
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
	@! test -f $(VENV)/pyvenv.cfg || rm -rf $(VENV)

# -- the environment ---------------------------------------------------------------------------------------------------

$(VENV)/.ready: $(DECLARED) | $(VENV)/.made
	@echo "Installing into $(VENV) …"
	@$(PIP_INSTALL) --editable '.[postgresql]'
	@touch $@

$(VENV)/.ready-to-test: $(DECLARED) | $(VENV)/.made
	@echo "Installing into $(VENV), with what the tests need …"
	@$(PIP_INSTALL) --editable '.[test]'
	@touch $@ $(VENV)/.ready

# The last line of this rule marks an environment that is whole: one that was interrupted half-way is made again.
$(VENV)/.made:
	@found=; \
	for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python); do \
	  "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && found=$$python && break; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "This needs Python 3.11 or newer with its venv module; found $$($(or $(PYTHON),python3) --version 2>/dev/null || echo none). Install one, or name it: make $(or $(MAKECMDGOALS),run) PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version) …"; \
	"$$found" -m venv $(VENV)
	@touch $@
