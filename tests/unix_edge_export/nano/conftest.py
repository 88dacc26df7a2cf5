"""A few phantoms, a tokenizer and small models, made once."""

from dataclasses import replace

import pytest
import torch

from unix_edge_export.nano.config import smoke
from unix_edge_export.nano.phantoms import Phantoms, Workers, chunks, compute_chunk
from unix_edge_export.nano.scene import Scene
from unix_edge_export.nano.tokenizer import prepare_tokenizer
from unix_edge_export.reference.model import UniX


@pytest.fixture(scope="session")
def recipe():
    tiny = smoke()
    return replace(tiny, data=replace(tiny.data, phantoms=6, chunk=3, validation=2))


@pytest.fixture(scope="session")
def nano_folder(recipe, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nano")
    for chunk in chunks(recipe.data):
        compute_chunk(folder, chunk, recipe.data)
    return folder


@pytest.fixture(scope="session")
def phantoms(recipe, nano_folder):
    return Phantoms(nano_folder, chunks(recipe.data)[1:])


@pytest.fixture(scope="session")
def validation(recipe, nano_folder):
    return Phantoms(nano_folder, chunks(recipe.data)[:1])


@pytest.fixture(scope="session")
def text(recipe, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizer") / "tokenizer"
    return prepare_tokenizer(folder, recipe.model.special_tokens, recipe.data.sentences)


@pytest.fixture
def scene(recipe, nano_folder, phantoms, validation, text, tmp_path):
    workers = Workers(nano_folder, recipe.data)  # which have nothing left to do
    return Scene(recipe, tmp_path, text, phantoms, validation, workers, torch.device("cpu"), lambda *told: None)


@pytest.fixture
def model(recipe):
    torch.manual_seed(1)
    return UniX(recipe.model)
