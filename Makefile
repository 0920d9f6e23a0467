# Both commands do all of their own set-up: virtual environment, packages.

PYTHON ?= python3
TEXT ?= The quick brown fox jumps over the lazy dog.
VOICE ?=
OUT ?= speech.wav
LIGHT ?=
PYTEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
# setuptools warns of the folder's name at each editable installation
PIP_INSTALL := PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --prefer-binary --disable-pip-version-check
# what travels with a checkpoint, and the commands
TYPED := $(filter-out __init__,$(basename $(notdir $(wildcard pretrained/*.py)))) onnx_synthesis cli.main

# as they were typed, and in the environment, so that neither make nor the shell reads a quote or a dollar sign of the text
override TEXT := $(value TEXT)
override VOICE := $(value VOICE)
override OUT := $(value OUT)
export TEXT VOICE OUT
.DEFAULT_GOAL := help
.PHONY: help speak test lint clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

speak: $(VENV)/.installed$(if $(LIGHT),-light)  ## speak TEXT= in VOICE= (a name or a recording) to OUT=speech.wav; LIGHT=1: without PyTorch
	@$(BIN)/gpt2tts speak --output "$$OUT" $${VOICE:+--voice "$$VOICE"} -- "$$TEXT"

test: lint  ## format, lint and type checks, then the tests (PYTEST_ARGS=)
	HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

# mypy names modules by their folder, which a clone may call anything: the link gives the package its name
lint: $(VENV)/.installed-dev  ## the checks alone
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@mkdir -p $(VENV)/types && ln -sfn ../.. $(VENV)/types/gpt2tts
	MYPYPATH=$(VENV)/types $(BIN)/mypy $(TYPED:%=-m gpt2tts.%)

clean:  ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) .ci/create_venv.py $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing gpt2tts into $(VENV) (PyTorch: some minutes, 6 GB) ..." >&2
	@$(PIP_INSTALL) --editable ".[names]"
	@touch $@

# in this order pip does not complain of what is left out
$(VENV)/.installed-light: pyproject.toml | $(BIN)/python
	@test -e $(VENV)/.installed || { \
		echo "Installing gpt2tts into $(VENV), without PyTorch (half a minute, 0.34 GB) ..." >&2 && \
		$(PIP_INSTALL) --group speak && $(PIP_INSTALL) --no-deps --editable .; }
	@touch $@

# Resemblyzer is wanted for its weights only: what it depends on would have to be compiled here
$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo "Installing gpt2tts and its development tools into $(VENV) (PyTorch: some minutes, 8 GB) ..." >&2
	@$(PIP_INSTALL) --editable ".[dev]"
	@$(PIP_INSTALL) --no-deps "resemblyzer>=0.1.4,<0.2"
	@$(BIN)/python -c "from gpt2tts.data.alignment import compile_librosa; compile_librosa()"  # before tests in parallel do so
	@touch $(VENV)/.installed $@
