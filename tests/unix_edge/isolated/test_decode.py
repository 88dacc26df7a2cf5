"""Files through the decode child: what is decoded is exact, and each hostile file is one sentence."""

import hashlib
import io
import os
import struct
import subprocess
import threading
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydicom import Dataset, uid
from pydicom.dataset import FileMetaDataset

from unix_edge.dicom.grayscale import ImageWarning, Window, show
from unix_edge.dicom.pixels import read_stored, to_gray
from unix_edge.errors import ImageError
from unix_edge.image import load_radiograph
from unix_edge.isolated import child as module
from unix_edge.isolated.decode import decode

RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64)


def explicit(group, number, vr, value, length=None) -> bytes:
    """Write one element of Explicit VR Little Endian; `length` may lie."""
    length = len(value) if length is None else length
    head = struct.pack("<HH2s", group, number, vr)
    long = vr in (b"OB", b"OW", b"SQ", b"UN", b"UT")
    return head + (struct.pack("<HI", 0, length) if long else struct.pack("<H", length)) + value


def implicit(group, number, value) -> bytes:
    return struct.pack("<HHI", group, number, len(value)) + value


def write_file(body: bytes, syntax=uid.ExplicitVRLittleEndian, preamble=b"\0" * 128) -> bytes:
    value = syntax.encode() + b"\0" * (len(syntax) % 2)
    return preamble + b"DICM" + explicit(2, 0x10, b"UI", value) + body


def make_dataset(**overrides) -> Dataset:
    dataset = Dataset()
    usual = {
        "SOPClassUID": uid.ComputedRadiographyImageStorage,
        "SOPInstanceUID": "1.2.3.4",
        "Modality": "CR",
        "PatientName": "Canary^Name",
        "PatientID": "CANARY-ID",
        "Rows": 64,
        "Columns": 64,
        "BitsAllocated": 16,
        "BitsStored": 12,
        "HighBit": 11,
        "PixelRepresentation": 0,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "WindowCenter": 2048,
        "WindowWidth": 4096,
    }
    for keyword, value in {**usual, **overrides}.items():
        setattr(dataset, keyword, value)
    dataset.add_new("PixelData", "OW", overrides.get("PixelData", RAMP.tobytes()))
    return dataset


def to_bytes(dataset, syntax=uid.ExplicitVRLittleEndian) -> bytes:
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset["PixelData"].is_undefined_length = syntax.is_encapsulated
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def test_a_file_is_pixels_header_and_hash(decode_bytes):
    dataset = make_dataset()
    data = to_bytes(dataset)
    decoded = decode_bytes(data)
    np.testing.assert_array_equal(decoded.pixels, to_gray(dataset))
    assert decoded.sha256 == hashlib.sha256(data).hexdigest()
    assert decoded.transfer_syntax == uid.ExplicitVRLittleEndian and decoded.warnings == ()
    assert decoded.header.PatientName == "Canary^Name" and decoded.header.Rows == 64


def test_a_frame_is_chosen(decode_bytes):
    data = to_bytes(make_dataset(NumberOfFrames=2, PixelData=RAMP.tobytes() + RAMP[::-1].tobytes()))
    first, second = decode_bytes(data), decode_bytes(data, frame=1)
    np.testing.assert_array_equal(first.pixels, second.pixels[::-1])
    assert first.warnings == (ImageWarning.FRAMES.value,)
    with pytest.raises(ImageError, match="has no frame 3"):
        decode_bytes(data, frame=2)


def test_stored_values_come_where_they_are_asked_for(decode_bytes):
    dataset = make_dataset(PhotometricInterpretation="MONOCHROME1", RescaleSlope="2")
    decoded = decode_bytes(to_bytes(dataset), stored=True)
    np.testing.assert_array_equal(decoded.stored.stored, RAMP)
    np.testing.assert_array_equal(show(decoded.stored, Window(700, 900)), show(read_stored(dataset), Window(700, 900)))
    np.testing.assert_array_equal(decoded.pixels, to_gray(dataset))
    assert decode_bytes(to_bytes(dataset)).stored is None


def test_what_is_marked_as_synthetic_is_known_to_be(decode_bytes):
    mark, buffer = PngInfo(), io.BytesIO()
    mark.add_text("Synthetic Data", "YES")
    Image.new("L", (64, 64), 7).save(buffer, "PNG", pnginfo=mark)
    marked = make_dataset()
    marked.add_new(0x0008001C, "CS", "YES")
    assert decode_bytes(buffer.getvalue()).synthetic and decode_bytes(to_bytes(marked)).synthetic
    assert not decode_bytes(to_bytes(make_dataset())).synthetic


