"""A DICOMDIR names files of its own folder, whatever it says and however the medium was copied."""

import os

import pydicom
import pytest
from pydicom.tag import Tag

from unix_edge.sentences import Sentence
from unix_edge_desktop.studies.media import OUTSIDE, find_records, is_dicomdir
from unix_edge_desktop.studies.opening import Failure, Found, find_files

ITSELF = Sentence("the DICOMDIR names it, and it is a DICOMDIR")
MISSING = Sentence("the DICOMDIR names it, and it is not there")
TREE = {(): ["IMAGES", "images2", "DICOMDIR"], ("IMAGES",): ["a.dcm", "IM1;1", "Twice", "tWice", "x."]}


def find(*file_ids):
    return list(find_records(file_ids, lambda parts: TREE.get(parts, [])))


@pytest.mark.parametrize(
    "file_id",
    [
        "..\\a",
        "IMAGES\\..\\..\\a",
        "IMAGES\\.\\a.dcm",
        "IMAGES\\.. \\a",
        "\\a",
        "\\\\server\\share\\a",
        "C:\\a",
        "C:a",
        "/etc/passwd",
        "IMAGES/a.dcm",
        "IMAGES\\a.dcm\0.exe",
        "IMAGES\\",
        "IMAGES\\...",
        " ",
    ],
)
def test_a_name_that_leads_out_is_refused_before_anything_is_looked_at(file_id):
    def look(parts):
        raise AssertionError(parts)

    assert list(find_records([file_id], look)) == [(file_id, (), OUTSIDE)]


@pytest.mark.parametrize(
    ("file_id", "parts"),
    [
        ("IMAGES\\a.dcm", ("IMAGES", "a.dcm")),
        ("IMAGES\\A.DCM", ("IMAGES", "a.dcm")),
        ("images\\IM1", ("IMAGES", "IM1;1")),
        ("IMAGES\\X", ("IMAGES", "x.")),
        ("IMAGES\\Twice", ("IMAGES", "Twice")),
    ],
)
def test_names_are_found_as_media_are_copied(file_id, parts):
    assert find(file_id) == [(file_id, parts, None)]


@pytest.mark.parametrize("file_id", ["IMAGES\\b", "b\\a.dcm", "IMAGES\\a.dcm\\b", "IMAGES\\TWICE"])
def test_a_name_that_is_not_there_or_is_not_clear_is_missing(file_id):
    assert find(file_id) == [(file_id, (), MISSING)]


def test_each_name_is_looked_for_once_and_none_leads_to_another_dicomdir():
    assert find("IMAGES\\a.dcm", "IMAGES\\a.dcm", "DICOMDIR", "IMAGES\\dicomdir.;1") == [
        ("IMAGES\\a.dcm", ("IMAGES", "a.dcm"), None),
        ("DICOMDIR", (), ITSELF),
        ("IMAGES\\dicomdir.;1", (), ITSELF),
    ]


@pytest.mark.parametrize("name", ["DICOMDIR", "dicomdir", "DICOMDIR.;1", "DICOMDIR."])
def test_a_dicomdir_is_known_by_its_name(name):
    assert is_dicomdir(name) and not is_dicomdir(f"{name}.dcm")


def rename(medium, *names):
    """Put names into a medium's records, from the first on, unchecked."""
    dataset = pydicom.dcmread(medium / "DICOMDIR")
    records = [each for each in dataset.DirectoryRecordSequence if "ReferencedFileID" in each]
    for record, name in zip(records, names, strict=False):  # the rest keep theirs
        record[Tag("ReferencedFileID")]._value = name.split("\\")
    dataset.save_as(medium / "DICOMDIR")
    return len(records)


def opened(path):
    results = list(find_files([path]))
    found = [each for each in results if isinstance(each, Found)]
    return found, [each for each in results if isinstance(each, Failure)]


def test_a_dicomdir_that_climbs_out_costs_its_own_names(medium):
    secret = medium.parent / "secret"
    secret.write_bytes((medium / "DICOMDIR").read_bytes())
    names = ("..\\secret", str(secret).replace("/", "\\"), "C:\\secret", "\\\\server\\share\\x", "98892001\\NONE")
    count = rename(medium, *names)
    found, failures = opened(medium / "DICOMDIR")
    assert len(found) == count - 5 and all(each.path.is_relative_to(medium) for each in found)
    assert [each.member for each in failures] == list(names)
    assert {str(each.reason) for each in failures[:4]} == {str(OUTSIDE.whole)}
    assert str(failures[4].reason) == "The DICOMDIR names it, and it is not there."


