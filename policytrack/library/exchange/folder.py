"""Find the files of a folder, however deep, and nothing that lies outside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# What systems and editors leave beside documents.
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx", ".git", ".svn"})


@dataclass(frozen=True, slots=True)
class Found:
    """Hold a file by its path below the folder, with slashes; `fault` says why it is left out."""

    path: str
    fault: str = ""


def walk(folder: Path, *, leave: frozenset[Path] = frozenset()) -> Iterator[Found]:
    """Yield the files below a folder in the order of their names.

    Links are followed to files within the folder only, never to folders. `leave` are files that are
    no documents, such as the manifest itself.
    """
    root = folder.resolve()
    for here, folders, names in os.walk(root, onerror=_gone):
        folders[:] = sorted(name for name in folders if name.casefold() not in _LITTER)
        for name in list(folders):
            if Path(here, name).is_symlink():
                folders.remove(name)
                yield Found(_below(root, here, name), "a link to a folder is not followed")
        for name in sorted(names):
            path = Path(here, name)
            if name.casefold() in _LITTER or name.startswith("~$") or path in leave:
                continue
            yield Found(_below(root, here, name), _fault(root, path))


def _gone(error: OSError) -> None:
    raise error


def _below(root: Path, here: str, name: str) -> str:
    return Path(here, name).relative_to(root).as_posix()


def _fault(root: Path, path: Path) -> str:
    if path.is_symlink():
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            return "this link leads nowhere"
        if not target.is_relative_to(root):
            return "this link leads out of the folder"
        path = target
    return "" if path.is_file() else "this is no regular file"


def shown(path: str) -> str:
    """Return a path as a terminal can show it: what turns text around or breaks it is spelt out."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape", "surrogatepass").decode()
        for each in path
    )
