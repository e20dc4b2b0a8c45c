"""What can go wrong on our side. A student's mistake is never one of these.

GraderError           exit code
    UsageError        2   the command was called with something that does not exist
    AuthorError       3   the assignment contradicts itself; nobody was graded
    SandboxError      4   the isolation failed or is missing; nothing of the student's was run
"""

from __future__ import annotations


class GraderError(Exception):
    exit_code = 1


class UsageError(GraderError):
    exit_code = 2


class MissingLibrary(UsageError):
    """An exercise needs a library that is not installed."""

    def __init__(self, who: str, library: str) -> None:
        extra = f"pip install 'autograd-grader[{library}]'"
        super().__init__(f"{who} needs {library}, which is not installed: {extra}")


class AuthorError(GraderError):
    exit_code = 3


class SandboxError(GraderError):
    exit_code = 4


def cannot_write(path: str, error: OSError) -> UsageError:
    """The disk is full, the folder read-only, or whatever the system says."""
    return UsageError(
        f"cannot write {path}: {(error.strerror or str(error)).lower()}; what was graded before is "
        f"kept. Make room, or choose another folder with --out, and run the same command again"
    )
