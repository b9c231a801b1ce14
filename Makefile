# Targets for readers, re-runners and reviewers. Only make and Python 3.11 or later are assumed;
# everything else goes into a virtual environment of its own, from the hash lock.

PYTHON ?= python3
VENV   := .venv
LOCK   := requirements.txt
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup book test check watch gate accept review new schemas bench lab lint lock \
	comment links unlocked workflows diffs clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

setup: $(READY) ## create .venv from requirements.txt

book: $(READY) ## execute the notebooks that changed and build the site into _build/html
	@$(BIN)/claimbook build

# Each process has a part of the tests, in their order; one that is done takes from the other ones.
PYTEST := -m pytest --numprocesses logical --dist worksteal

test: $(READY) lint ## run everything that must hold
	@$(BIN)/python $(PYTEST)

check: $(READY) ## validate data/ and recompute all verdicts, without kernels; CLAIM=<slug> for one, ALL=1 for all faults
	@$(BIN)/claimbook check $(if $(ALL),--all) $(CLAIM)

watch: $(READY) ## serve the site and keep it and the verdicts up to date while you edit; PORT=<number>
	@$(BIN)/claimbook watch $(if $(PORT),--port $(PORT)) $(CLAIM)

gate: $(READY) ## move every number in data/ and see that the ledger notices; CLAIM=<slug> for one
	@$(BIN)/claimbook gate $(CLAIM)

accept: $(READY) ## after an intended change: regenerate notebook outputs and data/verdicts.csv
	@$(BIN)/claimbook accept $(CLAIM)

# Names of revisions come from elsewhere, so the shell reads them from its environment, not as code.
review: $(READY) ## what changes from a revision to the files as they are: BASE=main, HEAD=<revision>
	@test -n "$$BASE" || { echo "Name what to compare with: make review BASE=main" >&2; exit 2; }
	@exec $(BIN)/claimbook diff --output _build/review -- "$$BASE" $${HEAD:+"$$HEAD"}

new: $(READY) ## scaffold a claim: CLAIM=<slug>, ARTICLE=a, KIND=number, count, date, yes-no, witnessed or not-checkable
	@$(BIN)/claimbook new $(if $(ARTICLE),--article $(ARTICLE)) $(if $(KIND),--kind $(KIND)) $(CLAIM)

schemas: $(READY) ## write schemas/*.json anew, after a change of the models
	@$(BIN)/claimbook schemas

bench: $(READY) ## measure against the stock tools, a quarter of an hour; RUNS=1 and SCALE="10 100" for less
	@$(BIN)/python -m bench $(if $(RUNS),--runs $(RUNS)) $(if $(SCALE),--scale "$(SCALE)")

lab: $(READY) ## open the notebooks in JupyterLab; CLAIM=<slug> for one
	@mkdir -p _build/.ipython
	@IPYTHONDIR="$(CURDIR)/_build/.ipython" $(BIN)/jupyter lab book/claims/$(if $(CLAIM),$(CLAIM).ipynb)

lint: $(READY) ## style and types
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache

# The header of the lock tells the update bot how it is written (.github/dependabot.yml).
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate requirements.in --output-file

UPGRADE ?= --upgrade
lock: $(READY) ## renew requirements.txt from requirements.in; UPGRADE= keeps versions that still fit
	@$(BIN)/$(COMPILE) requirements.txt $(UPGRADE)

comment: $(READY) ## what the workflow does with a report that it downloaded; REPORT=<folder>
	@$(BIN)/claimbook comment -- "$${REPORT:-_build/review}"

links: $(READY) book ## follow every link of the built site; SITE_ONLY=1 for those within it
	@$(BIN)/linkchecker --config .github/linkchecker.ini --no-status \
		$(if $(SITE_ONLY),--ignore-url='^https?:') _build/html/index.html

unlocked: $(READY) ## run the tests with the newest versions that requirements.in admits; TESTS=<files>
	@rm -rf _build/unlocked _build/unlocked.txt
	@mkdir -p _build
	@$(BIN)/$(COMPILE) _build/unlocked.txt
	@$(MAKE) --no-print-directory VENV=_build/unlocked LOCK=_build/unlocked.txt setup
	@_build/unlocked/bin/python $(PYTEST) $(TESTS)

workflows: $(READY) ## look for unsafe places and mistakes in .github
	@$(BIN)/zizmor --offline --quiet --no-progress --persona pedantic .github
	@if command -v actionlint >/dev/null; then actionlint; else \
		echo "actionlint is not installed: zizmor alone has looked at the workflows."; fi

# By its path, since .venv is on nobody's PATH. Without outputs, which follow from sources and data:
# the ledger and `make review` say what they come to, and git diff --no-ext-diff shows them.
NBDIME := "$(CURDIR)/$(BIN)/
diffs: $(READY) ## let git show and merge notebooks cell by cell in this clone
	@git config diff.jupyternotebook.command '$(NBDIME)git-nbdiffdriver" diff --ignore-outputs --ignore-details'
	@git config merge.jupyternotebook.name 'notebooks, cell by cell'
	@git config merge.jupyternotebook.driver '$(NBDIME)git-nbmergedriver" merge %O %A %B %L %P'

clean: ## remove the built site and kept outputs (not the environment)
	@rm -rf _build

# What an environment was made from, by its content, and the path it was made in: with any other it
# is made anew, beside the present one, which is replaced when all has gone well.
STATE := $(CURDIR) $(shell cat $(LOCK) pyproject.toml 2>/dev/null | cksum)
ifneq ($(shell $(BIN)/python -c 1 2>/dev/null && cat $(READY) 2>/dev/null),$(STATE))
.PHONY: $(READY)
endif
NEW := $(VENV).new
KEPT = { rm -rf $(NEW); echo "$(VENV) was not set up. What was there is as it was." >&2; exit 1; }

$(READY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
			"Name another one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV) from $(LOCK) (once, about two minutes) ..."
	@$(PYTHON) -m venv --clear $(NEW) || $(KEPT)
	@$(NEW)/bin/python -m pip install --disable-pip-version-check --progress-bar off \
		--require-hashes --requirement $(LOCK) || $(KEPT)
	@$(NEW)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --editable . || $(KEPT)
# Kernels talk over this machine alone; their remark on that at every start would hide real ones.
	@mkdir -p $(NEW)/etc/ipython
	@echo '{"IPKernelApp": {"log_level": 40}}' > $(NEW)/etc/ipython/ipython_kernel_config.json
# Programs hold the path of their Python.
	@$(PYTHON) -c 'import pathlib, sys; old, new = map(str.encode, sys.argv[1:]); \
		[path.write_bytes(path.read_bytes().replace(old, new)) \
		for path in pathlib.Path(sys.argv[1], "bin").iterdir() \
		if path.is_file() and not path.is_symlink()]' \
		$(NEW) $(VENV) || $(KEPT)
	@echo "$(STATE)" > $(NEW)/.ready
	@rm -rf $(VENV) && mv $(NEW) $(VENV)
