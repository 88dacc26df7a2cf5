"""One strict decoder a transfer syntax: exact where it is lossless; where it is cut an error, never another image."""

import struct
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import data_store
import imagecodecs
import jpeg_ls
import numpy as np
import pydicom
import pytest
from pydicom import dcmread, uid
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate
from pydicom.pixels.decoders import base

from unix_edge.dicom.decoders import DECODERS, UNCOMPRESSED
from unix_edge.dicom.pixels import read_stored
from unix_edge.dicom.structure import read_dicom
from unix_edge.errors import ImageError

ROOT = Path(__file__).parents[3]
LOSSLESS = (
    *sorted(UNCOMPRESSED),
    uid.RLELossless,
    uid.JPEGLossless,
    uid.JPEGLosslessSV1,
    uid.JPEGLSLossless,
    uid.JPEG2000Lossless,
)
COMPRESSED = sorted(DECODERS)


@pytest.mark.parametrize("syntax", LOSSLESS)
def test_what_is_lossless_is_exact(files, crop, syntax):
    np.testing.assert_array_equal(read_stored(read_dicom(files[syntax])).stored, crop)


@pytest.mark.parametrize(
    ("syntax", "shift", "error"),
    [
        (uid.JPEGBaseline8Bit, 7, 6),
        (uid.JPEGExtended12Bit, 3, 12),
        (uid.JPEGLSNearLossless, 0, 3),
        (uid.JPEG2000, 0, 400),
    ],
)
def test_what_is_lossy_is_near(files, crop, syntax, shift, error):
    stored = read_stored(read_dicom(files[syntax])).stored
    assert 0 < np.abs(stored.astype(int) - (crop >> shift)).max() <= error


@pytest.mark.parametrize("kind", ["R", "I"])
def test_a_real_radiograph_and_its_jpeg_2000_twin_are_one(kind):
    native, coded = (
        read_stored(dcmread(get_testdata_file(f"RG1_{name}{kind}.dcm", download=False))).stored
        for name in ("UNC", "J2K")
    )
    np.testing.assert_array_equal(native, coded)


def outcome_of(data):
    try:
        return read_stored(read_dicom(data)).stored
    except ImageError:
        return None


@pytest.mark.parametrize("syntax", COMPRESSED)
def test_a_codestream_that_is_cut_is_an_error(coded_frames, make_dataset, crop, syntax):
    """100 cuts, each wrapped again as if it were whole."""
    whole = coded_frames[syntax]
    for cut in np.linspace(1, len(whole) - 2, 100).astype(int):
        dataset = make_dataset(crop, syntax, whole[:cut] + b"\0" * (cut % 2))
        with pytest.raises(ImageError):
            read_stored(dataset)


@pytest.mark.parametrize("syntax", [*sorted(UNCOMPRESSED), *COMPRESSED])
def test_a_file_that_is_cut_is_an_error_or_the_exact_image(files, syntax, soak):
    whole = files[syntax]
    exact = outcome_of(whole)
    assert exact is not None
    cuts = np.linspace(0, len(whole) - 1, 100 * soak).astype(int)
    outcomes = [outcome_of(whole[:cut]) for cut in cuts]
    assert all(each is None or np.array_equal(each, exact) for each in outcomes)
    assert sum(each is None for each in outcomes) >= 99 * soak


@pytest.mark.parametrize("syntax", sorted({*COMPRESSED} - {uid.RLELossless}))
def test_padding_after_the_last_marker_is_none_of_the_image(coded_frames, make_dataset, crop, syntax):
    for padding in (b"\0\0", b"\xff\0"):
        dataset = make_dataset(crop, syntax, coded_frames[syntax] + padding)
        wanted = read_stored(make_dataset(crop, syntax, coded_frames[syntax])).stored
        np.testing.assert_array_equal(read_stored(dataset).stored, wanted)


@pytest.mark.parametrize("syntax", COMPRESSED)
@pytest.mark.parametrize("change", [{"Rows": 80}, {"Rows": 320}, {"Columns": 96}])
def test_a_codestream_of_another_size_than_the_header_is_refused(coded_frames, make_dataset, crop, syntax, change):
    dataset = make_dataset(crop, syntax, coded_frames[syntax])
    for keyword, value in change.items():
        setattr(dataset, keyword, value)
    with pytest.raises(ImageError, match=r"another size|cannot be decoded"):
        read_stored(dataset)


