"""All elements of the file that the active view shows, to be looked at and searched."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from unix_edge.dicom.elements import Element

from ..output.saving import copy_text
from ..studies.opening import shown


class ElementsDialog(QDialog):
    """A tree of elements; sequences open into their items. What is typed above it leaves those that hold it."""

    def __init__(self, elements: Sequence[Element], whose: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("DICOM elements"))
        of = QLabel(whose)
        of.setTextFormat(Qt.TextFormat.PlainText)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setPlaceholderText(self.tr("Search by tag, name or value"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.textChanged.connect(self._filter)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("DICOM elements"))
        self.tree.setHeaderLabels([self.tr("Tag"), self.tr("Name"), self.tr("VR"), self.tr("Value")])
        self.tree.setUniformRowHeights(True)
        self.tree.setAlternatingRowColors(True)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._fill(elements)
        header = self.tree.header()
        for at in range(3):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
            self.tree.resizeColumnToContents(at)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        for widget in (of, self.search):
            column.addWidget(widget)
        column.addWidget(self.tree, 1)
        column.addWidget(buttons)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.search.setFocus)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.tree, self.copy)
        self.resize(self.fontMetrics().averageCharWidth() * 110, self.fontMetrics().height() * 38)
        self.search.setFocus()

    def copy(self) -> None:
        """Copy the chosen line."""
        if (item := self.tree.currentItem()) is not None:
            copy_text(" ".join(filter(None, map(item.text, range(4)))))

    def _fill(self, elements: Sequence[Element]) -> None:
        parents: list[QTreeWidgetItem] = [self.tree.invisibleRootItem()]
        for element in elements:
            del parents[element.level + 1 :]
            name = element.name if element.tag else self.tr("Item {0}").replace("{0}", element.name)
            item = QTreeWidgetItem([element.tag, name, element.vr, element.value])
            item.setToolTip(3, shown(element.value))
            parents[-1].addChild(item)
            parents.append(item)

    def _filter(self, text: str) -> None:
        wanted = text.casefold().strip()

        def seek(item: QTreeWidgetItem | None, *, inside: bool) -> bool:
            """Hide what neither holds the text nor lies in or around what does; return whether it is seen."""
            assert item is not None  # there are so many
            own = inside or any(wanted in item.text(column).casefold() for column in range(4))
            below = [seek(item.child(at), inside=own) for at in range(item.childCount())]
            seen = own or any(below)
            item.setHidden(not seen)
            if wanted and any(below) and not inside:
                item.setExpanded(True)
            return seen

        for at in range(self.tree.topLevelItemCount()):
            seek(self.tree.topLevelItem(at), inside=not wanted)
