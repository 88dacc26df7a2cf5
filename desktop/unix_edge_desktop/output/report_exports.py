"""How a report leaves: clean text on the clipboard, one page of PDF, DICOM; each says that a machine wrote it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from unix_edge.files import write_atomically
from unix_edge.generate import SyntheticImage
from unix_edge.results.marking import write_png
from unix_edge.results.secondary_capture import write_secondary_capture
from unix_edge.results.signed_report import SignedReport
from unix_edge.results.structured_report import write_signed_sr, write_sr

from ..drafts.draft import Draft
from ..drafts.draft_text import Section
from ..drafts.drafting import Film
from ..drafts.events import as_csv, as_json
from ..drafts.store_thread import DraftThread
from ..drafts.values import State
from ..studies.opening import shown
from ..toolkit.background import Job, Progress, ShouldStop
from .report_page import copy_report, prepare_report_pdf


class ReportExports(QObject):
    """Writes what the AI panel made, where a person says.

    Signals:
        status: A sentence for the status bar.
    """

    status = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._jobs: list[Job] = []

    def leave(self, how: str, draft: Draft, film: Film) -> None:
        """Copy a report, or ask where its PDF or its structured report is to be, and write it."""
        report = self._report(draft)
        if report is None:
            self.status.emit(self.tr("The model was cut off, so there is nothing that says where this text is from."))
            return
        synthetic = draft.image.synthetic
        match how:
            case "copy":
                copy_report(report.findings, report.impression, report.mark(synthetic=synthetic))
                self.status.emit(self.tr("The report was copied, with its mark and without the patient."))
            case "pdf":
                path = self._ask("report.pdf", self.tr("PDF documents (*.pdf)"))
                if path is not None:
                    lines = (film.patient, *film.details())
                    self._write(prepare_report_pdf(report, lines, path, synthetic=synthetic))
            case "sr":
                path = self._ask("report.dcm", self.tr("DICOM files (*.dcm)"))
                if path is not None:
                    self._write(lambda: self._write_sr(report, draft, film, path))

    def save_picture(self, picture: SyntheticImage) -> None:
        """Ask where a picture is to be, and write it with its marks: as DICOM a study of its own, of nobody."""
        path = self._ask("synthetic.png", self.tr("PNG pictures (*.png);;DICOM files (*.dcm)"))
        if path is None:
            return

        def write() -> Path:
            if path.suffix.lower() == ".dcm":
                write_secondary_capture(picture, path)
            else:
                write_png(picture, path)
            return path

        self._write(write)

    def ask_for_log(self, drafts: DraftThread) -> None:
        """Ask where the log of drafts is to be, and write it as CSV or JSON; nothing in it says who a patient is."""
        path = self._ask("drafts.csv", self.tr("Tables (*.csv);;JSON files (*.json)"))
        if path is None:
            return

        def write() -> Path:
            events = drafts.ask(lambda store: store.events()).result()
            content = as_json(events) if path.suffix.lower() == ".json" else as_csv(events)
            write_atomically(path, content, private=True)
            return path

        self._write(write)

    def close(self) -> None:
        """Wait for what is being written."""
        for job in self._jobs:
            job.wait()

    @staticmethod
    def _write_sr(report: SignedReport, draft: Draft, film: Film, path: Path) -> Path:
        """Write a draft as it came; of a signed report also the draft that it replaces, beside it."""
        header = film.image.header
        if draft.state is State.SIGNED:
            write_signed_sr(report, header, path, path.with_name(f"{path.stem} - AI draft{path.suffix}"))
        else:
            write_sr(report.draft, header, path)
        return path

    @staticmethod
    def _report(draft: Draft) -> SignedReport | None:
        if draft.machine is None:
            return None
        findings, impression = (draft.text.text(section).strip() for section in Section)
        edited = draft.text.is_edited
        return SignedReport(
            draft.machine.as_report(),
            findings,
            impression,
            edited,
            draft.signer,
            draft.closed or datetime.now().astimezone(),
        )

    def _ask(self, name: str, kinds: str) -> Path | None:
        chosen, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save"), str(Path.home() / name), kinds)
        return Path(chosen) if chosen else None

    def _write(self, write: Callable[[], Path]) -> None:
        def work(progress: Progress, should_stop: ShouldStop) -> Path:
            return write()

        job = Job(work, self)
        self._jobs.append(job)
        said = self.tr("Written: {0}")
        job.done.connect(lambda path: self.status.emit(said.replace("{0}", shown(str(path)))))
        job.failed.connect(self.status)
        job.start()
