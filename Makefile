# Everything runs in .venv and node_modules, which each target creates when needed. Python 3.11+ and make are enough.
# Main targets: dev, check, test, docs, chaos, campaign, bundle, deploy-local, synth (and sarif and lock, for maintainers).

PYTHON ?= python3
# The installer of the pinned requirements. It is the only package that is installed without a hash.
UV_VERSION := 0.13.9

BIN := $(CURDIR)/.venv/bin
# Node.js comes from PyPI: the machine's own may be missing or too old.
export PATH := $(BIN):$(CURDIR)/node_modules/.bin:$(PATH)
export VIRTUAL_ENV := $(CURDIR)/.venv
export JSII_NODE := $(CURDIR)/.ci/jsii-node
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1
export CDK_DISABLE_CLI_TELEMETRY := true
export UV_LINK_MODE := copy
# Node.js keeps what it compiles: the CDK CLI takes a tenth less CPU to start.
export NODE_COMPILE_CACHE := $(CURDIR)/build/node-compile-cache
# Some images set it. Each process would then compile what it imports: 7 s instead of 2 s for the CDK.
unexport PYTHONDONTWRITEBYTECODE

SOURCES := app.py benchmarks constructs docs/conf.py examples gitops health lambda_handler local_aws monitor preflight schedules tests
PYTEST_WORKERS ?= auto

.PHONY: dev check types style docs collection format test chaos campaign bundle deploy-local synth sarif lock clean
.DEFAULT_GOAL := dev

dev: .venv/.installed node_modules/.installed .venv/second-opinion/.installed  ## set up or update

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is $$($(PYTHON) -V 2>&1): Python 3.11 or newer is required. Choose one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "creating .venv (once)"
	@$(PYTHON) -m venv .venv || { echo "creating .venv failed; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.installed: requirements-dev.txt pyproject.toml | .venv/bin/uv
	@echo "installing the pinned packages"
	@uv pip install --quiet --require-hashes -r requirements-dev.txt
	@uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/.installed: package.json package-lock.json | .venv/.installed
	@echo "installing the CDK CLI and the tests' tools"
	@npm ci --silent --no-audit --no-fund
	@touch $@

# The emulator of tests/second_opinion: its pins conflict with ours.
.venv/second-opinion/.installed: tests/second_opinion/requirements.txt | .venv/.installed
	@echo "installing a second emulator"
	@uv venv --quiet --allow-existing --python $(BIN)/python .venv/second-opinion
	@uv pip install --quiet --python .venv/second-opinion/bin/python --require-hashes -r $<
	@touch $@

check: dev  ## format, lint, types, layers, documentation, the import of the tests
	@$(MAKE) --no-print-directory --jobs 2 types style docs collection

types: dev
	mypy

style: dev
	ruff format --check $(SOURCES)
	ruff check $(SOURCES)
	lint-imports

docs: dev  ## the documentation site, in build/docs; a broken link or anchor is an error
	sphinx-build --quiet --fail-on-warning --fresh-env --builder dirhtml -d build/doctrees docs build/docs

# Python compiles what the tests import, a quarter of a minute in a new checkout. Each worker of `make test` would do so.
collection: dev
	@tests=$$(pytest --collect-only -q 2>&1) || { echo "$$tests"; exit 1; }

format: dev
	ruff format $(SOURCES)
	ruff check --fix $(SOURCES)

test: dev  ## all tests, and full branch coverage of kvs_edge, kvs_edge_health, kvs_edge_monitor, kvs_edge_preflight and kvs_edge_schedules
	pytest -n $(PYTEST_WORKERS) --dist loadscope --no-loadscope-reorder --durations=10 --durations-min=1 --cov --cov-report=
	coverage report --fail-under=100

chaos: dev  ## 10,000 random lifecycles in virtual time (docs/reliability.md)
	python tests/chaos/campaign.py --lifecycles $(LIFECYCLES) --seed $(SEED) --processes 2

LIFECYCLES ?= 10000
SEED ?= 1

campaign: dev  ## the property tests with 5,000 random examples each, and products of all cases in whole
	HYPOTHESIS_PROFILE=search pytest -n $(PYTEST_WORKERS) tests/property $(PRODUCTS)

PRODUCTS := tests/unit/test_kvs_decide_total.py tests/unit/test_kvs_decide_recording.py tests/synth/test_fleet_large.py

bundle: dev  ## the Lambda's zip, as deployed
	@mkdir -p dist
	kvs-edge bundle dist/kvs-edge-handler.zip

synth: dev  ## the example's template
	cdk synth

deploy-local: dev  ## cdk deploy of the example onto a local AWS
	kvs-edge-local run --region us-west-2 -- sh -c 'cdk bootstrap --progress events && cdk deploy --all --require-approval never --progress events'

# Not part of `make test`: the tool is a .NET program of 100 MB.
sarif: dev  ## Microsoft's SARIF Multitool on the SARIF of `kvs-edge validate`
	npm install --silent --no-save --no-audit --no-fund --prefix build/sarif @microsoft/sarif-multitool-linux@$(SARIF_VERSION)
	SARIF_MULTITOOL=$(CURDIR)/build/sarif/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool \
	  pytest tests/cli/test_ci_formats.py -k multitool

SARIF_VERSION := 5.7.0

lock: .venv/bin/uv  ## pin the versions that pyproject.toml and package.json ask for
	uv pip compile $(LOCK) pyproject.toml -o requirements.txt
	uv pip compile $(LOCK) -c requirements.txt --extra local --extra camera --group dev pyproject.toml -o requirements-dev.txt
	uv pip compile $(LOCK) tests/second_opinion/requirements.in -o tests/second_opinion/requirements.txt
	npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
  --no-emit-find-links --custom-compile-command "make lock"

clean:
	rm -rf .venv node_modules build cdk.out dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
