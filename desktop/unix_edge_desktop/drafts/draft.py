"""One version of an image's report, as a person and a machine write it: each change is on its way to disk at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Self

from unix_edge.errors import SigningError
from unix_edge.sentences import Sentence

from .draft_text import Change, DraftText, Operation, Section
from .store import DraftStore
from .store_thread import DraftThread
from .values import CUT_OFF, DraftImage, KeptDraft, MachineDraft, Reason, State

_LONGEST_NAME = 64
"""Bytes of a DICOM Person Name's group."""


class Draft:
    """The text of a draft, and its way to disk; for the thread that makes it.

    What a method returns as changes is for the fields that show the text. `saved` is the future of the last change.
    """

    def __init__(
        self, drafts: DraftThread, run: str, image: DraftImage, text: DraftText, machine: MachineDraft | None
    ) -> None:
        self.run = run
        self.image = image
        self.text = text
        self.machine = machine
        """What the machine wrote; None until it has ended, or if it was cut off."""
        self.state = State.DRAFTED
        self.signer = ""
        """The name that was typed when it was signed."""
        self.closed: datetime | None = None
        """When it was signed or rejected, with its zone."""
        self.saved: Future[None] = Future()
        self._drafts = drafts
        self._given = len(text.operations)

    @classmethod
    def begin(cls, drafts: DraftThread, image: DraftImage, run: str) -> Self:
        """Begin a new version beside those that there are, and let the machine write.

        Args:
            drafts: Where it is kept.
            image: What it is of.
            run: Names the machine's run; no other has its name.
        """
        draft = cls(drafts, run, image, DraftText(), None)
        draft.saved = drafts.write(lambda store: store.begin(run, image))
        draft.text.begin(run)
        draft._save()
        return draft

    @classmethod
    def reopen(cls, drafts: DraftThread, kept: KeptDraft, operations: Sequence[Operation]) -> Self:
        """Take up a draft again (`DraftStore.read`, `operations`), its steps to undo included.

        A stream that was cut off has ended.
        """
        sections = (kept.findings, kept.impression)
        given = len(operations)
        try:
            text = DraftText.restore(operations)
            whole = tuple(text.text(section) for section in Section) == sections
        except (ValueError, IndexError, TypeError):
            whole = False
        if not whole:  # what is kept of the text itself counts
            text = DraftText()
            text.operations = list(operations)
            text.begin_anew(*sections)
        draft = cls(drafts, kept.run, kept.image, text, kept.machine)
        draft.state, draft._given, draft.signer = kept.state, given, kept.signer
        draft.closed = datetime.fromisoformat(kept.closed) if kept.closed else None
        if not kept.state.is_final:
            text.end()
            draft._save()
        return draft

    def feed(self, piece: str) -> list[Change]:
        """Take a piece of the machine's text."""
        return self._saving(lambda: self.text.feed(piece))

    def finish(self, machine: MachineDraft) -> list[Change]:
        """Keep what the machine wrote, ended or stopped."""
        changes = self._saving(self.text.end)
        if self.machine is None and not self.state.is_final:
            self.machine = machine
            self.saved = self._drafts.write(lambda store: store.keep_machine_draft(self.run, machine))
        return changes

    def cut_off(self) -> list[Change]:
        """End the stream where the machine failed; what came stays."""
        return self._saving(self.text.end)

    def edit(self, section: Section, position: int, removed: int, added: str) -> None:
        """Take what a person did in a field: at a position, so many characters made way for others."""
        if not self.state.is_final:
            self.text.edit(section, position, removed, added)
            self._save()

    def remove(self, section: Section, position: int, count: int) -> list[Change]:
        """Take characters away for a person, who can take that back."""
        return self._saving(lambda: [Change(section, self.text.edit(section, position, count, ""))])

    def go_on(self, run: str, section: Section) -> None:
        """Let the machine write into one section of what there is."""

        def begin() -> list[Change]:
            self.text.begin(run, only=section)
            return []

        self._saving(begin)

    def undo(self) -> list[Change]:
        """Take the last step back."""
        return self._saving(self.text.undo)

    def redo(self) -> list[Change]:
        """Do the step again that was taken back last."""
        return self._saving(self.text.redo)

    def sign(self, name: str) -> "Future[None]":
        """Close it as signed by a person who typed a name; nobody is authenticated. The future is done on disk.

        Raises:
            SigningError: The machine writes yet or was cut off, nothing is written, it is closed, or the name is none.
        """
        name = " ".join(name.split())
        if self.state.is_final:
            raise SigningError(Sentence("it is signed or rejected already; begin a new version"))
        if self.text.is_streaming:
            raise SigningError(Sentence("it is being written; stop it first"))
        if self.machine is None:
            raise SigningError(CUT_OFF)
        if not any(self.text.text(section).strip() for section in Section):
            raise SigningError(Sentence("it is empty"))
        if self.machine is not None and self.machine.in_domain is False:
            raise SigningError(Sentence("this model has only seen computed phantoms, and the image is none"))
        if not name:
            raise SigningError(Sentence("type your name first"))
        if len(name.encode()) > _LONGEST_NAME or not name.isprintable() or set(name) & set("\\^="):
            raise SigningError(Sentence("a name has at most {0} bytes, and no \\, ^ or =", _LONGEST_NAME))
        self._save()
        self.state, self.signer, self.closed = State.SIGNED, name, datetime.now().astimezone()
        self.saved = self._drafts.write(lambda store: store.sign(self.run, name), now=True)
        return self.saved

    def reject(self, reason: Reason, note: str = "") -> "Future[None]":
        """Close it as rejected; it stays, with all that was written. The future is done on disk.

        Args:
            reason: Goes into the log.
            note: A person's own words; they do not.

        Raises:
            SigningError: It is closed.
        """
        if self.state.is_final:
            raise SigningError(Sentence("it is signed or rejected already; begin a new version"))
        self.cut_off()
        self._save()
        self.state = State.REJECTED
        self.saved = self._drafts.write(lambda store: store.reject(self.run, reason, note), now=True)
        return self.saved

    def _saving(self, act: Callable[[], list[Change]]) -> list[Change]:
        if self.state.is_final:
            return []
        changes = act()
        self._save()
        return changes

    def _save(self) -> None:
        """Send what was done since the last time to disk."""
        first, operations = self._given, tuple(self.text.operations[self._given :])
        if not operations:
            return
        self._given += len(operations)
        self.state = State.EDITED if self.text.is_edited else State.DRAFTED
        sections = (self.text.text(Section.FINDINGS), self.text.text(Section.IMPRESSION))
        run, is_edited = self.run, self.text.is_edited

        def append(store: DraftStore) -> None:
            store.append(run, first, operations, sections, is_edited)

        self.saved = self._drafts.write(append)
