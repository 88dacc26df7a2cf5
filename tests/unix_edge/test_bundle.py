"""A bundle is whole and unchanged, or it is refused in one sentence."""

import dataclasses
import json
import os
import shutil

import numpy as np
import pytest

from unix_edge.bundle import EMBEDDED, MANIFEST, Bundle, Manifest, ParityRecord
from unix_edge.errors import BundleError
from unix_edge.graphs import GRAPHS, WEIGHTS_FILE


@pytest.fixture
def copied(engines, tmp_path):
    return shutil.copytree(engines, tmp_path / "bundle")


def flip_byte(path, at):
    content = bytearray(path.read_bytes())
    content[at] ^= 0x01
    path.write_bytes(content)


def test_a_whole_bundle_opens_and_tells_its_parity(engines):
    manifest = Bundle.open(engines).manifest
    assert manifest.precision == "fp32"
    assert {row.graph for row in manifest.parity} == {*GRAPHS, "sampler", "picture"}
    assert all(row.difference <= row.limit for row in manifest.parity)
    assert manifest.tools["onnxruntime"]


def test_a_difference_is_told_as_a_share_of_its_limit():
    assert ParityRecord("vision", "a", 1e-3, 2e-3).share == 0.5
    assert ParityRecord("understanding", "b", 0.0, 0.0).share == 0
    assert ParityRecord("understanding", "b", 1.0, 0.0).share == float("inf")


def test_a_manifest_survives_the_way_to_disk_and_back(engines):
    manifest = Bundle.open(engines).manifest
    assert Manifest.from_json(manifest.to_json()) == manifest


@pytest.mark.parametrize(
    "name", [MANIFEST, WEIGHTS_FILE, *(f"{graph}.onnx" for graph in GRAPHS), "tokenizer.json", "tokenizer_config.json"]
)
def test_one_flipped_byte_anywhere_is_refused(copied, name):
    size = (copied / name).stat().st_size
    for at in (0, size // 3, size // 2, size - 2):
        flip_byte(copied / name, at)
        with pytest.raises(BundleError, match=r"changed|none") as failure:
            Bundle.open(copied)
        assert str(failure.value).count("\n") == 0
        flip_byte(copied / name, at)
    Bundle.open(copied)


@pytest.mark.soak
def test_bytes_flipped_at_random_are_refused_before_any_graph_is_opened(copied, soak, monkeypatch):
    from unix_edge.sessions import Sessions

    monkeypatch.setattr(Sessions, "session", lambda *_: pytest.fail("a changed graph was opened"))
    random = np.random.default_rng(0)
    for path in sorted(copied.iterdir()):
        for at in random.integers(0, path.stat().st_size, 20 * soak):
            flip_byte(path, int(at))
            with pytest.raises(BundleError):
                Bundle.open(copied)
            flip_byte(path, int(at))


def test_a_flipped_byte_after_the_first_opening_is_noticed(copied):
    Bundle.open(copied)
    flip_byte(copied / WEIGHTS_FILE, -10)
    with pytest.raises(BundleError, match=r"weights\.safetensors was changed"):
        Bundle.open(copied)


def test_verify_hashes_even_what_looks_untouched(copied):
    bundle = Bundle.open(copied)
    path = copied / WEIGHTS_FILE
    before = path.stat()
    flip_byte(path, -10)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(BundleError, match=r"weights\.safetensors was changed"):
        bundle.verify()


def test_a_missing_and_a_surplus_file_are_named(copied):
    (copied / "notes.txt").write_text("mine")
    with pytest.raises(BundleError, match=r"notes\.txt does not belong to it"):
        Bundle.open(copied)
    (copied / "notes.txt").unlink()
    (copied / "vision.onnx").unlink()
    with pytest.raises(BundleError, match=r"vision\.onnx is missing"):
        Bundle.open(copied)


def test_a_link_in_place_of_a_file_is_refused(copied, engines):
    (copied / "vision.onnx").unlink()
    (copied / "vision.onnx").symlink_to(engines / "vision.onnx")
    with pytest.raises(BundleError, match=r"vision\.onnx was changed"):
        Bundle.open(copied)


@pytest.mark.parametrize(
    ("found", "advice"), [(99, "Update UniX Edge"), (3, "Export the checkpoint again")], ids=["newer", "older"]
)
def test_another_format_is_refused_with_advice(copied, found, advice):
    manifest = dataclasses.replace(Bundle.open(copied).manifest, format=found)
    (copied / MANIFEST).write_text(manifest.to_json())
    with pytest.raises(BundleError, match=rf"format {found} and this program reads 6\. {advice}"):
        Bundle.open(copied)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "null", '{"format": "3"}', '{"format": 6}', "[" * 100_000, "\udcff"]
)
def test_a_manifest_that_is_none_is_refused(copied, content):
    (copied / MANIFEST).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(BundleError, match="its manifest"):
        Bundle.open(copied)


def test_a_rehashed_manifest_of_another_schema_is_refused(copied):
    raw = json.loads((copied / MANIFEST).read_text())
    del raw["digest"]
    raw["model"]["surprise"] = 1
    from unix_edge.bundle import _digest

    raw["digest"] = _digest(raw)
    (copied / MANIFEST).write_text(json.dumps(raw, indent=1) + "\n")
    with pytest.raises(BundleError, match="does not follow the format"):
        Bundle.open(copied)


