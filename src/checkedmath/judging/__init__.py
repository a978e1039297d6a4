"""Judging: from a text to what it states, each statement with its verdict."""

from checkedmath.judging.pipeline import judge_text
from checkedmath.judging.statement import (
    CLAIM,
    DEFINITION,
    EXPRESSION,
    INLINE,
    OUR_FAULT,
    SHAPE,
    STEP,
    VALUE,
    Context,
    Statement,
    misshapen,
    our_fault,
    unreadable,
)  # fmt: skip
from checkedmath.judging.worst import verdict_on

__all__ = [
    "CLAIM", "DEFINITION", "EXPRESSION", "INLINE", "OUR_FAULT", "SHAPE", "STEP", "VALUE", "Context",
    "Statement", "judge_text", "misshapen", "our_fault", "unreadable", "verdict_on",
]  # fmt: skip
