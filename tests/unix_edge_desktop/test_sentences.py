"""Sentences of failures are templates and values, and are shown in the reader's language."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from unix_edge.dicom.chest import KINDS
from unix_edge.errors import (
    BundleError,
    CardMemoryError,
    ImageError,
    IndexUnavailableError,
    NoSpaceError,
    NotFiniteError,
    PresentationStateError,
    PromptError,
    StoppedError,
    UnconfirmedChestError,
)
from unix_edge.report import ReportSettings
from unix_edge.sampler import GenerationSettings
from unix_edge.sentences import Sentence
from unix_edge_desktop.application import TRANSLATIONS
from unix_edge_desktop.toolkit import sentences
from unix_edge_desktop.toolkit.sentences import tell, translate_sentence


@pytest.fixture
def translated(monkeypatch):
    """A language in which every sentence is in angles, its values in their places."""
    monkeypatch.setattr(QCoreApplication, "translate", lambda context, source: f"«{source[:-1]}».")
    monkeypatch.setattr(sentences, "QCoreApplication", QCoreApplication)


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (ImageError("a: b.dcm", Sentence("it is empty")), "«a: b.dcm was not read: «It is empty»»."),
        (
            NoSpaceError(Path("/x")),
            "«There is not enough space in /x. Nothing was left there; free some and try again».",
        ),
        (
            PresentationStateError(Sentence("there is no image"), "written"),
            "«The presentation state was not written: «There is no image»».",
        ),
        (StoppedError(), "«Stopped before anything was finished»."),
        (
            ZeroDivisionError("a name"),
            "«Something failed that should not (ZeroDivisionError); nothing unfinished was kept».",
        ),
    ],
)
def test_values_and_clauses_keep_their_places(translated, failure, expected):
    assert tell(failure) == expected


@pytest.fixture
def in_german(qapp):
    german = QTranslator()
    assert german.load(str(TRANSLATIONS / "unix_edge_de.qm"))
    qapp.installTranslator(german)
    yield
    qapp.removeTranslator(german)


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (
            IndexUnavailableError(Path("/a"), Sentence("the disk is full")),
            "Der Studienindex in /a kann nicht verwendet werden: Der Datenträger ist voll. Kein Bild wurde angerührt; "
            "Dateien können ohne ihn geöffnet werden.",
        ),
        (
            BundleError(Path("/b"), Sentence("{0} is missing", "vision.onnx")),
            "Die Engines in /b wurden nicht verwendet: vision.onnx fehlt. Exportieren Sie den Checkpoint erneut.",
        ),
        (
            UnconfirmedChestError(
                "c.dcm", (Sentence("it names no body part"), Sentence("it is rotated or upside down"))
            ),
            "c.dcm wurde nicht gelesen: Es nennt keinen Körperteil; Es ist gedreht oder steht auf dem Kopf. Wenn Sie "
            "gesehen haben, dass es eine frontale Thoraxaufnahme ist, wiederholen Sie es mit --assume-frontal-chest "
            "(in Python: assume_frontal_chest=True).",
        ),
        (
            NotFiniteError("denoiser"),
            "Die Engine denoiser hat Werte berechnet, die keine Zahlen sind; das Ergebnis wurde verworfen. Exportieren "
            "Sie den Checkpoint mit --fp32, oder prüfen Sie die Engines mit unix-edge verify.",
        ),
    ],
)
def test_a_failure_is_told_in_german_with_its_values(in_german, failure, expected):
    assert tell(failure) == expected


def test_what_drafting_and_generating_refuse_is_told_in_german(in_german):
    refusals = []
    for make in (lambda: ReportSettings(prompt=" "), lambda: GenerationSettings(timesteps=1, guidance=0)):
        with pytest.raises(Exception) as caught:
            make()
        refusals.append(tell(caught.value))
    assert refusals[0].startswith("Die Vorgabe ist leer")
    assert refusals[1].startswith("Die Erzeugung wurde nicht begonnen: Die Zeitschritte müssen von 2 bis 1000 sein; ")


def test_every_kind_of_image_and_what_a_card_lacks_is_told_in_german(in_german):
    for kind in KINDS.values():
        assert translate_sentence(kind).startswith("Es ist ein")
    said = tell(CardMemoryError("vision", "cuda", (1 << 30, 4 << 30)))
    assert said.startswith(
        "Der Speicher von „cuda“ ist zu klein für den Graphen vision: 1,024 von 4,096 MiB sind frei."
    )
    assert tell(PromptError(Sentence("Unheard of."))) == "Unheard of."
