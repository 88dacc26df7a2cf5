"""Elements as a person reads them: bounded, and all but what cannot be read."""

import json

import pytest
from pydicom import Dataset
from pydicom.data import get_testdata_file
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.sequence import Sequence
from pydicom.tag import Tag

from unix_edge.dicom import elements
from unix_edge.dicom.elements import MOST_CHARACTERS, Element, list_elements
from unix_edge.errors import ImageError
from unix_edge.isolated.object_answer import unpack_elements
from unix_edge.isolated.objects import read_elements


def test_several_values_bytes_and_long_ones_are_one_line_each():
    dataset = Dataset()
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.PixelData = bytes(2000)
    dataset.ImageComments = "a\x00b\x1b" + "x" * 2000
    dataset.add(DataElement(0x00091010, "UN", b"1234"))
    dataset.private_block(0x0011, "MAKER", create=True).add_new(0x01, "LO", "of its own")
    found = {each.tag: each for each in list_elements(dataset)}
    assert found["(0008,0008)"].value == "ORIGINAL\\PRIMARY"
    assert found["(7FE0,0010)"].value == "2,000 bytes" and found["(0009,1010)"].value == "4 bytes"
    comment = found["(0020,4000)"].value
    assert comment.endswith("x...") and len(comment) <= MOST_CHARACTERS + 3 and not set(comment) & set("\x00\x1b")
    assert found["(0011,1001)"] == Element(0, "(0011,1001)", "LO", "MAKER", "of its own")


def test_what_cannot_be_read_leaves_the_others():
    dataset = Dataset()
    dataset[0x00280010] = RawDataElement(Tag(0x00280010), "US", 3, b"abc", 0, False, True)
    dataset.PatientID = "4711"
    assert [(each.tag, each.value) for each in list_elements(dataset)] == [
        ("(0010,0020)", "4711"),
        ("(0028,0010)", "?"),
    ]


def test_depth_and_number_are_bounded(monkeypatch):
    inner = Dataset()
    for _ in range(100):
        outer = Dataset()
        outer.ViewCodeSequence = Sequence([inner])
        inner = outer
    assert max(each.level for each in list_elements(inner)) <= 18
    monkeypatch.setattr(elements, "MOST_ELEMENTS", 3)
    many = Dataset()
    many.ViewCodeSequence = Sequence([Dataset() for _ in range(50)])
    assert len(list_elements(many)) == 3


def test_a_child_reads_them_and_a_picture_has_none(radiograph_png):
    from pathlib import Path

    found = read_elements(Path(get_testdata_file("CT_small.dcm", download=False)))
    assert Element(0, "(0008,0060)", "CS", "Modality", "CT") in found
    assert found[0].tag.startswith("(0002,") and any(each.vr == "SQ" for each in found)
    with pytest.raises(ImageError, match="DICOM"):
        read_elements(radiograph_png)


@pytest.mark.parametrize(
    "answer", [{}, [[0, "a", "b", "c"]], [[-1, "", "", "", ""]], [[0, "", "", "", 5]], [[True, "", "", "", ""]], [5]]
)
def test_an_answer_that_is_none_is_not_believed(answer):
    with pytest.raises((ValueError, TypeError)):
        unpack_elements(json.dumps(answer).encode())
