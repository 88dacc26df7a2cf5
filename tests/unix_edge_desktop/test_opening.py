"""What is opened becomes files to read; what is not is told of, and nothing in its name can act."""

import os
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest

from unix_edge.errors import ImageError
from unix_edge.isolated.decode import decode
from unix_edge.sentences import Sentence
from unix_edge_desktop.studies.opening import Failure, Found, find_again, find_files, shown


def opened(*paths):
    results = list(find_files(paths))
    found = [each for each in results if isinstance(each, Found)]
    return found, [each for each in results if isinstance(each, Failure)]


NAMES = ["é ü", "日本語", "a b", "-rf", "%s{0}&", "a\nb", "\u202egnp.mcd", "no.extension.at.all", "1.2.840.10008"]


@pytest.mark.parametrize("name", NAMES)
def test_files_and_folders_are_found_whatever_they_are_called(tmp_path, make_file, name):
    folder = tmp_path / name / name
    folder.mkdir(parents=True)
    path = make_file(folder / name)
    for opening in (path, folder, tmp_path):
        (found,), failures = opened(opening)
        assert found.path == find_again(found.path, found.member) == path and not failures
    assert decode(found).pixels.shape == (300, 280)


def test_names_that_are_no_text_are_found_too(tmp_path, make_file):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/M\xfcller.dcm"))
    make_file(path)
    (found,), failures = opened(tmp_path)
    assert found.path == path and not failures
    assert shown(found.name) == "M\\udcfcller.dcm"


def test_paths_longer_than_260_characters_are_found(tmp_path, make_file):
    folder = tmp_path.joinpath(*["ordner mit ümlaut " * 5] * 5)
    folder.mkdir(parents=True)
    path = make_file(folder / "a.dcm")
    assert len(str(path)) > 400
    for opening in (path, tmp_path):
        (found,), failures = opened(opening)
        assert found.path == path and not failures


def test_a_folder_that_may_not_be_written_is_opened_and_stays_as_it_is(tmp_path, make_file):
    folder = tmp_path / "disc"
    folder.mkdir()
    make_file(folder / "a").chmod(0o444)
    folder.chmod(0o555)
    try:
        before = [(each.name, each.stat().st_mtime_ns, each.read_bytes()) for each in folder.iterdir()]
        (found,), failures = opened(folder)
        assert not failures and decode(found).pixels.size
        assert [(each.name, each.stat().st_mtime_ns, each.read_bytes()) for each in folder.iterdir()] == before
    finally:
        folder.chmod(0o755)


def test_what_is_no_file_is_told_of_and_not_opened(tmp_path, make_file):
    make_file(tmp_path / "good")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "good")
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "dangling").symlink_to(tmp_path / "absent")
    found, failures = opened(tmp_path)
    assert [each.path.name for each in found] == ["good"]
    link = "It is a link, which is not followed."
    assert {each.path.name: str(each.reason) for each in failures} == {
        "pipe": "It is no regular file.",
        "link": link,
        "round": link,
        "dangling": link,
    }


def test_a_link_that_a_person_opens_is_followed(tmp_path, make_file):
    (tmp_path / "folder").mkdir()
    path = make_file(tmp_path / "folder" / "good")
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    (found,), failures = opened(tmp_path / "link")
    assert found.path == path and not failures


def test_paths_that_cannot_be_opened_cost_only_themselves(tmp_path, make_file, monkeypatch):
    path = make_file(tmp_path / "good")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    (tmp_path / "locked").mkdir()
    scan = os.scandir

    def refuse(folder):
        if Path(folder).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    paths = [tmp_path / "absent", tmp_path / "round", Path("a\0b"), Path("/proc/self/mem/x"), tmp_path / "locked", path]
    found, failures = opened(*paths)
    assert [each.path for each in found] == [path]
    assert [each.path for each in failures] == paths[:-1]
    assert str(failures[0].reason) == "It cannot be opened (No such file or directory)."
    assert str(failures[4].reason) == "It cannot be opened (Permission denied)."
    assert all(str(each.reason).startswith("It cannot be opened (") for each in failures)


@pytest.mark.parametrize("name", ["autorun.inf", "VIEWER.EXE", "lib.dll", "start.bat", "a.lnk", "weasis.jar", "x.JS"])
def test_programs_of_a_disc_are_neither_run_nor_read(tmp_path, make_file, name):
    """Even one that is an image as well."""
    make_file(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.write(tmp_path / name, f"folder/{name}")
    found, failures = opened(tmp_path)
    assert not found
    assert {str(each.reason) for each in failures} == {"It is a program or belongs to one."} and len(failures) == 2


@pytest.mark.parametrize("start", [b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08\0", b"BZh9", b"\xfd7zXZ\0"])
def test_other_archives_are_named(tmp_path, start):
    (tmp_path / "a").write_bytes(start + bytes(600))
    assert opened(tmp_path) == ([], [Failure(tmp_path / "a", Sentence("Of archives only ZIP is opened."))])


def test_an_archive_is_known_by_what_it_begins_with_and_a_broken_one_is_a_sentence(tmp_path, make_file):
    make_file(tmp_path / "a")
    with zipfile.ZipFile(tmp_path / "no extension", "w") as file:
        file.write(tmp_path / "a", "x/a")
    found, _ = opened(tmp_path / "no extension")
    assert [(each.path.name, each.member, each.name) for each in found] == [("no extension", "x/a", "a")]
    cut = tmp_path / "cut.zip"
    cut.write_bytes((tmp_path / "no extension").read_bytes()[:-30])
    assert opened(cut) == ([], [Failure(cut, Sentence("It is no ZIP archive, or is cut short."))])
    cut.write_bytes(b"not any more")
    with pytest.raises(ImageError, match=r"cut\.zip was not read: it is no ZIP archive"):
        find_again(cut, "x/a")


def test_a_dicomdir_in_an_archive_tells_what_is_missing(tmp_path):
    import shutil

    from pydicom.data import get_testdata_file

    medium = Path(get_testdata_file("dicomdirtests/DICOMDIR", download=False)).parent
    shutil.copytree(medium / "77654033", tmp_path / "cd" / "77654033")
    shutil.copy(medium / "DICOMDIR", tmp_path / "cd")
    shutil.make_archive(str(tmp_path / "cd"), "zip", tmp_path, "cd")
    found, failures = opened(tmp_path / "cd.zip")
    assert len(found) == sum(each.is_file() for each in (tmp_path / "cd" / "77654033").rglob("*"))
    assert failures and {str(each.reason) for each in failures} == {"The DICOMDIR names it, and it is not there."}
    assert not any(each.member.startswith("77654033") for each in failures)


def test_finding_stops_when_it_is_to(tmp_path):
    for number in range(50):
        (tmp_path / str(number)).write_bytes(b"x")
    seen = []
    for each in find_files([tmp_path], lambda: len(seen) >= 10):
        seen.append(each)
    assert len(seen) == 10


def test_every_character_that_could_act_is_shown_by_its_number():
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        kind = unicodedata.category(character)
        if kind in ("Cc", "Cf", "Cs", "Zl", "Zp") or character in "<>":
            assert character not in shown(character), hex(number)
        elif kind[0] in "LNPSM" or kind == "Zs":
            assert shown(character) == character, hex(number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller^Jörg=山田^太郎", "Müller^Jörg=山田^太郎"),
        ("a\r\nb\x1b[31mc\0", "a\\u000d\\u000ab\\u001b[31mc\\u0000"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ('<img src="file:///x">', '‹img src="file:///x"›'),
        ("x" * 70_000, "x" * 1024 + "…"),
    ],
)
def test_text_of_files_can_only_be_read(text, expected):
    assert shown(text) == expected
