# What README, .ci/run and people call. Everything happens in .venv, out/ and the user's data folder.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out
TRANSLATIONS := desktop/unix_edge_desktop/translations/unix_edge_de
# torch by itself and first, by pip: any wider request would bring gigabytes of CUDA libraries.
TORCH := torch==2.13.0

.PHONY: setup run train-nano test check bench soak translations system clean

setup: $(VENV)/.done

$(VENV)/.done: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet $(TORCH)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[cpu,export,desktop,dev]'
	touch $@

# Export the default checkpoint, draft from a real chest radiograph, generate a picture.
run: setup
	mkdir -p $(OUT)
	$(BIN)/python -m unix_edge.export --fp16 --out $(OUT)/engines
	$(BIN)/unix-edge report "$$($(BIN)/python -c 'from pydicom.data import get_testdata_file as f; print(f("RG1_UNCR.dcm", download=False))')" \
	  --engines $(OUT)/engines --max-tokens 64 > $(OUT)/report.txt
	cat $(OUT)/report.txt
	$(BIN)/unix-edge generate "Moderate left pleural effusion. Cardiomegaly." \
	  --engines $(OUT)/engines --seed 7 --out $(OUT)/synthetic.png
	@echo "The report is in $(OUT)/report.txt, the picture in $(OUT)/synthetic.png, the engines in $(OUT)/engines."

# Train the small model; hours on two cores. A run that was killed goes on where it was.
train-nano: setup
	$(BIN)/python -m unix_edge_export.nano --out $(OUT)/nano

test: setup
	$(BIN)/python -m pytest -q

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python benchmarks/engines.py

# What is to be translated, into the .ts; what is translated, from there into the .qm that the app reads.
translations: setup
	$(BIN)/pyside6-lupdate -no-obsolete -locations none desktop/unix_edge_desktop/*.py -ts $(TRANSLATIONS).ts
	$(BIN)/pyside6-lrelease $(TRANSLATIONS).ts -qm $(TRANSLATIONS).qm

# The long tests; `make test` runs a tenth of them.
soak: setup
	UNIX_EDGE_SOAK=10 $(BIN)/python -m pytest -q -m soak

# What Qt wants on a bare Debian; not needed for anything but the app. Needs root.
system:
	apt-get update
	apt-get install --yes --no-install-recommends libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libxcb-cursor0

clean:
	rm -rf $(VENV) $(OUT)