@pytest.mark.parametrize("size", [(65535, 65535), (2**31 - 1, 2**31 - 1)])
def test_a_jpeg_2000_that_declares_a_vast_size_never_reaches_its_decoder(
    coded_frames, make_dataset, crop, size, monkeypatch
):
    monkeypatch.setattr("openjpeg.utils.decode", lambda *_, **__: pytest.fail("the decoder ran"))
    coded = bytearray(coded_frames[uid.JPEG2000Lossless])
    struct.pack_into(">II", coded, 8, *size)
    with pytest.raises(ImageError):
        read_stored(make_dataset(crop, uid.JPEG2000Lossless, bytes(coded)))


def test_a_jpeg_of_another_process_is_refused(coded_frames, make_dataset, crop):
    """Each syntax has its processes; progressive JPEG is none of DICOM's any more."""
    for syntax, other in [
        (uid.JPEGLossless, uid.JPEGExtended12Bit),
        (uid.JPEGExtended12Bit, uid.JPEGLossless),
        (uid.JPEGLSLossless, uid.JPEGLossless),
    ]:
        with pytest.raises(ImageError, match="process is not that of its transfer syntax"):
            read_stored(make_dataset(crop, syntax, coded_frames[other]))


def swap_frame_header(code, **changes):
    """Change precision, rows, columns or components in a JPEG's frame header."""
    place = next(i for i in range(len(code)) if code[i] == 0xFF and code[i + 1] in (0xC0, 0xC1, 0xC3, 0xF7)) + 4
    names = ("precision", "rows", "columns", "components")
    fields = dict(zip(names, struct.unpack_from(">BHHB", code, place), strict=True)) | changes
    coded = bytearray(code)
    struct.pack_into(">BHHB", coded, place, *fields.values())
    return bytes(coded)


@pytest.mark.parametrize(
    "syntax", [each for each in COMPRESSED if each not in (uid.RLELossless, uid.JPEG2000, uid.JPEG2000Lossless)]
)
@pytest.mark.parametrize(
    "changes", [{"rows": 0}, {"columns": 65535, "rows": 65535}, {"components": 3}, {"precision": 17}]
)
def test_a_frame_header_that_lies_is_refused(coded_frames, make_dataset, crop, syntax, changes):
    with pytest.raises(ImageError):
        read_stored(make_dataset(crop, syntax, swap_frame_header(coded_frames[syntax], **changes)))


def test_frames_are_split_by_fragment_or_by_table(coded_frames, make_dataset, crop):
    coded = coded_frames[uid.JPEGLSLossless]
    coded += b"\0" * (len(coded) % 2)
    dataset = make_dataset(crop, uid.JPEGLSLossless, coded, frames=3)
    for frame in range(3):
        np.testing.assert_array_equal(read_stored(dataset, frame).stored, crop)
    for table in (True, False):
        dataset.PixelData = encapsulate([coded] * 3, fragments_per_frame=2, has_bot=table)
        if table:
            np.testing.assert_array_equal(read_stored(dataset, 2).stored, crop)
        else:
            with pytest.raises(ImageError, match="do not say where each frame begins"):
                read_stored(dataset, 2)
    dataset.NumberOfFrames = 1
    dataset.PixelData = encapsulate([coded], fragments_per_frame=4)
    np.testing.assert_array_equal(read_stored(dataset).stored, crop)
    dataset.NumberOfFrames = 4
    with pytest.raises(ImageError, match="frame"):
        read_stored(dataset)


@pytest.mark.parametrize("table", [(4,), (0, 0), (0, 10**6), (8, 0)])
def test_a_table_of_frames_that_lies_is_refused(coded_frames, make_dataset, crop, table):
    coded = coded_frames[uid.JPEGLSLossless]
    coded += b"\0" * (len(coded) % 2)
    dataset = make_dataset(crop, uid.JPEGLSLossless, coded, frames=2)
    items = b"".join(b"\xfe\xff\x00\xe0" + struct.pack("<I", len(coded)) + coded for _ in range(2))
    offsets = struct.pack(f"<{len(table)}I", *table)
    dataset.PixelData = b"\xfe\xff\x00\xe0" + struct.pack("<I", len(offsets)) + offsets + items
    with pytest.raises(ImageError, match="table of frames"):
        read_stored(dataset)