def test_links_of_a_medium_are_followed_within_it_and_never_out_of_it_or_round(medium):
    secret = medium.parent / "secret"
    secret.mkdir()
    (secret / "a").write_bytes(b"x")
    target = next(each for each in medium.rglob("*") if each.is_file() and each.name != "DICOMDIR")
    (medium / "OUT").symlink_to(secret)
    (medium / "ROUND").symlink_to(medium / "ROUND")
    (medium / "UP").symlink_to(medium)
    (medium / "INNER").symlink_to(target)
    count = rename(medium, "OUT\\a", "OUT", "ROUND", "ROUND\\a", "UP\\UP\\UP\\INNER", "INNER")
    found, failures = opened(medium / "DICOMDIR")
    assert [each.member for each in failures] == ["OUT\\a", "OUT", "ROUND", "ROUND\\a"]
    assert all("DICOMDIR" in str(each.reason) for each in failures)
    assert len(found) == count - 4 and all(each.path.is_relative_to(medium) for each in found)
    assert found[0].path == found[1].path == target.resolve()


def test_a_medium_copied_in_small_letters_with_versions_is_opened(medium):
    for path in sorted(medium.rglob("*"), key=lambda each: -len(each.parts)):
        if path.name != "DICOMDIR":
            path.rename(path.with_name(path.name.lower() + (";1" if path.is_file() else "")))
    found, failures = opened(medium / "DICOMDIR")
    assert len(found) > 10 and not failures


def test_of_a_folder_all_is_found_and_its_dicomdir_tells_what_is_missing(medium):
    files = [each for each in medium.rglob("*") if each.is_file() and each.name != "DICOMDIR"]
    gone = files.pop()
    gone.unlink()
    (medium / "more").write_bytes(b"x")
    found, failures = opened(medium)
    assert sorted(each.path for each in found) == sorted([*files, medium / "more"])
    assert [each.member.split("\\") for each in failures] == [list(gone.relative_to(medium).parts)]
    assert failures[0].path == medium / "DICOMDIR"


def test_a_dicomdir_that_is_none_is_one_sentence(tmp_path, make_header):
    for content in (b"", b"Hello", os.urandom(3000), bytes(128) + b"DICM" + os.urandom(500)):
        (tmp_path / "DICOMDIR").write_bytes(content)
        found, failures = opened(tmp_path / "DICOMDIR")
        assert not found and len(failures) == 1 and str(failures[0].reason).endswith(".")


def test_an_image_called_dicomdir_is_not_lost_in_silence(tmp_path, make_file):
    make_file(tmp_path / "DICOMDIR")
    assert opened(tmp_path) == (
        [],
        [Failure(tmp_path / "DICOMDIR", Sentence("It is called DICOMDIR, and names no file."))],
    )


def test_too_many_records_are_one_sentence(tmp_path):
    item = b"\xfe\xff\x00\xe0" + (18).to_bytes(4, "little") + b"\x04\x00\x00\x15CS\x0a\x00IMG\\000001"
    body = b"\x04\x00\x20\x12SQ\0\0" + (100_001 * len(item)).to_bytes(4, "little") + item * 100_001
    (tmp_path / "DICOMDIR").write_bytes(bytes(128) + b"DICM\x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0" + body)
    found, failures = opened(tmp_path / "DICOMDIR")
    assert not found and [str(each.reason) for each in failures] == ["It has more than 100,000 records."]


def test_records_that_point_at_one_another_lead_in_no_circle(medium):
    """Each record's next one, and the one below it, is the first."""
    dataset = pydicom.dcmread(medium / "DICOMDIR")
    for record in dataset.DirectoryRecordSequence:
        record.OffsetOfTheNextDirectoryRecord = record.OffsetOfReferencedLowerLevelDirectoryEntity = 398
    dataset.save_as(medium / "DICOMDIR")
    found, failures = opened(medium / "DICOMDIR")
    assert len(found) > 10 and not failures
