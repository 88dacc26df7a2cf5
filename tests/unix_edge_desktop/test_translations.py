"""Every sentence can be translated, and a language 40 % longer than English has room for it."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabWidget,
    QTreeWidget,
    QWidget,
)

from unix_edge.dicom.chest import KINDS
from unix_edge.dicom.grayscale import ImageWarning
from unix_edge.provenance import RESEARCH_ONLY
from unix_edge.text import REPORT_PROMPTS
from unix_edge_desktop.application import TRANSLATIONS
from unix_edge_desktop.assistant.generation_panel import PRESETS
from unix_edge_desktop.image import corner_text
from unix_edge_desktop.storage.settings import DEVICES

SOURCES = sorted(TRANSLATIONS.parent.rglob("*.py"))
COLLECT = TRANSLATIONS.parents[1] / "collect_sentences.py"
LONGER = 1.4


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(f"pyside6-{name}"))


def messages(ts: Path) -> set[tuple[str, str]]:
    found = set()
    for context in ElementTree.parse(ts).getroot().iter("context"):
        for message in context.iter("message"):
            found.add((context.findtext("name"), message.findtext("source")))
    return found


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> Path:
    """What is to be translated today."""
    ts = tmp_path_factory.mktemp("translations") / "today.ts"
    marked = ts.with_name("sentences.py")
    subprocess.run([sys.executable, str(COLLECT), str(marked)], check=True)
    command = [tool("lupdate"), "-locations", "none", *map(str, SOURCES), str(marked), "-ts", str(ts)]
    subprocess.run(command, check=True, capture_output=True)
    return ts


def test_the_ts_has_all_that_is_to_be_translated_and_nothing_else(extracted):
    for ts in TRANSLATIONS.glob("*.ts"):
        assert messages(ts) == messages(extracted), "run `make translations`"


@pytest.mark.parametrize("ts", sorted(TRANSLATIONS.glob("*.ts")), ids=lambda ts: ts.stem)
def test_a_translation_has_the_values_of_its_source(ts):
    for message in ElementTree.parse(ts).getroot().iter("message"):
        source, translation = message.findtext("source"), message.findtext("translation")
        if translation:
            values = [sorted(re.findall(r"\{[0-9]\}", each)) for each in (source, translation)]
            assert values[0] == values[1] and translation.count("{") == len(values[1]), source
            assert source.count("&") == translation.count("&"), source


def test_no_sentence_hides_in_an_f_string():
    """lupdate does not look there."""
    assert {"main_window.py", "canvas.py", "exports.py"} < {path.name for path in SOURCES}
    for path in SOURCES:
        for text in (each for each in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(each, ast.JoinedStr)):
            calls = [each.func for each in ast.walk(text) if isinstance(each, ast.Call)]
            assert not [each for each in calls if isinstance(each, ast.Attribute) and each.attr == "tr"], path.name


def test_what_is_marked_where_there_is_no_qt_is_among_them(extracted):
    marked = {text for context, text in messages(extracted) if context == "Sentences"}
    assert {"It is empty.", "mm on scanned film", "born", "Cobb", corner_text.SYNTHETIC, RESEARCH_ONLY} <= marked
    assert {str(each.value) for each in ImageWarning} <= marked
    assert {str(each) for each in KINDS.values()} <= {f"{each[0].lower()}{each[1:-1]}" for each in marked}
    assert len(marked) > 350


def test_no_sentence_is_put_together_from_pieces(extracted):
    for _, source in messages(extracted):
        assert not source.endswith((" ", ": ")) and not source.startswith(" "), source
        assert re.sub(r"\{[0-9]\}", "", source).count("{") == 0, source


def pseudo(source: str) -> str:
    """Return a text of another language: longer, accented, and to be told from English."""
    longer = source.translate(str.maketrans("aeiouAEIOU", "àéîõüÀÉÎÕÜ"))
    more = "~~~~~ " * (round(len(source) * (LONGER - 1)) // 6 + 1)
    return f"«{longer} {more[: max(2, round(len(source) * (LONGER - 1)) - 3)].strip()}»"


@pytest.fixture
def in_pseudo(qapp, extracted, tmp_path):
    """Let the app speak that language."""
    tree = ElementTree.parse(extracted)
    for message in tree.getroot().iter("message"):
        translation = message.find("translation")
        translation.text = pseudo(message.findtext("source"))
        translation.attrib.pop("type", None)
    ts, qm = tmp_path / "pseudo.ts", tmp_path / "pseudo.qm"
    tree.getroot().set("language", "eo")
    tree.write(ts, encoding="utf-8", xml_declaration=True)
    subprocess.run([tool("lrelease"), str(ts), "-qm", str(qm)], check=True, capture_output=True)
    translator = QTranslator()
    assert translator.load(str(qm))
    yield translator
    qapp.removeTranslator(translator)


@pytest.fixture
def pseudo_window(in_pseudo, make_window, qapp):
    qapp.installTranslator(in_pseudo)
    return make_window()


NOT_OURS = {"UniX Edge", "OK", "Cancel", "Close", "Press shortcut", "English", "Deutsch", "ANON"}
NOT_OURS |= {"Float", "Scroll Left", "Scroll Right", "unix-nano", "CUDA", *DEVICES, *REPORT_PROMPTS, *PRESETS}
"""Names, Qt's own words, languages by their own names, and what the model is asked: it reads English."""


