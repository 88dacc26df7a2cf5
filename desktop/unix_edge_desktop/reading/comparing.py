"""Earlier studies of the patient beside the one that is read: the newest first, the others by a key each way."""

import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from unix_edge.dicom.projection import is_comparable

from ..canvas.canvas import Canvas
from ..studies.desk import View
from ..studies.priors import Prior, Priors, find_priors, is_earlier
from ..studies.stacks import is_same
from ..studies.studies import Patient, Study
from ..toolkit.background import ShouldStop
from .hanging import Desk
from .library import Library


class Comparing(QObject):
    """Chooses what is compared with what a view shows, and in which view."""

    def __init__(self, desk: Desk, library: Library) -> None:
        super().__init__(desk)
        self._desk, self._library = desk, library

    def compare(self) -> None:
        """Show beside the active view the newest earlier study that shows the same and is not seen yet."""
        current = self._desk.model.seen
        if current is None:
            self._say_none(Priors())
            return
        instance = current.instance
        self._find(
            current, current.study, lambda seen: seen.instance == instance, lambda found: self._begin(current, found)
        )

    def step(self, steps: int) -> None:
        """Show another prior in place of the one that is seen; an older one with `steps` above 0.

        It is the active view's, if that shows a prior of what another shows; else the one beside it.
        """
        seen = self._desk.model.seen
        if seen is None:
            self._say_none(Priors())
            return
        others = (each.study for _, each in self._others() if is_same(each.patient, seen.patient))
        later = [each for each in others if is_earlier(seen.study, each)]
        beside = self._desk.grid.active if later else self._find_prior_view(seen)
        if beside is None:
            self.compare() if steps > 0 else self._say_end(steps)
            return
        current = max(later, key=lambda each: (each.date, each.time), default=seen.study)
        self._find(
            seen,
            current,
            lambda now: is_same(now.patient, seen.patient),
            lambda found: self._go_on(beside, found, steps),
        )

    def _find(self, like: View, before: Study, still: Callable[[View], bool], use: Callable[[Priors], object]) -> None:
        """Find what is earlier than a study and shows what a view does; nothing comes of it where that was left."""
        desk, active, series, instance = self._desk, self._desk.grid.active, like.series, like.instance
        left = threading.Event()

        def is_left() -> bool:
            """Return whether the reader left the patient; not all is read then, though they come back."""
            seen = desk.model.seen
            if desk.grid.active is not active or seen is None or not is_same(seen.patient, like.patient):
                left.set()
            return left.is_set()

        def go_on(use: Callable[[], object]) -> None:
            seen = desk.model.seen
            if is_left() or seen is None or not still(seen):
                desk.status.emit(self.tr("Another image is read by now; nothing was compared."))
            else:
                use()

        def find(patients: Sequence[Patient], should_stop: ShouldStop) -> Priors:
            return find_priors(patients, like.patient, before, series, instance, lambda: should_stop() or is_left())

        def ask(patients: Sequence[Patient]) -> None:
            desk.loader.ask(
                lambda should_stop: find(patients, should_stop),
                lambda found: go_on(lambda: use(found)),
                desk.status.emit,
            )

        self._library.with_patient(like.patient, lambda patients: go_on(lambda: ask(patients)))

    def _begin(self, current: View, priors: Priors) -> None:
        """Show the newest prior that is not seen yet."""
        if not priors.found:
            self._say_none(priors)
            return
        self._make_room()
        beside = self._choose_view(current)
        unseen = [each for each in priors.found if not self._is_seen(each, beside)]
        if unseen:
            self._show(beside, unseen[0])
        else:
            self._desk.status.emit(self.tr("All earlier studies of this patient that show the same are seen already."))

    def _go_on(self, canvas: Canvas, priors: Priors, steps: int) -> None:
        """Show the prior before or after the one that a view shows, by their order: two may have been at one time."""
        view = self._desk.views.get(canvas)
        if view is None:
            return
        if canvas is not self._desk.grid.active:
            self._make_room()
        places = {uid: at for at, uid in enumerate(priors.earlier)}
        listed = places.get(view.study.uid, -1)
        further = [
            each
            for each in priors.found
            if (places[each.study.uid] - listed) * steps > 0 and not self._is_seen(each, canvas)
        ]
        if further:
            self._show(canvas, further[0] if steps > 0 else further[-1])
        else:
            self._say_end(steps)

    def _show(self, canvas: Canvas, prior: Prior) -> None:
        self._desk.show(canvas, prior.patient, prior.study, prior.series, prior.at)

    def _make_room(self) -> None:
        """Let two views be seen at least."""
        grid = self._desk.grid
        if grid.is_maximised:
            grid.toggle_maximised()
        if len(grid.shown) < 2:
            self._desk.layout_wanted.emit("1x2")

    def _beside(self) -> list[Canvas]:
        """Return the views but the active one, those after it first."""
        grid = self._desk.grid
        at = grid.laid_out.index(grid.active)
        return [*grid.laid_out[at + 1 :], *grid.laid_out[:at]]

    def _others(self) -> list[tuple[Canvas, View]]:
        return [(each, self._desk.views[each]) for each in self._beside() if each in self._desk.views]

    def _find_prior_view(self, current: View) -> Canvas | None:
        """Return the view that shows an earlier study of the patient, and the same of it as the active view."""
        own = self._desk.grid.active.image
        for canvas, view in self._others():
            its = canvas.image
            if is_same(view.patient, current.patient) and is_earlier(view.study, current.study):
                if own is None or its is None:
                    return canvas
                if is_comparable(own.projection, its.projection):
                    return canvas
        return None

    def _choose_view(self, current: View) -> Canvas:
        """Return where a prior is to be seen: in an empty view, else in place of another prior, else in the next."""
        beside = self._beside()
        empty = next((each for each in beside if each not in self._desk.views), None)
        return empty or self._find_prior_view(current) or beside[0]

    def _is_seen(self, prior: Prior, beside: Canvas) -> bool:
        """Return whether another view shows the picture already."""
        return any(
            (view.study.uid, view.series.uid, view.at) == (prior.study.uid, prior.series.uid, prior.at)
            for canvas, view in self._others()
            if canvas is not beside
        )

    def _say_none(self, priors: Priors) -> None:
        self._desk.status.emit(
            self.tr("No earlier study of this patient in the list shows this body part in this view.")
            if priors.earlier
            else self.tr("There is no earlier study of this patient in the list.")
        )

    def _say_end(self, steps: int) -> None:
        self._desk.status.emit(
            self.tr("There is no older prior in the list.")
            if steps > 0
            else self.tr("There is no newer prior in the list.")
        )
