PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
PEERS := .venv-peers
# ORIGINALS, a folder of the publishers' files, and REPORT, the report's text, may be set: `make test`
# then compares with them as well.
# The seconds that `make fuzz` gives to each reader.
FUZZ ?= 60
READY := $(VENV)/.ready
TESTING := $(VENV)/.testing
# Installs a lock by its hashes: with uv, which takes seconds, or with pip where uv cannot be had.
install = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) \
	|| $(BIN)/python -m pip install --require-hashes -r $(1)
compile = $(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header \
	--no-annotate --python-version 3.11 --quiet --extra lab --extra batch --extra cluster --extra setup

.DEFAULT_GOAL := help
.PHONY: help run multiverse check audit test mutants fuzz test-browser test-peers pythons bench lab notebooks format lint lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml requirements.txt
	@echo "setting up $(VENV): some seconds with uv, a minute or two with pip"
	$(PYTHON) -m venv $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' requirements.txt > $(VENV)/uv.txt
	-$(BIN)/python -m pip install --quiet --require-hashes -r $(VENV)/uv.txt
	$(call install,requirements.txt)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(TESTING): $(READY) requirements-test.txt
	$(call install,requirements-test.txt)
	@touch $@

run: $(READY) ## Run every notebook into build/ and print the scorecard's headline
	$(BIN)/analysis run
	$(BIN)/analysis site --ledger build/findings.json
	$(BIN)/analysis crate build

multiverse: $(READY) ## Run every grid of choices and write data/processed/universes.csv
	$(BIN)/analysis multiverse

test: $(TESTING) lint ## Check style and types, run unit tests and validate every notebook's outputs
	$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadscope

check: $(READY) ## Recompute findings, tables and figures without kernels, and name what differs
	$(BIN)/analysis check

audit: $(READY) ## Change each raw figure, one at a time, and count what is noticed
	$(BIN)/analysis audit

mutants: $(TESTING) ## Change the code of the named modules, one place at a time: which change does no test notice?
	$(BIN)/python -m pip install --quiet --no-build-isolation -e ".[mutants]"
	rm -rf mutants
	OPENBLAS_NUM_THREADS=1 $(BIN)/mutmut run --max-children 2
	$(BIN)/python bench/mutants.py

fuzz: $(TESTING) ## Give each reader of files made-up input for a minute: does any do what it does not promise?
	$(BIN)/python -m pip install --quiet --no-build-isolation -e ".[fuzz]"
	for one in tests/fuzz/fuzz_*.py; do \
		OPENBLAS_NUM_THREADS=1 $(BIN)/python $$one -max_total_time=$(FUZZ) || exit 1; \
	done

format: $(TESTING) ## Bring code and notebooks into style
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

lint: $(TESTING) ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-browser: $(TESTING) ## Press Run All in JupyterLab on each notebook, in headless Chromium
	@command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq chromium)
	$(BIN)/python -m pytest tests/browser --override-ini addopts=""

test-peers: $(READY) ## Run ipykernel's, nbclient's and papermill's own tests with a plain and a warm kernel
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet -r requirements.txt
	$(PEERS)/bin/python -m pip install --quiet --no-build-isolation -e ".[peers]"
	nice -n 15 $(PEERS)/bin/python bench/peers.py

pythons: $(READY) ## Run all with every Python and in other surroundings, and compare each file to the byte
	nice -n 15 $(BIN)/python bench/pythons.py

bench: $(READY) ## Measure against other tools, in an environment of its own, and draw the result
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet -r requirements.txt
	$(BENCH)/bin/python -m pip install --quiet --no-build-isolation -e ".[bench]"
	$(BENCH)/bin/python bench/run.py

lab: $(READY) ## Open the collection in JupyterLab
	$(BIN)/jupyter lab --notebook-dir=. $(if $(filter 0,$(shell id -u)),--allow-root) notebooks/00_overview.ipynb

notebooks: $(READY) ## Run what changed, store outputs in the notebooks, and headline and picture in the README
	$(BIN)/analysis store $(N)
	$(BIN)/analysis figures 90 --out docs
	$(BIN)/analysis headline README.md

lock: $(READY) ## Pin every dependency with hashes, for all platforms
	$(compile) -o requirements.txt pyproject.toml
	$(compile) --extra test -c requirements.txt -o requirements-test.txt pyproject.toml

clean: ## Remove what run and test made
	rm -rf build mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis
