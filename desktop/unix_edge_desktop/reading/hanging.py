"""Which study is shown in which view: opened, turned, compared; the images come from `loading`."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from unix_edge.dicom.grayscale import ImageWarning

from ..canvas.canvas import Canvas
from ..canvas.canvas_grid import CanvasGrid
from ..image.badges import CONFLICT
from ..image.calibrations import CalibrationStore, Spacing
from ..image.images import ViewImage
from ..image.key_marks import KeyMarkStore
from ..image.measurement_set import MeasurementStore
from ..image.view_states import ViewStateStore
from ..studies.desk import View, Views, find_again, row_key
from ..studies.stacks import fill_views, image_series, make_stack
from ..studies.studies import Instance, Patient, Series, Study
from ..toolkit.background import bring
from ..toolkit.sentences import translate_sentence
from .cine import Cine
from .loading import MOST_AHEAD, Loader, Request

KEEP_AFTER = 500
"""Milliseconds from the first change of how an image is seen to when that is kept."""
Left = tuple[str, str, int]
"""How a view was left: its study and series by their UIDs, and which picture; empty of a view without an image."""


class Desk(QObject):
    """The views of a grid, and what they show.

    Signals:
        status: A sentence for the status bar.
        past: One of those, said of an image that is no longer shown.
        shown_changed: The canvas that shows another image, or none.
        seen_changed: What the active view shows, a `View` or None, as soon as that is another series.
        study_opened: The study that was opened.
        layout_wanted: The layout that a comparison needs.
    """

    status = Signal(str)
    past = Signal(str)
    shown_changed = Signal(object)
    seen_changed = Signal(object)
    study_opened = Signal(object)
    layout_wanted = Signal(str)

    def __init__(
        self,
        grid: CanvasGrid,
        measurements: MeasurementStore,
        calibrations: CalibrationStore,
        keys: KeyMarkStore,
        view_states: ViewStateStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.grid = grid
        self.loader = Loader(self)
        self.model = Views(grid.active)
        self.views = self.model.views
        """What each canvas shows, or is about to."""
        self._said: dict[Canvas, str] = {}
        """What was said of the image in each."""
        self.was_used = False
        """Whether anything was shown yet."""
        self._filling: tuple[Patient, Study, list[Canvas]] | None = None
        """The study that was opened last, until something else is, and the views that it did not fill yet."""
        self.cine = Cine(self._show_frame, self.loader.waits, self)
        self._measurements, self._calibrations, self._keys = measurements, calibrations, keys
        self._view_states = view_states
        self._touched: set[Canvas] = set()
        """Views whose image is seen otherwise than is kept."""
        self._paged: set[Canvas] = set()
        """Views that were paged to an image of which nothing is kept, seen as the last; that is kept where it stays."""
        self._keeping = QTimer(self, singleShot=True, interval=KEEP_AFTER)
        self._keeping.timeout.connect(self.keep_views)
        self.loader.loaded.connect(self._on_loaded)
        self.loader.failed.connect(self._on_failed)
        grid.active_changed.connect(self._on_active_changed)
        for canvas in grid.canvases:
            canvas.frame_wanted.connect(lambda steps, canvas=canvas: self.page(steps, canvas))
            canvas.seen_changed.connect(lambda canvas=canvas: self._on_seen_otherwise(canvas))
            canvas.touched.connect(lambda canvas=canvas: self.cine.stop(canvas))

    def open_study(self, patient: Patient, study: Study, first: Instance | None = None) -> None:
        """Show a study from the first view on, `first` in it; views that it does not fill are emptied."""
        shown = self.grid.shown
        wanted = fill_views(study, len(shown), first)
        if not wanted:
            self.status.emit(self.tr("This study has no images."))
            return
        for canvas in self.grid.canvases:
            self.close_image(canvas)
        for canvas, (series, at) in zip(shown, wanted, strict=False):  # a study may not fill them
            self._show(canvas, View(patient, study, series, make_stack(series), at))
        self.grid.activate(shown[0])
        self._filling = patient, study, shown[len(wanted) :]
        self.study_opened.emit(study)

    def extend(self, patients: Sequence[Patient]) -> None:
        """Add to what is shown what was indexed since it was opened: nobody shall turn half a series unawares.

        No view shows another picture for it; one without any gets what it would have got of a whole study.
        """
        for canvas, view in self.views.items():
            view.extend(patients)
            canvas.stack_size = len(view.stack)
        if self._filling is not None:
            self._fill(patients, *self._filling)

    def _fill(self, patients: Sequence[Patient], patient: Patient, study: Study, empty: Sequence[Canvas]) -> None:
        """Show in views that were empty when a study was opened what has come of it since."""
        patient, study = find_again(patients, patient, study) or (patient, study)
        wanted = fill_views(study, len(self.grid.shown))
        often = Counter(series.uid for series, _ in wanted)
        seen = {view.series.uid for view in self.views.values() if often[view.series.uid] == 1}
        pictures = {(view.series.uid, view.at) for view in self.views.values()}
        new = [each for each in wanted if each[0].uid not in seen and (each[0].uid, each[1]) not in pictures]
        still_empty = [canvas for canvas in empty if canvas not in self.views]
        for canvas, (series, at) in zip(still_empty, new, strict=False):  # a study may not fill them
            self._show(canvas, View(patient, study, series, make_stack(series), at))

    def open_here(self, patient: Patient, study: Study, first: Instance | None = None) -> None:
        """Show a study in the active view alone."""
        self._filling = None
        wanted = fill_views(study, 1, first)
        if not wanted:
            self.status.emit(self.tr("This study has no images."))
            return
        (series, at) = wanted[0]
        self._show(self.grid.active, View(patient, study, series, make_stack(series), at))
        self.study_opened.emit(study)

    def describe(self) -> tuple[Left, ...]:
        """Return how the views are, for `restore`."""
        views = [self.views.get(canvas) for canvas in self.grid.canvases]
        return tuple((*view.key, view.at) if view else ("", "", 0) for view in views)

    def restore(self, patients: Sequence[Patient], left: Sequence[Left]) -> None:
        """Show in each view that is seen what it showed when it was left, as far as that is still known.

        Nothing is restored where something was opened meanwhile.
        """
        if self.was_used:
            return
        studies = [(patient, study) for patient in patients for study in patient.studies]
        known = [(*each, series) for each in studies for series in image_series(each[1])]
        for canvas, (uid, series_uid, at) in zip(self.grid.shown, left, strict=False):  # fewer views may be seen
            found = next((each for each in known if (each[1].uid, each[2].uid) == (uid, series_uid)), None)
            if found is None:
                continue
            stack = make_stack(found[2])
            self._show(canvas, View(*found, stack, min(max(at, 0), len(stack) - 1)))
        if (view := self.views.get(self.grid.active)) is not None:
            self.study_opened.emit(view.study)

    def open_series(self, patient: Patient, study: Study, series: Series, canvas: Canvas | None = None) -> None:
        """Show a series in a view, else in the active one."""
        self._filling = None
        stack = make_stack(series)
        if not stack:
            self.status.emit(self.tr("This series has no images."))
            return
        self._show(canvas or self.grid.active, View(patient, study, series, stack, 0))
        self.study_opened.emit(study)

    def show(self, canvas: Canvas, patient: Patient, study: Study, series: Series, at: int = 0) -> None:
        """Show a picture of a series in a view."""
        self._filling = None
        self._show(canvas, View(patient, study, series, make_stack(series), at))

    def note_conflicts(self, patients: Sequence[Patient]) -> None:
        """Warn on what is shown already of images whose UID other content was found to have."""
        series = (each for patient in patients for study in patient.studies for each in study.series)
        conflicts = {each.sop_uid for one in series for each in one.instances if each.conflict}
        for canvas in self.grid.canvases:
            if canvas.image is not None and canvas.image.uid in conflicts:
                canvas.set_notes([CONFLICT])

    def calibrate(self, canvas: Canvas, image: ViewImage) -> None:
        """Take the spacing that a reader gave an image, or took back, for all that it is kept for, from now on."""
        spacing, view = image.calibrated, self.views.get(canvas)
        alike = [canvas]
        if view is not None:
            bring(self._calibrations.set(*view.spacing_key, spacing), self, failed=self.status.emit)
            others = ((other, its) for other, its in self.views.items() if other is not canvas)
            alike += [other for other, its in others if its.spacing_key == view.spacing_key]
        for each in alike:
            if each.image is not None:
                each.set_calibrated_image(each.image.calibrate(spacing))

    def close_image(self, canvas: Canvas | None = None) -> None:
        """Show nothing in a view, else in the active one."""
        canvas = canvas or self.grid.active
        self._filling = None
        self._leave(canvas)
        self.cine.stop(canvas)
        self.loader.forget(canvas)
        self.views.pop(canvas, None)
        self._tell_seen(canvas)
        self._say_of(canvas, "")
        canvas.set_message(self.tr("No image. Open or drop a file."))
        canvas.series = None
        canvas.set_image(None)
        canvas.stack_size = 1
        self.shown_changed.emit(canvas)

    def page(self, steps: int, canvas: Canvas | None = None) -> None:
        """Show the picture so many on, or back; at an end it stays."""
        view = self.views.get(canvas or self.grid.active)
        if view is not None:
            self.go_to(view.at + steps, canvas)

    def go_to(self, at: int, canvas: Canvas | None = None) -> None:
        """Show a picture of the series, from 0; -1 is the last, and beyond an end is that end."""
        canvas = canvas or self.grid.active
        view = self.views.get(canvas)
        if view is None:
            return
        self.cine.stop(canvas)
        at = min(max(at, 0), len(view.stack) - 1)
        if at != view.at:
            self._show_frame(canvas, at)

    def go_to_last(self) -> None:
        """Show the last picture of the series."""
        self.go_to(1 << 30)

    def play(self) -> None:
        """Play what the active view shows, or stop."""
        canvas = self.grid.active
        view = self.views.get(canvas)
        if self.cine.canvas is canvas:
            self.cine.stop()
        elif view is None or canvas.image is None or len(view.clip) < 2:
            self.cine.stop()
            self.status.emit(self.tr("There is nothing to play: this view shows one image."))
            self.cine.playing_changed.emit(False)
        else:
            self.cine.start(canvas, view)

    def _show_frame(self, canvas: Canvas, at: int) -> None:
        """Show a picture of the series as it plays."""
        view = self.views[canvas]
        view.at = at
        self._request(canvas, view, keep_view=True)

    def turn_series(self, steps: int) -> None:
        """Show the series so many on, or back, of the same study."""
        canvas = self.grid.active
        view = self.views.get(canvas)
        if view is None:
            return
        all_series = image_series(view.study)
        at = next((at for at, each in enumerate(all_series) if each.uid == view.series.uid), 0)
        wanted = all_series[min(max(at + steps, 0), len(all_series) - 1)]
        if wanted.uid != view.series.uid:
            self._show(canvas, View(view.patient, view.study, wanted, make_stack(wanted), 0))

    def keep_views(self) -> None:
        """Keep how images are seen."""
        self._keeping.stop()
        for canvas in self._touched | self._paged:
            self._keep(canvas)
        self._touched.clear()
        self._paged.clear()

    def close(self) -> None:
        """Keep how images are seen, and end the threads; the stores are their maker's."""
        self.cine.stop()
        self.keep_views()
        self.loader.close()

    def _show(self, canvas: Canvas, view: View) -> None:
        """Show another series; no image of another stays in sight while it is read."""
        self._leave(canvas)
        self.cine.stop(canvas)
        self.views[canvas] = view
        self.was_used = True
        self._tell_seen(canvas)
        self._say_of(canvas, "")
        canvas.set_message(self.tr("Reading the image..."))
        canvas.set_image(None)
        self._request(canvas, view, keep_view=False)

    def _on_seen_otherwise(self, canvas: Canvas) -> None:
        self._touched.add(canvas)
        if not self._keeping.isActive():
            self._keeping.start()

    def _leave(self, canvas: Canvas) -> None:
        """Keep how the image of a view is seen that is about to show another."""
        if canvas in self._touched:
            self._keep(canvas)
        self._touched.discard(canvas)
        self._paged.discard(canvas)

    def _keep(self, canvas: Canvas) -> None:
        """Keep how an image is seen, unless it is none of a file, or nobody knows which of two of one UID it is."""
        view, image = self.views.get(canvas), canvas.image
        if view is not None and image is not None and CONFLICT not in canvas.notes:
            self._view_states.save(image, canvas.left)

    def _on_active_changed(self, canvas: Canvas) -> None:
        self.model.active = canvas
        self._tell_seen(canvas)

    def _tell_seen(self, canvas: Canvas) -> None:
        if canvas is self.model.active:
            self.seen_changed.emit(self.model.seen)

    def _request(self, canvas: Canvas, view: View, *, keep_view: bool) -> None:
        series, is_one_of_two = view.spacing_key, view.instance.conflict

        def read_kept(image: ViewImage) -> None:
            """Read what is kept of it, so that the window's thread reads no file."""
            self._measurements.restore(image.uid, image.frame)
            self._calibrations.of_series(*series)
            self._keys.is_marked(image)
            if not is_one_of_two:  # else nobody knows of which of them it was kept
                self._view_states.restore(image)

        key = row_key(*view.row) if len(view.stack) > 1 else None
        ahead = view.neighbours(MOST_AHEAD)
        self.loader.request(Request(canvas, view.stack[view.at], keep_view, read_kept, key, ahead))

    def _on_loaded(self, request: Request, image: ViewImage) -> None:
        canvas = request.asker
        assert isinstance(canvas, Canvas)
        spacing: Spacing | None = self._calibrations.of_series(*self.views[canvas].spacing_key)
        shown = image if spacing is None else image.calibrate(spacing)
        notes = [CONFLICT] if self.views[canvas].instance.conflict else []
        left = None if notes else self._view_states.restore(image)
        self._leave(canvas)
        canvas.series = row_key(*self.views[canvas].row)
        canvas.set_image(shown, keep_view=request.keep_view, notes=notes, left=left)
        if request.keep_view and left is None:  # paging alone never overwrites what was kept
            self._paged.add(canvas)
            if not self._keeping.isActive():
                self._keeping.start()
        canvas.redraw(draft=True)  # the quick picture is there sooner
        canvas.stack_size = len(self.views[canvas].stack)
        # That there are more frames is seen: they are turned.
        warnings = [each for each in image.warnings if each != ImageWarning.FRAMES.value]
        if (problem := self._view_states.take_problem(image)) is not None:
            warnings.append(problem)
        self._say_of(canvas, " ".join(map(translate_sentence, warnings)))
        self.shown_changed.emit(canvas)

    def _on_failed(self, request: Request, sentence: str) -> None:
        canvas = request.asker
        assert isinstance(canvas, Canvas)
        self._leave(canvas)
        canvas.set_message(sentence)
        canvas.set_image(None)
        canvas.stack_size = len(self.views[canvas].stack)  # so that the wheel leads on to what can be shown
        self._say_of(canvas, sentence)
        self.shown_changed.emit(canvas)

    def _say_of(self, canvas: Canvas, sentence: str) -> None:
        """Say something of the image in a view, in place of what was said of the one before."""
        if said := self._said.pop(canvas, ""):
            self.past.emit(said)
        if sentence:
            self._said[canvas] = sentence
            self.status.emit(sentence)
