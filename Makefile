# One word a task; CI runs the same lines.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo setup check test fast lint types bench hammer fuzz random sweep coverage schema clean

demo: $(VENV)/ready ## set everything up, start the sandbox, deploy three regions
	$(BIN)/sbctl --sandbox --yes deploy --region all

test: $(VENV)/ready ## set everything up and pass the tests
	$(BIN)/python -m pytest -n 2 --dist worksteal --ignore tests/cases
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/cases # by themselves: they watch real processes by a fast clock

setup: $(VENV)/ready ## a virtual environment with everything in it

$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[sandbox,dev]' -c constraints.txt
	touch $@

check: lint types fast ## what to run before a commit

fast: $(VENV)/ready ## unit tests only
	$(BIN)/python -m pytest -q tests/test_floors.py tests/unit

lint: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/ready
	$(BIN)/mypy

bench: $(VENV)/ready ## ratios: the sandbox against moto_server; how soon it is up; sbctl against the least that is possible
	$(BIN)/python bench/server_rate.py
	$(BIN)/python bench/start_time.py
	$(BIN)/python bench/product.py

hammer: $(VENV)/ready ## fifty threads on the sandbox for a minute; fails on any 5xx of its own
	$(BIN)/python bench/hammer.py

SWEEP ?= --project full
sweep: $(VENV)/ready ## break every call and every write of deploy, update, destroy, adopt and failovers; hours. SWEEP="--turns --share 0.1": less
	$(BIN)/python -m tests.sweeps $(SWEEP)

fuzz: $(VENV)/ready ## 10,000 damaged files through the real commands; prints its seed, counts and every broken promise
	$(BIN)/python -m tests.fuzz

random: $(VENV)/ready ## 100 random projects: deploy, change, deploy, destroy; prints its seed
	$(BIN)/python -m tests.fuzz.random_lives

coverage: $(VENV)/ready ## write the page of what the sandbox models anew
	$(BIN)/python -m sbctl.sandbox.coverage > docs/reference/sandbox-coverage.md

schema: $(VENV)/ready ## write config/schema/ anew
	$(BIN)/sbctl config schema --write

clean: ## remove the virtual environment
	rm -rf $(VENV) *.egg-info
