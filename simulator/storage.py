"""The printer's storage: folders and files below `Local/`, and what it refuses."""

from collections.abc import Callable
from dataclasses import replace

from .errors import (
    COPY_FAILED,
    CREATE_FAILED,
    DELETE_FAILED,
    DELETE_FOLDER_FAILED,
    MOVE_FAILED,
    NO_FILE,
    NO_FOLDER,
    NO_ROOT_DELETE,
    NO_ROOT_RENAME,
    NO_SOURCE,
    RENAME_FAILED,
    RENAME_FOLDER_FAILED,
    ROOT_PATH,
    RefusedError,
)
from .models import StoredFile
from .states import Unknowns

ROOT = "Local"


def inside(path: str, msg: str = ROOT_PATH[1]) -> str:
    """Insist on a path that begins with `Local/`; a slash at its end means nothing."""
    parts = path.removesuffix("/").split("/")
    if parts[0] != ROOT or path == ROOT or {"", ".", ".."} & set(parts):
        raise RefusedError(ROOT_PATH[0], msg)
    return "/".join(parts)


class Storage:
    """A tree that is kept as paths; a file makes its folders exist."""

    def __init__(
        self,
        files: dict[str, StoredFile],
        unknowns: Unknowns,
        in_use: Callable[[], str],
    ) -> None:
        """Share the files with whoever prints them; `in_use` names the job's."""
        self.files = files
        self.in_use = in_use
        self.unknowns = unknowns
        self._made: set[str] = set()

    @property
    def folders(self) -> set[str]:
        """All folders but `Local` itself."""
        found = set()
        for path in (*self.files, *(f"{made}/" for made in self._made)):
            parts = path.split("/")
            found |= {"/".join(parts[:end]) for end in range(2, len(parts))}
        return found

    @property
    def uploaded_kb(self) -> int:
        """The room that uploads take, in KB; the files of the model take none."""
        return sum(stored.size for stored in self.files.values()) // 1024

    def folder(self, path: str) -> str:
        """Insist on a folder that there is."""
        folder = inside(path)
        if folder != ROOT and folder not in self.folders:
            raise RefusedError(*NO_FOLDER)
        return folder

    def children(self, folder: str) -> tuple[list[str], list[str]]:
        """Give the names of the folders and of the files in a folder, in order."""
        start = f"{folder}/"
        return (
            sorted(
                path.removeprefix(start)
                for path in self.folders
                if path.rpartition("/")[0] == folder
            ),
            sorted(
                path.removeprefix(start)
                for path in self.files
                if path.rpartition("/")[0] == folder
            ),
        )

    def data_file(self, path: str) -> str:
        """Give the path of a file's preview; "" without one."""
        if not self.files[path].has_preview:
            return ""
        return f"{path.removesuffix('.gcode')}.data"

    def file_of(self, data_path: str) -> str | None:
        """Give the file that a preview belongs to."""
        for path in self.files:
            if self.data_file(path) == data_path:
                return path
        return None

    def make_folder(self, path: str) -> None:
        """Make a folder."""
        folder = inside(path)
        parent = folder.rpartition("/")[0]
        known = self.folders | {ROOT}
        orphan = parent not in known and not self.unknowns.create_makes_parents
        if folder in known or folder in self.files or orphan:
            raise RefusedError(*CREATE_FAILED)
        self._made.add(folder)

    def delete_folder(self, path: str) -> None:
        """Delete a folder with all that is in it."""
        folder = self._changeable(path, NO_ROOT_DELETE)
        full = any(self.children(folder))
        if self._holds_job(folder) or (full and not self.unknowns.delete_takes_all):
            raise RefusedError(*DELETE_FOLDER_FAILED)
        self._made = {
            made for made in self._made if made != folder and not _within(made, folder)
        }
        # the folder that it was in stays, also when nothing else is in it
        self._keep(folder)
        for file in [file for file in self.files if _within(file, folder)]:
            del self.files[file]

    def rename_folder(self, path: str, name: str) -> None:
        """Give a folder another name in its place."""
        folder = self._changeable(path, NO_ROOT_RENAME)
        target = f"{folder.rpartition('/')[0]}/{name}"
        taken = target in self.folders or target in self.files
        if not _is_name(name) or taken or self._holds_job(folder):
            raise RefusedError(*RENAME_FOLDER_FAILED)
        self._made = {
            target + made.removeprefix(folder)
            if made == folder or _within(made, folder)
            else made
            for made in self._made
        } | {target}
        for file in [file for file in self.files if _within(file, folder)]:
            self.files[target + file.removeprefix(folder)] = self.files.pop(file)

    def move(self, source: str, target: str) -> None:
        """Move a file."""
        path, place = self._two(source, target, MOVE_FAILED)
        self._keep(path)
        self.files[place] = self.files.pop(path)

    def copy(self, source: str, target: str) -> None:
        """Copy a file."""
        path, place = self._two(source, target, COPY_FAILED)
        self.files[place] = replace(self.files[path])

    def delete(self, path: str) -> None:
        """Delete a file."""
        file = self._file(path, NO_FILE)
        if file == self.in_use():
            raise RefusedError(*DELETE_FAILED)
        self._keep(file)
        del self.files[file]

    def rename(self, path: str, name: str) -> None:
        """Give a file another name in its folder."""
        file = self._file(path, NO_FILE)
        target = f"{file.rpartition('/')[0]}/{name}"
        if not _is_name(name) or file == self.in_use() or self._taken(target):
            raise RefusedError(*RENAME_FAILED)
        self.files[target] = self.files.pop(file)

    def _file(
        self, path: str, missing: tuple[int, str], msg: str = ROOT_PATH[1]
    ) -> str:
        inside(path, msg)
        if path not in self.files:
            raise RefusedError(*missing)
        return path

    def _two(
        self, source: str, target: str, failure: tuple[int, str]
    ) -> tuple[str, str]:
        path = self._file(source, NO_SOURCE, f"file_src {ROOT_PATH[1]}")
        place = inside(target, f"file_dst {ROOT_PATH[1]}")
        folder = place.rpartition("/")[0]
        nowhere = folder != ROOT and folder not in self.folders
        # copying takes nothing away
        held = path == self.in_use() and failure == MOVE_FAILED
        if nowhere or held or self._taken(place):
            raise RefusedError(*failure)
        return path, place

    def _changeable(self, path: str, root: tuple[int, str]) -> str:
        folder = inside(path)
        if folder == ROOT:
            raise RefusedError(*root)
        return self.folder(folder)

    def _taken(self, path: str) -> bool:
        # Qt's own copy and rename never replace a file
        return path in self.files or path in self.folders

    def _holds_job(self, folder: str) -> bool:
        return _within(self.in_use(), folder)

    def _keep(self, path: str) -> None:
        """Let the folder of what goes away outlive it."""
        folder = path.rpartition("/")[0]
        if folder != ROOT:
            self._made.add(folder)


def _within(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")


def _is_name(name: str) -> bool:
    return name not in {"", ".", ".."} and "/" not in name
