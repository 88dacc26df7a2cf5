"""Which model the panel uses, and where it runs: the bundles that are here, each with its card and its limits."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton

from unix_edge.bundle import Bundle
from unix_edge.errors import UnixEdgeError
from unix_edge.model import find_engines

from ..storage.settings import DEVICES, Settings, measured_name
from ..toolkit.background import Job, Progress, ShouldStop
from ..toolkit.settings_page import SettingsPage, make_combo
from .model_card import describe_bundle, find_bundles


class ModelPage(SettingsPage):
    """The bundle and the device; switching needs no restart."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.setWindowTitle(self.tr("AI model"))
        bundles = {"": self.tr("As the commands choose"), **{str(path): path.name for path in find_bundles()}}
        if settings.engines not in bundles:
            bundles[settings.engines] = settings.engines
        self.engines = make_combo(self.tr("Engines"), bundles, settings.engines)
        devices = {"auto": self.tr("The fastest that works"), "cpu": self.tr("Processor"), "cuda": "CUDA"}
        self.device = make_combo(
            self.tr("Device"), {each: devices.get(each, each) for each in DEVICES}, settings.device
        )
        self.card = QLabel()
        self.card.setWordWrap(True)
        self.card.setTextFormat(Qt.TextFormat.PlainText)
        self.card.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.check = QPushButton(self.tr("Check its files"))
        self.check.clicked.connect(lambda _: self._verify())
        self._job: Job | None = None
        self._measured = settings.measured
        for each in (self.engines, self.device):
            each.currentIndexChanged.connect(lambda _: self._describe())
        form = QFormLayout(self)
        form.addRow(self.tr("Engines"), self.engines)
        form.addRow(self.tr("Device"), self.device)
        form.addRow(self.check)
        form.addRow(self.card)
        self._describe()

    def chosen(self, settings: Settings) -> Settings:
        """Return settings with what was chosen on this page."""
        return replace(settings, engines=self.engines.currentData(), device=self.device.currentData())

    def _describe(self) -> None:
        folder = self.engines.currentData()
        self.card.setText(f"{describe_bundle(folder, self.device.currentData())}\n{self._how_long(folder)}")

    def _how_long(self, folder: str) -> str:
        """Return how long the last report and the last picture of a bundle took on this machine, where they ran."""
        try:
            manifest = Bundle.open(Path(folder) if folder else find_engines(self.device.currentData())).manifest
        except UnixEdgeError:
            return ""
        lines = []
        for what, text in (
            ("report", self.tr("The last report took {0} s on {1}.")),
            ("picture", self.tr("The last picture took {0} s on {1}.")),
        ):
            start = measured_name(what, manifest.checkpoint_sha256, manifest.precision, "")
            for name, seconds in self._measured.items():
                if name.startswith(start):
                    lines.append(text.replace("{0}", f"{seconds:.1f}").replace("{1}", name.removeprefix(start)))
        return "\n".join(lines) or self.tr("How long a report and a picture take here is measured when they are made.")

    def _verify(self) -> None:
        """Compare every file with its hash, in a thread of its own."""
        folder, device = self.engines.currentData(), self.device.currentData()
        self.check.setEnabled(False)
        self.card.setText(self.tr("Checking the files..."))

        def work(progress: Progress, should_stop: ShouldStop) -> None:
            Bundle.open(Path(folder) if folder else find_engines(device)).verify()

        def end(said: str) -> None:
            self.check.setEnabled(True)
            self.card.setText(f"{said}\n{describe_bundle(folder, device)}")

        self._job = Job(work, self)
        self._job.done.connect(lambda _: end(self.tr("Whole and unchanged.")))
        self._job.failed.connect(end)
        self._job.start()
