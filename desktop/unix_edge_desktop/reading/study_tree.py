"""The studies on the left: patient, study, series with their pictures, and a search box over them."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from unix_edge.files import MARK

from ..image.corner_text import show_date
from ..studies.opening import shown
from ..studies.stacks import make_stack
from ..studies.studies import FileState, Instance, Patient, Series, Study
from ..studies.thumbnails import Gray, ThumbnailCache, ThumbnailThread
from ..toolkit.theme import COLOURS

SEARCH_AFTER = 150
"""Milliseconds without a key after which a search begins."""
PICTURES_AFTER = 300
"""Milliseconds after an image was shown in which its full picture is made, before those of the tree."""
THUMBNAIL = 48
"""Side of a picture in the tree at 100 %."""
DRAGGED = "application/x-unix-edge-row"
"""What is dragged says no more than which process it is of: which row it is stays in the window."""
Row = tuple[Patient, Study | None, Series | None]


class StudyTree(QWidget):
    """Patients, studies and series that the index found.

    Signals:
        search_changed: What is searched for.
        study_chosen: A `Patient` and the `Study` to be opened.
        series_chosen: A `Patient`, the `Study` and the `Series` to be opened in the active view.
        activated: A row was chosen, after what it chose was said.
        menu_wanted: A `Patient` and the `Study` under the mouse, and where on the screen.
    """

    search_changed = Signal(str)
    study_chosen = Signal(object, object)
    series_chosen = Signal(object, object, object)
    activated = Signal()
    menu_wanted = Signal(object, object, QPoint)
    _looked_at = Signal(object, object, object)

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.patients: tuple[Patient, ...] = ()
        self.hide_patient = False
        self._icons: dict[Instance, QIcon] = {}
        self._states: dict[Instance, FileState] = {}
        self._wanted: set[Instance] = set()
        self._held = False
        self._items: dict[Instance, QTreeWidgetItem] = {}
        self._open = ""
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Name, ID, date, description"))
        self.search.setAccessibleName(self.tr("Search studies"))
        self.search.setClearButtonEnabled(True)
        self.tree = _Tree()
        self.tree.setAccessibleName(self.tr("Studies"))
        self.tree.setHeaderHidden(True)
        self.tree.setItemDelegate(_Delegate(self))
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.tree.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.note = QLabel()
        self.note.setObjectName("quiet")
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 2, 4)
        column.setSpacing(4)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addWidget(self.note)
        self._go_on = QTimer(self, singleShot=True, interval=PICTURES_AFTER)
        self._typed = QTimer(self, singleShot=True, interval=SEARCH_AFTER)
        self.set_scale(100)
        self._connect()
        self._thumbnails = ThumbnailThread(self._look, cache)
        self.show_patients((), 0)

    def close_threads(self) -> None:
        """Make no more pictures."""
        self._thumbnails.close()

    def forget_pictures(self, study: Study) -> None:
        """Remove the pictures of a study, from the disk too."""
        pictured = [first for series in study.series if (first := _first(series)) is not None]
        for instance in pictured:
            self._icons.pop(instance, None)
            self._states.pop(instance, None)
            self._wanted.discard(instance)
        self._thumbnails.remove(pictured)

    @property
    def is_busy(self) -> bool:
        """Whether pictures that were wanted are not there yet."""
        return bool(self._wanted)

    @property
    def text(self) -> str:
        """What is searched for."""
        return self.search.text()

    def set_scale(self, scale: int) -> None:
        """Show pictures so large, in percent."""
        side = round(THUMBNAIL * scale / 100)
        self.tree.setIconSize(QSize(side, side))
        self.tree.setIndentation(round(12 * scale / 100))

    def set_hide_patient(self, hide: bool) -> None:
        """Leave out who it is, or write it."""
        self.hide_patient = hide
        for item in self._all_items():
            self._write(item)

    def show_patients(self, patients: Sequence[Patient], count: int) -> None:
        """Show what a search found; what was open, chosen and seen stays so."""
        if self.patients != tuple(patients):
            self.patients = tuple(patients)
            self._fill()
        if self._open and self.tree.currentItem() is None:
            self._go_to_open()
        held = sum(len(each.studies) for each in patients)
        if count > held:
            text = self.tr("The newest {0} of {1} studies are shown. Search for others.")
            self.note.setText(text.replace("{0}", str(held)).replace("{1}", str(count)))
        elif not count:
            self.note.setText(
                self.tr("No study found.") if self.text else self.tr("No studies yet. Open or drop files.")
            )
        else:
            self.note.setText(self.tr("Studies: {0}").replace("{0}", str(count)))

    def mark_open(self, study: Study) -> None:
        """Unfold the study that is read, and go to it."""
        self._open = study.uid
        self._go_to_open()

    def current_study(self) -> tuple[Patient, Study] | None:
        """Return the study that is chosen, or one of whose series is, and whose it is."""
        item = self.tree.currentItem()
        patient, study, _ = _row(item) if item else (None, None, None)
        return (patient, study) if patient and study else None

    @property
    def dragged(self) -> tuple[Patient, Study, Series | None] | None:
        """The study, or the series of it, that was dragged last."""
        patient, study, series = _row(self.tree.dragged) if self.tree.dragged else (None, None, None)
        return (patient, study, series) if patient and study else None

    def want(self, item: QTreeWidgetItem) -> None:
        """Have the picture made of a series that is about to be seen."""
        instance = _first(_row(item)[2])
        if instance is not None and instance not in self._states and instance not in self._wanted:
            self._wanted.add(instance)
            if not self._held:
                self._thumbnails.request(instance)

    def hold_pictures(self, on: bool) -> None:
        """Begin no picture while an image is read that a person waits for."""
        if not on:
            self._go_on.start()
            return
        self._go_on.stop()
        if not self._held:
            self._held = True
            self._thumbnails.forget()

    def item_at(self, index: QModelIndex | QPersistentModelIndex) -> QTreeWidgetItem | None:
        """Return the row of an index."""
        return self.tree.itemFromIndex(index)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda: self._typed.start())
        self.search.returnPressed.connect(self._go_to_first)
        self._go_on.timeout.connect(self._go_on_with_pictures)
        self._typed.timeout.connect(lambda: self.search_changed.emit(self.text))
        self.tree.itemExpanded.connect(self._add_series)
        self.tree.itemActivated.connect(self._on_activated)
        self.tree.itemClicked.connect(self._on_clicked)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        self._looked_at.connect(self._on_looked_at)

    def _go_on_with_pictures(self) -> None:
        self._held = False
        for instance in self._wanted:
            self._thumbnails.request(instance)

    def _go_to_first(self) -> None:
        self.tree.setFocus()
        if (first := self.tree.topLevelItem(0)) is not None:
            self.tree.setCurrentItem(first)

    def _go_to_open(self) -> None:
        for item in self._all_items():
            _, own, series = _row(item)
            if own is not None and own.uid == self._open and series is None:
                self._unfold(item)
                current = self.tree.currentItem()
                if current is None or current.parent() is not item:
                    self.tree.setCurrentItem(item)
                self.tree.scrollToItem(item)

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        patient, study, series = _row(item)
        if series is not None:
            self.series_chosen.emit(patient, study, series)
        else:
            self.study_chosen.emit(patient, study or patient.studies[0])
        self.activated.emit()

    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        patient, study, series = _row(item)
        if series is not None:
            self.series_chosen.emit(patient, study, series)
        elif study is not None:
            self.study_chosen.emit(patient, study)
        if study is not None:
            self.activated.emit()

    def _on_menu(self, at: QPoint) -> None:
        item = self.tree.itemAt(at)
        patient, study, _ = _row(item) if item else (None, None, None)
        if study is not None:
            self.menu_wanted.emit(patient, study, self.tree.viewport().mapToGlobal(at))

    def _look(self, instance: Instance, made: Gray | str) -> None:
        """Look whether the file is still there; called in the thread of the pictures."""
        self._looked_at.emit(instance, made, instance.state())

    def _on_looked_at(self, instance: Instance, made: Gray | str, state: FileState) -> None:
        self._wanted.discard(instance)
        self._states[instance] = state
        if not isinstance(made, str):
            height, width = made.shape
            image = QImage(made.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
            self._icons[instance] = QIcon(QPixmap.fromImage(image))
        if instance in self._items:
            self._write(self._items[instance])

    def _fill(self) -> None:
        """Make all rows anew but those of series, which are made when their study is unfolded."""
        chosen, scrolled = self._key(self.tree.currentItem()), self.tree.verticalScrollBar().value()
        unfolded = {self._key(item): item.isExpanded() for item in self._all_items() if _row(item)[2] is None}
        self.tree.clear()
        self._items.clear()
        for patient in self.patients:
            top = self._add(None, (patient, None, None))
            for each in patient.studies:
                below = self._add(top, (patient, each, None))
                below.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        for item in self._all_items():
            key, (_, study, series) = self._key(item), _row(item)
            usual = study is None or (series is None and study.uid == self._open)
            if series is None and unfolded.get(key, usual):
                self._unfold(item)
            if key == chosen:
                self.tree.setCurrentItem(item)
        self.tree.verticalScrollBar().setValue(scrolled)

    def _unfold(self, item: QTreeWidgetItem) -> None:
        self._add_series(item)
        item.setExpanded(True)

    def _add_series(self, item: QTreeWidgetItem) -> None:
        """Add the rows of a study's series, unless they are there."""
        patient, study, series = _row(item)
        if study is None or series is not None or item.childCount():
            return
        for each in study.series:
            below = self._add(item, (patient, study, each))
            if (instance := _first(each)) is not None:
                self._items[instance] = below

    def _add(self, parent: QTreeWidgetItem | None, row: Row) -> QTreeWidgetItem:
        item = _Item(row)
        self._write(item)
        if parent is None:
            self.tree.addTopLevelItem(item)
        else:
            parent.addChild(item)
        return item

    def _write(self, item: QTreeWidgetItem) -> None:
        """Write what a row is; all text of files is made harmless."""
        patient, study, series = _row(item)
        if series is not None:
            self._write_series(item, series)
        elif study is not None:
            item.setText(0, self._study_text(patient, study))
        else:
            item.setText(0, self._patient_text(patient))
            font = item.font(0)
            font.setBold(True)
            item.setFont(0, font)
        item.setToolTip(0, item.text(0))

    def _patient_text(self, patient: Patient) -> str:
        if self.hide_patient:
            number = next((at for at, each in enumerate(self.patients, 1) if each is patient), 0)
            return self.tr("Patient {0}, hidden").replace("{0}", str(number))
        name = shown(_name(patient.name)) or self.tr("No patient name")
        more = (patient.id, show_date(patient.birth_date), patient.sex)
        return "\n".join([name, "  ".join(shown(each) for each in more if each)]).strip()

    def _study_text(self, patient: Patient, study: Study) -> str:
        if self.hide_patient:
            number = next((at for at, each in enumerate(patient.studies, 1) if each is study), 0)
            return self.tr("Study {0}, hidden").replace("{0}", str(number))
        date = show_date(study.date) or self.tr("No date")
        kinds = "/".join(dict.fromkeys(each.modality for each in study.series if each.modality))
        return "  ".join(shown(each) for each in (date, kinds, study.description) if each)

    def _write_series(self, item: QTreeWidgetItem, series: Series) -> None:
        instance, count = _first(series), len(make_stack(series))
        what = [series.modality, series.body_part, "" if self.hide_patient else series.description]
        lines = ["  ".join(shown(each) for each in what if each) or self.tr("Series")]
        if not count:
            lines.append(self.tr("No image"))
        elif count > 1:
            lines.append(self.tr("Images: {0}").replace("{0}", str(count)))
        if any(each.synthetic for each in series.instances):
            lines.append(self.tr("Synthetic"))
        state = self._states.get(instance, FileState.PRESENT) if instance else FileState.PRESENT
        if state is FileState.MISSING:
            lines.append(self.tr("The file is missing."))
        elif state is FileState.CHANGED:
            lines.append(self.tr("The file has changed."))
        item.setText(0, "\n".join(lines))
        colour = COLOURS.text if state is FileState.PRESENT else COLOURS.warning
        item.setForeground(0, QColor(colour))
        if instance in self._icons:
            item.setIcon(0, self._icons[instance])

    def _all_items(self) -> Iterator[QTreeWidgetItem]:
        todo = [self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount())]
        while todo:
            item = todo.pop(0)
            if item is not None:
                yield item
                todo += [item.child(at) for at in range(item.childCount())]

    def _key(self, item: QTreeWidgetItem | None) -> tuple[str, ...]:
        if item is None:
            return ()
        patient, study, series = _row(item)
        own = (patient.id, patient.issuer, patient.name, patient.studies[-1].uid if not patient.id else "")
        return (*own, study.uid if study else "", series.uid if series else "")


