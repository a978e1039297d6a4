"""``{exercise}``: a question that is answered in the page, with hints in steps and a solution; each opens by itself.

What an answer is, ``:asks:`` says:

* ``formula``: one of ``:target:``, judged by the checker, which says what is wrong with it. ``:with:`` are the names
  that it may use, if not all; ``:answer:`` is one that the build judges. ``:layout:`` is that of its derivatives;
* ``line``: which of ``:lines:`` is wrong, the one of that number in ``:wrong:``, and then how it is put right;
* ``shape``: that of ``:target:``, in symbols (``:answer:``) or in numbers (``:numbers:``);
* ``number``: the value of ``:target:`` in the example of the setting. ``:slips:`` has a line for each value that a
  known slip leads to, ``0.12: the factor is missing``.

The content is the question; in it ``{clue}`` holds a hint, and ``{solution}`` what folds out at the end. Whatever the
author calls true or false is judged in the build, and the formulas of a solution are judged as all formulas of a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from checkedmath.judging.pipeline import judge_text
from checkedmath.judging.session import Session
from checkedmath.judging.statement import INLINE, Context
from checkedmath.judging.verdict import HOLDS, UNREADABLE
from checkedmath.sphinx_ext.domain import domain_of
from checkedmath.sphinx_ext.referee.box import TEMPLATES
from checkedmath.sphinx_ext.referee.serving import Answering, address
from checkedmath.subject.view import LAYOUTS

KINDS = ("formula", "line", "shape", "number")
#: What each kind of question needs.
NEEDS = {
    "formula": ("target", "answer"), "line": ("lines", "wrong", "answer"), "shape": ("target", "answer"),
    "number": ("target", "answer"),
}  # fmt: skip
#: What the script is told.
FIELDS = ("asks", "target", "names", "setting", "layout", "answer", "numbers", "wrong")


class Exercise(Answering):
    """A question with its hints and its solution."""


class ExerciseForm(nodes.General, nodes.Element):
    """Where the answer is given."""


class Folded(nodes.General, nodes.Element):
    """What opens by itself: a hint, or the solution."""


class ExerciseDirective(SphinxDirective):
    """``{exercise} title``."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {
        "asks": lambda text: directives.choice(text, KINDS),
        **dict.fromkeys(("target", "answer", "with", "setting", "numbers", "slips", "lines"), directives.unchanged),
        "layout": lambda text: directives.choice(text, LAYOUTS),
        "wrong": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        """Return the exercise, or an error that says what is missing, or what is not as the author says."""
        asks = self.options.setdefault("asks", "formula")
        if missing := [name for name in NEEDS[asks] if not self.options.get(name)]:
            raise self.error(f"exercise: expected {', '.join(f':{name}:' for name in missing)} where it asks {asks}")
        setting = self.options.get("setting") or self.env.metadata[self.env.docname].get("setting", "")
        session = domain_of(self.env).session
        if setting not in session.settings:
            raise self.error(f"exercise: expected :setting:, one of {', '.join(session.settings)}; got {setting!r}")
        if self.config.checkedmath_check and (fault := fault_of(session, setting, self.options)):
            raise self.error(f"exercise: {fault}")
        inside = self.parse_content_to_nodes()
        folded = [node for node in inside if isinstance(node, Folded)]
        question = [node for node in inside if not isinstance(node, Folded)]
        title = self.parse_inline(self.arguments[0], lineno=self.lineno)[0]
        form = ExerciseForm("", **{name.replace("with", "names"): value for name, value in self.options.items()})
        form["setting"] = setting
        found = Exercise("", nodes.paragraph("", "", nodes.strong("", "", *title)), *question, form, *folded)
        self.set_source_info(found)
        return [found]


class FoldedDirective(SphinxDirective):
    """``{clue}`` and ``{solution}``."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return what folds out."""
        return [Folded("", *self.parse_content_to_nodes(), kind=self.name)]


