# Everything a contributor needs. `make demo` and `make test` set up what they use by themselves.
#
#   make demo         try Keeptabs on a sample business (DEMO="--customers 50000 --as viewer" for more)
#   make test         run the tests (TEST="tests/unit -k phone" for some of them)
#   make check        everything that CI runs
#   make check-fast   what can be said in seconds: style and imports
#   make bench        the speed table: budget, figure and peer side by side
#   make features     the rows of docs/features.md with their tests; says which have none
#   make keys         write docs/keys.md anew from the commands
#   make pictures     draw the pictures of the README anew with the application
#   make openapi      write docs/openapi.json anew from the code
#   make constraints  choose the newest allowed versions of all dependencies anew
#   make wheel        build the package into dist/
#   make clean        remove what the other targets made, but for .venv

PYTHON ?= python3
VENV ?= .venv
DEMO ?=
TEST ?= -n 2
BENCH ?=

PY := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed

.PHONY: demo test check check-fast types bench features keys pictures openapi constraints wheel clean

demo: $(INSTALLED)
	@$(VENV)/bin/keeptabs demo $(DEMO)

test: $(INSTALLED)
	$(PY) -m pytest $(TEST)

check: check-fast types
	$(PY) -m server.openapi - | diff --brief - docs/openapi.json
	$(PY) -m tests.features --check
	$(PY) -m pytest $(TEST)

check-fast: $(INSTALLED)
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/lint-imports

types: $(INSTALLED)
	$(VENV)/bin/mypy

bench: $(INSTALLED)
	$(PY) -m benchmarks $(BENCH)

features: $(INSTALLED)
	@$(PY) -m tests.features

keys: $(INSTALLED)
	$(PY) -m tests.keys

pictures: $(INSTALLED)
	$(PY) -m tests.pictures

openapi: $(INSTALLED)
	$(PY) -m server.openapi docs/openapi.json

# No index, no path and no name of a machine enters the file: it must be good everywhere.
constraints: $(INSTALLED)
	$(PY) -m pip install --quiet uv
	$(VENV)/bin/uv pip compile pyproject.toml --upgrade --universal --python-version 3.11 --all-extras \
		--generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --output-file constraints.txt

wheel: $(INSTALLED)
	rm -rf dist
	$(VENV)/bin/hatchling build

clean:
	rm -rf dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(INSTALLED): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' || { \
		echo "Keeptabs needs Python 3.11 to 3.14. Name one with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
