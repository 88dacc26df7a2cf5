"""The index keeps links: it is searched, and never touches an image."""

from pathlib import Path

import pytest

from unix_edge_desktop.studies.index import Entry, StudyIndex
from unix_edge_desktop.studies.studies import FileState


@pytest.fixture
def index(tmp_path):
    index = StudyIndex(tmp_path / "index")
    yield index
    index.close()


def entry(path="/a", member="", size=1, modified_ns=2, **kept):
    usual = {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.1",
        "SOPInstanceUID": "2.25.3",
        "SeriesInstanceUID": "2.25.2",
        "StudyInstanceUID": "2.25.1",
        "Modality": "DX",
        "PatientName": "Doe^Jane",
        "PatientID": "4711",
        "PatientBirthDate": "19600229",
        "PatientSex": "F",
        "StudyDate": "20260102",
        "StudyTime": "030405",
        "AccessionNumber": "A1",
        "StudyDescription": "Chest PA",
        "Rows": "2000",
        "Columns": "1800",
    }
    said = {keyword: value for keyword, value in {**usual, **kept}.items() if value is not None}
    return Entry(Path(path), member, size, modified_ns, said)


def files(patients):
    return [
        (str(image.path), image.member)
        for patient in patients
        for study in patient.studies
        for series in study.series
        for image in series.instances
    ]


def test_a_tree_of_patients_studies_series_and_images_in_their_order(index):
    index.add(
        [
            entry("/1", StudyInstanceUID="1.1", SeriesInstanceUID="1", InstanceNumber="10", StudyDate="20240101"),
            entry("/2", StudyInstanceUID="1.1", SeriesInstanceUID="1", InstanceNumber="2", StudyDate="20240101"),
            entry("/3", StudyInstanceUID="1.1", SeriesInstanceUID="1", InstanceNumber=None, StudyDate="20240101"),
            entry("/4", StudyInstanceUID="1.1", SeriesInstanceUID="0", SeriesNumber="7", StudyDate="20240101"),
            entry("/5", StudyInstanceUID="1.2", StudyDate="20250101", NumberOfFrames="3", SyntheticData="YES"),
            entry("/6", StudyInstanceUID="1.3", PatientID="4", StudyDate="20260101", StudyTime="2", Rows=None),
            entry("/7", StudyInstanceUID="1.4", PatientID="4", StudyDate="20260101", StudyTime="1"),
        ]
    )
    newest, oldest = index.patients()
    assert (newest.id, newest.name, newest.birth_date, newest.sex) == ("4", "Doe^Jane", "19600229", "F")
    assert [each.uid for each in newest.studies] == ["1.3", "1.4"]
    assert [each.uid for each in oldest.studies] == ["1.2", "1.1"]
    assert [each.uid for each in oldest.studies[1].series] == ["0", "1"]
    assert files([oldest]) == [("/5", ""), ("/4", ""), ("/2", ""), ("/1", ""), ("/3", "")]
    framed, plain = oldest.studies[0].series[0].instances[0], newest.studies[0].series[0].instances[0]
    assert (framed.rows, framed.columns, framed.frames, framed.synthetic) == (2000, 1800, 3, True)
    assert (plain.rows, plain.frames, plain.synthetic) == (0, 0, False)
    assert (framed.size, framed.modified_ns) == (1, 2)


@pytest.mark.parametrize(
    "search",
    [
        "doe",
        "JANE doe",
        "jane, d",
        "Doe^Jane",
        "4711",
        "20260102",
        "2026-01-02",
        "02.01.2026",
        "2026-01 doe",
        "chest",
        "A1",
        "  ",
        "",
    ],
)
def test_a_study_is_found_by_name_id_date_description_and_accession(index, search):
    index.add([entry("/a"), entry("/b", StudyInstanceUID="9", PatientID="x")])
    index.add([entry("/c", StudyInstanceUID="7", PatientID="other", StudyDate="19990101", PatientName="Roe^Richard")])
    wanted = "/a" in [path for path, _ in files(index.patients(search))]
    assert wanted and index.count(search) == len({path for path, _ in files(index.patients(search))})


@pytest.mark.parametrize("search", ["joe", "doe richard", "2025", "%", "_", "'", '"', "NEAR(", "doe*", "\\"])
def test_what_is_not_said_is_not_found_and_no_mark_has_a_meaning(index, search):
    index.add([entry()])
    assert index.patients(search) == () and index.count(search) == 0


@pytest.mark.parametrize(
    ("name", "search"),
    [
        ("Müller^Jörg", "muller jorg"),
        ("Straße", "STRASSE"),
        ("Yamada^Tarou=山田^太郎", "山田"),
        ("Ólafur\0^Þór", "olafur"),
    ],
)
def test_accents_and_case_make_no_difference(index, name, search):
    index.add([entry(PatientName=name)])
    assert index.count(search) == index.count(name) == 1