def test_pictures_go_through_the_child_and_keep_their_pixels(tmp_path):
    colours = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    for pixels, kind in ((colours, "PNG"), (colours[..., 0], "PNG")):
        Image.fromarray(pixels).save(tmp_path / "a", kind)
        decoded = decode(tmp_path / "a")
        np.testing.assert_array_equal(decoded.pixels, pixels)
        assert decoded.header is None and decoded.transfer_syntax is None


def test_loading_a_dataset_or_a_file_gives_the_same(tmp_path):
    dataset = make_dataset(PhotometricInterpretation="MONOCHROME1", PresentationLUTShape="IDENTITY")
    (tmp_path / "a.dcm").write_bytes(to_bytes(dataset))
    one, other = load_radiograph(dataset), load_radiograph(tmp_path / "a.dcm")
    np.testing.assert_array_equal(np.asarray(one.image), np.asarray(other.image))
    assert one.warnings == other.warnings == (ImageWarning.SHAPE.value,)
    assert one.source_sha256 is None and len(other.source_sha256) == 64


def nested(depth, *, undefined) -> bytes:
    body = b""
    for _ in range(depth):
        length = 0xFFFFFFFF if undefined else None
        item = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF if undefined else len(body)) + body
        item += struct.pack("<HHI", 0xFFFE, 0xE00D, 0) if undefined else b""
        item += struct.pack("<HHI", 0xFFFE, 0xE0DD, 0) if undefined else b""
        body = explicit(0x40, 0xA730, b"SQ", item, length)
    return body


def deflate_bomb() -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    pieces = [deflater.compress(explicit(8, 0x60, b"CS", b"CR"))]
    pieces.append(deflater.compress(struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OW", 0, 1 << 30)))
    zeros = b"\0" * (1 << 24)
    pieces += [deflater.compress(zeros) for _ in range(64)]
    return write_file(b"".join([*pieces, deflater.flush()]), uid.DeflatedExplicitVRLittleEndian)


def rle_of(rows, columns) -> bytes:
    frame = struct.pack("<16I", 2, 64, 66, *[0] * 13) + b"\x81\x00" * 2
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 0) + struct.pack("<HHI", 0xFFFE, 0xE000, len(frame)) + frame
    return to_bytes(make_dataset(Rows=rows, Columns=columns, PixelData=item), uid.RLELossless)


def j2k_of(width, height, tile=None) -> bytes:
    """Write a JPEG 2000 codestream that is nothing but its main header and an empty tile."""
    tile_width, tile_height = tile or (width, height)
    size = struct.pack(">HHH8IH3B", 0xFF51, 41, 0, width, height, 0, 0, tile_width, tile_height, 0, 0, 1, 15, 1, 1)
    style = bytes.fromhex("ff52000c00000001000404040000")
    quantisation = bytes.fromhex("ff5c00044040")
    tile_part = struct.pack(">HHHIBB", 0xFF90, 10, 0, 14, 0, 1) + b"\xff\x93"
    return b"\xff\x4f" + size + style + quantisation + tile_part + b"\xff\xd9"


def j2k_file(frame: bytes) -> bytes:
    frame += b"\0" * (len(frame) % 2)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 0) + struct.pack("<HHI", 0xFFFE, 0xE000, len(frame)) + frame
    return to_bytes(make_dataset(PixelData=item), uid.JPEG2000Lossless)


def png_bomb() -> bytes:
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 10**6)) + chunk(b"IEND", b"")
    )


def many_elements(count) -> bytes:
    return b"".join(explicit(9 + 2 * (i >> 12), 0x1000 + (i & 0xFFF), b"UN", b"") for i in range(count))


def text_png() -> bytes:
    info = PngInfo()
    info.add_text("Comment", "x" * 80_000_000, zip=True)
    buffer = io.BytesIO()
    Image.new("L", (64, 64), 7).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


