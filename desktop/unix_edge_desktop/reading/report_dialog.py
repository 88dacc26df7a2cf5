"""Structured reports as text, beside the films: what they say, in which state they are, and who answers for them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QTextBrowser, QVBoxLayout, QWidget

from unix_edge.dicom.sr_document import ContentLine, Observer, SRDocument
from unix_edge.results.ai_mark import find_mark

from ..toolkit.dates import show_date
from ..toolkit.theme import COLOURS

_INDENT = 18
"""Pixels of a level at 100 %."""
_DEEPEST = 8
"""Levels that are indented."""


class ReportDialog(QDialog):
    """The reports of one series, one at a time; the window beside it can be used meanwhile."""

    def __init__(self, documents: Sequence[SRDocument], whose: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Structured report"))
        self._documents = documents
        self.whose, self.state, self.observers = (_label() for _ in range(3))
        self.whose.setText(whose)
        self.observers.setObjectName("quiet")
        self.mark = _label("caution")
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Report"))
        self.choice.addItems([self._name(each) for each in documents])
        self.choice.setVisible(len(documents) > 1)
        self.choice.currentIndexChanged.connect(lambda at: self._show(documents[at]))
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName(self.tr("Structured report"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        for widget in (self.whose, self.choice, self.mark, self.state, self.observers):
            column.addWidget(widget)
        column.addWidget(self.text, 1)
        column.addWidget(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 80, self.fontMetrics().height() * 42)
        self._show(documents[0])
        self.text.setFocus()

    def _name(self, document: SRDocument) -> str:
        return "  ".join(filter(None, [self._moment(document.date, document.time), document.title]))

    def _show(self, document: SRDocument) -> None:
        self.state.setText(self._state(document))
        observers = [self._observer(each) for each in document.observers]
        self.observers.setText("\n".join(observers) or self.tr("It names nobody who wrote or verified it."))
        edited = find_mark("\n".join(each.value for each in document.lines))
        self.mark.setVisible(edited is not None)
        if edited is not None:
            by_person = self.tr("AI-generated text, edited by a person")
            self.mark.setText(by_person if edited else self.tr("AI-generated text, not edited by a person"))
        self._write(document)

    def _state(self, document: SRDocument) -> str:
        """Return when it was made, and its flags as far as it has them."""
        flags = {
            "COMPLETE": self.tr("complete"),
            "PARTIAL": self.tr("partial"),
            "PRELIMINARY": self.tr("preliminary"),
            "FINAL": self.tr("final"),
            "VERIFIED": self.tr("verified"),
            "UNVERIFIED": self.tr("not verified"),
        }
        said = [flags[each] for each in (document.completion, document.preliminary, document.verification) if each]
        unknown = [] if document.verification else [self.tr("verification not stated")]
        return "  ".join(filter(None, [self._moment(document.date, document.time), ", ".join(said + unknown)]))

    def _observer(self, observer: Observer) -> str:
        who = ", ".join(filter(None, [observer.name, observer.organization]))
        if observer.verified:
            said = self.tr("Verified by {0}, {1}").replace(
                "{1}", self._moment(observer.verified, observer.verified[8:])
            )
        else:
            said = self.tr("Device: {0}") if observer.is_device else self.tr("Author: {0}")
        return said.replace("{0}", who)

    def _write(self, document: SRDocument) -> None:
        """Put the content in place of what was there; text only, whatever it looks like."""
        heading, quiet = QTextCharFormat(), QTextCharFormat()
        heading.setFontWeight(QFont.Weight.Bold)
        quiet.setForeground(QColor(COLOURS.quiet))
        self.text.clear()
        cursor = QTextCursor(self.text.document())
        cursor.insertText(document.title or self.tr("Structured report"), heading)
        for line in document.lines:
            cursor.insertBlock(self._block(line))
            if line.kind == "CONTAINER":
                cursor.insertText(line.name or self.tr("Section"), heading)
                continue
            if line.name:
                cursor.insertText(f"{line.name}: ", quiet)
            # One block an item, so that all its lines are indented.
            cursor.insertText(self._value(line).replace("\n", "\N{LINE SEPARATOR}"), QTextCharFormat())
        if document.is_cut:
            cursor.insertBlock(QTextBlockFormat())
            cursor.insertText(self.tr("The report is longer; only its beginning is shown."), heading)
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _block(self, line: ContentLine) -> QTextBlockFormat:
        block = QTextBlockFormat()
        height = self.fontMetrics().height()
        block.setLeftMargin(height * min(line.level, _DEEPEST) * _INDENT / 16)
        block.setTopMargin(height * (0.6 if line.kind == "CONTAINER" else 0.2))
        return block

    def _value(self, line: ContentLine) -> str:
        match line.kind:
            case "DATE":
                return show_date(line.value)
            case "TIME":
                return _clock(line.value)
            case "DATETIME":
                return self._moment(line.value, line.value[8:])
            case "":
                return self.tr("see item {0}").replace("{0}", line.value)
            case _:
                return line.value

    def _moment(self, date: str, time: str) -> str:
        return " ".join(filter(None, [show_date(date[:8]), _clock(time)]))


def _label(name: str = "") -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _clock(text: str) -> str:
    """Return a TM value as hours and minutes; anything else as it is."""
    return f"{text[:2]}:{text[2:4]}" if text[:4].isdecimal() and len(text) >= 4 else text
