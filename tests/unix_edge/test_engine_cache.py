"""The life of a built engine, with a builder that writes a file: nothing but what it was built for ever gets it."""

import contextlib
import dataclasses
import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time

import pytest

from unix_edge.bundle import EMBEDDED, MANIFEST, Bundle
from unix_edge.engine_cache import EngineCache, EngineKey
from unix_edge.errors import DeviceUnavailableError
from unix_edge.sentences import Sentence
from unix_edge.tensorrt import engine_key, kept_engine, profile_shapes, tensorrt_options

KEY = EngineKey("a" * 64, "denoiser", "RTX 4090", "8.9", "580.1", "TensorRT 101500", "1.31.1", "fp16", "{}")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "engines"


@pytest.fixture
def cache(folder):
    return EngineCache(folder)


def build(cache, key=KEY, content=b"engine"):
    """Build if need be; return what stands there and whether it was built before."""
    with cache.entry(key) as (place, built):
        if not built:
            (place / "denoiser.engine").write_bytes(content)
        return (place / "denoiser.engine").read_bytes(), built


def test_an_engine_is_built_once(cache, folder):
    assert build(cache) == (b"engine", False)
    assert build(cache, content=b"never written") == (b"engine", True)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700, "nobody else looks into it"


@pytest.mark.parametrize("name", [each.name for each in dataclasses.fields(EngineKey)])
def test_whatever_an_engine_depends_on_is_told_apart(cache, name):
    """Another checkpoint, card, driver, version, precision or range of shapes has an engine of its own."""
    build(cache)
    other = dataclasses.replace(KEY, **{name: "another"})
    assert build(cache, other, b"its own") == (b"its own", False)
    assert build(cache) == (b"engine", True)


def test_an_engine_under_another_s_name_is_not_taken(cache, folder):
    """As when a folder was copied by hand: what stands in the manifest counts."""
    build(cache)
    other = dataclasses.replace(KEY, card="RTX 3060", compute_capability="8.6")
    (folder / KEY.folder_name).rename(folder / other.folder_name)
    assert cache.find(other) is None
    assert build(cache, other, b"its own") == (b"its own", False)


@pytest.mark.parametrize("content", [b"enginf", b"eng", b"", b"engine and more"])
def test_a_changed_engine_is_built_again_before_anything_reads_it(cache, folder, content):
    build(cache)
    (folder / KEY.folder_name / "denoiser.engine").write_bytes(content)
    assert cache.find(KEY) is None
    assert build(cache, content=b"built anew") == (b"built anew", False)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"key": {}, "files": {}}', '{"files": {"a": 1}, "key": 2}'])
def test_a_changed_manifest_is_not_believed(cache, folder, content):
    build(cache)
    (folder / KEY.folder_name / MANIFEST).write_text(content)
    assert cache.find(KEY) is None


def test_what_was_put_beside_an_engine_is_not_handed_out(cache, folder):
    build(cache)
    (folder / KEY.folder_name / "other.engine").write_bytes(b"a stranger's")
    assert cache.find(KEY) is None


def test_a_link_in_place_of_an_engine_is_not_followed(cache, folder, tmp_path):
    build(cache)
    engine = folder / KEY.folder_name / "denoiser.engine"
    engine.rename(tmp_path / "elsewhere")
    engine.symlink_to(tmp_path / "elsewhere")
    assert cache.find(KEY) is None


@pytest.mark.parametrize("where", ["", "entry", "entry/denoiser.engine", f"entry/{MANIFEST}"])
def test_what_others_may_write_to_is_ignored(cache, folder, where):
    build(cache)
    path = folder / where.replace("entry", KEY.folder_name)
    path.chmod(path.stat().st_mode | 0o020)
    assert cache.find(KEY) is None


def test_what_another_user_owns_is_ignored_and_nothing_is_written_there(cache, folder, monkeypatch):
    build(cache)
    before = sorted(folder.rglob("*"))
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with cache.entry(KEY) as entry:
        assert entry is None
    assert sorted(folder.rglob("*")) == before


def test_a_folder_that_others_may_write_to_gets_no_engine(folder, cache):
    folder.mkdir(mode=0o700)
    folder.chmod(0o777)
    with cache.entry(KEY) as entry:
        assert entry is None
    assert not list(folder.iterdir())


