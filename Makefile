# The one task runner. It needs Python 3.11 or newer, make and a package index; `make help` lists what it does.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SOURCES := $(wildcard mlval tests tools examples bench composite entrypoint.py)

# Month files of the public New York taxi trips, for `make test-taxi`.
export MLVAL_TAXI ?= ../shared/data/taxi

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format types walls generate generated dead coverage \
	docs picture test-docs test-docker test-cage test-models test-mlflow test-services test-slow test-taxi fuzz bench bench-peers bench-large release-dry-run lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP) ## make the environment .venv from the locked requirements

$(STAMP): pyproject.toml locks/install locks/dev.txt locks/tools.txt
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or newer found; name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "setting up $(VENV) with $(PYTHON)"
	@sh locks/install "$(PYTHON)" "$(VENV)"
	@touch $@

demo: setup ## run the gate on the example: one contract that passes, one that blocks
	@$(BIN)/python examples/demo.py

test: lint types walls generated ## check style, types, walls and generated files, then run the fast tests
	$(BIN)/python -m pytest -q

lint: setup ## check style, the action and the workflows
	$(BIN)/ruff check --quiet $(SOURCES)
	$(BIN)/ruff format --quiet --check $(SOURCES)
ifneq ($(wildcard action.yml),)
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	$(BIN)/zizmor --offline --quiet --no-progress action.yml $(wildcard .github/workflows)
endif
ifneq ($(wildcard .github/workflows/*.yml),)
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
endif

format: setup ## write the code in the house style
	$(BIN)/ruff check --quiet --fix $(SOURCES)
	$(BIN)/ruff format --quiet $(SOURCES)

types: setup ## check types
	$(BIN)/mypy --no-error-summary $(filter-out examples bench,$(SOURCES))

walls: setup ## check which room may import which
	@$(BIN)/lint-imports --no-logo --no-cache

generate: setup ## write schemas and docs from the code
	$(BIN)/python tools/generate.py

generated: setup
	$(BIN)/python tools/generate.py --check

dead: setup ## list code that nothing seems to use: advice, for a person to judge
	$(BIN)/vulture

coverage: setup ## run the fast tests and show what they leave out
	$(BIN)/coverage run -m pytest -q
	$(BIN)/coverage report

test-docker: setup ## test the image; needs a Docker engine
	@sh locks/install "$(BIN)/python" .venv-mlflow locks/mlflow.txt
	MLVAL_MLFLOW=.venv-mlflow/bin/mlflow $(BIN)/python -m pytest -q tests/docker

test-cage: setup ## test the cage around models; needs root
	$(BIN)/python -m pytest -q tests/cage

test-models: setup ## score real models in environments of their own
	$(BIN)/python -m pytest -q tests/models

test-slow: setup ## test what takes minutes: large files, speed, every seed
	@sh locks/install "$(PYTHON)" .venv-release locks/release.txt
	MLVAL_RELEASE=.venv-release/bin $(BIN)/python -m pytest -q tests/slow

test-mlflow: setup ## test against a real MLflow server
	@sh locks/install "$(PYTHON)" .venv-mlflow locks/mlflow.txt
	.venv-mlflow/bin/python -m pytest -q tests/mlflow

test-services: setup ## test against a real S3 server and a real PostgreSQL
	@sh locks/install "$(PYTHON)" .venv-services locks/services.txt
	.venv-services/bin/python -m pytest -q tests/services

test-taxi: setup ## test on the taxi months in the folder MLVAL_TAXI
	$(BIN)/python -m pytest -q tests/taxi

fuzz: setup ## judge 20,000 generated cases of each kind of input (CASES=100 for fewer)
	$(BIN)/python -m tests.fuzz.campaign --cases $(or $(CASES),20000) --keep build/fuzz

bench: setup ## measure speed and memory
	$(BIN)/python bench/run.py

bench-peers: setup ## install the peers that `make bench` measures beside the gate
	$(BIN)/python bench/peers/install.py build/peers

bench-large: setup ## run the gate on more than 10 GB under a limit of 1 GiB of memory
	$(BIN)/python bench/large.py

release-dry-run: setup ## rehearse a release on a clone of what is committed; publishes nothing
	@sh locks/install "$(PYTHON)" .venv-release locks/release.txt
	$(BIN)/python -m tools.release.rehearsal --programs .venv-release/bin

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

lock: setup ## resolve the locked requirements anew (UPGRADE=1 takes newer versions)
	$(LOCK) pyproject.toml --output-file locks/run.txt
	$(LOCK) pyproject.toml --group dev --constraint locks/run.txt --output-file locks/dev.txt
	$(LOCK) pyproject.toml --extra mlflow --group mlflow --constraint locks/run.txt --output-file locks/mlflow.txt
	$(LOCK) pyproject.toml --extra mlflow --extra postgres --extra models --excludes locks/image-excludes.txt --constraint locks/mlflow.txt --output-file locks/image.txt
	$(LOCK) pyproject.toml --extra s3 --extra postgres --group services --constraint locks/image.txt --output-file locks/services.txt
	$(LOCK) --group docs --constraint locks/dev.txt --output-file locks/docs.txt
	$(LOCK) --group tools --output-file locks/tools.txt
	$(LOCK) --group release --constraint locks/tools.txt --output-file locks/release.txt

docs: setup ## build the site of docs/ into build/site; a broken link fails it
	@sh locks/install "$(PYTHON)" .venv-docs locks/docs.txt
	.venv-docs/bin/python tools/website.py

picture: docs ## take the picture of the comment anew; needs Chromium
	.venv-docs/bin/python tools/picture.py

test-docs: docs ## test the site in a browser; needs Chromium
	$(BIN)/python -m pytest -q tests/docs

clean: ## remove everything that make and the tools have made
	rm -rf $(VENV) .venv-docs .venv-mlflow .venv-services .venv-release build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
