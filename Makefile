# Grafana dashboards as code for Cilium. `make` alone says what there is to do.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/cilium-dashboards
TARGET ?=
ARGS ?=
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --require-hashes

.DEFAULT_GOAL := help
.PHONY: help dashboards generate values dev deploy cluster-plan cluster-up cluster-verify cluster-down test check bench pictures lock clean

help: ## Say what there is to do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

# The environment, from the lock alone.
.venv/installed: requirements.lock requirements-build.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@echo "Making .venv from the lock (once, under a minute)"
	@rm -rf .venv && $(PYTHON) -m venv .venv
	@$(PIP) -r requirements-build.lock
	@$(PIP) --no-build-isolation -r requirements.lock
	@$(BIN)/pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

dashboards: .venv/installed ## Compile the boards into provisioning/ (CILIUM=1.18: into build/cilium-1.18)
	@$(RUN) compile

generate: dashboards values ## Write everything that is generated: boards, Helm values, tables of README, the catalogue's form
	@$(BIN)/python -c 'from dashboards_py.catalog.dump import rewrite; rewrite()'
	@$(BIN)/python docs/generate.py

values: .venv/installed ## Write cluster-setup/values: the Helm values that the boards need, for each Cilium release
	@$(RUN) values --write cluster-setup/values

dev: .venv/installed ## Compile and deploy as files whenever a board is saved, and say what changed; Ctrl-C ends it
	@$(RUN) dev

deploy: .venv/installed ## Deploy the boards: TARGET=files, configmaps or grafana (GRAFANA_URL chooses grafana)
	@$(RUN) deploy $(TARGET)

cluster-plan: ## Say what cluster-up would do in the cluster of the current context (ARGS= for options)
	@cluster-setup/setup.sh plan $(ARGS)

cluster-up: ## Switch Cilium's metrics on, install kube-prometheus-stack, and apply the boards
	@cluster-setup/setup.sh up $(ARGS)

cluster-verify: ## Is all in place, and what mends it?
	@cluster-setup/setup.sh verify $(ARGS)

cluster-down: ## Take away what cluster-up made
	@cluster-setup/setup.sh down $(ARGS)

test: .venv/installed ## Run all tests; those with real components run where these are found
	@$(BIN)/pytest --numprocesses 4 --no-loadscope-reorder

check: .venv/installed ## Lint, types, layers; provisioning/ and cluster-setup/values/ as compiled
	@$(BIN)/shellcheck cluster-setup/setup.sh .ci/run && $(BIN)/ruff check . && $(BIN)/ruff format --check --quiet . && $(BIN)/mypy && $(BIN)/lint-imports && CILIUM= $(RUN) compile --check && $(RUN) values --check-written cluster-setup/values

bench: .venv/installed ## Measure start-up and compile beside a bare Python, and what boards cost beside upstream's
	@$(BIN)/python -m tests.bench && $(BIN)/python -m tests.live.cost $(ARGS)

pictures: .venv/installed ## Take docs/pictures/*.png in the real Grafana on a synthetic cluster
	@$(BIN)/python -m tests.live.pictures

lock: .venv/installed ## Pin the newest versions of all dependencies (needs uv on PATH)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra dev pyproject.toml -o requirements.lock
	printf 'setuptools>=77\n' | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header - -o requirements-build.lock

clean: ## Remove the environment and everything built
	rm -rf .venv build .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
