"""The instructor's secret, from which hidden cases are drawn. Whoever has it can foresee them.

GRADER_SECRET holds it, or GRADER_SECRET_FILE names a file that does; else it lies in
~/.config/grader/secret, made on the first run, for this user's eyes only.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from grader.errors import UsageError, cannot_write

MIN_CHARACTERS = 8


def home(environment: Mapping[str, str]) -> Path:
    """The file in which the secret lies where nothing else is said."""
    base = environment.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "grader" / "secret"


def origin(environment: Mapping[str, str]) -> str:
    """Where the secret comes from, in words; never the secret."""
    if environment.get("GRADER_SECRET"):
        return "the environment variable GRADER_SECRET"
    if named := environment.get("GRADER_SECRET_FILE"):
        return f"{named} (GRADER_SECRET_FILE)"
    path = home(environment)
    return str(path) if path.exists() else f"{path}, to be made by the first run"


def find(environment: Mapping[str, str], say: Callable[[str], None]) -> str:
    """The secret; made, and said so, where there is none yet.

    Raises:
        UsageError: the file that is named cannot be read, or the secret is too short to be one
    """
    if given := environment.get("GRADER_SECRET", "").strip():
        return _checked(given, "GRADER_SECRET")
    if named := environment.get("GRADER_SECRET_FILE"):
        return _checked(_read(Path(named)), named)
    path = home(environment)
    if not path.exists():
        _make(path)
        say(
            f"made a secret in {path}: hidden cases are drawn from it. Keep the file; with another "
            f"secret everybody is graded anew on other cases"
        )
    return _checked(_read(path), str(path))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot read the secret in {path} ({error}); correct GRADER_SECRET_FILE, or the file"
        ) from error


def _checked(secret: str, where: str) -> str:
    if len(secret) < MIN_CHARACTERS:
        raise UsageError(
            f"the secret in {where} has {len(secret)} characters, at least {MIN_CHARACTERS} are "
            f'needed; make one with: python -c "import secrets; print(secrets.token_hex())"'
        )
    return secret


def _make(path: Path) -> None:
    """Written beside and linked into place, so that two first runs end with one secret."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(f".secret.{os.getpid()}")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex() + "\n")
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    except OSError as error:
        raise cannot_write(str(path), error) from error
