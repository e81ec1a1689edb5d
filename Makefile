# Needs make and Python 3.11 or newer, nothing else. `make` alone lists what there is to do.
PYTHON ?= python3
VENV ?= .venv
PROGRAMMES ?=
TESTS ?=

BIN = $(VENV)/bin
PYTEST = $(BIN)/python -m pytest -q -n auto --maxprocesses 8 --dist loadgroup
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

SPHINX = $(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going --doctree-dir build/.trees --fresh-env -c docs .

# The settings of the research desk go before those of the user; the layout of its windows is kept in $(VENV).
WORKSPACES = $(abspath $(VENV))/workspaces
LAB = JUPYTER_PREFER_ENV_PATH=1 JUPYTER_CONFIG_PATH='$(CURDIR)/config/jupyter' $(BIN)/jupyter lab

.DEFAULT_GOAL := help
# Both installs write into one environment.
.NOTPARALLEL:
.PHONY: services docs demo licences help reports test quick coverage lab data facts gallery lint types bench editorial lock wheel api clean distclean

help: ## list these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "  PROGRAMMES=\"ludian minjia\" limits reports, TESTS=\"tests/test_units.py -k money\" limits test;"
	@echo "  PYTHON=python3.13 names the Python that the environment in $(VENV) is made with."

reports: $(VENV)/.installed ## make one report for each programme and theme (in reports/)
	$(BIN)/analysis run $(PROGRAMMES)

test: $(VENV)/.installed-dev ## run the tests (FAILED=1: those that failed the last time)
	$(PYTEST) $(if $(FAILED),--last-failed --last-failed-no-failures none) $(TESTS)

quick: $(VENV)/.installed-dev ## run the tests that take a minute together and start no other program
	$(PYTEST) -m "not (service or kernel or office or process or slow)" $(TESTS)

coverage: $(VENV)/.installed-dev ## run the tests, and say which lines no test reaches
	$(PYTEST) --hypothesis-profile ci --cov --cov-report term $(TESTS)

services: $(VENV)/.installed-dev ## run the tests that start servers, browsers and clusters
	$(BIN)/python -m pytest -q -m service $(if $(FAILED),--last-failed --last-failed-no-failures none) $(TESTS)

lab: $(VENV)/.lab ## open the notebooks in JupyterLab
	$(LAB) --notebook-dir=notebooks --LabApp.workspaces_dir='$(WORKSPACES)'

data: $(VENV)/.installed ## build data/processed from data/raw
	$(BIN)/analysis build

api: $(VENV)/.installed ## write docs/api.md anew
	$(BIN)/python docs/api.py

facts: $(VENV)/.installed ## write the measures of the methodology and the numbers of the READMEs anew
	$(BIN)/python docs/facts.py

licences: $(VENV)/.installed-dev ## write docs/licences.md anew
	$(BIN)/python docs/licences.py

gallery: $(VENV)/.installed ## draw docs/gallery.md and its pictures anew
	$(BIN)/python docs/gallery.py

# Whole each time, since what notebooks show hangs on code and data. DOCS_NOTEBOOKS=off leaves their outputs out.
docs: $(VENV)/.installed-dev ## build the documentation site in English and Chinese (in build/docs/)
	rm -rf build/docs
	$(SPHINX) build/docs
	DOCS_LANGUAGE=zh_CN $(SPHINX) build/docs/zh

demo: $(VENV)/.installed ## make all reports in three languages, as pages to look at (in build/demo/)
	rm -rf build/demo
	$(BIN)/python docs/demo.py build/demo $(PROGRAMMES)

lint: $(VENV)/.installed-dev ## check style, formatting, and that imports go down the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache --no-logo

types: $(VENV)/.installed-dev ## check the types
	$(BIN)/mypy src

bench: $(VENV)/.installed ## measure speed and memory against a plain baseline in the same run
	$(BIN)/python benchmarks/pairwise.py
	$(BIN)/python benchmarks/questions.py
	$(BIN)/python benchmarks/country.py $(BENCH)
	$(BIN)/python benchmarks/skipping.py --programmes 50 --edits 20
	$(BIN)/python benchmarks/reports.py
	$(BIN)/python benchmarks/intake.py
	$(BIN)/python benchmarks/sentences.py
	$(BIN)/python benchmarks/updates.py

editorial: $(VENV)/.installed-dev ## print how all reports and memos read: lengths, crowded sentences, pages
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python benchmarks/editorial.py

wheel: $(VENV)/.installed-dev ## build the wheel and the source archive (in dist/)
	$(BIN)/python -m hatchling build

lock: ## write constraints.txt anew (needs uv; UPGRADE=1 takes the newest versions)
	uv pip compile pyproject.toml --universal --python-version 3.11 --all-extras --fork-strategy fewest \
	  $(if $(UPGRADE),--upgrade) --custom-compile-command "make lock" --quiet --output-file constraints.txt

clean: ## remove the reports and all caches
	rm -rf reports build dist .hypothesis
	find . -path './$(VENV)' -prune -o -type d \( -name __pycache__ -o -name '.*_cache' -o -name .ipynb_checkpoints \) \
	  -prune -exec rm -rf {} +

distclean: clean ## clean, and remove the environment too
	rm -rf $(VENV)

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo 'not there')." \
	    "Name another one: make PYTHON=python3.13 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Making the environment in $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "$(PYTHON) cannot make an environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing the suite and its locked libraries into $(VENV) (a few minutes the first time)"
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing the suite, its locked libraries and the test tools into $(VENV) (a few minutes the first time)"
	@$(INSTALL) --editable '.[dev,docs,cluster,prefect]'
	@touch $(VENV)/.installed $@

$(VENV)/.lab: $(VENV)/.installed config/jupyter/desk.jupyterlab-workspace
	@$(LAB) workspaces import --LabWorkspaceImportApp.workspaces_dir='$(WORKSPACES)' config/jupyter/desk.jupyterlab-workspace
	@touch $@
