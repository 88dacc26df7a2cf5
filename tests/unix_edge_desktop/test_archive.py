"""Archives are read by member, and what they say of themselves is bounded before it is believed."""

import io
import random
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from unix_edge.errors import ImageError
from unix_edge.sentences import Sentence
from unix_edge_desktop.studies import archive as module
from unix_edge_desktop.studies.archive import Archive

NOISE = random.Random(0).randbytes(5000)


def write(path, *members, compression=zipfile.ZIP_DEFLATED, change=None):
    """Write an archive of names and contents; `change` has the entries before the central directory is written."""
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in members:
            file.writestr(name, content)
        if change:
            change(file.filelist)
    return path


def problems(path):
    """Return what is said of each member that is not opened, by name."""
    return {name: str(member) for name, member in Archive(path).members() if isinstance(member, Sentence)}


def read(path, name):
    file, size = Archive(path).member(name).open()
    with file:
        content = file.read()
    assert len(content) == size
    return content


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_read_as_they_are_and_nothing_is_written(tmp_path, compression):
    path = write(tmp_path / "a.zip", ("a/b", NOISE), ("c", b"x"), ("d/", b""), compression=compression)
    assert [name for name, _ in Archive(path).members()] == ["a/b", "c"]
    assert read(path, "a/b") == NOISE and read(path, "c") == b"x"
    file, _ = Archive(path).member("a/b").open()
    file.seek(4000)
    assert file.read(10) == NOISE[4000:4010]
    file.seek(0)
    assert file.read(10) == NOISE[:10]
    file.close()
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(ImageError, match="no such file in the archive"):
        Archive(path).member("e")


@pytest.mark.parametrize(
    "name",
    ["../a", "a/../../b", "/etc/a", "C:/a", "c:a", "..\\a", "a\\..\\..\\b", "\\\\server\\share\\a", "//server/a"],
)
def test_a_name_that_leads_out_is_refused_and_the_rest_is_read(tmp_path, name):
    path = write(tmp_path / "a.zip", (name, b"evil"), ("good", NOISE))
    assert list(problems(path).values()) == ["its name leads out of the archive"]
    assert read(path, "good") == NOISE


def test_a_name_that_goes_on_behind_a_nul_is_refused(tmp_path):
    path = write(tmp_path / "a.zip", ("a.dcmQ.exe", NOISE))
    path.write_bytes(path.read_bytes().replace(b"dcmQ", b"dcm\0"))
    assert problems(path) == {"a.dcm": "its name leads out of the archive"}


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_are_refused(tmp_path, kind):
    def change(entries):
        entries[0].external_attr = (kind | 0o777) << 16

    path = write(tmp_path / "a.zip", ("a", b"/etc/passwd"), ("b", b"x"), change=change)
    assert problems(path) == {"a": "it is a link or a device, not a file"}


def test_what_is_packed_too_well_is_refused(tmp_path):
    path = write(tmp_path / "a.zip", ("bomb", bytes(20_000_000)), ("good", NOISE), ("small", bytes(60_000)))
    assert problems(path) == {"bomb": "it is packed more than 200 times smaller, as no image is"}
    assert read(path, "small") == bytes(60_000)


def test_no_more_of_a_member_is_inflated_than_it_declares(tmp_path):
    def lie(entries):
        entries[0].file_size = 1000

    path = write(tmp_path / "a.zip", ("bomb", bytes(50_000_000)), change=lie)
    member = Archive(path).member("bomb")
    tracemalloc.start()
    try:
        with pytest.raises(OSError):
            member.open()[0].read()
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("size", "count", "problem"),
    [((1 << 29) + 1, 1, "it is larger than 512 MiB"), (1 << 29, 9, "its files are larger than 4 GiB together")],
)
def test_what_declares_to_be_too_large_is_refused(tmp_path, size, count, problem):
    def lie(entries):
        for entry in entries:
            entry.file_size = size

    path = write(tmp_path / "a.zip", *[(str(number), NOISE) for number in range(count)], change=lie)
    if count == 1:
        assert problems(path) == {"0": problem}
    else:
        with pytest.raises(ImageError, match=problem):
            Archive(path)


