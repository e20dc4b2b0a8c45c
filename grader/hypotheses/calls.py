"""Right whenever the methods are called once, and wrong after other calls."""

from __future__ import annotations

from collections.abc import Sequence

from grader.hypotheses.seen import Explanation, Seen


def state(column: Sequence[Seen]) -> Explanation | None:
    """Right whenever the methods are called once, wrong after other calls."""
    wrong = {seen.case.calls for seen in column if not seen.is_right}
    if "once" in wrong or not wrong:
        return None
    for calls, (mistake, *hints) in STATE.items():
        if calls in wrong:
            return Explanation(mistake, (hints[0], hints[1], hints[2]), "exact")
    return None


STATE = {
    "twice": (
        "not-repeatable",
        "Call it twice: is the second answer the same as the first?",
        "Look at what a call changes or leaves behind, and at what the next one adds to.",
        "A call uses up or adds to what was there before, so that the next answer differs.",
    ),
    "between": (
        "shared-state",
        "Use two instances at once: does the second disturb the first?",
        "Look at what is kept outside of self.",
        "Something is kept where all instances share it: on the class, or in a global variable.",
    ),
    "reused": (
        "stale-state",
        "Use one instance for two inputs: does backward belong to the second?",
        "Look at what is kept from an earlier call.",
        "backward uses what an earlier forward left.",
    ),
}
