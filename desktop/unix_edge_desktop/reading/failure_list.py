"""The list of what could not be opened, and why."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..output.saving import copy_text
from ..studies.opening import Failure, shown
from ..toolkit.sentences import translate_sentence

MOST_SHOWN = 2000
"""Rows; all are counted and copied."""


class FailureList(QDialog):
    """Files that were not opened, each with its reason; to be copied as text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.failures: list[Failure] = []
        self.setWindowTitle(self.tr("Files that were not opened"))
        self.count = QLabel()
        self.table = QTableWidget(0, 2)
        self.table.setAccessibleName(self.tr("Files that were not opened"))
        self.table.setHorizontalHeaderLabels([self.tr("File"), self.tr("Reason")])
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setWordWrap(True)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setTabKeyNavigation(False)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.table.horizontalHeader().setStretchLastSection(True)
        buttons = QDialogButtonBox()
        copy = QPushButton(self.tr("Copy"))
        clear = QPushButton(self.tr("Clear list"))
        close = QPushButton(self.tr("Close"))
        for button in (copy, clear, close):
            button.setAccessibleName(button.text())
            button.setAutoDefault(False)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self.copy)
        clear.clicked.connect(self.clear)
        close.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self.count)
        column.addWidget(self.table, 1)
        column.addWidget(buttons)
        self._count()

    def add(self, failures: Sequence[Failure]) -> None:
        """Add some."""
        start = self.table.rowCount()
        room = failures[: max(0, MOST_SHOWN - start)]
        self.table.setRowCount(start + len(room))
        for row, failure in enumerate(room, start):
            for column, text in enumerate((file_text(failure), translate_sentence(failure.reason))):
                item = QTableWidgetItem(shown(text))
                item.setToolTip(shown(text))
                self.table.setItem(row, column, item)
        self.failures += failures
        self._count()

    def clear(self) -> None:
        """Forget them."""
        self.failures.clear()
        self.table.setRowCount(0)
        self._count()

    def copy(self) -> None:
        """Put all into the clipboard, a file and its reason a line."""
        copy_text(self.text())

    def text(self) -> str:
        """Return all as text."""
        return "\n".join(
            f"{shown(file_text(each))}\t{shown(translate_sentence(each.reason))}" for each in self.failures
        )

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's
        """Be as large as the text of today wants it."""
        letter, line = self.fontMetrics().averageCharWidth(), self.fontMetrics().height()
        self.resize(letter * 110, line * 24)
        self.table.setColumnWidth(0, letter * 48)
        super().showEvent(event)
        self.table.resizeRowsToContents()

    def _count(self) -> None:
        self.count.setText(self.tr("Files that were not opened: {0}").replace("{0}", str(len(self.failures))))


def file_text(failure: Failure) -> str:
    """Return where a file is, and its name in the archive or DICOMDIR."""
    return f"{failure.path}: {failure.member}" if failure.member else str(failure.path)
