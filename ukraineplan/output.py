"""Writing results to files: whole or not at all, and never over something by accident."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ukraineplan.errors import OutputError


def write(path: str | Path, content: str, *, force: bool = False) -> Path:
    """Write a text file beside its place, then move it there.

    Parameters
    ----------
    path : path
    content : str
    force : bool
        Replace a file that exists.

    Raises
    ------
    OutputError
        If the path is a folder, exists (without `force`), or cannot be written.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise OutputError(f"{path} is a folder; name a file in it")
        if path.exists() and not force:
            raise OutputError(f"{path} exists; choose another name, or replace it with --force (force=True)")
        if not path.parent.is_dir():
            raise OutputError(f"{path.parent} is no folder; create it first")
        _replace(path, content)
    except (OSError, ValueError) as error:  # a name may be too long, or hold a NUL
        why = getattr(error, "strerror", None) or error
        raise OutputError(f"{str(path)[:200]!r} cannot be written ({why}); choose another name or folder") from None
    return path


def _replace(path: Path, content: str) -> None:
    handle, beside = tempfile.mkstemp(prefix=".ukraineplan-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
        os.chmod(beside, 0o666 & ~_umask())
        os.replace(beside, path)
    finally:
        Path(beside).unlink(missing_ok=True)


def folder(path: str | Path) -> Path:
    """A folder to write into, created if needed.

    Raises
    ------
    OutputError
        If it is a file, or cannot be created.
    """
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path} cannot be made a folder ({error.strerror}); choose another") from None
    return path


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