def test_whoever_has_no_id_is_a_patient_of_one_study(index):
    index.add(
        [
            entry("/1", PatientID=None, StudyInstanceUID="1"),
            entry("/2", PatientID=None, StudyInstanceUID="1"),
            entry("/3", PatientID=None, StudyInstanceUID="2"),
            entry("/4", PatientID=None, StudyInstanceUID=None),
            entry("/5", PatientID=None, StudyInstanceUID=None),
            entry("/6", PatientID="", PatientName=None, StudyInstanceUID="not a UID"),
        ]
    )
    assert sorted(files([patient]) for patient in index.patients()) == [
        [("/1", ""), ("/2", "")],
        [("/3", "")],
        [("/4", "")],
        [("/5", "")],
        [("/6", "")],
    ]


def test_two_people_are_never_one_patient(index):
    index.add(
        [
            entry("/1", PatientID="1", StudyInstanceUID="1"),
            entry("/2", PatientID="1", PatientName="Roe^Jane", StudyInstanceUID="1"),
            entry("/3", PatientID="1", IssuerOfPatientID="other", StudyInstanceUID="1"),
            entry("/4", PatientID='1", "', StudyInstanceUID="1"),
            entry("/5", PatientID="1", PatientName="DOE^JANE ", StudyInstanceUID="2"),
        ]
    )
    assert sorted(sorted(files([patient])) for patient in index.patients()) == [
        [("/1", ""), ("/5", "")],
        [("/2", "")],
        [("/3", "")],
        [("/4", "")],
    ]


def test_a_study_of_two_people_is_removed_for_one_of_them_only(index):
    index.add([entry("/1", PatientID="1"), entry("/2", PatientID="2"), entry("/3", PatientID="1")])
    patient = next(each for each in index.patients() if each.id == "1")
    assert index.remove_study(patient, patient.studies[0]) == 2
    assert [each.id for each in index.patients()] == ["2"] and files(index.patients()) == [("/2", "")]
    assert index.remove_study(patient, patient.studies[0]) == 0


def test_removing_a_link_never_touches_a_file(index, tmp_path, make_file):
    path = make_file(tmp_path / "a")
    before = (path.read_bytes(), path.stat().st_mtime_ns, path.parent.stat().st_mtime_ns)
    index.add([entry(path)])
    patient = index.patients()[0]
    index.remove_study(patient, patient.studies[0])
    assert index.patients() == () and index.count() == 0
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.parent.stat().st_mtime_ns) == before
    for table in ("patients", "studies", "series", "instances"):
        assert index._read(f"SELECT count(*) FROM {table}", []) == [(0,)]


def test_a_file_that_was_changed_is_taken_anew_and_leaves_nothing_behind(index):
    index.add([entry("/a", StudyDescription="old")])
    index.add([entry("/a", size=9, StudyDescription="new")])
    (patient,) = index.patients()
    assert patient.studies[0].description == "new" and index.count("old") == 0
    index.add([entry("/a", PatientID="2"), entry("/a", PatientID="3"), entry("/a", "member", PatientID="3")])
    (patient,) = index.patients()
    assert patient.id == "3" and files([patient]) == [("/a", ""), ("/a", "member")]


def test_the_newest_study_of_a_file_a_folder_an_archive_or_a_medium_is_found(index):
    index.add(
        [
            entry("/a/old", StudyInstanceUID="1.1", StudyDate="20240101"),
            entry("/a/new/x", StudyInstanceUID="1.2", StudyDate="20250101"),
            entry("/a/new/report", StudyInstanceUID="1.3", StudyDate="20260101", Rows=None),
            entry("/a0", StudyInstanceUID="1.4", StudyDate="20260101"),
            entry("/b.zip", "m", StudyInstanceUID="1.5", StudyDate="20230101"),
        ]
    )

    def found(path):
        answer = index.study_of(Path(path))
        return answer and (answer[1].uid, answer[2] and str(answer[2].path))

    assert [found(each) for each in ("/a", "/a/new", "/a/new/x", "/a/old", "/b.zip", "/", "/a/DICOMDIR")] == [
        ("1.2", None),
        ("1.2", None),
        ("1.2", "/a/new/x"),
        ("1.1", "/a/old"),
        ("1.5", None),
        ("1.4", None),
        ("1.2", None),
    ]
    assert [found(each) for each in ("/a/new/report", "/c", "/a/ne", "/b.zip/m")] == [None] * 4


