"""Which files a worker may read: Python, its packages, shared libraries. Never the grader.

Landlock can only give, not except, so a folder that holds something withheld is given entry by
entry. Listing stays possible there (imports need it); reading does not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

SITE_FOLDERS = ("site-packages", "dist-packages")
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo")
_DEVICES = ("/dev/urandom", "/usr/share/fonts")
_DEBIAN = Path("/usr/lib/python3")  # for all its versions of Python
_ENDINGS = ("", ".py")  # of a package, of a module


def readable(withheld: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """(paths to be read with all beneath them, folders to be listed only)."""
    kept_back = {path.resolve() for path in withheld} | set(_foreign_packages())
    above = {folder for path in kept_back for folder in path.parents}
    read, listed = list[Path](), list[Path]()
    todo = _outermost(_wanted())
    while todo:
        path = todo.pop()
        if is_under(path, kept_back) or path in listed:
            continue
        if path in above:
            listed.append(path)
            todo += [one.resolve() if one.is_symlink() else one for one in path.iterdir()]
        elif path.exists():  # a link may lead nowhere
            read.append(path)
    return read, listed


def is_under(path: Path, folders: Set[Path]) -> bool:
    """Say whether a path, free of links, is one of the folders or lies in one."""
    return path in folders or not folders.isdisjoint(path.parents)


def homes(modules: Iterable[str]) -> list[Path]:
    """Where installed modules lie, as far as they are there. Imports nothing."""
    places = [Path(site, *name.split(".")) for site in site_folders() for name in modules]
    found = (place.with_name(place.name + end) for place in places for end in _ENDINGS)
    return [path for path in found if path.exists()]


def site_folders() -> list[str]:
    return [path for path in sys.path if Path(path).name in SITE_FOLDERS]


def entrances(read: Iterable[Path], listed: Iterable[Path]) -> list[Path]:
    """Those of the paths that readable() reached from no other: what matters to most imports."""
    folders = set(listed)
    return [path for path in (*read, *folders) if path.parent not in folders]


def reachable_by_others(paths: Iterable[Path]) -> bool:
    """Whether a process with another uid could open them."""
    return all(_open_to_others(path) for path in paths)


def _wanted() -> set[Path]:
    named = [*_LIBRARIES, *_DEVICES, *site_folders(), str(Path(os.__file__).parent)]
    return {Path(name).resolve() for name in named if os.path.exists(name)} | set(_mapped())


def _mapped() -> Iterator[Path]:
    """Folders of the libraries that are loaded already: conda, nix and such keep their own."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        name = line.split(maxsplit=5)[-1]
        if name.startswith("/") and ".so" in name:
            yield Path(name).resolve().parent


def _foreign_packages() -> Iterator[Path]:
    """Packages beside the standard library, of the system too, that a virtual environment hides."""
    standard = Path(os.__file__).parent.resolve()
    used = {Path(path).resolve() for path in site_folders()}
    folders = (standard, _DEBIAN)
    found = (folder / name for folder in folders for name in SITE_FOLDERS)
    return (path for path in found if path not in used and path.exists())


def _outermost(paths: Iterable[Path]) -> list[Path]:
    kept: list[Path] = []
    for path in sorted(paths, key=lambda path: len(path.parts)):
        if not any(path.is_relative_to(above) for above in kept):
            kept.append(path)
    return kept


def _open_to_others(path: Path) -> bool:
    others_read, others_enter = 0o004, 0o001
    enterable = all(above.stat().st_mode & others_enter for above in path.parents)
    return enterable and bool(path.stat().st_mode & others_read)
