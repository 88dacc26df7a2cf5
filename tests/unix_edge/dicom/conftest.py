"""One crop of a real radiograph in every transfer syntax, encoded here."""

import io
from collections.abc import Callable

import imagecodecs
import jpeg_ls
import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset, dcmread, uid
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import get_encoder


def encode_jpeg(values, **kwargs):
    buffer = io.BytesIO()
    Image.fromarray((values >> 7).astype(np.uint8)).save(buffer, "JPEG", quality=95, **kwargs)
    return buffer.getvalue()


def encode_rle(values):
    description = {"rows": values.shape[0], "columns": values.shape[1], "samples_per_pixel": 1, "number_of_frames": 1}
    bits = {"bits_allocated": 16, "bits_stored": 16, "pixel_representation": 0}
    encoder = get_encoder(uid.RLELossless)
    return encoder.encode(values.tobytes(), photometric_interpretation="MONOCHROME2", **description, **bits)


def encode_j2k(values, level=0):
    return imagecodecs.jpeg2k_encode(values, codecformat="j2k", reversible=not level, level=level)


ENCODERS: dict[str, Callable[[np.ndarray], bytes]] = {
    uid.RLELossless: encode_rle,
    uid.JPEGBaseline8Bit: encode_jpeg,
    uid.JPEGExtended12Bit: lambda values: imagecodecs.jpeg8_encode(values >> 3, level=95, bitspersample=12),
    uid.JPEGLossless: lambda values: imagecodecs.jpeg8_encode(values, lossless=True, bitspersample=16, predictor=4),
    uid.JPEGLosslessSV1: lambda values: imagecodecs.jpeg8_encode(values, lossless=True, bitspersample=16, predictor=1),
    uid.JPEGLSLossless: lambda values: jpeg_ls.encode(values).tobytes(),
    uid.JPEGLSNearLossless: lambda values: bytes(jpeg_ls.encode_array(values, lossy_error=3)),
    uid.JPEG2000Lossless: encode_j2k,
    uid.JPEG2000: lambda values: encode_j2k(values, level=60),
}
DEPTHS = {uid.JPEGBaseline8Bit: 8, uid.JPEGExtended12Bit: 12}
NATIVE = (
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.DeflatedExplicitVRLittleEndian,
)


@pytest.fixture(scope="session")
def crop() -> np.ndarray:
    """160 x 192 stored values, 15 bits, of the lungs of a real radiograph."""
    from pydicom.data import get_testdata_file

    dataset = dcmread(get_testdata_file("RG1_UNCR.dcm", download=False))
    values = np.frombuffer(dataset.PixelData, "<u2").reshape(dataset.Rows, dataset.Columns)
    return values[600:1080:3, 500:1076:3].copy()


def build_dataset(values, syntax, coded=None, frames=1) -> Dataset:
    """Build a dataset around stored values, or around one coded frame of them."""
    bits = DEPTHS.get(syntax, 16)
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.SOPClassUID = uid.ComputedRadiographyImageStorage
    dataset.SOPInstanceUID = "1.2.3.4"
    dataset.PatientName, dataset.PatientID, dataset.Modality = "Canary^Name", "CANARY-ID", "CR"
    dataset.BodyPartExamined = "CHEST"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = *values.shape, 1
    dataset.BitsAllocated = 8 if bits == 8 else 16
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = bits, bits - 1, 0
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.WindowCenter, dataset.WindowWidth = 1 << bits - 2, 1 << bits - 1
    if frames > 1:
        dataset.NumberOfFrames = frames
    if coded is None:
        native = values.astype(">u2" if syntax == uid.ExplicitVRBigEndian else "<u2")
        dataset.add_new("PixelData", "OW", native.tobytes() * frames)
    else:
        dataset.add_new("PixelData", "OB", encapsulate([coded] * frames))
        dataset["PixelData"].is_undefined_length = True
    return dataset


@pytest.fixture(scope="session")
def make_dataset() -> Callable[..., Dataset]:
    return build_dataset


@pytest.fixture(scope="session")
def coded_frames(crop) -> dict[str, bytes]:
    """The crop's codestream in each compressed transfer syntax."""
    return {syntax: bytes(encode(crop)) for syntax, encode in ENCODERS.items()}


@pytest.fixture(scope="session")
def files(crop, coded_frames) -> dict[str, bytes]:
    """The crop as a whole file in each transfer syntax."""
    written = {}
    for syntax in (*NATIVE, *ENCODERS):
        buffer = io.BytesIO()
        build_dataset(crop, syntax, coded_frames.get(syntax)).save_as(buffer, enforce_file_format=True)
        written[syntax] = buffer.getvalue()
    return written