LIBRARIES = {
    uid.JPEGBaseline8Bit: "PIL.Image.open",
    uid.JPEGExtended12Bit: "imagecodecs.jpeg8_decode",
    uid.JPEGLossless: "imagecodecs.jpeg8_decode",
    uid.JPEGLosslessSV1: "imagecodecs.jpeg8_decode",
    uid.JPEGLSLossless: "jpeg_ls.decode_buffer",
    uid.JPEGLSNearLossless: "jpeg_ls.decode_buffer",
    uid.JPEG2000Lossless: "openjpeg.utils.decode",
    uid.JPEG2000: "openjpeg.utils.decode",
    uid.RLELossless: "pydicom.pixels.decoders.base.DecodeRunner._decode_frame",
}


def test_the_table_is_complete():
    assert set(LIBRARIES) == set(DECODERS)


@pytest.mark.parametrize("syntax", COMPRESSED)
def test_where_the_one_decoder_fails_no_other_is_asked(coded_frames, make_dataset, crop, syntax, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(LIBRARIES[syntax], fail)
    with pytest.raises(ImageError, match=r"cannot be decoded \(RuntimeError\)"):
        read_stored(make_dataset(crop, syntax, coded_frames[syntax]))


def test_no_plugin_of_pydicom_decodes(files, monkeypatch):
    """Of all that pydicom would try, only its own RLE decoder is ever called."""
    asked = []

    def decode(runner, *_, **__):
        asked.append(list(runner._decoders))
        return original(runner, *_, **__)

    original = base.DecodeRunner._decode_frame
    monkeypatch.setattr(base.DecodeRunner, "_decode_frame", decode)
    for data in files.values():
        read_stored(read_dicom(data))
    assert asked == [["pydicom"]]


def test_no_lenient_decoder_is_needed_or_installed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = str([project["dependencies"], project["optional-dependencies"]])
    installed = {distribution.metadata["Name"].lower() for distribution in distributions()}
    for lenient in ("pylibjpeg-libjpeg", "python-gdcm", "pylibjpeg-rle"):
        assert lenient not in wanted and lenient not in installed


REFUSED = {
    "cut short": [
        "MR_truncated.dcm",
        "rtplan_truncated.dcm",
        "emri_small_jpeg_2k_lossless_too_short.dcm",
        "DICOMDIR-nooffset",
    ],
    "bit depth": [
        *["liver.dcm", "liver_1frame.dcm", "liver_expb.dcm", "liver_expb_1frame.dcm", "badVR.dcm"],
        *["SC_rgb_32bit.dcm", "SC_rgb_32bit_2frame.dcm", "SC_rgb_expb_32bit.dcm", "SC_rgb_expb_32bit_2frame.dcm"],
        *["SC_rgb_rle_32bit.dcm", "SC_rgb_rle_32bit_2frame.dcm", "rtdose.dcm", "rtdose_1frame.dcm", "rtdose_expb.dcm"],
        *["rtdose_expb_1frame.dcm", "rtdose_rle.dcm", "rtdose_rle_1frame.dcm"],
    ],
    "palette": ["gdcm-US-ALOKA-16.dcm", "gdcm-US-ALOKA-16_big.dcm"],
    "NumberOfFrames": ["color3d_jpeg_baseline.dcm"],
    "do not begin with a codestream": ["GDCMJ2K_TextGBR.dcm"],
    "contradict themselves": ["JPEG2000-embedded-sequence-delimiter.dcm"],
    "structure is broken": ["SC_rgb_jpeg.dcm"],
    "TransferSyntaxUID missing": ["meta_missing_tsyntax.dcm"],
}


def bundled_files():
    folders = [Path(pydicom.__file__).parent / "data" / "test_files", Path(data_store.__file__).parent]
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                if file.read(132)[128:] == b"DICM":
                    yield path


def test_every_bundled_image_is_decoded_or_refused_by_name():
    decoded, refused = 0, {}
    for path in bundled_files():
        try:
            image = read_stored(read_dicom(path.read_bytes()))
        except ImageError as error:
            if "holds no image (Rows" not in str(error.problem) and "PixelData missing" not in str(error.problem):
                refused[path.name] = str(error.problem)
        else:
            decoded += 1
            assert image.stored.ndim == 2
    wanted = {name: problem for problem, names in REFUSED.items() for name in names}
    assert set(refused) == set(wanted)
    assert [name for name, problem in wanted.items() if problem not in refused[name]] == []
    assert decoded >= 125


SIGNED = np.random.default_rng(2).normal(-50, 600, (96, 96)).clip(-2048, 2047).astype(np.int16)
"""12-bit values in two's complement."""
SIGNED_FRAMES = {
    "JPEG-LS, 16 bits, the sign cut off": (uid.JPEGLSLossless, lambda: imagecodecs.jpegls_encode(_cut(SIGNED, 12))),
    "JPEG-LS, 16 bits, the sign kept": (uid.JPEGLSLossless, lambda: jpeg_ls.encode(SIGNED.view(np.uint16)).tobytes()),
    "JPEG-LS, 12 bits": (uid.JPEGLSLossless, lambda: jpeg_ls.encode(_cut(SIGNED, 12)).tobytes()),
    "JPEG lossless, 16 bits": (uid.JPEGLosslessSV1, lambda: _encode_lossless(_cut(SIGNED, 12), 16)),
    "JPEG lossless, 16 bits, the sign kept": (uid.JPEGLossless, lambda: _encode_lossless(SIGNED.view(np.uint16), 16)),
    "JPEG lossless, 12 bits": (uid.JPEGLossless, lambda: _encode_lossless(_cut(SIGNED, 12), 12)),
    "JPEG 2000, unsigned, 16 bits": (uid.JPEG2000Lossless, lambda: _encode_j2k(_cut(SIGNED, 12), 16)),
    "JPEG 2000, unsigned, 12 bits": (uid.JPEG2000Lossless, lambda: _encode_j2k(_cut(SIGNED, 12), 12)),
    "JPEG 2000, signed, 16 bits": (uid.JPEG2000Lossless, lambda: _encode_j2k(SIGNED, 16)),
    "JPEG 2000, signed, 12 bits": (uid.JPEG2000Lossless, lambda: _encode_j2k(SIGNED, 12)),
}


def _cut(values, bits):
    return values.view(np.uint16) & ((1 << bits) - 1)


def _encode_lossless(values, bits):
    return imagecodecs.jpeg8_encode(values, lossless=True, bitspersample=bits, predictor=1)


def _encode_j2k(values, bits):
    return imagecodecs.jpeg2k_encode(values, codecformat="j2k", reversible=True, level=0, bitspersample=bits)


@pytest.mark.parametrize(("syntax", "encode"), SIGNED_FRAMES.values(), ids=SIGNED_FRAMES)
def test_a_sign_is_read_where_the_header_says_whatever_the_codestream_s_depth(make_dataset, syntax, encode):
    """pydicom issue 2009: these codestreams know no sign, and some writers make them deeper than their values."""
    dataset = make_dataset(SIGNED.view(np.uint16), syntax, bytes(encode()))
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 1
    np.testing.assert_array_equal(read_stored(dataset).stored, SIGNED)


@pytest.mark.parametrize("stored", [9, 10, 13, 15])
def test_a_sign_may_lie_at_any_depth(make_dataset, stored):
    values = np.arange(-(1 << stored - 1), 1 << stored - 1, dtype=np.int16).reshape(-1, 128)
    dataset = make_dataset(_cut(values, 16), uid.JPEGLSLossless, bytes(imagecodecs.jpegls_encode(_cut(values, stored))))
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = stored, stored - 1, 1
    np.testing.assert_array_equal(read_stored(dataset).stored, values)


@pytest.mark.parametrize("syntax", [uid.JPEGLSLossless, uid.JPEGLosslessSV1, uid.JPEG2000Lossless])
def test_positive_values_are_not_torn_apart_by_a_header_that_is_too_shallow(make_dataset, syntax):
    """Neighbours are alike in the right reading: these would become negative from 2,048 on."""
    values = (np.add.outer(np.arange(96), np.arange(96)) * 18 + 300).astype(np.uint16)
    encode = {
        uid.JPEGLSLossless: imagecodecs.jpegls_encode,
        uid.JPEGLosslessSV1: lambda each: _encode_lossless(each, 16),
        uid.JPEG2000Lossless: lambda each: _encode_j2k(each, 16),
    }[syntax]
    dataset = make_dataset(values, syntax, bytes(encode(values)))
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 1
    np.testing.assert_array_equal(read_stored(dataset).stored, values)
