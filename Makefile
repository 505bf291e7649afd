# `make` alone lists what there is. Needs GNU make and Python 3.11 or newer; the rest is installed into .venv.

PORT ?= $(or $(shell sed -n 's/^PORT=//p' .env 2>/dev/null),8000)
TEST_WORKERS ?= 2
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
# A name on the PATH may be a shim that leads nowhere, so each candidate is run before it is believed.
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python
FIND_PYTHON = for name in $(or $(PYTHON),$(CANDIDATES)); do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$name"; break; }; \
	done

define PORT_IS_FREE
import socket, sys
port = sys.argv[1]
if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
    sys.exit(f"PORT is {port!r}; it must be a number from 1 to 65535, as in: make run PORT=8001")
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(port)))
    except OSError as reason:
        sys.exit(f"Port {port} cannot be used ({reason.strerror}). Stop what listens there, or choose another: make run PORT=8001")
endef
export PORT_IS_FREE PORT

.DEFAULT_GOAL := help
.PHONY: help run port install test check bench messages pictures lock tools clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: port $(VENV)/requirements.txt ## Install, prepare the data, serve at http://127.0.0.1:8000 (PORT=8001 changes it)
	@$(BIN)/python manage.py prepare
	@exec $(BIN)/gunicorn --config python:kb.server kb.wsgi

port: $(VENV)/bin/python
	@$(BIN)/python -c "$$PORT_IS_FREE" "$(PORT)"

install: $(VENV)/requirements.txt $(VENV)/requirements-dev.txt ## Install what running, testing and checking need

test: install ## Run the tests (ARGS="-k dates" chooses; DATABASE_URL=postgres://… runs them on PostgreSQL)
	@$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal $(ARGS)

check: install ## Lint, formatting, types, deployment settings, missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates/admin
	$(BIN)/djlint --lint --quiet --profile jinja templates/base.html templates/includes templates/kb templates/sources
	$(BIN)/python manage.py makemigrations --check --dry-run
	ALLOWED_HOSTS=facts.example.org SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

bench: install ## Run the measurements under tests/bench
	@found=0; for file in tests/bench/bench_*.py; do \
		[ -f "$$file" ] || continue; found=1; \
		echo "== $$file"; $(BIN)/python -m "$$(echo $${file%.py} | tr / .)" || exit 1; \
	done; [ $$found = 1 ] || echo "There are no measurements yet: they go to tests/bench/bench_NAME.py."

messages: install ## Bring the catalogs of translations up to date with the code (locale/)
	@$(BIN)/python -m tests.support.catalogs

pictures: install ## Take the pictures of README anew (needs Chromium)
	@$(BIN)/python -m tests.pictures

lock: ## Pin requirements*.in with hashes (needs uv)
	@for name in requirements requirements-dev; do \
		uv pip compile $$name.in --output-file $$name.txt --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet || exit 1; \
	done

tools: ## Fetch the HTML validator that some tests want (needs npm; running it needs Java)
	@mkdir -p var/tools
	@cp .ci/package.json .ci/package-lock.json var/tools/
	@npm ci --prefix var/tools --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null

clean: ## Remove the environment and caches; data in var/ stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

# The copy of what was installed is the stamp: nothing is asked of the network until the list changes.
$(VENV)/requirements.txt: requirements.txt | $(VENV)/bin/python
	@$(call install_from,requirements.txt)

$(VENV)/requirements-dev.txt: requirements-dev.txt $(VENV)/requirements.txt
	@$(call install_from,requirements-dev.txt)

install_from = echo "Installing from $(1) …"; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --retries 2 --require-hashes -r $(1) || { \
		echo "The packages in $(1) could not be installed; the reason is above. The first time, this needs the network" >&2; \
		echo "(the Python package index, or a mirror named in pip's configuration). Run the same command again with it." >&2; \
		exit 1; }; \
	cp $(1) $@

$(VENV)/bin/python:
	@python=$$($(FIND_PYTHON)); \
	[ -n "$$python" ] || { \
		echo "Rejoinder needs Python 3.11 or newer, and none of these is: $(or $(PYTHON),$(CANDIDATES))." >&2; \
		echo "Install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }; \
	"$$python" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$$python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
	"$$python" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