def test_all_studies_of_one_patient_are_found_and_of_nobody_else(index):
    index.add([entry(f"/{number}", StudyInstanceUID=f"1.{number}") for number in range(250)])
    index.add([entry("/x", StudyInstanceUID="2", PatientID="4"), entry("/y", StudyInstanceUID="3", PatientName="Roe")])
    index.add([entry(f"/z{number}", StudyInstanceUID=f"4.{number}", PatientID=None) for number in range(2)])
    patients = index.patients(limit=300)
    for patient, count in (
        (next(each for each in patients if each.id == "4711" and each.name == "Doe^Jane"), 250),
        (next(each for each in patients if not each.id), 1),
    ):
        (found,) = index.studies_of(patient)
        assert (found.id, found.name, len(found.studies)) == (patient.id, patient.name, count)
        assert patient.studies[0].uid in [each.uid for each in found.studies]


def test_only_files_just_as_they_are_indexed_are_held(index):
    index.add([entry("/a"), entry("/z", "m")])
    asked = [
        ("/a", "", 1, 2),
        ("/a", "", 9, 2),
        ("/a", "", 1, 9),
        ("/a", "m", 1, 2),
        ("/b", "", 1, 2),
        ("/z", "m", 1, 2),
    ]
    assert index.holds([(Path(path), *rest) for path, *rest in asked]) == [True, False, False, False, False, True]


def test_a_search_returns_the_newest_and_counts_all(index):
    index.add([entry(f"/{day}", StudyInstanceUID=f"1.{day}", StudyDate=f"202601{day:02}") for day in range(1, 29)])
    found = index.patients(limit=3)
    assert [each.date for patient in found for each in patient.studies] == ["20260128", "20260127", "20260126"]
    assert index.count() == 28


def test_values_that_are_none_of_theirs_do_no_harm(index):
    odd = {"SeriesNumber": "x", "InstanceNumber": "9" * 40, "NumberOfFrames": "-3", "StudyDate": "tomorrow"}
    hostile = {"PatientName": "\0\x1b\u202e<b>'; DROP TABLE studies; --", "StudyDescription": "x" * 1024}
    index.add([entry("/a", **odd, **hostile)])
    (patient,) = index.patients()
    (image,) = patient.studies[0].series[0].instances
    assert patient.name == hostile["PatientName"] and patient.studies[0].date == "tomorrow"
    assert (image.number, image.frames, patient.studies[0].series[0].number) == (None, 1, None)


def test_a_picture_is_a_study_by_its_name(index):
    picture = {"Rows": "30", "Columns": "40"}
    index.add([Entry(Path("/x/é.png"), "", 1, 2, picture), Entry(Path("/x.zip"), "b/c.jpg", 1, 2, picture)])
    assert {study.description for patient in index.patients() for study in patient.studies} == {"é.png", "c.jpg"}
    assert len(index.patients()) == 2 and index.count("é.PNG") == 1
    assert all(image.sop_uid.startswith("file:") and not image.sop_class for image in images(index))


def test_each_picture_of_a_folder_is_found_and_their_names_make_no_long_text(index):
    """One text of all names would be read and written anew with each."""
    names = [f"film {number:04}.png" for number in range(500)]
    index.add([Entry(Path("/films") / each, "", 1, 2, {"Rows": "3", "Columns": "4"}) for each in names])
    assert index._read("SELECT max(length(words)) FROM studies", [])[0][0] < 40
    assert [index.count(each) for each in ("0000.png", "0499.png", "0500.png")] == [1, 1, 0]
    (patient,) = index.patients("0007.png films")
    assert len(patient.studies[0].series[0].instances) == 500 and patient.studies[0].description == "films"
    index.remove_study(patient, patient.studies[0])
    assert index.count("0007.png") == 0 and index._read("SELECT count(*) FROM pictures", []) == [(0,)]


def images(index):
    return [image for patient in index.patients() for s in patient.studies for e in s.series for image in e.instances]


def test_paths_that_are_no_text_come_back_as_they_were(index, tmp_path):
    path = tmp_path / "M\udcfcller"
    index.add([Entry(path, "", 1, 2, {"Rows": "3"})])
    assert [image.path for image in images(index)] == [path]


def test_a_file_that_is_gone_or_changed_is_known_to_be(index, tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"image")
    status = path.stat()
    index.add([entry(path, size=status.st_size, modified_ns=status.st_mtime_ns)])
    (image,) = images(index)
    assert image.state() is FileState.PRESENT
    path.write_bytes(b"other image")
    assert image.state() is FileState.CHANGED
    path.unlink()
    assert image.state() is FileState.MISSING


def test_what_was_added_is_there_again_and_so_is_an_opening_that_did_not_end(tmp_path):
    index = StudyIndex(tmp_path / "new" / "index")
    index.add([entry("/a")])
    index.begin_opening([Path("/b"), Path("/c"), Path("/c")])
    index.end_opening([Path("/b")])
    index.close()
    index = StudyIndex(tmp_path / "new" / "index")
    assert files(index.patients()) == [("/a", "")] and index.unfinished() == (Path("/c"),)
    assert not index.notice and not index.read_only
    assert (tmp_path / "new" / "index").stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in (tmp_path / "new" / "index").iterdir()} == {0o600}
    index.close()
