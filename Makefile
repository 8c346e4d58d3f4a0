# Everything that one does with Samverka from a checkout. Needed: make and Python 3.11 or later.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT

.DEFAULT_GOAL := help
.PHONY: help run clean-demo install install-dev test check bench format messages lock docs

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | while IFS='|' read -r name text; \
		do printf '  make %-12s %s\n' "$$name" "$$text"; done

run: install ## Try Samverka with invented people on this machine (PORT=8000)
	@$(BIN)/python -m scripts.serve_demo

clean-demo: ## Forget everything that `make run` has made (the folder var/demo/)
	@rm -rf var/demo && echo "Removed var/demo/."

install: $(VENV)/.installed ## Install what running needs into .venv

install-dev: $(VENV)/.installed-dev ## Install what testing and checking need as well

test: install-dev ## Run all tests, on SQLite and on PostgreSQL
	@$(BIN)/python -m scripts.run_tests

check: install-dev ## Run all checks that are not tests: style, types, templates, migrations, translations
	@$(BIN)/python -m scripts.run_checks

bench: install ## Measure speed against hand-written SQL
	@$(BIN)/python -m benchmarks

format: install-dev ## Format the Python code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

messages: install-dev ## Collect the texts to translate into locale/en (needs GNU gettext), and compile them
	@$(BIN)/python -m scripts.messages collect
	@$(BIN)/python -m scripts.messages compile

docs: install-dev ## Write docs/settings.md and docs/dependencies.md anew
	@$(BIN)/python -m scripts.write_docs

lock: install-dev ## Write the requirements files anew from pyproject.toml (UPGRADE=1: to the newest versions)
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url $(if $(UPGRADE),--upgrade) \
		pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url $(if $(UPGRADE),--upgrade) \
		pyproject.toml --group dev -o requirements-dev.txt
	@$(BIN)/python -m scripts.write_docs

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Samverka needs Python 3.11 or later; name one with make PYTHON=..." if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python could not make an environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/.installed: requirements.txt | $(BIN)/python
	@echo "Installing what Samverka needs into $(VENV) (once; about a minute) …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(BIN)/python
	@echo "Installing what the tests need into $(VENV) (once; about two minutes) …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.installed
