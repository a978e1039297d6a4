"""Names of derivatives as code spells them: dL_dW1, dJdZ2, grad_W1, W1_grad.

A name that says of what it is the derivative means just that; one that does not is a gradient of the setting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: ``grad_W1`` and ``W1_grad``: the derivative of what descent makes small, or of what the setting says.
_BEFORE = re.compile(r"(?:grads?|gradients?|nabla|deriv)_?(?:of_|wrt_)?(.+)", re.IGNORECASE)
_BEHIND = re.compile(r"(.+?)_?(?:grads?|gradients?|Grad|deriv)")
_SIGN = re.compile(r"d|D|partial_|del_")
#: What may stand between the two names: dL_dW, dLdW, dL_by_dW, dL_wrt_W, d_L_d_W.
_BETWEEN = re.compile(r"_?(?:over_|by_)?(?:d|D|partial_|del_)_?|_wrt_d?_?")


def quotients(spelling: str) -> Iterator[tuple[str, str]]:
    """Yield what a name may be the derivative of, and by what.

    >>> list(quotients("dL_dW1")), list(quotients("dloss_dw"))
    ([('L', 'W1')], [('loss', 'w')])
    """
    sign = _SIGN.match(spelling)
    if sign is None:
        return
    for between in _BETWEEN.finditer(spelling, sign.end() + 1):
        of, by = spelling[sign.end() : between.start()].strip("_"), spelling[between.end() :]
        if of and by:
            yield of, by


def gradients(spelling: str) -> Iterator[str]:
    """Yield what a name may be the gradient by.

    >>> list(gradients("grad_W1")), list(gradients("W1_grad")), list(gradients("dB1"))
    (['W1'], ['W1'], ['b1', 'B1'])
    """
    for pattern in (_BEFORE, _BEHIND):
        if match := pattern.fullmatch(spelling):
            yield match[1]
    if match := re.fullmatch(r"[dD]_?([^\W\d_].*)", spelling):
        yield from other_case(match[1])
        yield match[1]


def other_case(spelling: str) -> Iterator[str]:
    """Yield a name with its letter small: b1 for B1.  A capital for a small letter may be another array."""
    if re.fullmatch(r"[A-Z](?:_?\w{1,2})?", spelling):
        yield spelling[0].lower() + spelling[1:]