def texts(root: QWidget) -> set[str]:
    """All that is written in a window or said of it."""
    found = {root.windowTitle()}
    for widget in (root, *root.findChildren(QWidget)):
        found |= {widget.accessibleName(), widget.toolTip()}
        if isinstance(widget, (QLabel, QAbstractButton)):
            found.add(widget.text())
        elif isinstance(widget, QLineEdit):
            found.add(widget.placeholderText())
        elif isinstance(widget, QComboBox):
            found |= {widget.itemText(at) for at in range(widget.count())}
        elif isinstance(widget, QTabWidget):
            found |= {widget.tabText(at) for at in range(widget.count())}
        elif isinstance(widget, QTreeWidget):
            found |= {widget.headerItem().text(at) for at in range(widget.columnCount()) if not widget.isHeaderHidden()}
            found |= {widget.topLevelItem(at).text(0) for at in range(widget.topLevelItemCount())}
    found |= {each.text() for each in root.findChildren(QAction)}
    return {each for each in found if each and re.search("[A-Za-z]", each)} - NOT_OURS


def test_nothing_in_the_window_stays_english(pseudo_window):
    pseudo_window.progress.show()
    english = {each for each in texts(pseudo_window) if "«" not in each}
    assert english == set()


def test_nothing_in_the_dialogs_stays_english(pseudo_window, make_dialogs):
    for dialog in make_dialogs(pseudo_window):
        dialog.show()
        english = {each for each in texts(dialog) if "«" not in each}
        assert english - {"folder"} == set(), type(dialog).__name__
        dialog.close()


def settle():
    """Let layouts follow: each pass may ask for another."""
    for _ in range(5):
        QApplication.processEvents()


@pytest.mark.parametrize("scale", [100, 200])
def test_a_longer_language_has_room(pseudo_window, make_dialogs, cut_off, scale):
    pseudo_window.preferences.set_scale(scale)
    pseudo_window.resize(1280, 800)
    settle()
    assert cut_off(pseudo_window) == []
    for dialog in make_dialogs(pseudo_window):
        dialog.show()
        settle()
        assert cut_off(dialog) == [], type(dialog).__name__
        dialog.close()


@pytest.mark.parametrize("ts", sorted(TRANSLATIONS.glob("*.ts")), ids=lambda ts: ts.stem)
def test_a_translation_is_complete_and_compiled(ts, tmp_path):
    for message in ElementTree.parse(ts).getroot().iter("message"):
        translation = message.find("translation")
        assert translation.text and "type" not in translation.attrib, message.findtext("source")
    compiled = tmp_path / "today.qm"
    subprocess.run([tool("lrelease"), str(ts), "-qm", str(compiled)], check=True, capture_output=True)
    assert compiled.read_bytes() == ts.with_suffix(".qm").read_bytes(), "run `make translations`"
