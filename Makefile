# Kakehashi. `make` alone prints this help; `make run` and `make test` are all one needs.
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
HOST ?= 127.0.0.1
DEMO ?= 1
BIN = $(VENV)/bin
STAMPS = build/stamps
CATALOGUES = $(wildcard src/kakehashi/*/locale/*/LC_MESSAGES/*.po)
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup setup-dev test soak test-scale mutations access check lock messages bench screenshots spec test-matrix clean

help: ## print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  make run DEMO=0        start empty; the first visit makes the first administrator"
	@echo "  make run PORT=8001     another port; HOST=0.0.0.0 for other machines, too"
	@echo "  KAKEHASHI_DATA=/srv/kakehashi make run      where everything is kept (default: ./data)"
	@echo "  DATABASE_URL=postgresql://… make run        your own PostgreSQL, 15 or newer"

run: setup ## set everything up and serve the product, with demo data, on http://127.0.0.1:8000
	@KAKEHASHI_DEMO=$(DEMO) exec $(BIN)/kakehashi serve --host $(HOST) --port $(PORT)

setup: $(STAMPS)/run $(STAMPS)/catalogues ## install what running needs into .venv

setup-dev: $(STAMPS)/dev $(STAMPS)/catalogues ## install what developing needs, too

test: setup-dev $(STAMPS)/browser $(STAMPS)/imap ## run every test, in a real browser as well
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

soak: setup-dev ## random histories of the sync for MINUTES=30; SEED=… tells one round again
	@MINUTES=$(MINUTES) SEED=$(SEED) $(BIN)/python -m pytest -q -s -p no:xdist tests/bridge/sync/soak.py

test-scale: setup-dev ## 2 web and 3 worker processes, killed at random for MINUTES=3 under load: is anything lost or twice? SEED=…
	@MINUTES=$(MINUTES) SEED=$(SEED) $(BIN)/python -m tests.scale

mutations: setup-dev ## break the sync in forty ways, one at a time: does a test notice? ARGS=cursor picks
	@nice $(BIN)/python tools/mutations.py $(ARGS)

access: setup-dev ## write the table of who gets which page anew; read the difference
	UPDATE_ACCESS=1 $(BIN)/python -m pytest -q -p no:xdist tests/access; git diff --stat tests/access

check: setup-dev ## formatting, types, floors, migrations, templates, translations
	@tools/check $(BIN)

lock: ## pin all dependencies anew (UPGRADE=1 for the newest)
	@tools/lock $(BIN) $(if $(UPGRADE),--upgrade)

messages: setup-dev ## collect texts to translate and compile the catalogues
	$(BIN)/python -m kakehashi.ui.catalogues extract
	$(BIN)/python -m kakehashi.ui.catalogues compile

bench: setup-dev ## measure speed beside its limit; ONLY=sync N=0.1 pick and scale, AGAIN=1 in the last run's database
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY)) $(if $(N),--scale $(N)) $(if $(AGAIN),--again)

screenshots: setup-dev $(STAMPS)/browser ## the pictures of README and guides, from the demo; ARGS="record sheet" for some
	@$(BIN)/python tools/screenshots.py $(ARGS)

spec: setup-dev ## every point of docs/spec.md with its tests and their last result
	@$(BIN)/python tools/spec.py

test-matrix: setup-dev $(STAMPS)/browser $(STAMPS)/imap ## the tests with the next Django and with Debian's PostgreSQL
	@$(BIN)/python tools/test_matrix.py $(ARGS)

clean: ## remove what can be made again; your data stays
	rm -rf $(VENV) build dist .import_linter_cache .ruff_cache
	find src -name '*.mo' -delete

$(STAMPS)/run: requirements.lock pyproject.toml tools/install | $(STAMPS)
	@PYTHON=$(PYTHON) tools/install $(VENV) requirements.lock
	@touch $@

$(STAMPS)/dev: requirements-dev.lock pyproject.toml tools/install | $(STAMPS)
	@PYTHON=$(PYTHON) tools/install $(VENV) requirements-dev.lock
	@touch $@ $(STAMPS)/run

$(STAMPS)/browser: tools/install-browser $(STAMPS)/dev
	@tools/install-browser
	@touch $@

$(STAMPS)/imap: tools/install-imap | $(STAMPS)
	@tools/install-imap
	@touch $@

# Whichever of the two installations came first will do: both carry what compiling needs.
$(STAMPS)/catalogues: $(CATALOGUES) | $(STAMPS)
	@$(BIN)/python -m kakehashi.ui.catalogues compile
	@touch $@

$(STAMPS):
	@mkdir -p $@
