"""One SOP Instance UID in several files: one image where they hold the same, else a conflict that is seen."""

import shutil

import pydicom
import pytest
from pydicom.uid import RLELossless

from unix_edge_desktop.studies.copies import UNREAD, Copy, compare
from unix_edge_desktop.studies.index import IndexThread
from unix_edge_desktop.studies.indexing import index_files


@pytest.fixture
def index(tmp_path):
    index = IndexThread(tmp_path / "index")
    yield index
    index.close()


def images(index):
    patients = index.ask(lambda opened: opened.patients()).result()
    return [each for patient in patients for study in patient.studies for s in study.series for each in s.instances]


def open_all(index, *paths):
    for _ in index_files(index, paths):
        pass


def recompress(source, target):
    """The same pixels in another encoding."""
    dataset = pydicom.dcmread(source)
    dataset.compress(RLELossless)
    dataset.save_as(target)
    return target


def test_files_of_one_uid_are_compared_by_their_bytes_and_else_by_their_pixels(tmp_path, make_file):
    one = make_file(tmp_path / "one", seed=1)
    other = tmp_path / "other"
    shutil.copyfile(one, other)
    packed, differs = recompress(one, tmp_path / "packed"), make_file(tmp_path / "differs", seed=2)
    files = [Copy(path, "", 1, "") for path in (one, other, packed, differs, tmp_path / "gone")]
    contents = list(compare(files).values())
    assert contents[0] == contents[1] == contents[2] != contents[3]
    assert contents[4] == UNREAD


def test_one_image_of_a_medium_and_an_archive_is_one_image(index, tmp_path, make_file):
    for name in ("medium", "archive"):
        (tmp_path / name).mkdir()
        make_file(tmp_path / name / "image", seed=1)
    open_all(index, tmp_path / "medium")
    assert images(index)[0].copies == ()
    open_all(index, tmp_path / "archive")
    (image,) = images(index)
    assert len(image.copies) == 1 and not image.conflict
    assert {image.path.parent.name, image.copies[0].path.parent.name} == {"medium", "archive"}
    image.path.unlink()
    assert image.present() == image.copies[0], "either is shown where the other is gone"


def test_other_pixels_under_one_uid_are_listed_both_and_marked_until_one_is_gone(index, tmp_path, make_file):
    open_all(index, make_file(tmp_path / "one", seed=1), make_file(tmp_path / "two", seed=2))
    assert [(each.path.name, each.conflict, each.copies) for each in images(index)] == [
        ("one", True, ()),
        ("two", True, ()),
    ]
    make_file(tmp_path / "two", seed=1)
    open_all(index, tmp_path / "two")
    (image,) = images(index)
    assert not image.conflict and len(image.copies) == 1


def test_a_file_that_was_gone_is_compared_when_it_is_opened_again(index, tmp_path, make_file):
    medium, kept = make_file(tmp_path / "medium", seed=1), tmp_path / "kept"
    open_all(index, medium)
    medium.rename(kept)
    open_all(index, make_file(tmp_path / "archive", seed=2))
    (image,) = images(index)
    assert image.path.name == "archive" and not image.conflict, "what cannot be shown hides nothing"
    kept.rename(medium)
    open_all(index, medium)
    assert [each.conflict for each in images(index)] == [True, True]


def test_images_without_a_uid_are_never_one(index, tmp_path, radiograph_png):
    for name in ("a.png", "b.png"):
        shutil.copyfile(radiograph_png, tmp_path / name)
    open_all(index, tmp_path / "a.png", tmp_path / "b.png")
    assert len(images(index)) == 2


def test_an_index_of_an_earlier_version_learns_of_copies(tmp_path, make_file):
    import sqlite3

    from unix_edge_desktop.studies.index import NAME

    index = IndexThread(tmp_path / "index")
    open_all(index, make_file(tmp_path / "one", seed=1))
    index.close()
    with sqlite3.connect(tmp_path / "index" / NAME) as earlier:
        earlier.executescript("DROP TRIGGER copies_end; DROP INDEX instances_by_uid; DROP TABLE copies;")
    earlier.close()
    index = IndexThread(tmp_path / "index")
    open_all(index, make_file(tmp_path / "two", seed=2))
    assert index.notice is None and [each.conflict for each in images(index)] == [True, True]
    index.close()


def test_a_conflict_is_written_in_the_list_and_on_the_image(window, open_in, idle, tmp_path, make_file, rows, uid):
    first = make_file(tmp_path / "one", seed=1)
    open_in(window, first)
    assert window.grid.active.badges.badges == ()
    make_file(tmp_path / "two", seed=2)
    window.library.open([tmp_path / "two"], show=False)
    idle(window)
    assert "Two images of one UID" in [each.word for each in window.grid.active.badges.badges]
    assert "Other files have the same UID" in " ".join(rows(window))
    patient = window.studies.patients[0]
    window.desk.open_study(patient, patient.studies[0])
    idle(window)
    assert window.grid.active.stack_size == 2
    for _ in range(2):
        assert "Two images of one UID" in [each.word for each in window.grid.active.badges.badges]
        window.desk.page(1)
        idle(window)


def test_an_image_whose_medium_is_gone_is_read_from_its_copy(window, open_in, idle, tmp_path, make_file, uid):
    for name in ("one", "two"):
        make_file(tmp_path / name, seed=1)
    open_in(window, tmp_path / "one", tmp_path / "two")
    assert window.grid.active.stack_size == 1
    (tmp_path / "one").unlink()
    window.desk.close_image()
    window.desk.loader._kept.clear()
    patient = window.studies.patients[0]
    window.desk.open_study(patient, patient.studies[0])
    idle(window)
    assert window.grid.active.image is not None