def lines_of(text: str) -> list[str]:
    """Return the lines of an option that has several."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def slips_of(text: str) -> dict[str, str]:
    """Return what a wrong value comes from, by the value.

    >>> slips_of("0.12: the factor is missing")
    {'0.12': 'the factor is missing'}
    """
    return {value.strip(): said.strip() for value, _, said in (line.partition(":") for line in lines_of(text))}


def fault_of(session: Session, setting: str, options: Mapping[str, Any]) -> str:
    """Return what the checker finds otherwise than the author says, or ""."""
    asks, answer, layout = options["asks"], options["answer"], options.get("layout", "")
    if asks in {"formula", "line"}:
        verdict = session.check(answer, setting, layout=layout, nearest=False)
        if verdict.verdict != HOLDS:
            return f"the answer {answer!r} is to be true, and is: {verdict.verdict}, {verdict.message}"
    if asks == "line":
        for n, line in enumerate(lines_of(options["lines"]), 1):
            said = session.check(line, setting, layout=layout, nearest=False)
            if said.verdict == UNREADABLE or (said.verdict == HOLDS) is (n == options["wrong"]):
                return f"line {n}, {line!r}, is {said.verdict}: {said.message}"
    if asks == "shape":
        size = r" \times ".join(sizes(answer))
        claim = rf"{options['target']} \in \mathbb{{R}}^{{{size}}}"
        verdict = session.check(claim, setting, nearest=False)
        if verdict.verdict != HOLDS:
            return f"the shape {answer!r} is to be that of {options['target']}, and is not: {verdict.message}"
    if asks == "number":
        context = Context(setting, nearest=False)
        found = judge_text(rf"{options['target']} \approx {answer}", INLINE, context, session)
        if any(one.verdict.verdict != HOLDS for one in found):
            return f"the value {answer} is to be that of {options['target']}: {found[0].verdict.message}"
    return ""


def sizes(shape: str) -> list[str]:
    """Return the sizes of a shape.

    >>> sizes("(n_1, n_0)")
    ['n_1', 'n_0']
    """
    return [size for size in re.split(r"[(),×\s]+", shape) if size]


def visit_exercise(self: HTML5Translator, node: Exercise) -> None:
    """Open the exercise."""
    self.body.append(self.starttag(node, "section", CLASS="exercise"))


def depart_exercise(self: HTML5Translator, _node: Exercise) -> None:
    """Close it; the script that answers is loaded once."""
    self.body.append(f'<script type="module" src="{address(self, "exercises.js")}"></script></section>\n')


def visit_form(self: HTML5Translator, node: ExerciseForm) -> None:
    """Write the place of the answer, which the script shows."""
    lines = lines_of(node.get("lines", ""))
    data = {name: node.get(name, "") for name in FIELDS}
    if data["asks"] == "formula":  # which is judged, and not compared
        data["answer"] = ""
    elif data["asks"] == "line":
        data["target"], data["answer"] = node["answer"].partition("=")[0].strip(), ""
    slips = json.dumps(slips_of(node.get("slips", "")), ensure_ascii=False)
    number = sum(part.count('class="exercise-form"') for part in self.body)
    form = TEMPLATES.get_template("exercise.html").render(data=data, lines=lines, slips=slips, number=number)
    self.body.append(form + "\n")
    raise nodes.SkipNode


def visit_folded(self: HTML5Translator, node: Folded) -> None:
    """Open what folds out."""
    name = {"clue": "Hint", "solution": "Solution"}[node["kind"]]
    self.body.append(f'<details class="exercise-{node["kind"]}"><summary>{name}</summary>\n')


def depart_folded(self: HTML5Translator, _node: Folded) -> None:
    """Close it."""
    self.body.append("</details>\n")


def skip(self: object, node: nodes.Node) -> None:
    """Write nothing where nobody types."""
    raise nodes.SkipNode


def nothing(self: object, node: nodes.Node) -> None:
    """Write what is inside, and nothing around it."""


def setup(app: Sphinx) -> None:
    """Register the directives."""
    plain, none = (nothing, nothing), (skip, None)
    for kind, html, other in (
        (Exercise, (visit_exercise, depart_exercise), plain), (ExerciseForm, (visit_form, None), none),
        (Folded, (visit_folded, depart_folded), plain),
    ):  # fmt: skip
        app.add_node(kind, html=html, epub=other, latex=other, text=other, man=other)
    app.add_directive("exercise", ExerciseDirective)
    app.add_directive("clue", FoldedDirective)
    app.add_directive("solution", FoldedDirective)
