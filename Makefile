PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
CRATE  := harness/agents/rust
CARGO  := cargo
WORKERS ?= 2
IN_CRATE := --manifest-path $(CRATE)/Cargo.toml --target-dir .cache/rust --locked
CRATES := $(CARGO) fetch --quiet --locked --manifest-path $(CRATE)/Cargo.toml >/dev/null 2>&1
NO_CRATES := no cargo (install Rust from https://rustup.rs) or crates.io cannot be reached
RUN    := $(VENV)/.run-ready
TEST   := $(VENV)/.test-ready
PEERS  := .cache/peers

.DEFAULT_GOAL := help
.PHONY: help run serve site test lint format lock bench soak clean rust

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV): locks/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit("Bindery needs Python 3.11 or newer; set PYTHON=/path/to/python3") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/uv.txt
	@touch $@

$(RUN): $(UV) locks/run.txt pyproject.toml
	@echo "Installing what a run and the site need"
	@test -e $(TEST) || $(UV) pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python locks/uv.txt locks/run.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(TEST): $(UV) locks/test.txt pyproject.toml
	@echo "Installing what the tests need"
	@$(UV) pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python locks/uv.txt locks/test.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

lock: $(UV) ## Re-resolve the hash-pinned lock files
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --extra engine --extra site pyproject.toml locks/build.in -o locks/run.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --extra engine --extra site --extra inprocess --extra test --extra bench --extra ray -c locks/run.txt pyproject.toml locks/build.in -o locks/test.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --override locks/peers.without locks/peers.in -o locks/peers.txt

run: $(RUN) ## Measure a small real matrix here, seal it, build the site
	@$(BIN)/harness run tr108 --profile smoke --seal --data .bindery/data
	@$(BIN)/reports build --data .bindery/data
	@echo "Open site/index.html, or serve it: make serve"

site: $(RUN) ## Build the published site from data/ into site/
	@$(BIN)/reports build

serve: $(RUN) ## Write reports with live reload
	@$(BIN)/reports serve

.PHONY: browser
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the browser tests"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else echo "No Chromium: the browser tests will be skipped. Install your system's package chromium"; fi

rust: $(TEST)
	@if $(CRATES); then \
	  echo "Building and testing the agents in Rust" && $(BIN)/harness agent build && $(CARGO) test --quiet --lib $(IN_CRATE); \
	else echo "The tests of the agents in Rust will be skipped: $(NO_CRATES)"; fi

.PHONY: peers
peers: $(UV) ## Install servers of other projects, which some tests run against
	@cmp -s locks/peers.txt $(PEERS)/made-from.txt || { \
	  echo "Installing servers of other projects" && \
	  $(UV) venv --quiet --clear --python $(BIN)/python $(PEERS) && \
	  $(UV) pip sync --quiet --require-hashes --python $(PEERS)/bin/python locks/peers.txt && \
	  cp locks/peers.txt $(PEERS)/made-from.txt; } || \
	echo "The tests against servers of other projects will be skipped: their packages cannot be installed"

test: $(TEST) browser ## Install what tests need, lint, type-check and run every test
	@$(MAKE) --no-print-directory lint rust peers
	@$(BIN)/python -m compileall -q harness hooks tests/support
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal -m 'not soak' --reruns 1

lint: $(TEST) ## Ruff, strict types, and for the agents in Rust rustfmt and clippy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@if $(CARGO) clippy --version >/dev/null 2>&1 && $(CARGO) fmt --version >/dev/null 2>&1 && $(CRATES); then \
	  $(CARGO) fmt --check --manifest-path $(CRATE)/Cargo.toml && $(CARGO) clippy --quiet --all-targets --features all $(IN_CRATE); \
	else echo "The agents in Rust are not linted: no clippy, no rustfmt, $(NO_CRATES)"; fi

format: $(TEST) ## Reformat the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

soak: $(TEST) ## Long fault injection
	@$(BIN)/pytest -n 2 -m soak --timeout 0
	@BINDERY_KILLS=400 $(BIN)/pytest -n 2 tests/e2e/test_kill.py --timeout 0

bench: $(TEST) ## Print every figure of the benchmarks
	@for b in tests/benchmarks/[a-z]*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

clean: ## Remove what was built; keeps data/ and journals
	@rm -rf site build .cache
