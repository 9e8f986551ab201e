# `make demo` and `make test` are all a newcomer needs; both make .venv first where it is not ready.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint types layers rules unit prism bench mutants soak clean ready
export PYTHON
bin := .venv/bin

help: ## show this list
	@awk -F ':[^#]*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

demo: ready ## run a synthetic trust through a real week: its lists, its messages
	@$(bin)/firstbell demo

test: lint types layers rules unit ## everything below, down to unit; what has to pass before a change goes in

lint: ready ## style and formatting, by ruff
	@$(bin)/ruff check
	@$(bin)/ruff format --check

types: ready ## types, by mypy in strict mode
	@$(bin)/mypy

layers: ready ## who may import whom, by import-linter
	@$(bin)/lint-imports

rules: ready ## the shipped rule packs, by their own checks and tests
	@$(bin)/firstbell rules check
	@$(bin)/firstbell rules test
	@$(bin)/firstbell rules test rules/documents rules/examples/authorities

unit: ready prism ## the Python tests; every line and branch of engine/ must run
	@$(bin)/pytest -n auto --cov=engine --cov-branch --cov-fail-under=100

prism: ## put servers made of providers' published contracts into .prism, where npm and the contracts are
	@.ci/prism

bench: ready ## measure speed and memory against the stated bounds
	@$(bin)/python -m pip install --quiet --no-build-isolation -c constraints.txt -e '.[bench]'
	@$(bin)/python -m benchmarks

mutants: ready ## break the engine on purpose: at least nine mutants of ten must fail a test
	@$(bin)/python -m pip install --quiet --no-build-isolation -c constraints.txt -e '.[soak]'
	@$(bin)/python -m tests.mutation

soak: mutants ## the tests that take long, after the mutants
	@$(bin)/pytest -m soak

clean: ## remove .venv, .prism and every cache; stores, outboxes and quarantine stay
	rm -rf .venv .prism mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

ready:
	@.ci/venv
