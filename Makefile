# Two commands do all set-up on a machine with python3, pip and make: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
LOCK := pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url

.PHONY: demo test check bench serve lock golden clean

demo: .venv/.core        ## the whole job on packaged real data; writes stanch-demo/report.html
	$(BIN)/stanch demo

test: .venv/.dev         ## every check: format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2

check: .venv/.dev        ## the quick checks: format, lint, types
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy

bench: .venv/.bench      ## timings beside peers, as JSON
	@for file in benchmarks/*.py; do echo "== $$file" >&2; $(BIN)/python $$file || exit 1; done

serve: .venv/.core       ## the demo workspace in the browser
	test -d stanch-demo || $(BIN)/stanch demo
	$(BIN)/stanch serve --workspace stanch-demo

golden: .venv/.dev       ## rewrite golden files; look at the diff
	STANCH_GOLDEN=write $(BIN)/pytest -n 2

lock: .venv/bin/python         ## compile the pinned requirements, without index addresses
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check uv
	$(BIN)/uv $(LOCK) pyproject.toml -o requirements/core.txt
	$(BIN)/uv $(LOCK) pyproject.toml --extra dev -c requirements/core.txt -o requirements/dev.txt
	$(BIN)/uv $(LOCK) pyproject.toml --extra dev --extra bench -c requirements/dev.txt -o requirements/bench.txt

clean:
	rm -rf .venv stanch-demo

# pip of the machine fills the environment, so that a Python without ensurepip works too.
.venv/bin/python:
	$(PYTHON) -m venv --without-pip .venv

.venv/.core: .venv/bin/python requirements/core.txt pyproject.toml
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -r requirements/core.txt
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/.dev: .venv/.core requirements/dev.txt
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -r requirements/dev.txt
	@touch $@

.venv/.bench: .venv/.dev requirements/bench.txt
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -r requirements/bench.txt
	@touch $@
