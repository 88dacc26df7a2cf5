"""What travels to and from the model's process arrives as it was sent, and nothing else arrives."""

import io
import json
import random

import numpy as np
import pytest
from PIL import Image

from unix_edge import GenerationSettings, ReportSettings
from unix_edge.errors import UnixEdgeError
from unix_edge.image import LoadedRadiograph
from unix_edge.sentences import Sentence
from unix_edge.worker import messages
from unix_edge.worker.codec import GarbageError, TooLongError, pack, read_event, read_request


@pytest.fixture
def film(make_header):
    gray = np.random.default_rng(0).integers(0, 256, (40, 30), np.uint8)
    header = make_header(PatientName="Müller^Jane")
    return LoadedRadiograph(Image.fromarray(gray), header, (Sentence("It is odd."),), "ab" * 32, True, "LINEAR window")


def sent(message):
    read = read_request if isinstance(message, messages.Request) else read_event
    return read(io.BytesIO(pack(message)))


def test_a_draft_s_request_arrives_with_image_header_and_settings(film):
    asked = messages.Draft(7, film, ReportSettings(temperature=0.5, seed=3), "FINDINGS: é", True)
    got = sent(asked)
    assert (got.run, got.settings, got.prefix, got.assume_frontal_chest) == (7, asked.settings, asked.prefix, True)
    assert got.image.image.mode == "L" and got.image.image.tobytes() == film.image.tobytes()
    for name in ("warnings", "source_sha256", "phantom", "window"):
        assert getattr(got.image, name) == getattr(film, name)
    for keyword in ("PatientName", "SOPInstanceUID", "StudyInstanceUID", "ViewPosition", "Modality", "Rows"):
        assert got.image.header[keyword].value == film.header[keyword].value


def test_a_picture_in_colour_and_given_noise_arrive():
    colour = Image.fromarray(np.random.default_rng(0).integers(0, 256, (5, 4, 3), np.uint8))
    got = sent(messages.Draft(1, LoadedRadiograph(colour), ReportSettings()))
    assert got.image.image.mode == "RGB" and got.image.image.tobytes() == colour.tobytes() and got.image.header is None
    noise = np.random.default_rng(0).standard_normal((16, 4), np.float32)
    got = sent(messages.Generate(2, "Clear lungs.", GenerationSettings(noise=noise)))
    assert (got.settings.noise == noise).all() and got.settings.guidance_interval == (0.4, 1.0)


def test_a_draft_and_a_picture_arrive(make_report, make_picture):
    drafted = messages.Drafted(3, make_report(), 0.5, 40.0, 1.5)
    assert sent(drafted) == drafted
    picture = make_picture(side=32)
    got = sent(messages.Picture(4, picture, 2.0))
    assert (got.picture.pixels == picture.pixels).all() and (got.picture.latents == picture.latents).all()
    assert json.dumps(got.picture.provenance.as_dict()) == json.dumps(picture.provenance.as_dict())


@pytest.mark.parametrize(
    "message",
    [
        messages.Open("engines", "cpu"),
        messages.Stop(3),
        messages.Release(),
        messages.Close(),
        messages.Loading(1, 2),
        messages.Piece(1, "é\ud83d\ude00"[:1], 2, (-0.1, -0.2)),
        messages.Stopped(9),
        messages.Failed(None, "BundleError", Sentence("It is {0}.", "broken"), (Sentence("a doubt"),), True, 96),
        messages.Beat(1 << 40, None),
    ],
)
def test_the_small_ones_arrive(message):
    assert sent(message) == message


def test_a_text_that_does_not_fit_is_not_sent():
    with pytest.raises(TooLongError):
        pack(messages.Generate(1, "left " * 300_000, GenerationSettings()))


def said(message, **changes):
    line, _, rest = pack(message).partition(b"\n")
    return json.dumps({**json.loads(line), **changes}).encode() + b"\n" + rest


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"hello\n",
        b"[]\n",
        b'{"kind": "Beat"}\n',
        said(messages.Beat(1, None), kind="Open"),
        said(messages.Beat(1, None), kind="Os"),
        said(messages.Beat(1, None), value={"memory": 1, "run": None, "more": 1}),
        said(messages.Beat(1, None), value={"memory": 1}),
        said(messages.Beat(1, None), value={"memory": True, "run": None}),
        said(messages.Beat(1, None), value={"memory": 1 << 70, "run": None}),
        said(messages.Beat(1, None), value={"memory": "1", "run": None}),
        said(messages.Beat(1, None), blocks=[4]),
        said(messages.Beat(1, None), blocks=[-1]),
        said(messages.Beat(1, None), blocks=[1 << 40]),
        said(messages.Beat(1, None), blocks=[0]),
        said(messages.Piece(1, "a", 1, (0.0,)), value={"run": 1, "text": "a", "tokens": 1, "log_probabilities": 7}),
        pack(messages.Piece(1, "a", 1, (0.5,))).replace(b"0.5", b"NaN"),
        pack(messages.Piece(1, "a", 1, (0.5,))).replace(b"0.5", b"Infinity"),
        pack(messages.Beat(1, None)).rstrip(b"\n"),
        b"[" * 100_000 + b"\n",
        b"x" * (1 << 21),
    ],
)
def test_what_is_no_event_is_refused(line):
    with pytest.raises(GarbageError):
        read_event(io.BytesIO(line))


@pytest.mark.parametrize("shape", [[40, 31], [0, 30], [1 << 20, 1 << 20], [40, 30, 2], "40", [40.0, 30]])
def test_an_image_of_another_shape_than_its_bytes_is_refused(film, shape):
    line, _, block = pack(messages.Draft(1, film, ReportSettings())).partition(b"\n")
    told = json.loads(line)
    told["value"]["image"]["image"]["shape"] = shape
    with pytest.raises(GarbageError):
        read_request(io.BytesIO(json.dumps(told).encode() + b"\n" + block))


@pytest.mark.soak
def test_a_thousand_messages_with_one_byte_changed_are_read_or_refused(film, make_report, soak):
    chance, outcomes = random.Random(0), set()
    whole = [pack(messages.Draft(1, film, ReportSettings())), pack(messages.Drafted(1, make_report(), 1, 1, 1))]
    for _ in range(1000 * soak):
        data = bytearray(chance.choice(whole))
        place = chance.randrange(min(len(data), 2000))
        data[place] = chance.randrange(256)
        read = read_request if b'"Draft"' in data[:40] else read_event
        try:
            outcomes.add(type(read(io.BytesIO(bytes(data)))))
        except (GarbageError, UnixEdgeError) as error:  # settings out of their range say so themselves
            outcomes.add(type(error))
    assert {messages.Draft, messages.Drafted, GarbageError} <= outcomes


def test_a_pipe_that_ends_has_no_more_messages():
    assert read_event(io.BytesIO(b"")) is None
