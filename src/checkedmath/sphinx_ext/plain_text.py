"""Titles and questions as plain text: mathematics in them without TeX."""

from __future__ import annotations

import re

from docutils import nodes

from checkedmath.reading.flatten import flatten
from checkedmath.syntax.budget import MAX_LENGTH, budget
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.source import take_apart

#: What the reader's flattening leaves: a mark before a quotient, groups, commands it does not know.
QUOTIENT = re.compile(r"[\ue000-\uf8ff]\{([^{}]*)\}\s*\{([^{}]*)\}")
RAISED = {"T": "ᵀ", "'": "′", "2": "²", "-1": "⁻¹"}


def plain_text(node: nodes.Node) -> str:
    """Return the text of a title, formulas in it as plain text.

    >>> plain_text(nodes.title("", "", nodes.Text("What is "), nodes.math("", r"W^{[2]T}"), nodes.Text("?")))
    'What is W[2]ᵀ?'
    """
    if isinstance(node, nodes.math | nodes.math_block):
        read = str(node.get("plain") or "")  # as the judging wrote it, if it could
        return without_braces(read) if read and "\\" not in read else plain_formula(node.astext())
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(plain_text(child) for child in node.children)


def without_braces(text: str) -> str:
    """Return a formula in Unicode with round brackets where TeX's are left.

    >>> without_braces("Σ_{k=1}^{n_2} W[2]ₖⱼ")
    'Σ_(k=1)^(n_2) W[2]ₖⱼ'
    """
    return re.sub(r"([_^])\{([^{}]*)\}", r"\1(\2)", text)


def title_above(node: nodes.Node) -> str:
    """Return the title of the section that holds a node, or nothing outside all sections."""
    above: nodes.Node | None = node
    while above is not None:
        title = above.next_node(nodes.title) if isinstance(above, nodes.section) else None
        if title is not None:
            return plain_text(title)
        above = above.parent
    return ""


def plain_formula(tex: str) -> str:
    r"""Return a formula as plain text, whether or not it can be read.

    >>> plain_formula(r"\frac{\partial \mathcal{L}}{\partial z^{[1]}}")
    '∂ℒ/∂z[1]'
    >>> plain_formula(r"x^{(i)} \odot \alpha_{kj}")
    'x(i) ⊙ α_kj'
    >>> plain_formula(r"\sum_{k=1}^{m} W_{k1}^2 e^{-z}")
    'Σ_(k=1)^m W_k1² e^(-z)'
    """
    if len(tex) > MAX_LENGTH:  # refused as a formula, and as a title longer than any page needs
        return " ".join(tex[:MAX_LENGTH].split()) + " …"
    try:  # a derivation without its reasons
        with budget(tex):
            stated = [" ".join(statement.text.split()) for statement in take_apart(tex).statements if statement.lines]
            tex = ", ".join(stated) or tex
            text = flatten(tex).text
    except FormulaError:
        text = tex
    text = re.sub("∂ +", "∂", text)
    text = re.sub(r"\^\{([^{}]*?)([T']?)\}", _raised, text)
    text = re.sub(r"([_^])\{([^{}]*[^\w{}][^{}]*)\}", r"\1(\2)", text)
    text = re.sub(r"\^(T|2|')", lambda m: RAISED[m[1]], text)
    while (shorter := QUOTIENT.sub(lambda m: f"{_grouped(m[1])}/{_grouped(m[2])}", text)) != text:
        text = shorter
    text = re.sub(r"[\ue000-\uf8ff{}$\\]", "", text).replace("'", "′")
    return " ".join(text.split())


def _grouped(text: str) -> str:
    text = text.strip()
    return f"({text})" if " " in text else text


def _raised(match: re.Match[str]) -> str:
    """Return layers and examples, [2] and (i), as they are; other exponents keep their sign."""
    whole = match[1] + match[2]
    if whole in RAISED:
        return RAISED[whole]
    if match[1].startswith(("[", "(")):
        return match[1] + RAISED.get(match[2], "")
    return f"^{whole}" if whole.isalnum() and len(whole) == 1 else f"^({whole})"
