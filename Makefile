# How Causeway is run, tested and checked. `make help` lists what there is.
#
# In the edit loop:   make test-sqlite ONLY=contracts     tests whose names contain the word, on SQLite
#                     make test-postgres ONLY=contracts   the same on PostgreSQL
#                     make check-house                    the rules of the house

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help

CARGO ?= cargo
export CARGO
TARGET := $(or $(CARGO_TARGET_DIR),target)
# What is tested and checked where nobody watches is exactly what the lock file names.
LOCKED := $(if $(CI),--locked)
# Only the tests whose names contain this.
ONLY ?=
export ONLY
# Arguments for `causeway demo`, as in: make run ARGS="--data-dir somewhere"
ARGS ?=

.PHONY: help
help: ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name what; do printf '%-20s %s\n' "$$name" "$$what"; done

# ── Running ─────────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: run
run: front-end ## Build, and serve the demo world on http://127.0.0.1:8080
	$(CARGO) build --profile quick --locked --bin causeway
	exec $(TARGET)/quick/causeway demo $(ARGS)

# The third-party files of the pages. They are made anew when what names them has changed, or when they are gone.
VENDOR := static/vendor/tabler.css
$(VENDOR): node_modules/.package-lock.json scripts/front-end.mjs scripts/icons.txt $(wildcard static/css/*.css static/js/*.js)
	npm run --silent build
	touch $@

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit
	touch $@

.PHONY: front-end need-build
front-end: need-build $(VENDOR) ## Fetch and prepare the third-party files of the pages
need-build:
	@scripts/need.sh build node

# ── Tests ───────────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: test test-all
test: need-test test-all ## Everything: unit, both databases, browser, real clients
test-all: test-unit test-workbooks test-sqlite test-postgres test-kills test-browser test-clients
	@[ -n "$(ONLY)" ] || scripts/summary.sh

.PHONY: need-test
need-test:
	@rm -rf $(TARGET)/suites
	@scripts/need.sh test

# What the tests of single sign-on meet: a certified provider, a name server.
PROVIDERS := tests/providers/node_modules/.package-lock.json
$(PROVIDERS): tests/providers/package.json tests/providers/package-lock.json
	npm ci --prefix tests/providers --ignore-scripts --no-audit --no-fund
	touch $@

.PHONY: test-unit
test-unit: front-end ## The tests inside src/
	scripts/suite.sh unit rust --lib --bins

.PHONY: test-workbooks
test-workbooks: front-end ## Spreadsheets that openpyxl and LibreOffice Calc wrote; usage reported with them
	@scripts/need.sh clients postgres
	@scripts/clients.sh
	$(TARGET)/clients/sdk/bin/python tests/workbooks/make_workbooks.py target/test-workbooks
	$(TARGET)/clients/sdk/bin/python tests/workbooks/make_workbooks.py target/test-workbooks --soffice
	TEST_DATABASE= scripts/suite.sh workbooks rust --test workbooks
	scripts/with-postgres.sh scripts/suite.sh workbooks-postgres rust --test workbooks

.PHONY: test-sqlite
test-sqlite: front-end $(PROVIDERS) ## The flows on SQLite
	TEST_DATABASE= scripts/suite.sh sqlite rust --test it

.PHONY: test-postgres
test-postgres: front-end $(PROVIDERS) ## The flows on a PostgreSQL server of their own
	@scripts/need.sh postgres
	scripts/with-postgres.sh scripts/suite.sh postgres rust --test it

# Where the tests write how often they killed the program at which point.
KILLS := $(abspath $(TARGET))/kills.txt
.PHONY: test-kills
test-kills: front-end ## Kill -9 at named points of the flows, on both databases
	@scripts/need.sh postgres
	@mkdir -p $(TARGET)
	@rm -f $(KILLS)
	KILLS_FILE=$(KILLS) TEST_DATABASE= scripts/suite.sh kills-sqlite rust --features crash-points --test kills
	KILLS_FILE=$(KILLS) scripts/with-postgres.sh scripts/suite.sh kills-postgres rust --features crash-points --test kills
	@[ -n "$(ONLY)" ] || scripts/kills.sh $(KILLS)

.PHONY: test-browser
test-browser: front-end tests/browser/node_modules/.package-lock.json $(PROVIDERS) ## The pages in a real Chromium
	@scripts/need.sh browser
	TEST_DATABASE= scripts/suite.sh browser rust --test browser

tests/browser/node_modules/.package-lock.json: tests/browser/package.json tests/browser/package-lock.json
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund
	touch $@

CLIENTS = python3 tests/clients/run.py --program $(TARGET)/debug/causeway --sdk $(TARGET)/clients/sdk --cli $(TARGET)/clients/cli
.PHONY: test-clients
test-clients: front-end ## The real clients against a running demo, on both databases
	@scripts/need.sh clients postgres
	@scripts/clients.sh
	# Built as for the other tests: alone it would have its libraries built once more.
	$(CARGO) test $(LOCKED) --no-run --quiet --test it
	scripts/suite.sh clients-sqlite run $(CLIENTS) $(if $(ONLY),-- -k $(ONLY))
	scripts/with-postgres.sh scripts/suite.sh clients-postgres run $(CLIENTS) --postgres $(if $(ONLY),-- -k $(ONLY))

# ── Checks ──────────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: check
check: check-format check-scripts check-npm check-lints check-house check-dependencies ## What passes before every commit

.PHONY: check-format
check-format: ## Formatting
	$(CARGO) fmt --check

.PHONY: check-lints
check-lints: front-end ## Lints
	$(CARGO) clippy $(LOCKED) --all-targets -- -D warnings
	# The kills are built with their feature only: the library once more, and they.
	$(CARGO) clippy $(LOCKED) --features crash-points --test kills -- -D warnings

.PHONY: check-house
check-house: front-end ## The rules of the house
	$(CARGO) test $(LOCKED) --quiet --test it house::

.PHONY: check-dependencies
check-dependencies: need-build ## Licences, bans, sources and advisories of what is linked
	scripts/dependencies.sh

.PHONY: check-scripts
check-scripts: ## The shell scripts
	@if command -v shellcheck >/dev/null; then shellcheck scripts/*.sh .ci/run; else echo "check: SHELL SCRIPTS NOT CHECKED: shellcheck is not installed"; fi

.PHONY: check-npm
check-npm: need-build ## That the npm lock files belong to their package files and name no server
	npm ci --dry-run --ignore-scripts --no-audit >/dev/null
	npm ci --prefix tests/browser --dry-run --ignore-scripts --no-audit >/dev/null
	npm ci --prefix tests/providers --dry-run --ignore-scripts --no-audit >/dev/null
	@! grep -Hn '"resolved"' package-lock.json tests/browser/package-lock.json tests/providers/package-lock.json

# ── Scans ───────────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: scan
scan: front-end ## Scan a demo: its pages with wapiti, its API with schemathesis; reports in target/scan/report
	@scripts/need.sh clients
	@scripts/clients.sh scan
	$(CARGO) build --profile quick --locked --bin causeway
	python3 tests/scan/run.py --program $(TARGET)/quick/causeway --tools $(TARGET)/scan --report $(TARGET)/scan/report

# ── Numbers and pictures ────────────────────────────────────────────────────────────────────────────────────────────

# ONLY=usage measures one part: requests_sqlite, requests_postgres, usage_sqlite, usage_postgres, pages.
BENCH_WORKBOOK := $(abspath target/bench/usage-200000.xlsx)
.PHONY: bench
bench: front-end $(BENCH_WORKBOOK) ## Measure; writes target/bench/report.md and report.json
	@scripts/need.sh postgres
	BENCH_WORKBOOK=$(BENCH_WORKBOOK) scripts/with-postgres.sh $(CARGO) bench --locked --profile quick --bench bench

$(BENCH_WORKBOOK): tests/bench/make_usage.py
	@scripts/need.sh clients
	@scripts/clients.sh
	$(TARGET)/clients/sdk/bin/python tests/bench/make_usage.py $@ 200000 20000

.PHONY: screenshots
screenshots: front-end tests/browser/node_modules/.package-lock.json ## Take docs/screenshots from the demo world
	@scripts/need.sh browser
	CAUSEWAY_SCREENSHOTS=docs/screenshots $(CARGO) test $(LOCKED) --quiet --test browser screenshots::