def test_too_many_files_are_refused_whatever_the_end_says(tmp_path):
    path = write(tmp_path / "a.zip", *[(str(number), b"") for number in range(20_001)], compression=zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    for said in (20_001, 1):
        data[-14:-10] = struct.pack("<HH", said, said)
        path.write_bytes(data)
        with pytest.raises(ImageError, match="more than 20,000 files"):
            Archive(path)
    path = write(tmp_path / "b.zip", *[(str(number), b"") for number in range(20_000)], compression=zipfile.ZIP_STORED)
    assert sum(1 for _ in Archive(path).members()) == 20_000


def as_zip64(path, entries, length):
    """Put the two records of ZIP64 (APPNOTE 4.3.14, 4.3.15) before an archive's end, which then says little itself."""
    data = path.read_bytes()
    end = data.rindex(b"PK\5\6")
    size, offset = struct.unpack_from("<II", data, end + 12)
    large = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, entries, entries, length or size, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    said = struct.pack("<HHII", 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    path.write_bytes(data[:end] + large + locator + data[end : end + 8] + said + data[end + 20 :])


def test_the_large_form_is_read_and_bounded_too(tmp_path):
    path = write(tmp_path / "a.zip", ("a", NOISE))
    plain = path.read_bytes()
    as_zip64(path, 1, 0)
    assert read(path, "a") == NOISE
    for entries, length in ((20_001, 0), (1, 1 << 40), (1 << 60, 1 << 60)):
        path.write_bytes(plain)
        as_zip64(path, entries, length)
        with pytest.raises(ImageError, match="more than 20,000 files"):
            Archive(path)


@pytest.mark.parametrize("within", [".zip", ".gz", ".7z"])
def test_archives_within_archives_are_not_opened(tmp_path, within):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr("a", NOISE)
    content = {".zip": inner.getvalue(), ".gz": b"\x1f\x8b" + NOISE, ".7z": b"7z\xbc\xaf\x27\x1c" + NOISE}[within]
    path = write(tmp_path / "a.zip", (f"inner{within}", content))
    with pytest.raises(ImageError, match="archives within archives are not opened"):
        read(path, f"inner{within}")


@pytest.mark.parametrize("flag", [0x1, 0x40, 0x2000])
def test_a_password_is_said_not_to_be_supported(tmp_path, flag):
    def protect(entries):
        entries[1].flag_bits |= flag

    path = write(tmp_path / "a.zip", ("a", NOISE), ("b", NOISE), change=protect)
    with pytest.raises(ImageError, match=r"^a\.zip was not read: password-protected archives are not supported"):
        Archive(path)


def test_several_files_of_one_name_are_refused_all(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = write(tmp_path / "a.zip", ("a", b"one"), ("a", b"two"), ("b", NOISE))
    assert [str(each) for _, each in Archive(path).members()][:2] == ["several files in the archive have its name"] * 2
    assert read(path, "b") == NOISE


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_named(tmp_path, compression):
    path = write(tmp_path / "a.zip", ("a", NOISE), compression=compression)
    assert problems(path) == {"a": "the way in which it is packed is not supported"}


def test_names_in_the_old_code_page_and_in_utf8_are_read(tmp_path):
    path = write(tmp_path / "a.zip", ("日本語 é.dcm", NOISE), ("QQ.dcm", b"x"))
    path.write_bytes(path.read_bytes().replace(b"QQ", b"\x82\x81"))
    assert [name for name, _ in Archive(path).members()] == ["日本語 é.dcm", "éü.dcm"]
    assert read(path, "日本語 é.dcm") == NOISE and read(path, "éü.dcm") == b"x"


def test_an_empty_member_and_an_empty_archive(tmp_path):
    path = write(tmp_path / "a.zip", ("a", b""))
    with pytest.raises(ImageError, match="it is empty"):
        read(path, "a")
    assert list(Archive(write(tmp_path / "b.zip")).members()) == []


def test_a_cut_archive_is_a_sentence_or_exact(tmp_path):
    whole = write(tmp_path / "a.zip", ("a", NOISE), ("b", NOISE[::-1])).read_bytes()
    path = tmp_path / "cut.zip"
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        with pytest.raises(ImageError, match="no ZIP archive, or is cut short"):
            Archive(path)


def test_a_mutated_archive_is_a_sentence_or_a_broken_file_and_nothing_else(tmp_path):
    whole = write(tmp_path / "a.zip", ("a/b", NOISE), ("c", bytes(3000)), ("d", b"x")).read_bytes()
    chance = random.Random(1)
    path = tmp_path / "mutated.zip"
    outcomes = []
    for _ in range(600):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 2, 8))):
            # Mostly the directory at the end, of which all else is believed.
            place = chance.choice((chance.randrange(len(data)), -1 - chance.randrange(200)))
            data[place] = chance.randrange(256)
        path.write_bytes(data)
        try:
            for _, member in Archive(path).members():
                if not isinstance(member, Sentence):
                    file, size = member.open()
                    with file:
                        assert len(file.read()) <= size
            outcomes.append("read")
        except ImageError:
            outcomes.append("refused")
        except OSError:
            outcomes.append("broken")
    assert all(outcomes.count(each) > 20 for each in ("read", "refused", "broken"))


def test_an_archive_is_closed_when_nothing_refers_to_it(tmp_path):
    path = write(tmp_path / "a.zip", ("a", NOISE))
    before = list(Path("/proc/self/fd").iterdir())
    file, _ = Archive(path).member("a").open()
    assert file.read(3) == NOISE[:3]
    file.close()
    del file
    assert len(list(Path("/proc/self/fd").iterdir())) == len(before)


def test_the_limits_are_those_that_are_told():
    assert (module.MAX_ENTRIES, module.MAX_TOTAL, module.MAX_RATIO) == (20_000, 4 << 30, 200)
