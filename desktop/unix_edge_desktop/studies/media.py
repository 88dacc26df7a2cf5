r"""A DICOMDIR's records to the files of its medium (PS3.10 8, PS3.12 annexes).

A Referenced File ID is names of folders and a file parted by "\". It never leads out of the DICOMDIR's folder. Media
are often copied by systems that change letters' case, or show the version numbers of ISO 9660.
"""

from collections.abc import Callable, Iterable, Iterator

from unix_edge.sentences import Sentence

OUTSIDE = Sentence("the DICOMDIR names it, and it would lie outside the DICOMDIR's folder")
_MISSING = Sentence("the DICOMDIR names it, and it is not there")
_ITSELF = Sentence("the DICOMDIR names it, and it is a DICOMDIR")


def is_dicomdir(name: str) -> bool:
    """Return whether a file's name is that of a medium's directory."""
    return _plain(name) == "dicomdir"


def find_records(
    file_ids: Iterable[str], names_in: Callable[[tuple[str, ...]], Iterable[str]]
) -> Iterator[tuple[str, tuple[str, ...], Sentence | None]]:
    """Yield each file ID once, with the parts of the path that it has on the medium, or with a problem, as a clause.

    Args:
        file_ids: Whoever wrote them.
        names_in: Lists a folder below the DICOMDIR's own, named by its parts.
    """
    folders: dict[tuple[str, ...], dict[str, list[str]]] = {}

    def find(folder: tuple[str, ...], name: str) -> str | None:
        if folder not in folders:
            folders[folder] = {}
            for each in names_in(folder):
                folders[folder].setdefault(_plain(each), []).append(each)
        alike = folders[folder].get(_plain(name), [])
        if name in alike:
            return name
        return alike[0] if len(alike) == 1 else None

    for file_id in dict.fromkeys(file_ids):
        names = file_id.split("\\")
        if any(_leads_out(name) for name in names):
            yield file_id, (), OUTSIDE
            continue
        if is_dicomdir(names[-1]):
            yield file_id, (), _ITSELF
            continue
        parts: tuple[str, ...] = ()
        for name in names:
            part = find(parts, name)
            if part is None:
                break
            parts = (*parts, part)
        yield (file_id, parts, None) if len(parts) == len(names) else (file_id, (), _MISSING)


def _leads_out(name: str) -> bool:
    return name.strip(" .") == "" or any(each in name for each in "/:\0")


def _plain(name: str) -> str:
    """Return a name as it is compared."""
    return name.removesuffix(";1").rstrip(". ").casefold()
