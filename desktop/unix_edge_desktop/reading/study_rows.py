"""The rows of the list of studies: what they say, how they are drawn, and that one can be dragged into a view."""

import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from PySide6.QtCore import QMimeData, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem

from unix_edge.files import MARK

from ..studies.desk import Key, Row, row_key
from ..studies.opening import shown
from ..studies.stacks import holds_reports, make_stack
from ..studies.studies import FileState, Instance, Patient, Series, Study
from ..toolkit.dates import show_date
from ..toolkit.theme import COLOURS

DRAGGED = "application/x-unix-edge-row"
"""What is dragged says no more than which process it is of: which row it is stays in the window."""
SETTLES = 0.4
"""Seconds after the list has changed in which a click is not on a row that has moved under the mouse."""
_BAR = 3
"""Pixels of the bar beside the rows of what the active view shows."""


class DraftState(StrEnum):
    """What has become of the draft of a study."""

    DRAFTED = "drafted"
    SIGNED = "signed"
    REJECTED = "rejected"


class RowTexts(QObject):
    """What rows say; all text of files is made harmless."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.hide_patient = False
        self.drafts: Mapping[str, DraftState] = {}

    def patient(self, patient: Patient, number: int) -> str:
        """Return who it is, or only which of those that are listed."""
        if self.hide_patient:
            return self.tr("Patient {0}, hidden").replace("{0}", str(number))
        name = shown(_name(patient.name)) or self.tr("No patient name")
        more = (patient.id, show_date(patient.birth_date), patient.sex)
        return "\n".join([name, "  ".join(shown(each) for each in more if each)]).strip()

    def study(self, patient: Patient, study: Study) -> str:
        """Return when and what it was, or only which of the patient's; and what became of its draft."""
        state = self.drafts.get(study.uid)
        draft = {
            None: "",
            DraftState.DRAFTED: self.tr("[Draft]"),
            DraftState.SIGNED: self.tr("[Signed]"),
            DraftState.REJECTED: self.tr("[Rejected]"),
        }[state]
        if self.hide_patient:
            number = next((at for at, each in enumerate(patient.studies, 1) if each is study), 0)
            return "  ".join(filter(None, [self.tr("Study {0}, hidden").replace("{0}", str(number)), draft]))
        date = show_date(study.date) or self.tr("No date")
        kinds = "/".join(dict.fromkeys(each.modality for each in study.series if each.modality))
        said = [shown(each) for each in (date, kinds, study.description) if each]
        return "  ".join(filter(None, [said[0], draft, *said[1:]]))  # before a description, which has no room

    def series(self, series: Series, state: FileState) -> str:
        """Return what it is of, how many images, and what is odd about its files."""
        count = len(make_stack(series))
        alone = series.instances[0].name if count == 1 and series.instances[0].is_picture else ""
        what = [series.modality, series.body_part, "" if self.hide_patient else series.description or alone]
        lines = ["  ".join(shown(each) for each in what if each) or self.tr("Series")]
        if not count:
            lines.append(self.tr("Structured report") if holds_reports(series) else self.tr("No image"))
        elif count > 1:
            lines.append(self.tr("Images: {0}").replace("{0}", str(count)))
        if any(each.synthetic for each in series.instances):
            lines.append(self.tr("Synthetic"))
        if any(each.conflict for each in series.instances):
            lines.append(self.tr("Other files have the same UID and other content."))
        if state is FileState.MISSING:
            lines.append(self.tr("The file is missing."))
        elif state is FileState.CHANGED:
            lines.append(self.tr("The file has changed."))
        return "\n".join(lines)


class RowItem(QTreeWidgetItem):
    """A row and what it stands for."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row
        self.is_shown = False
        """Whether it is what the active view shows."""

    @property
    def key(self) -> Key:
        """What tells it from all others."""
        return row_key(*self.row)


def row_of(item: QTreeWidgetItem) -> Row:
    """Return what a row stands for."""
    assert isinstance(item, RowItem)
    return item.row


class RowTree(QTreeWidget):
    """Rows that can be dragged into a view; none is acted on that has just moved under the mouse.

    Signals:
        entered: Enter was pressed while the list is about to change.
        moved_away: A click was not heard, as another row was there a moment ago.
    """

    entered = Signal()
    moved_away = Signal()

    def __init__(self, is_current: Callable[[], bool]) -> None:
        super().__init__()
        self.dragged: Row | None = None
        self._is_current = is_current
        self._formerly: list[tuple[int, int, Key]] = []
        self._changed = 0.0

    def remember(self) -> None:
        """Note which rows are seen where, as the list is about to change."""
        self._formerly, self._changed = [], time.monotonic()
        area: QRect = self.viewport().rect()
        item = self.itemAt(QPoint(area.width() // 2, 0)) or self.topLevelItem(0)
        while isinstance(item, RowItem):
            place = self.visualItemRect(item)
            if place.top() > area.bottom():
                break
            self._formerly.append((place.top(), place.bottom(), item.key))
            item = self.itemBelow(item)

    def has_moved(self, at: QPoint) -> bool:
        """Return whether there was another row at a place a moment ago."""
        if time.monotonic() - self._changed > SETTLES:
            return False
        item = self.itemAt(at)
        key = item.key if isinstance(item, RowItem) else None
        return any(top <= at.y() <= bottom and was != key for top, bottom, was in self._formerly)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Take a click, unless the row that was meant is no longer there."""
        if self.has_moved(event.position().toPoint()):
            self.moved_away.emit()
            event.accept()
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Take a key; an Enter waits for a list that is about to change."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._is_current():
            self.entered.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:  # noqa: N802 - Qt's
        """Return what another program would be given."""
        self.dragged = row_of(items[0]) if items else None
        content = QMimeData()
        content.setData(DRAGGED, MARK.encode())
        return content

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N802, N803 - Qt's
        """Offer a copy only: after a move Qt would remove the row."""
        super().startDrag(Qt.DropAction.CopyAction)


class RowDelegate(QStyledItemDelegate):
    """Has pictures made only of what is seen, and draws a bar beside what the active view shows."""

    def __init__(self, tree: RowTree, want: Callable[[QTreeWidgetItem], object]) -> None:
        super().__init__(tree)
        self._tree, self._want = tree, want

    def initStyleOption(  # noqa: N802 - Qt's
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a row as ever, with room for its picture."""
        super().initStyleOption(option, index)
        item = self._tree.itemFromIndex(index)
        if item is not None and row_of(item)[1] is not None and row_of(item)[2] is None:
            option.textElideMode = Qt.TextElideMode.ElideRight  # the date is whole before all else
        if item is not None and row_of(item)[2] is not None:
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.decorationSize = self._tree.iconSize()
            self._want(item)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a row, and the bar."""
        super().paint(painter, option, index)
        item = self._tree.itemFromIndex(index)
        if isinstance(item, RowItem) and item.is_shown:
            place = option.rect
            painter.fillRect(QRect(place.left(), place.top() + 1, _BAR, place.height() - 2), QColor(COLOURS.accent))


def first_image(series: Series | None) -> Instance | None:
    """Return the image that stands for a series."""
    stack = make_stack(series) if series else ()
    return stack[0].instance if stack else None


def _name(text: str) -> str:
    """Return a PN value, the family's name first, in its first group of letters."""
    groups = [each for each in text.split("=") if each.strip("^ ")]
    parts = [part.strip() for part in (groups or [""])[0].split("^")]
    given = " ".join(part for part in parts[1:3] if part)
    return ", ".join(part for part in (parts[0], given) if part)
