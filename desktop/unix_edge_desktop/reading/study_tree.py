"""The studies on the left: patient, study, series with their pictures, and a search box over them."""

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..studies.desk import Key, Listing, Row, Step, View, row_key
from ..studies.studies import FileState, Instance, Order, Patient, Series, Study
from ..studies.thumbnails import ThumbnailCache
from ..toolkit.theme import COLOURS
from .row_pictures import RowPictures
from .study_rows import DraftState, RowDelegate, RowItem, RowTexts, RowTree, first_image, row_of

SEARCH_AFTER = 150
"""Milliseconds without a key after which a search begins."""
THUMBNAIL = 48
"""Side of a picture in the tree at 100 %."""


class StudyTree(QWidget):
    """Patients, studies and series that the index found.

    Signals:
        search_changed: What is searched for.
        order_changed: The `Order` that was chosen.
        more_wanted: The list was scrolled to its end, and there are more.
        study_chosen: A `Patient` and the `Study` to be opened.
        series_chosen: A `Patient`, the `Study` and the `Series` to be opened in the active view.
        activated: A row was chosen, after what it chose was said.
        menu_wanted: A `Patient` and the `Study` under the mouse, and where on the screen.
        noticed: A sentence for the status bar.
    """

    search_changed = Signal(str)
    order_changed = Signal(object)
    more_wanted = Signal()
    study_chosen = Signal(object, object)
    series_chosen = Signal(object, object, object)
    activated = Signal()
    menu_wanted = Signal(object, object, QPoint)
    noticed = Signal(str)

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.listing = Listing()
        self.texts = RowTexts(self)
        self.pictures = RowPictures(cache, self)
        self._items: dict[Instance, RowItem] = {}
        self._seen: View | None = None
        self._count = 0
        self._filling = self._wants_more = False
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Name, ID, date, modality, description"))
        self.search.setAccessibleName(self.tr("Search studies"))
        self.search.setClearButtonEnabled(True)
        self.order = QComboBox()
        self.order.setAccessibleName(self.tr("Order of studies"))
        self.order.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.order.setMinimumContentsLength(1)  # it takes what the list has, and widens no window
        names = {
            Order.NEWEST: self.tr("Newest first"),
            Order.OLDEST: self.tr("Oldest first"),
            Order.NAME: self.tr("By name"),
            Order.TIME: self.tr("By time of day"),
        }
        for order, name in names.items():
            self.order.addItem(name, order)
        self.tree = RowTree(lambda: self.listing.is_current)
        self.tree.setAccessibleName(self.tr("Studies"))
        self.tree.setHeaderHidden(True)
        self.tree.setItemDelegate(RowDelegate(self.tree, self._want))
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
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
        column.addWidget(self.order)
        column.addWidget(self.tree, 1)
        column.addWidget(self.note)
        self.setTabOrder(self.order, self.search)
        self.setTabOrder(self.search, self.tree)
        self._typed = QTimer(self, singleShot=True, interval=SEARCH_AFTER)
        self.set_scale(100)
        self._connect()
        self.show_patients((), 0, "")

    @property
    def patients(self) -> tuple[Patient, ...]:
        """Those that are listed."""
        return self.listing.patients

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
        """Leave out who it is and what is searched for, or write it."""
        self.texts.hide_patient = hide
        self.search.setEchoMode(QLineEdit.EchoMode.Password if hide else QLineEdit.EchoMode.Normal)
        self._write_all()

    def set_draft_states(self, states: Mapping[str, DraftState]) -> None:
        """Write beside each study, by its UID, what has become of its draft."""
        if states != self.texts.drafts:
            self.texts.drafts = dict(states)
            self._write_all()

    def show_patients(self, patients: Sequence[Patient], count: int, question: str) -> None:
        """Show what a search found; what was chosen and seen stays so. An Enter that waited for it is heard now."""
        changed = self.listing.patients != tuple(patients)
        step = self.listing.show(patients, question, self._seen)
        self._count = count
        self._wants_more = False
        if changed:
            self.tree.remember()
            self._fill()
        self._go_to(self.listing.chosen)
        self._write_note()
        self._take(step)

    def follow(self, seen: View | None) -> None:
        """Mark and choose what the active view shows; nothing where it is not listed."""
        self._seen = seen
        self.listing.follow(seen)
        for item in self._all_items():
            self._mark(item)
        self._go_to(self.listing.chosen)
        self._write_note()
        self.tree.viewport().update()

    def subject(self) -> tuple[Patient, Study] | None:
        """Return the study that an action on the list is for: the chosen one, else what the active view shows."""
        return self.listing.subject(self._seen)

    def describe(self, patient: Patient, study: Study) -> str:
        """Return who and what a study is, as a question about it says it; as little as the rows do."""
        number = next((at for at, each in enumerate(self.patients, 1) if row_key(each) == row_key(patient)), 0)
        return f"{self.texts.patient(patient, number)}\n{self.texts.study(patient, study)}"

    @property
    def dragged(self) -> tuple[Patient, Study, Series | None] | None:
        """The study, or the series of it, that was dragged last."""
        patient, study, series = self.tree.dragged or (None, None, None)
        return (patient, study, series) if patient and study else None

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_typed)
        self.order.currentIndexChanged.connect(self._on_order)
        self.tree.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.search.returnPressed.connect(lambda: self._enter(opens=False))
        self._typed.timeout.connect(lambda: self.search_changed.emit(self.text))
        self.tree.entered.connect(lambda: self._enter(opens=True))
        self.tree.moved_away.connect(
            lambda: self.noticed.emit(self.tr("The list has just changed; nothing was opened. Click again."))
        )
        self.tree.currentItemChanged.connect(self._on_current_changed)
        self.tree.itemExpanded.connect(self._add_series)
        self.tree.itemActivated.connect(self._on_activated)
        self.tree.itemClicked.connect(self._on_clicked)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        self.pictures.looked_at.connect(self._on_looked_at)
        for each in (self.search, self.tree):
            each.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Notice that the reader has gone elsewhere, so that an Enter that waits is no longer meant."""
        if event.type() is QEvent.Type.FocusOut and QApplication.focusWidget() not in (self.search, self.tree):
            self.listing.leave()
        return super().eventFilter(watched, event)

    def _on_typed(self) -> None:
        self.listing.type(self.text)
        self._typed.start()

    def _on_order(self) -> None:
        self.tree.verticalScrollBar().setValue(0)
        self.order_changed.emit(Order(self.order.currentData()))

    @property
    def has_more(self) -> bool:
        """Whether more were found than are listed."""
        return self._count > sum(len(each.studies) for each in self.patients)

    def _on_scrolled(self, value: int) -> None:
        """Want more at the end, once for each answer."""
        at_end = value and value == self.tree.verticalScrollBar().maximum()
        if at_end and self.has_more and not self._filling and not self._wants_more and self.listing.is_current:
            self._wants_more = True
            self.more_wanted.emit()

    def _enter(self, *, opens: bool) -> None:
        """Go to what was found, and open it with a second Enter; where the answer is not there yet, when it is."""
        step = self.listing.enter(opens=opens)
        if step is Step.WAIT and self._typed.isActive():
            self._typed.stop()
            self.search_changed.emit(self.text)
        self._take(step)

    def _take(self, step: Step) -> None:
        if step not in (Step.GO, Step.OPEN):
            return
        row = self.listing.go_to_first()
        self.tree.setFocus()
        self._go_to(self.listing.chosen)
        if step is Step.OPEN and row is not None:
            self.study_chosen.emit(row[0], row[0].studies[0])
            self.activated.emit()

    def _on_current_changed(self, item: QTreeWidgetItem | None) -> None:
        if not self._filling:
            self.listing.choose(item.key if isinstance(item, RowItem) else ())

    def _go_to(self, key: Key) -> None:
        """Make a row the current one, its study unfolded; none where there is no such row."""
        row = self.listing.find(key)
        if row is None:
            self.tree.setCurrentIndex(QModelIndex())
            self.tree.clearSelection()
            return
        if (row[1] is not None and self._is_seen(row[0], row[1])) or row[2] is not None:
            study = next((each for each in self._all_items() if each.key == row_key(row[0], row[1])), None)
            if study is not None:
                self._unfold(study)
        found = next((each for each in self._all_items() if each.key == key), None)
        if found is not None and found is not self.tree.currentItem():
            self.tree.setCurrentItem(found)
            self.tree.scrollToItem(found)

    def _is_seen(self, patient: Patient, study: Study) -> bool:
        """Return whether it is the study that the active view shows."""
        seen = self._seen
        return seen is not None and row_key(patient, study) == row_key(seen.patient, seen.study)

    def _write_note(self) -> None:
        held = sum(len(each.studies) for each in self.patients)
        if self._count > held:
            said = self.tr("{0} of {1} studies are shown. Scroll on for more, or search.")
            said = said.replace("{0}", str(held)).replace("{1}", str(self._count))
        elif not self._count and self.listing.answered:
            said = self.tr("No study found.")
        elif not self._count:
            said = self.tr("No studies yet. Open or drop files.")
        else:
            said = self.tr("Studies: {0}").replace("{0}", str(self._count))
        seen = self._seen
        if seen is not None and self._count and self.listing.find(row_key(seen.patient, seen.study)) is None:
            said = "\n".join([said, self.tr("The study in the active view is not in this list.")])
        self.note.setText(said)

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        patient, study, series = row_of(item)
        if series is not None:
            self.series_chosen.emit(patient, study, series)
        else:
            self.study_chosen.emit(patient, study or patient.studies[0])
        self.activated.emit()

    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        patient, study, series = row_of(item)
        if series is not None:
            self.series_chosen.emit(patient, study, series)
        elif study is not None:
            self.study_chosen.emit(patient, study)
        if study is not None:
            self.activated.emit()

    def _on_menu(self, at: QPoint) -> None:
        item = None if self.tree.has_moved(at) else self.tree.itemAt(at)
        patient, study, _ = row_of(item) if item else (None, None, None)
        if study is not None:
            self.menu_wanted.emit(patient, study, self.tree.viewport().mapToGlobal(at))

    def _want(self, item: QTreeWidgetItem) -> None:
        """Have the picture made of a series that is about to be seen."""
        if (instance := first_image(row_of(item)[2])) is not None:
            self.pictures.want(instance)

    def _on_looked_at(self, instance: Instance) -> None:
        if instance in self._items:
            self._write(self._items[instance])

    def _fill(self) -> None:
        """Make all rows anew but those of series, which are made when their study is unfolded."""
        scrolled = self.tree.verticalScrollBar().value()
        unfolded = {item.key: item.isExpanded() for item in self._all_items() if item.row[2] is None}
        self._filling = True
        self.tree.clear()
        self._items.clear()
        self.pictures.list_studies(study for patient in self.patients for study in patient.studies)
        for patient in self.patients:
            top = self._add(None, (patient, None, None))
            for each in patient.studies:
                below = self._add(top, (patient, each, None))
                below.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        for item in [*self._all_items()]:
            patient, study, series = item.row
            usual = study is None or self._is_seen(patient, study)
            if series is None and unfolded.get(item.key, usual):
                self._unfold(item)
        self._filling = False
        self.tree.verticalScrollBar().setValue(scrolled)

    def _unfold(self, item: QTreeWidgetItem) -> None:
        self._add_series(item)
        item.setExpanded(True)

    def _add_series(self, item: QTreeWidgetItem) -> None:
        """Add the rows of a study's series, unless they are there."""
        patient, study, series = row_of(item)
        if study is None or series is not None or item.childCount():
            return
        for each in study.series:
            below = self._add(item, (patient, study, each))
            if (instance := first_image(each)) is not None:
                self._items[instance] = below

    def _add(self, parent: QTreeWidgetItem | None, row: Row) -> RowItem:
        item = RowItem(row)
        self._write(item)
        if parent is None:
            self.tree.addTopLevelItem(item)
        else:
            parent.addChild(item)
        return item

    def _write_all(self) -> None:
        for item in self._all_items():
            self._write(item)

    def _write(self, item: RowItem) -> None:
        """Write what a row is."""
        patient, study, series = item.row
        if series is not None:
            self._write_series(item, series)
        elif study is not None:
            item.setText(0, self.texts.study(patient, study))
        else:
            number = next((at for at, each in enumerate(self.patients, 1) if each is patient), 0)
            item.setText(0, self.texts.patient(patient, number))
            font = item.font(0)
            font.setBold(True)
            item.setFont(0, font)
        item.setToolTip(0, item.text(0))
        self._mark(item)

    def _mark(self, item: RowItem) -> None:
        """Let a row be known for what the active view shows, to eyes and to a screen reader."""
        patient, study, series = item.row
        seen = self._seen
        shown = study is not None and self._is_seen(patient, study)
        item.is_shown = shown and (series is None or (seen is not None and series.uid == seen.series.uid))
        said = [item.text(0), self.tr("in the active view")] if item.is_shown else [item.text(0)]
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, ", ".join(said))

    def _write_series(self, item: RowItem, series: Series) -> None:
        instance = first_image(series)
        state = self.pictures.states.get(instance, FileState.PRESENT) if instance else FileState.PRESENT
        item.setText(0, self.texts.series(series, state))
        odd = state is not FileState.PRESENT or any(each.conflict for each in series.instances)
        colour = COLOURS.warning if odd else COLOURS.text
        item.setForeground(0, QColor(colour))
        if instance in self.pictures.icons:
            item.setIcon(0, self.pictures.icons[instance])

    def _all_items(self) -> Iterator[RowItem]:
        todo = [self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount())]
        while todo:
            item = todo.pop(0)
            if isinstance(item, RowItem):
                yield item
                todo += [item.child(at) for at in range(item.childCount())]
