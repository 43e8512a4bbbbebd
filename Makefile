# Grafana dashboards as code for Cilium. `make` alone lists the commands. GNU make 3.81 (macOS) will do.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/cilium-dashboards
TARGET ?=
ARGS ?=
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --require-hashes

.DEFAULT_GOAL := help
.PHONY: help dashboards catalogue generate values dev deploy cluster-plan cluster-up cluster-verify cluster-down test check check-types check-rest fuzz bench pictures lock clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The environment, from the lock file only. If several makes run at once, one builds it, and the others wait and check again.
# The lock is taken by Python, because macOS has no flock, and is released with the process that holds it.
LOCK := $(PYTHON) -c 'import fcntl, os, sys; lock = os.open("build/.venv.lock", os.O_RDWR | os.O_CREAT); \
  fcntl.flock(lock, fcntl.LOCK_EX); os.set_inheritable(lock, True); os.execvp(sys.argv[1], sys.argv[1:])'

.venv/installed: requirements.lock requirements-build.lock pyproject.toml
ifndef VENV_LOCKED
	@command -v $(PYTHON) >/dev/null || { echo "Error: there is no $(PYTHON) on PATH. Name a Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Error: $(PYTHON) is Python %d.%d. Name a Python 3.11 or newer: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	@mkdir -p build
	@$(LOCK) $(MAKE) --no-print-directory VENV_LOCKED=1 $@
else
	@echo "Making .venv from the lock (once, under a minute)"
	@rm -rf .venv && $(PYTHON) -m venv .venv
	@$(PIP) -r requirements-build.lock
	@$(PIP) --no-build-isolation -r requirements.lock
	@$(BIN)/pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
endif

dashboards: .venv/installed ## Compile the dashboards into provisioning/ (CILIUM=1.18: into build/cilium-1.18)
	@$(RUN) compile

generate: dashboards values ## Write everything that is generated: dashboards, Helm values, README's tables, the catalogue
	@$(BIN)/python -c 'from dashboards_py.catalog.dump import rewrite; rewrite()'
	@$(BIN)/python docs/generate.py
	@$(BIN)/python -m tests.stories

catalogue: .venv/installed ## Derive the catalogue from Cilium's own code (CILIUM=1.20.2; needs Go; FACTS=committed: from its committed facts)
	@$(BIN)/python -m tests.oracle $(CILIUM) $(FACTS)

values: .venv/installed ## Write the Helm values that the dashboards need to cluster-setup/values
	@$(RUN) values --write cluster-setup/values

dev: .venv/installed ## Compile and deploy as files whenever a dashboard is saved, and print what changed; Ctrl-C stops it
	@$(RUN) dev

deploy: .venv/installed ## Deploy the dashboards: TARGET=files, configmaps or grafana (GRAFANA_URL chooses grafana)
	@$(RUN) deploy $(TARGET)

cluster-plan: ## Show what cluster-up would change in the current kubectl context (ARGS= for options)
	@cluster-setup/setup.sh plan $(ARGS)

cluster-up: ## Enable Cilium's metrics, install kube-prometheus-stack, apply the dashboards
	@cluster-setup/setup.sh up $(ARGS)

cluster-verify: ## Check that everything is in place, and print how to fix what is not
	@cluster-setup/setup.sh verify $(ARGS)

cluster-down: ## Remove what cluster-up installed, and nothing else
	@cluster-setup/setup.sh down $(ARGS)

test: .venv/installed ## Run all tests; those that need real components are skipped if these are missing
	@$(BIN)/pytest --numprocesses 4 --no-loadscope-reorder

check: .venv/installed ## Lint, types, layers, words; provisioning/ and cluster-setup/values/ as compiled
	@$(MAKE) --no-print-directory --jobs=2 check-types check-rest

check-types: # takes as long as the rest
	@$(BIN)/mypy

check-rest:
	@$(BIN)/shellcheck cluster-setup/setup.sh .ci/run && $(BIN)/ruff check . && $(BIN)/ruff format --check --quiet . && $(BIN)/lint-imports && $(BIN)/python -m tests.words && CILIUM= $(RUN) compile --check && $(RUN) values --check-written cluster-setup/values

fuzz: .venv/installed ## Try odd files on every reader for a long time (FUZZ=2000: how many for each test)
	@FUZZ=$(or $(FUZZ),2000) $(BIN)/pytest -n 0 tests/fuzz

bench: .venv/installed ## Measure start-up, compile and drawing time, and what dashboards cost Prometheus
	@$(BIN)/python -m tests.bench && $(BIN)/python -m tests.live.cost $(ARGS) && $(BIN)/python -m tests.live.kept && $(BIN)/python -m tests.live.doctor_cost && $(BIN)/python -m tests.live.picture_cost

pictures: .venv/installed ## Make docs/pictures/*.png: in a real Grafana if there is one, otherwise by preview
	@$(BIN)/python -m tests.live.pictures

lock: .venv/installed ## Pin the newest versions of all dependencies (needs uv on PATH)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra dev --extra preview pyproject.toml -o requirements.lock
	printf 'flit-core>=4,<5\nsetuptools>=77\n' | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header - -o requirements-build.lock

clean: ## Remove the environment and everything that was built
	rm -rf .venv build .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
