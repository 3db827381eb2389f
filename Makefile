# `make up` runs Followthrough, `make test` its tests, `make lint` its checks, `make bench` measures it,
# `make screenshots` takes pictures of it.
# Each needs Python 3.11 only.

SHELL := /bin/bash
PYTHON ?= $(shell for each in python3.11 python3 python; do \
	"$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$each" && break; done)
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' pyproject.toml
TEST := $(BIN)/python -m pytest
ON_SQLITE := FOLLOWTHROUGH_TEST_DB=sqlite
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
# Settings of a production installation that does not exist: enough to be judged by `check --deploy`.
PRODUCTION := EMBEDDED=false DEBUG=false SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	DATABASE_URL=postgres://followthrough@localhost/followthrough CELERY_BROKER_URL=redis://localhost:6379/0 \
	CACHE_URL=locmemcache:// EMAIL_URL=smtp://localhost:25 ALLOWED_HOSTS=promises.example.org \
	PUBLIC_URL=https://promises.example.org
THROWAWAY := SECRET_KEY=only-to-look-at-the-code EMBEDDED=true DATABASE_URL=sqlite:///:memory:

.PHONY: up test faults fuzz lint audit bench load soak screenshots lock clean

up: .venv/run.stamp
	@exec $(BIN)/python manage.py up $(if $(PORT),--port $(PORT)) $(ARGS)

# On both databases: first, a process for each core, what shares a machine gladly, and what drives a
# browser, each file in one process; then, alone, what kills processes. Where ARGS leave nothing of one
# part, pytest says so with a 5.
test: .venv/dev.stamp
	$(ON_SQLITE) $(TEST) -n logical -m "both_databases and not faults" $(ARGS) || [ $$? = 5 ]
	$(ON_SQLITE) $(TEST) -m "both_databases and faults" $(ARGS) || [ $$? = 5 ]
	$(TEST) -n logical -m "not faults and not browser" $(ARGS) || [ $$? = 5 ]
	$(TEST) -n logical --dist loadfile -m "browser and not faults" $(ARGS) || [ $$? = 5 ]
	$(TEST) -m faults $(ARGS) || [ $$? = 5 ]

# Every fault, those that take long too, and ten minutes of kills; FAULTS_MINUTES=1 is a short storm.
faults: .venv/dev.stamp
	$(BIN)/python -m pytest tests/faults -m "faults or long_fault" -p no:randomly $(ARGS)

# Asks every call of the API, for FUZZ_MINUTES on each database, what nobody thought of.
fuzz: .venv/dev.stamp
	$(ON_SQLITE) $(TEST) tests/fuzz -m fuzz -p no:randomly $(ARGS)
	$(TEST) tests/fuzz -m fuzz -p no:randomly $(ARGS)

lint: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	find templates -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +
	$(BIN)/lint-imports --no-logo
	$(THROWAWAY) $(BIN)/mypy
	$(THROWAWAY) $(BIN)/python manage.py makemigrations --check --dry-run
	$(THROWAWAY) $(BIN)/python manage.py spectacular --fail-on-warn --validate --file /dev/null
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

# SIZE=small takes a minute or two; full, an hour and 15 GB of disk.
bench: .venv/dev.stamp
	$(BIN)/python -m tests.load.bench --size $(or $(SIZE),full) $(ARGS)

# What people wait for, held to its bounds: pages and lists of a million promises, reading, an import.
load: .venv/dev.stamp
	$(TEST) -m load -s -p no:randomly $(ARGS)

# Ten minutes of mixed use at real processes: no errors, no waiting, nothing that grows. SOAK_MINUTES=2
# is a short one.
soak: .venv/dev.stamp
	$(BIN)/python -m tests.load.soak $(ARGS)

# What takes longer than `make test` may, or needs root: bandit, licences, known weaknesses, every
# text with hostile words in it, long faults, fuzzing, load, a long restore and the soak. Prints what was
# skipped, and why; ARGS=--strict fails then. ARGS="code licences" runs those parts.
audit: .venv/dev.stamp
	$(BIN)/python -m tests.audit $(ARGS)

# A picture of every page of the demonstration, into var/screenshots/; needs Chromium and some minutes.
screenshots: .venv/dev.stamp
	$(BIN)/python -m tests.browser.screenshots

# After a change of the dependencies in pyproject.toml; `make lock ARGS=--upgrade` takes newer ones.
lock: .venv/dev.stamp
	$(LOCK) $(ARGS) --output-file requirements.txt
	$(LOCK) $(ARGS) --group dev --output-file requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/made.stamp:
	@test -n "$(PYTHON)" || { echo "Followthrough needs Python 3.11 or later on PATH." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run.stamp: requirements.txt .venv/made.stamp
	$(INSTALL) -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/made.stamp
	$(INSTALL) -r requirements-dev.txt
	@touch $@