BODY = to_bytes(make_dataset())[128:]
META_ODD_VR = b"\0" * 128 + b"DICM" + explicit(2, 0x10, b"ZZ", b"1.2.840.10008.1.2.1\0") + b"\0" * 100
HOSTILE = {
    "one byte": (lambda: b"D", "neither DICOM, PNG nor JPEG"),
    "132 bytes": (lambda: b"\0" * 128 + b"DICM", "TransferSyntaxUID missing"),
    "a PDF": (lambda: b"%PDF-1.7" + bytes(500), "neither DICOM, PNG nor JPEG"),
    "no preamble": (lambda: BODY[4:], "neither DICOM, PNG nor JPEG"),
    "cut in its header": (lambda: to_bytes(make_dataset())[:300], "cut short"),
    "cut in its pixels": (lambda: to_bytes(make_dataset())[:-1000], "cut short"),
    "too few pixels": (lambda: to_bytes(make_dataset(Rows=65)), "cut short"),
    "a length beyond the file": (
        lambda: write_file(explicit(0x7FE0, 0x10, b"OW", bytes(8800), 0xFFFFFFF0)),
        "longer than the file",
    ),
    "deflate bomb": (deflate_bomb, "larger than 512 MiB"),
    "broken deflate": (
        lambda: write_file(b"\xff" * 99, uid.DeflatedExplicitVRLittleEndian),
        "deflated data are broken",
    ),
    "33 deep": (lambda: write_file(nested(33, undefined=False)), "nested more than 32 deep"),
    "5,000 deep, undefined": (lambda: write_file(nested(5000, undefined=True)), "nested more than 32 deep"),
    "400,000 elements": (lambda: write_file(many_elements(400_000)), "more than 50,000 elements"),
    "private syntax": (
        lambda: write_file(bytes(50), uid.UID("1.2.826.0.1.3680043.99")),
        "one that DICOM does not register",
    ),
    "retired syntax": (lambda: write_file(bytes(50), uid.UID("1.2.840.10008.1.2.4.52")), "is not supported"),
    "explicit that is implicit": (lambda: write_file(implicit(8, 0x60, b"CR")), "structure is broken"),
    "implicit that is explicit": (
        lambda: write_file(explicit(8, 0x60, b"CS", b"CR"), uid.ImplicitVRLittleEndian),
        "longer than the file",
    ),
    "a VR that is none": (lambda: META_ODD_VR, "structure is broken"),
    "no Rows": (lambda: write_file(explicit(0x7FE0, 0x10, b"OW", bytes(8))), "Rows, .* missing"),
    "UL for US": (
        lambda: to_bytes(make_dataset()).replace(b"\x28\0\x10\0US\2\0\x40\0", b"\x28\0\x10\0UL\4\0\x40\0\0\0"),
        "Rows",
    ),
    "2^31 - 1 frames": (lambda: to_bytes(make_dataset(NumberOfFrames=2**31 - 1)), "NumberOfFrames is not from 1 to 64"),
    "65 frames": (lambda: to_bytes(make_dataset(NumberOfFrames=65)), "NumberOfFrames is not from 1 to 64"),
    "a structured report": (lambda: write_file(explicit(8, 0x60, b"CS", b"SR")), "holds no image"),
    "J2K 65535 x 65535": (lambda: j2k_file(j2k_of(65535, 65535)), "another size than its header says"),
    "J2K 2^31 - 1": (lambda: j2k_file(j2k_of(2**31 - 1, 2**31 - 1)), "another size than its header says"),
    "J2K of tiny tiles": (lambda: j2k_file(j2k_of(2**20, 2**20, (1, 1))), "contradict themselves"),
    "J2K cut": (lambda: j2k_file(j2k_of(64, 64)[:-3]), "incomplete|contradict"),
    "J2K without any data": (lambda: j2k_file(j2k_of(64, 64)), "cannot be decoded"),
    "RLE 65535 x 65535": (lambda: rle_of(65535, 65535), "not from 1 to 8192"),
    "RLE 8192 x 8192 of nothing": (lambda: rle_of(8192, 8192), "cannot be decoded"),
    "RLE with mad offsets": (
        lambda: rle_of(64, 64).replace(struct.pack("<II", 64, 66), b"\xff" * 8),
        "cannot be decoded",
    ),
    "slope 1e308": (lambda: to_bytes(make_dataset(RescaleSlope="1e308")), "RescaleSlope"),
    "PNG of 3.6 gigapixels": (png_bomb, "not from 1 to 8192"),
    "PNG of much text": (text_png, "broken"),
    "PNG cut": (lambda: text_png()[:60], "broken or cut short|neither DICOM"),
}


