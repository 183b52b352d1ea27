# Common Ground. `make run` starts it; `make help` lists the rest.
PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON := .venv/bin/python
PYTEST_ARGUMENTS ?=
DRILL_ARGUMENTS ?=
PEOPLE ?= 48
LAUNCH_DAY_ARGUMENTS ?=
export PORT HOST COURSE

.DEFAULT_GOAL := help
.PHONY: help run setup setup-tests frontend test lint format types bench drill launch-day check-course content-report constraints clean

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## Start Common Ground with a demo region (PORT=8000 HOST=127.0.0.1)
	@sh tools/with-python tools.run

setup: ## Bring in everything that running needs, and start nothing
	@sh tools/with-python tools.setup

setup-tests:
	@sh tools/with-python tools.setup tests

frontend: setup ## Build the style sheet and scripts when their sources have changed

test: lint types ## Check the code and run every test (BROWSER=no leaves the browser tests out)
	@$(PYTHON) -m pytest -n auto --dist worksteal $(if $(filter no,$(BROWSER)),-m "not browser") $(PYTEST_ARGUMENTS)

lint: setup-tests ## Check style and formatting
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .

format: setup-tests ## Mend style and formatting
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

types: setup-tests ## Check the types
	@$(PYTHON) -m mypy

bench: setup-tests ## Measure how fast it is
	@$(PYTHON) -m bench

drill: setup-tests ## Kill workers while they make 2,000 certificates, and say what held
	@$(PYTHON) -m bench.drill $(DRILL_ARGUMENTS)

launch-day: setup-tests ## Let PEOPLE=48 take a whole course at once, and say what it cost (AGAINST=COMMIT KILLS=33 SEED=1)
	@$(PYTHON) -m tools.test_servers $(PYTHON) -m bench.launch_day --people $(PEOPLE) $(if $(AGAINST),--against $(AGAINST)) \
	  $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED)) $(LAUNCH_DAY_ARGUMENTS)

check-course: ## Check a course before it is uploaded (COURSE=folder-or-zip)
	@sh tools/with-python tools.command course check "$${COURSE:-courses/library/race-equality-essentials}"

content-report: setup-tests ## Say which screens are long or hard to read, and which break a rule (BROWSER=no)
	@$(if $(filter no,$(BROWSER)),rm -f,$(PYTHON) -m tests.browser.content_pages) var/content-report/pages.json
	@sh tools/with-python tools.command content-report --pages var/content-report/pages.json

constraints: setup-tests ## Write down the versions that the pins brought with them
	@{ echo '# What the exact pins brought with them; written by `make constraints`, used by every installation.'; \
	  $(PYTHON) -m pip freeze --exclude pip --exclude setuptools; } > constraints.txt

clean: ## Remove what make can make again; the demo's data in var/ stays
	@rm -rf .venv node_modules app/static/build var/stamps .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
