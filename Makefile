# The course from a terminal. `make` alone lists what there is.
#
#   PYTHON=python3.12 make lab     use this Python to make the environment
#   LAB_ARGS=--no-browser make lab pass options on to JupyterLab
#   LESSONS="01 02" make notebooks do only these lessons

PYTHON ?= python3
VENV := .venv
LAB_ARGS ?=
LESSONS ?=

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY := $(BIN)/python
# Touched when the install has ended well. Older than its two sources, the install is done again.
STAMP := $(VENV)/.installed
# An environment holds its own place: one that was moved, or whose Python is gone, is made anew.
PLACE := $(VENV)/.place
FITS = [ "$$(cat $(PLACE) 2>/dev/null)" = "$(CURDIR)" ] && [ -x $(PY) ] && $(PY) -c '' >/dev/null 2>&1
ifneq ($(shell $(FITS) && echo fits),fits)
$(STAMP): FORCE
FORCE:
endif
# JupyterLab would ask at its first start whether it may look for news and updates on the network.
QUIET := --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate
CODE := lstm_lib tests tools $(wildcard benchmarks) notebooks

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help env lab data test check notebooks bench clean

help: ## List what can be made
	@echo "Usage: make TARGET"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read name text; do \
		printf '  %-10s %s\n' "$$name" "$$text"; done

lab: env data ## Open the course in JupyterLab, at lesson 00
	$(PY) -m jupyterlab --ServerApp.root_dir="$(CURDIR)" $(QUIET) $(LAB_ARGS) notebooks/00_start_here.ipynb

env: $(STAMP) ## Make the environment in .venv, or bring it up to date

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { \
		echo "make: no '$(PYTHON)' found. Install Python 3.11 or newer, or say PYTHON=/path/to/python make $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: Python 3.11 or newer is needed, '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Say PYTHON=python3.12 make $(MAKECMDGOALS)" >&2; exit 1; }
	@{ $(FITS); } || rm -rf $(VENV)
	@rm -f $@
	@$(PYTHON) -m venv $(VENV) || { \
		echo "make: '$(PYTHON) -m venv' failed. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@echo "$(CURDIR)" > $(PLACE)
	$(PY) -m pip install -c constraints.txt -e ".[lab,test]"
	@touch $@

data: env
	@$(PY) -m lstm_lib.cli data fetch

test: check ## Run everything that is tested: library, lessons, form, browser
	$(PY) -m tools.lessons test $(LESSONS)
	$(PY) -m pytest -m lessons

check: env data ## Run the fast part: lint, types, the library's tests
	$(PY) -m ruff check $(CODE)
	$(PY) -m ruff format --check $(CODE)
	$(PY) -m mypy
	$(PY) -m pytest -m "not lessons"

notebooks: env data ## Execute and save the lessons (LESSONS="01 02" for some), then renew the map in README.md
	$(PY) -m tools.lessons execute $(LESSONS)
	$(PY) -m tools.lessons map

bench: env ## Print the speed of the NumPy engine beside PyTorch's
	$(PY) -m benchmarks.engine

clean: ## Remove the environment and what tools left behind; keeps the data and the learner's progress
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name .ipynb_checkpoints -type d -prune -exec rm -rf {} +