def memory_of(process: str, field: str) -> int:
    """Return a figure of /proc/PID/status in bytes; 0 of a process that is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


@pytest.fixture
def peaks(monkeypatch):
    """Record the largest VmHWM of each child; getrusage would begin with the parent's own."""
    seen: dict[int, int] = {}
    ended = threading.Event()

    class Watched(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            seen[self.pid] = 0

    def watch():
        while not ended.wait(0.005):
            for pid in list(seen):
                seen[pid] = max(seen[pid], memory_of(str(pid), "VmHWM"))

    monkeypatch.setattr(module.subprocess, "Popen", Watched)
    watcher = threading.Thread(target=watch)
    watcher.start()
    yield seen
    ended.set()
    watcher.join()


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_file_is_one_sentence(decode_bytes, peaks, name):
    make, problem = HOSTILE[name]
    data = make()
    before, start = memory_of("self", "VmRSS"), time.monotonic()
    with pytest.raises(ImageError, match=problem) as failure:
        decode_bytes(data)
    assert time.monotonic() - start < 20
    assert memory_of("self", "VmRSS") - before < 50 * 2**20
    (peak,) = peaks.values()
    assert 0 < peak < 1.5 * 2**30
    said = str(failure.value)
    assert said.startswith("film.dcm was not read: ") and said.endswith(".") and "\n" not in said
    assert not any(secret in said for secret in ("Canary", "CANARY", "1.2.3.4", "Traceback", "/"))
    assert failure.value.__cause__ is None


@pytest.mark.parametrize("stored", [False, True])
def test_the_largest_image_that_is_believed_fits_the_memory(decode_bytes, peaks, stored):
    pixels = np.zeros((8192, 8192), "<u2")
    pixels[::2] = 4095
    decoded = decode_bytes(to_bytes(make_dataset(Rows=8192, Columns=8192, PixelData=pixels.tobytes())), stored=stored)
    assert decoded.pixels.shape == (8192, 8192) and decoded.pixels[:2, 0].tolist() == [255, 0]
    assert max(peaks.values()) < 1.5 * 2**30


def test_a_file_beyond_512_mib_is_not_even_sent(tmp_path, monkeypatch):
    monkeypatch.setattr(module.subprocess, "Popen", lambda *_, **__: pytest.fail("a child was started"))
    path = tmp_path / "vast.dcm"
    with path.open("wb") as file:
        file.truncate((512 << 20) + 1)
    with pytest.raises(ImageError, match="larger than 512 MiB"):
        decode(path)


def test_what_is_no_regular_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.dcm")
    for path in (tmp_path / "pipe.dcm", Path("/dev/zero")):
        with pytest.raises(ImageError, match="no regular file"):
            decode(path)
    with pytest.raises(ImageError, match="its name cannot be"):
        decode(Path("a\0b"))


def test_an_odd_header_harms_nobody(decode_bytes, recwarn):
    """Values that cannot be are left out, control characters and direction overrides are taken out of text."""
    dataset = make_dataset(StudyDescription="A", SpecificCharacterSet="ISO_IR 192")
    data = to_bytes(dataset)
    odd = "Bad\x1b[31m\r\n\u202eeman".encode()
    odd += b" " * (len(odd) % 2)
    more = explicit(8, 0x20, b"DA", b"CANARY99") + explicit(8, 0x60, b"CS", b"CR") + explicit(8, 0x1030, b"LO", odd)
    start = data.index(explicit(8, 0x60, b"CS", b"CR"))
    stop = data.index(b"\x10\0\x10\0PN")
    decoded = decode_bytes(data[:start].replace(b"\x02\0\0\0UL", b"\x02\0\0\0UL") + more + data[stop:])
    assert "StudyDate" not in decoded.header
    assert decoded.header.StudyDescription == "Bad [31m eman"
    assert decoded.header.SpecificCharacterSet == "ISO_IR 192"
    assert len(recwarn) == 0


def test_a_program_in_the_preamble_is_named(decode_bytes):
    data = to_bytes(make_dataset())
    for magic in (b"MZ", b"\x7fELF", b"#!/bin/sh\n"):
        assert ImageWarning.PROGRAM.value in decode_bytes(magic + data[len(magic) :]).warnings
    assert decode_bytes(b"II*\0" + data[4:]).warnings == ()


@pytest.mark.soak
@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="asks Linux")  # noqa: PTH112
def test_decodes_in_sequence_leave_no_process_and_no_open_file(make_file, tmp_path, soak):
    file = make_file(tmp_path / "a.dcm")
    first = decode(file)

    def children():
        return {each for path in Path("/proc/self/task").glob("*/children") for each in path.read_text().split()}

    before, others = os.listdir("/proc/self/fd"), children()  # noqa: PTH208
    for _ in range(20 * soak):
        assert decode(file).sha256 == first.sha256
    assert len(os.listdir("/proc/self/fd")) == len(before)  # noqa: PTH208
    assert children() <= others


def test_every_frame_of_the_most_that_are_believed_is_read(tmp_path):
    """64 frames of 2,000 x 2,000 in 16 bits are 512 MB, as much as a file may have."""
    side, path = 2000, tmp_path / "frames.dcm"
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = uid.DigitalXRayImageStorageForPresentation
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = "2.25.3"
    dataset.Rows = dataset.Columns = side
    dataset.NumberOfFrames, dataset.SamplesPerPixel, dataset.PixelRepresentation = 64, 1, 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PhotometricInterpretation, dataset.Modality = "MONOCHROME2", "DX"
    dataset.PixelData = b"".join(np.full(side * side, 60 * frame, np.uint16).tobytes() for frame in range(64))
    dataset.save_as(path, enforce_file_format=True)
    for frame in (0, 31, 63):
        stored = decode(path, frame=frame, stored=True).stored
        assert stored is not None and (stored.stored == 60 * frame).all()