def test_no_folder_and_no_manifest(tmp_path):
    with pytest.raises(BundleError, match="no such folder"):
        Bundle.open(tmp_path / "nowhere")
    with pytest.raises(BundleError, match=r"holds no manifest\.json"):
        Bundle.open(tmp_path)


@pytest.fixture
def ours(tmp_path):
    """A copy of the bundle that comes with the program: it need not be exported first."""
    return shutil.copytree(EMBEDDED, tmp_path / "ours")


@pytest.fixture
def opened(ours):
    from unix_edge import UniX

    return UniX.load(ours, "cpu")


def replace_as_an_export_does(folder, source):
    """Another bundle under the same name, with the same files, dates and sizes."""
    other = shutil.copytree(source, folder.with_name("next"))
    folder.rename(folder.with_name("old"))
    other.rename(folder)


def test_a_bundle_that_is_replaced_before_a_graph_is_first_used_is_no_draft(opened, ours, radiograph_png):
    replace_as_an_export_does(ours, EMBEDDED)
    with pytest.raises(BundleError, match=r"replaced or changed while they were in use\. Start again"):
        opened.report(radiograph_png)


def test_a_bundle_that_is_replaced_between_two_images_ends_a_batch(opened, ours, radiograph_png, tmp_path):
    from unix_edge import ReportSettings
    from unix_edge.batch import BatchSettings, draft_files

    (tmp_path / "out").mkdir()
    second = shutil.copy(radiograph_png, tmp_path / "second.png")
    flip_byte(second, -1)
    settings = ReportSettings(max_tokens=4)
    outcomes = draft_files(opened, [radiograph_png, second], settings, BatchSettings(tmp_path / "out"))
    next(outcomes)
    replace_as_an_export_does(ours, EMBEDDED)
    with pytest.raises(BundleError, match="replaced or changed"):
        next(outcomes)
    assert len(list((tmp_path / "out").glob("*.txt"))) == 1


def test_a_run_that_began_goes_on_with_the_weights_that_it_opened(opened, ours, radiograph_png):
    from unix_edge import ReportSettings

    reading = opened.read(radiograph_png)
    settings = ReportSettings(max_tokens=9)
    before = reading.report(settings).tokens
    replace_as_an_export_does(ours, EMBEDDED)
    shutil.rmtree(ours.with_name("old"))
    flip_byte(ours / WEIGHTS_FILE, -7)
    assert reading.report(settings).tokens == before


@pytest.mark.parametrize("size", [0, 4096, 40_000])
def test_weights_that_are_cut_while_their_table_is_read_are_one_sentence(opened, ours, size):
    from unix_edge.embeddings import EmbeddingTable

    table = EmbeddingTable(opened.sessions.bundle)
    assert table.rows([5, 0, 601]).shape == (3, opened.sessions.bundle.manifest.model.hidden_size)
    os.truncate(ours / WEIGHTS_FILE, size)
    with pytest.raises(BundleError, match="replaced or changed"):
        table.rows([5])


def test_a_row_that_the_table_has_not_is_refused(opened):
    from unix_edge.embeddings import EmbeddingTable

    table = EmbeddingTable(opened.sessions.bundle)
    for wrong in (-1, opened.sessions.bundle.manifest.model.vocab_size, 10**12):
        with pytest.raises(BundleError, match="words that its embedding table does not"):
            table.rows([5, wrong])


@pytest.mark.parametrize("which", ["folder", "record"])
def test_a_record_that_others_could_have_written_is_not_believed(ours, monkeypatch, which):
    import platformdirs

    hashed, verify = [], Bundle.verify
    monkeypatch.setattr(Bundle, "verify", lambda self: (hashed.append(1), verify(self))[1])
    Bundle.open(ours)
    Bundle.open(ours)
    assert len(hashed) == 1
    folder = platformdirs.user_cache_path("unix-edge") / "verified"
    path = folder if which == "folder" else max(folder.iterdir(), key=lambda each: each.stat().st_mtime)
    before = path.stat().st_mode
    path.chmod(0o777)
    try:
        Bundle.open(ours)
    finally:
        if path.exists():
            path.chmod(before)
    assert len(hashed) == 2


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("precision",), "int2"),
        (("precision",), ["fp16"]),
        (("trained",), "false"),
        (("trained",), 1),
        (("trained_on",), ["computed phantoms"]),
        (("trained_on",), "x" * 5000),
        (("capacity",), 10**12),
        (("capacity",), "1536"),
        (("model", "hidden_size"), 192.0),
        (("model", "layers"), -6),
        (("model", "kv_heads"), 2_000_000),
        (("model", "image_size"), 100_000),
        (("model", "vocab_size"), True),
        (("special_tokens", "bos"), -1),
        (("special_tokens", "end_of_image"), 896),
        (("checkpoint",), None),
        (("tools", "torch"), 2.13),
    ],
)
def test_a_rehashed_manifest_with_a_value_that_cannot_be_is_refused(ours, place, value):
    from unix_edge.bundle import _digest

    raw = json.loads((ours / MANIFEST).read_text())
    del raw["digest"]
    inner = raw
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    raw["digest"] = _digest(raw)
    (ours / MANIFEST).write_text(json.dumps(raw, indent=1) + "\n")
    with pytest.raises(BundleError, match="holds a value that cannot be"):
        Bundle.open(ours)
