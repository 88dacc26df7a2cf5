"""Which pictures of a study are shown where, and which study is the one before."""

from dataclasses import replace
from pathlib import Path

import pytest

from unix_edge.limits import MAX_FRAMES
from unix_edge_desktop.studies import stacks as module
from unix_edge_desktop.studies.priors import list_earlier
from unix_edge_desktop.studies.stacks import fill_views, find_study, image_series, is_same, make_stack
from unix_edge_desktop.studies.studies import Instance, Patient, Series, Study


def make_series(number, *frames, rows=100) -> Series:
    instances = [
        Instance(f"{number}.{at}", "1.2", Path(f"{number}-{at}"), "", at, rows, 100, each, False, 1, 1)
        for at, each in enumerate(frames)
    ]
    return Series(str(number), number, "DX", "", "CHEST", tuple(instances))


def make_study(uid, date, *series, time="") -> Study:
    return Study(uid, date, time, "", "", series or (make_series(1, 1),))


def find_prior(patients, whose, study):
    """The newest of those that are earlier."""
    return next((each for _, each in list_earlier(patients, whose, study)), None)


def make_patient(*studies, id="4711", name="Doe^Jane") -> Patient:
    return Patient(id, "", name, "", "", studies)


def test_a_stack_has_a_picture_for_each_frame_and_none_for_what_is_no_image():
    stack = make_stack(make_series(1, 1, 3, 0))
    assert [(each.instance.number, each.frame) for each in stack] == [(0, 0), (1, 0), (1, 1), (1, 2), (2, 0)]
    report = make_series(2, 0, rows=0)
    assert make_stack(report) == () and image_series(make_study("a", "", report)) == ()


@pytest.mark.parametrize(
    ("counts", "views", "expected"),
    [
        ((1, 1), 1, [(1, 0)]),
        ((1, 1), 2, [(1, 0), (2, 0)]),
        ((2,), 2, [(1, 0), (1, 1)]),
        ((2,), 1, [(1, 0)]),
        ((5, 5, 5), 2, [(1, 0), (2, 0)]),
        ((1,), 4, [(1, 0)]),
    ],
)
def test_views_are_filled_by_pictures_where_all_have_room_else_by_series(counts, views, expected):
    study = make_study("a", "", *(make_series(at, *[1] * count) for at, count in enumerate(counts, 1)))
    assert [(series.number, at) for series, at in fill_views(study, views)] == expected


def test_the_first_view_gets_the_picture_that_was_asked_for():
    study = make_study("a", "", make_series(1, 1, 1, 1), make_series(2, 1))
    third = make_stack(study.series[0])[2].instance
    assert [(series.number, at) for series, at in fill_views(study, 1, third)] == [(1, 2)]
    assert [(series.number, at) for series, at in fill_views(study, 2, third)] == [(1, 2), (2, 0)]
    assert [(series.number, at) for series, at in fill_views(study, 4, third)] == [(1, 2), (1, 0), (1, 1), (2, 0)]


def test_a_long_series_is_gone_through_once(monkeypatch):
    study, made = make_study("a", "", make_series(1, *[1] * 500)), []
    stack = module.make_stack
    monkeypatch.setattr(module, "make_stack", lambda series: made.append(1) or stack(series))
    fill_views(study, 4, stack(study.series[0])[400].instance)
    assert len(made) <= 2


def test_the_prior_is_the_newest_that_is_earlier():
    studies = [make_study(date, date) for date in ("20260101", "20240101", "20250101")]
    patient = make_patient(*studies)
    assert find_prior([patient], patient, studies[0]).uid == "20250101"
    assert find_prior([patient], patient, studies[2]).uid == "20240101"
    assert find_prior([patient], patient, studies[1]) is None


def test_of_one_day_the_time_decides():
    morning, evening = make_study("m", "20260101", time="0800"), make_study("e", "20260101", time="2000")
    patient = make_patient(evening, morning)
    assert find_prior([patient], patient, evening).uid == "m" and find_prior([patient], patient, morning) is None


def test_of_one_day_a_study_without_a_time_is_not_known_to_be_earlier():
    morning, sometime = make_study("m", "20260101", time="0800"), make_study("s", "20260101")
    patient = make_patient(morning, sometime)
    assert find_prior([patient], patient, morning) is None and find_prior([patient], patient, sometime) is None


def test_no_study_without_a_date_or_an_image_and_of_nobody_else_is_a_prior():
    current = make_study("a", "20260101")
    without_date, report = make_study("b", ""), make_study("c", "20250101", make_series(1, 0, rows=0))
    patient, other = make_patient(current, without_date, report), make_patient(make_study("d", "20250101"), name="Roe")
    assert find_prior([patient, other], patient, current) is None
    assert find_prior([patient], patient, without_date) is None


def test_patients_without_an_id_are_one_only_in_one_study():
    one, other = make_patient(make_study("a", ""), id=""), make_patient(make_study("b", ""), id="")
    assert is_same(one, one) and not is_same(one, other)
    assert not is_same(make_patient(id="1"), make_patient(id="2"))
    assert is_same(make_patient(id="1"), replace(make_patient(id="1"), sex="F"))


def test_a_study_is_found_with_whose_it_is():
    patient = make_patient(make_study("a", ""), make_study("b", ""))
    assert find_study([patient], "b") == (patient, patient.studies[1])
    assert find_study([patient], "c") is None


def test_a_header_cannot_have_more_frames_listed_than_are_read():
    assert len(make_stack(make_series(1, 99_999_999_999))) == MAX_FRAMES
