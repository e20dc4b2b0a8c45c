"""from grader import check. Nothing is loaded before it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.checking import check as check

__version__ = "0.1.0"
__all__ = ["__version__", "check"]


def __getattr__(name: str) -> Any:
    if name == "check":
        from grader.checking import check

        return check
    raise AttributeError(f"module 'grader' has no attribute {name!r}")
