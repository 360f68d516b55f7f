# One word each: `make demo` shows the whole job on a made-up county, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# The tests start hundreds of programs: without compiled modules each would compile them all.
unexport PYTHONDONTWRITEBYTECODE

# The tests by which the domain is covered; watched for it, the others take a third longer.
OF_DOMAIN := tests/domain tests/alerts $(addprefix tests/ingest/test_,adjusting.py \
	lists_that_repeat.py mended_rows.py payment_list_rows.py revisions.py settling_again.py \
	target_samples.py undo.py undo_properties.py)

.PHONY: demo test test-fast docs format clean

demo: $(VENV)/.demo-ready
	rm -rf demo
	$(BIN)/monitor demo demo

test: $(VENV)/.test-ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	bash tests/system_packages.sh
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(OF_DOMAIN) -q -n 2
	$(BIN)/coverage combine -q
	$(BIN)/coverage report --fail-under=98
	$(BIN)/pytest tests $(addprefix --ignore=,$(OF_DOMAIN)) -n 3

test-fast: $(VENV)/.test-ready
	$(BIN)/pytest tests -n 2 -m "not live"

# Renews what the documentation takes from the code; tests/docs says when it is due.
docs: $(VENV)/.test-ready
	$(BIN)/python -m docs.generate

format: $(VENV)/.test-ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) demo build dist

$(BIN)/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, e.g. make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

# The same locked versions for users (requirements.txt) and developers (requirements-dev.txt).
$(VENV)/.demo-ready: requirements.txt pyproject.toml | $(BIN)/pip
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.test-ready: requirements-dev.txt pyproject.toml | $(BIN)/pip
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	touch $@ $(VENV)/.demo-ready

# Renews both locks from pyproject.toml.
.PHONY: lock
lock:
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra pdf -o requirements.txt pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --group dev --extra postgres -o requirements-dev.txt pyproject.toml
