"""What came out of one try of a formula: whether it holds, or why it does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Trial:
    """What came out of one way to judge: whether it holds, or why it does not."""

    holds: bool
    reason: str = ""
    span: tuple[int, int] | None = None
    error: float = 0.0
    draws: int = 0
    target: str = ""
    shape_fault: bool = False
    unplaced: bool = False  # too little is said, or too little can be computed: not judged
    unmet: bool = False  # its condition holds in no draw
    order: float | None = None  # the error goes to 0 as the step to this power
    numbers: dict[str, Any] = field(default_factory=dict)
