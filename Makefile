# What README, .ci/run and people call. Everything happens in .venv, out/ and the user's data folder.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out
# The real CUDA provider in an environment of its own, where a pretended CUDA takes NVIDIA's place.
FAKE_CUDA := .venv-fake-cuda
FAKE_CUDA_HEADERS := nvidia-cuda-runtime==13.0.96 nvidia-cuda-crt==13.0.88
STAND_INS := tests/fake_cuda/stand_ins
RELEASES := $(foreach each,fp16 int8 int4,$(OUT)/release-$(each))
TRANSLATIONS := desktop/unix_edge_desktop/translations/unix_edge_de
# torch by itself and first, by pip: any wider request would bring gigabytes of CUDA libraries.
TORCH := torch==2.13.0

.PHONY: setup run train-nano test fake-cuda check bench soak translations system clean

setup: $(VENV)/.done

$(VENV)/.done: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet $(TORCH)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[cpu,export,desktop,dev]'
	touch $@

# Export the model that comes along, draft from a computed radiograph, print what is true of it, generate a picture.
run: setup
	mkdir -p $(OUT)
	$(BIN)/unix-edge export --fp16 --out $(OUT)/engines
	$(BIN)/unix-edge phantom 10000007 $(OUT)/phantom.dcm > $(OUT)/truth.txt
	$(BIN)/unix-edge report $(OUT)/phantom.dcm --engines $(OUT)/engines > $(OUT)/report.txt
	@echo "The draft:"; cat $(OUT)/report.txt; echo "The truth:"; cat $(OUT)/truth.txt
	$(BIN)/unix-edge generate "Moderate left pleural effusion. Moderate cardiomegaly." \
	  --engines $(OUT)/engines --seed 7 --out $(OUT)/synthetic.png
	@echo "The radiograph, the draft and the picture are in $(OUT): phantom.dcm, report.txt, synthetic.png."

# Train the small model; hours on two cores. A run that was killed goes on where it was.
train-nano: setup
	$(BIN)/python -m unix_edge_export.nano --out $(OUT)/nano

# Two processes share the cores, so none of them takes more than one thread for its products.
test: setup
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q --numprocesses=2 --dist=loadfile --no-loadscope-reorder

# Placement, memory and refusals on a pretended card (docs/gpu.md). Needs gcc and, the first time, minutes to trace.
fake-cuda: $(FAKE_CUDA)/.stand-ins $(OUT)/nano-fp32 $(OUT)/nano-int8 $(RELEASES)
	FAKE_CUDA_DRIVER=$(CURDIR)/$(FAKE_CUDA)/driver FAKE_CUDA_FP16=unix_edge/models/unix-nano \
	  FAKE_CUDA_FP32=$(OUT)/nano-fp32 FAKE_CUDA_INT8=$(OUT)/nano-int8 FAKE_CUDA_RELEASE=$(OUT)/release-fp16 \
	  FAKE_CUDA_RELEASE_INT8=$(OUT)/release-int8 FAKE_CUDA_RELEASE_INT4=$(OUT)/release-int4 \
	  $(FAKE_CUDA)/bin/python -m pytest -q -c tests/fake_cuda/pytest.ini --rootdir=. --confcutdir=tests/fake_cuda \
	  tests/fake_cuda

$(FAKE_CUDA)/.done: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(FAKE_CUDA)
	$(FAKE_CUDA)/bin/python -m pip install --quiet --upgrade pip
	$(FAKE_CUDA)/bin/python -m pip install --quiet -c constraints.txt onnxruntime-gpu pytest -e .
	# The headers alone: their packages hold the real runtime, too.
	$(FAKE_CUDA)/bin/python -m pip install --quiet --no-deps --upgrade --target $(FAKE_CUDA)/headers $(FAKE_CUDA_HEADERS)
	touch $@

$(FAKE_CUDA)/.stand-ins: $(FAKE_CUDA)/.done $(wildcard $(STAND_INS)/*)
	$(STAND_INS)/build.sh $(CURDIR)/$(FAKE_CUDA)/headers/nvidia/cu13/include $(CURDIR)/$(FAKE_CUDA)/driver \
	  $$($(FAKE_CUDA)/bin/python -c "import sysconfig; print(sysconfig.get_path('purelib'))")
	touch $@

$(OUT)/nano-%: $(wildcard unix_edge/models/unix-nano/*) | setup
	$(BIN)/unix-edge export --$* --no-parity --checkpoint unix_edge/models/unix-nano --out $@

$(OUT)/release-%: unix_edge/graphs.py $(wildcard export/unix_edge_export/modules/*.py) | setup
	mkdir -p $(OUT)
	$(BIN)/python tests/fake_cuda/make_release.py $@ $*

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python benchmarks/engines.py

# What is to be translated, into the .ts; what is translated, from there into the .qm that the app reads.
translations: setup
	mkdir -p $(OUT)
	$(BIN)/python desktop/collect_sentences.py $(OUT)/sentences.py
	$(BIN)/pyside6-lupdate -no-obsolete -locations none $$(find desktop -name "*.py") $(OUT)/sentences.py -ts $(TRANSLATIONS).ts
	$(BIN)/pyside6-lrelease $(TRANSLATIONS).ts -qm $(TRANSLATIONS).qm

# The long tests; `make test` runs a tenth of them.
soak: setup
	UNIX_EDGE_SOAK=10 $(BIN)/python -m pytest -q -m soak

# What Qt wants on a bare Debian; not needed for anything but the app. Needs root.
system:
	apt-get update
	apt-get install --yes --no-install-recommends libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libxcb-cursor0 \
	  libxcb-icccm4 libxcb-keysyms1 libxcb-randr0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0

clean:
	rm -rf $(VENV) $(FAKE_CUDA) $(OUT)
