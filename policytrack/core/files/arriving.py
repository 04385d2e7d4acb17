"""Take a file in that may be too large for the memory: it is looked at and kept as a copy on disk.

What is examined, what is read and what is kept are the same bytes, whatever becomes of the file
that was copied.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from mmap import ACCESS_READ, mmap

from policytrack.core.files import checking
from policytrack.core.files.directory import Unfinished, unfinished
from policytrack.core.files.inspection import Accepted, told
from policytrack.core.files.kinds import KINDS, extension_of
from policytrack.core.files.names import safe_name
from policytrack.core.files.quarantine import Examination
from policytrack.core.files.refusals import Refused
from policytrack.core.files.service import folder, in_database


class Arriving:
    """Hold the copy of a file, and the examination that somebody is to carry out of it.

    `descriptor` is open for reading, `sha256` the hash of what was handed in.
    """

    descriptor: int
    sha256: str

    def __init__(self, stack: ExitStack, source: int, name: str) -> None:
        self._stack = stack
        self._name = name
        self._copy = stack.enter_context(unfinished(folder()))
        self._instead: Unfinished | None = None
        self.sha256 = self._copy.copy(source)
        self.descriptor = stack.enter_context(self._copy.reading())
        self.examination = Examination(
            self._copy.size(), extension_of(name), self._keep_instead, library=True
        )

    def _keep_instead(self, piece: bytes) -> None:
        if self._instead is None:
            self._instead = self._stack.enter_context(unfinished(folder()))
        self._instead.write(piece)

    def accept(self, *, keep: bool, refused: Collection[str] = ()) -> Accepted:
        """Return what may be kept, once it was examined; raise `errors.InvalidInput` if nothing.

        `keep`: the bytes are laid down under their hash, before any transaction names them, unless
        that is among `refused`. Raises `directory.StorageFull` when there is no room.
        """
        # Mapped, not read: it may be larger than the memory. Let go of with the last look at it.
        checking.check(mmap(self.descriptor, 0, access=ACCESS_READ))
        try:
            kind = KINDS[self.examination.found()]
            blanked = [] if self.examination.replaced else self.examination.blanked
        except Refused as refusal:
            raise told(refusal, library=True) from None
        file, sha256 = self._copy, self.sha256
        for start, length in blanked:
            file.blank(start, length)
        if self.examination.replaced:
            file = self._instead or self._stack.enter_context(unfinished(folder()))
        if blanked or file is not self._copy:
            sha256 = file.sha256()
        name, size = safe_name(self._name, kind), file.size()
        keep = keep and sha256 not in refused
        if keep and in_database():
            return Accepted(kind, name, sha256, file.data())
        if keep:
            file.keep(sha256)
        return Accepted(kind, name, sha256, b"", laid=size)


@contextmanager
def arriving(source: int, *, name: str) -> Iterator[Arriving]:
    """Copy an open file for the library, to be read and examined in one go.

    Raises `directory.StorageFull` when there is no room; nothing that was not kept remains.
    """
    with ExitStack() as stack:
        yield Arriving(stack, source, name)
