# One word a task; CI runs the same lines.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo map setup check test test-long soak fast lint types bench hammer wire fuzz random sweep coverage schema new-kind changelog package release man docs clean

demo: $(VENV)/ready ## set everything up, start the sandbox, deploy three regions, call the VIP queue
	$(BIN)/sbctl --sandbox --yes deploy --region all
	$(BIN)/python demo/call.py

# Three workers for two processors: a test that waits for a process, or for a world to be quiet, leaves its processor to others.
# In random order: the seed is printed, and SEED=… repeats one. A worker gets half of the tests, in which a module's tests stay together,
# and takes half of what the other has left when it has done its own: so a module's world is made once, or twice where the cut falls,
# and no long file is left to one worker at the end, as it is with loadfile.
test: $(VENV)/ready ## set everything up and pass the tests, but those that `make test-long` does
	$(BIN)/python -m tests.run -n 3 --dist worksteal -m "not long" $(if $(SEED),--seed $(SEED)) $(PYTEST)

SHARE ?= 1
test-long: $(VENV)/ready ## sweeps, fuzz, random requests, random lives, hammer, long tests; hours. SHARE=0.05: less. Prints its seed; SEED=… repeats it
	$(BIN)/python -m tests.long --share $(SHARE) $(if $(SEED),--seed $(SEED)) $(LONG)

N ?= 10
soak: $(VENV)/ready ## `make test` N times, every third beside other work; results go to build/soak.jsonl
	$(BIN)/python -m tests.soak $(N)

setup: $(VENV)/ready ## a virtual environment with everything in it

$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[sandbox,dev]' -c constraints.txt
	touch $@

check: lint types fast ## what to run before a commit

fast: $(VENV)/ready ## lint of what differs from main, and the unit tests but the long ones
	$(BIN)/python -m tests.run.lint
	$(BIN)/python -m tests.run -q -n 2 --dist worksteal -m "not long" tests/test_floors.py tests/unit

lint: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/ready ## of the product, the tests and the benchmarks; functions one by one, since their modules share a name
	$(BIN)/mypy
	for function in lambdas/*/; do $(BIN)/mypy $$function || exit 1; done

bench: $(VENV)/ready ## ratios: the sandbox against moto_server; how soon it is up; sbctl against the least that is possible
	$(BIN)/python bench/server_rate.py
	$(BIN)/python bench/start_time.py
	$(BIN)/python bench/product.py

hammer: $(VENV)/ready ## fifty threads on the sandbox for a minute; fails on any 5xx of its own
	$(BIN)/python bench/hammer.py

SWEEP ?= --project full
sweep: $(VENV)/ready ## break every call and every write of deploy, update, destroy, adopt and failovers; hours. SWEEP="--turns --share 0.1": less
	$(BIN)/python -m tests.sweeps $(SWEEP)

wire: $(VENV)/ready ## 10,000 random requests to a served sandbox; prints its seed, counts and every broken promise
	$(BIN)/python -m tests.fuzz.wire

fuzz: $(VENV)/ready ## 10,000 damaged files through the real commands; prints its seed, counts and every broken promise
	$(BIN)/python -m tests.fuzz

random: $(VENV)/ready ## 100 random projects: deploy, change, deploy, destroy; prints its seed
	$(BIN)/python -m tests.fuzz.random_lives

coverage: $(VENV)/ready ## write the pages of what the sandbox models anew
	$(BIN)/python -m sbctl.sandbox.coverage > docs/reference/sandbox-coverage.md
	$(BIN)/python -m sbctl.sandbox.connect.running.action_page docs/reference/flow-actions.md

schema: $(VENV)/ready ## write config/schema/ anew
	$(BIN)/sbctl config schema --write

NAME ?= connect_example
new-kind: $(VENV)/ready ## write both files of a new Connect kind and their tests: NAME=connect_quick_connect; NOUN=... is AWS's word for it
	$(BIN)/python -m tests.new_kind $(NAME) $(if $(NOUN),--noun $(NOUN))

map: $(VENV)/ready ## draw the map of the house in ARCHITECTURE.md
	$(BIN)/python -m tests.house

changelog: $(VENV)/ready ## fold the fragments of changelog.d/ into the newest section of CHANGELOG.md
	$(BIN)/towncrier build --yes --version "$$($(BIN)/python -c 'import sbctl; print(sbctl.__version__)')"

package: $(VENV)/ready ## sdist and wheel in dist/; the wheel alone makes a project and deploys it on the sandbox
	$(BIN)/python -m tests.release --package

release: $(VENV)/ready ## the same, after a check: clean tree, tag = version, changelog written. Run make test-long before
	$(BIN)/python -m tests.release

man: $(VENV)/ready ## man pages of all commands, in build/man/: man -l build/man/sbctl.1
	rm -rf build/man
	$(BIN)/python -m tests.man build/man

$(VENV)/docs: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]' -c constraints.txt
	touch $@

docs: $(VENV)/docs ## the pages as a site, in build/site/; a broken link fails
	$(BIN)/mkdocs build --strict --quiet

clean: ## remove the virtual environment
	rm -rf $(VENV) *.egg-info