class _Tree(QTreeWidget):
    """Rows that can be dragged into a view."""

    def __init__(self) -> None:
        super().__init__()
        self.dragged: QTreeWidgetItem | None = None

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:  # noqa: N802 - Qt's
        """Return what another program would be given."""
        self.dragged = items[0] if items else None
        content = QMimeData()
        content.setData(DRAGGED, MARK.encode())
        return content

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N802, N803 - Qt's
        """Offer a copy only: after a move Qt would remove the row."""
        super().startDrag(Qt.DropAction.CopyAction)


class _Item(QTreeWidgetItem):
    """A row and what it stands for."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row


class _Delegate(QStyledItemDelegate):
    """Has pictures made only of what is seen."""

    def __init__(self, tree: StudyTree) -> None:
        super().__init__(tree)
        self._tree = tree

    def initStyleOption(  # noqa: N802 - Qt's
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a row as ever, with room for its picture."""
        super().initStyleOption(option, index)
        item = self._tree.item_at(index)
        if item is not None and _row(item)[2] is not None:
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.decorationSize = self._tree.tree.iconSize()
            self._tree.want(item)


def _row(item: QTreeWidgetItem) -> Row:
    assert isinstance(item, _Item)
    return item.row


def _first(series: Series | None) -> Instance | None:
    """Return the image that stands for a series."""
    stack = make_stack(series) if series else ()
    return stack[0].instance if stack else None


def _name(text: str) -> str:
    """Return a PN value, the family's name first, in its first group of letters."""
    groups = [each for each in text.split("=") if each.strip("^ ")]
    parts = [part.strip() for part in (groups or [""])[0].split("^")]
    given = " ".join(part for part in parts[1:3] if part)
    return ", ".join(part for part in (parts[0], given) if part)