def test_without_permission_nothing_is_kept_and_the_work_goes_on(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with EngineCache(tmp_path / "file" / "engines").entry(KEY) as entry:
        assert entry is None


def test_of_a_build_that_failed_nothing_is_kept(cache, folder):
    with pytest.raises(RuntimeError), cache.entry(KEY) as (place, _):
        (place / "denoiser.engine").write_bytes(b"half")
        raise RuntimeError
    assert [path.name for path in folder.iterdir()] == [f"{KEY.folder_name}.lock"]
    assert build(cache) == (b"engine", False)


def test_the_oldest_used_go_when_there_are_too_many(folder):
    cache = EngineCache(folder, limit=4000)
    keys = [dataclasses.replace(KEY, graph=name) for name in ("vision", "understanding", "denoiser")]
    for age, key in enumerate(keys[:2]):
        build(cache, key, b"x" * 1500)
        os.utime(folder / key.folder_name / MANIFEST, (1000 + age, 1000 + age))
    build(cache, keys[0])  # used again, so that the other one is the oldest
    build(cache, keys[2], b"x" * 1500)
    assert [cache.find(key) is not None for key in keys] == [True, False, True]


def test_the_latest_stays_even_if_it_is_too_large_by_itself(folder):
    cache = EngineCache(folder, limit=10)
    build(cache)
    assert build(cache) == (b"engine", True)


def test_a_disk_that_is_full_keeps_nothing_and_the_work_goes_on(cache, folder, monkeypatch):
    def full(path):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("unix_edge.engine_cache.sha256", full)
    with cache.entry(KEY) as (place, _):
        (place / "denoiser.engine").write_bytes(b"engine")
    monkeypatch.undo()
    assert cache.find(KEY) is None and not [path for path in folder.iterdir() if path.is_dir()]


# Other processes ------------------------------------------------------------------------------------------------------

SLOW = """
import sys, time
from pathlib import Path
from unix_edge.engine_cache import EngineCache, EngineKey
folder, key, told, seconds = Path(sys.argv[1]), EngineKey(*eval(sys.argv[2])), Path(sys.argv[3]), float(sys.argv[4])
with EngineCache(folder).entry(key) as (place, built):
    if not built:
        (place / "denoiser.engine").write_bytes(b"en")
        told.touch()
        time.sleep(seconds)
        (place / "denoiser.engine").write_bytes(b"engine")
print(built)
"""


@pytest.fixture
def start(folder, tmp_path):
    def run(seconds):
        values = repr(dataclasses.astuple(KEY))
        command = [sys.executable, "-c", SLOW, folder, values, tmp_path / "begun", str(seconds)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        return child

    return run


def wait_for(path):
    until = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < until, "the child did not begin"
        time.sleep(0.01)


def test_two_processes_at_once_build_one_engine(start, cache, tmp_path):
    first = start(1.5)
    wait_for(tmp_path / "begun")
    second = start(0)
    assert first.communicate()[0] == "False\n"
    assert second.communicate()[0] == "True\n", "it waited, and found what the first had built"
    assert build(cache) == (b"engine", True)


def test_a_build_that_is_killed_leaves_nothing_that_is_handed_out(start, cache, folder, tmp_path):
    child = start(60)
    wait_for(tmp_path / "begun")
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert cache.find(KEY) is None
    assert build(cache, content=b"whole") == (b"whole", False)
    assert not [path for path in folder.iterdir() if ".partial-" in path.name], "and what it left is taken away"


# What sessions make of it ---------------------------------------------------------------------------------------------


@pytest.fixture
def bundle():
    return Bundle.open(EMBEDDED)


@pytest.fixture
def carded(monkeypatch, tmp_path):
    monkeypatch.setattr("unix_edge.machine.card_name", lambda index: f"card {index}")
    monkeypatch.setattr("unix_edge.machine.compute_capability", lambda index: "8.9")
    monkeypatch.setattr("unix_edge.machine.driver_version", lambda: "580.1")
    monkeypatch.setattr("unix_edge.tensorrt.tensorrt_version", lambda: "TensorRT 101500")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)


def test_what_takes_minutes_is_told_once(carded, bundle):
    told: list[Sentence] = []
    for _ in range(2):
        with kept_engine(bundle, "denoiser", 0, rtx=False, tell=told.append) as engine:
            (engine.folder / "a.engine").write_bytes(b"engine")
    assert [str(each) for each in told] == ["The denoiser graph is built for this card, which can take minutes."]


def test_two_checkpoints_with_equal_graphs_have_engines_of_their_own(carded, bundle, tmp_path):
    other = tmp_path / "bundle"
    other.mkdir()
    text = json.loads((EMBEDDED / MANIFEST).read_text())
    (other / MANIFEST).write_text(json.dumps({**text, "checkpoint": "another"}))
    moved = dataclasses.replace(bundle, folder=other)
    keys = [engine_key(each, "denoiser", 0, "TensorRT 101500") for each in (bundle, moved)]
    assert keys[0].folder_name != keys[1].folder_name
    assert engine_key(bundle, "denoiser", 1, "TensorRT 101500") != keys[0], "nor have two cards"


def open_thrice(bundle, second):
    """Open an engine, again with what happens then, and again; return how often it was built."""
    built = []
    for fails in (None, second, None):
        with (
            contextlib.suppress(DeviceUnavailableError, RuntimeError),
            kept_engine(bundle, "denoiser", 0, rtx=False, tell=built.append) as engine,
        ):
            (engine.folder / "a.engine").write_bytes(b"engine")
            if fails:
                raise fails
    return len(built)


def test_an_engine_that_a_runtime_cannot_read_is_built_again(carded, bundle):
    """As when the disk was full while it was written: it is whole as it was sealed, and no engine."""
    unreadable = DeviceUnavailableError("tensorrt", Sentence("its provider did not start"))
    assert open_thrice(bundle, unreadable) == 2


def test_memory_that_ends_costs_no_engine(carded, bundle):
    assert open_thrice(bundle, RuntimeError("out of memory")) == 1


@pytest.mark.parametrize("missing", ["card_name", "compute_capability", "driver_version"])
def test_of_a_card_that_tells_nothing_no_engine_is_kept(carded, bundle, monkeypatch, missing):
    monkeypatch.setattr(f"unix_edge.machine.{missing}", lambda *_: "")
    with kept_engine(bundle, "denoiser", 0, rtx=False, tell=lambda _: None) as engine:
        assert engine is None


def test_tensorrt_is_told_where_its_engine_is_and_all_shapes(bundle, tmp_path):
    options = tensorrt_options(bundle, "understanding", 1, tmp_path)
    assert options["trt_engine_cache_path"] == str(tmp_path) and options["device_id"] == "1"
    assert options["trt_profile_max_shapes"] == profile_shapes(bundle, "understanding")["max"]
    assert "trt_engine_cache_enable" not in tensorrt_options(bundle, "understanding", 1, None)
