r"""Edits of a typeset formula beside those of `checkedmath.judging.edits`: relations, numbers, sums, quantifiers.

They are made in the text, so that the reader is tried with them too.  Each has a kind, and says what logic alone says
of it, no checker needed: `IMPLIED` where the true formula brings the edited one with it (a = b, so a ≤ b), `SAME`
where it says the same, else nothing: then it is to be found false.
"""

import re

IMPLIED = "implied"
#: What may stand for each relation, and what a true one brings with it.  Of ≈ only = is asked: what is rounded is less
#: or more than what it stands for.
RELATIONS = {
    "=": ("<", ">", r"\le", r"\ge", r"\ne", r"\approx"), r"\approx": ("=",),
    "<": (">", "=", r"\le", r"\ge", r"\ne"), ">": ("<", "=", r"\le", r"\ge", r"\ne"),
    r"\le": (">", "=", r"\ge"), r"\ge": ("<", "=", r"\le"), r"\ne": ("=",), r"\neq": ("=",),
}  # fmt: skip
BRINGS = {
    "=": {r"\le", r"\ge", r"\approx"}, "<": {r"\le", r"\ne"}, ">": {r"\ge", r"\ne"},
}  # fmt: skip
RELATION = re.compile(r"\\(?:approx|leq?|geq?|neq?)(?![a-zA-Z])|(?<![:\\])[=<>]")
TURNED = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le", "=": r"\ne"}
CASES = re.compile(r"\\begin\{cases\}.*?\\end\{cases\}", re.DOTALL)
SUM = re.compile(r"\\sum_\{(?P<index>[a-z])=1\}\^\{?(?P<last>n_\w|n_\{[^}]*\}|m|L)\}?")
SPACE = re.compile(r"\\mathbb\{R\}\^\{(?P<rows>.+?) \\times (?P<columns>.+?)\}(?=\s*$|[^_}])")
NUMBER = re.compile(r"(?<![\d.\\_a-zA-Z=])(\d+)(?![\d.\]])")
OTHER_SIZE = {
    "n_l": ("n_{l-1}", "m"), "n_{l-1}": ("n_l",), "m": ("n_1", "1"), "n_0": ("n_1",), "n_1": ("n_2", "n_0"),
    "n_2": ("n_1",), "n_L": ("n_{L-1}",), "1": ("m",),
}  # fmt: skip


def plain(text):
    r"""Return where a text is no words, no scripts and no labels: outside of ``\text{…}`` and of ``_{…}``, ``^{…}``."""
    out, stack = [], []
    for place, sign in enumerate(text):
        if sign == "{" and text[place - 1] != "\\":
            stack.append(bool(re.search(r"(?:\\(?:text|tag|label|begin|end)|[_^])$", text[:place])))
        out.append(not any(stack))
        if sign == "}" and text[place - 1] != "\\" and stack:
            stack.pop()
    return out


def bracketed(text):
    """Yield the places within round and square brackets."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if depth > 0:
            yield place


def edits_of(text):
    """Yield (kind, edited text, what logic says) of every edit."""
    free = plain(text)
    relations = [match for match in RELATION.finditer(text) if free[match.start()]]
    inside = {place for found in CASES.finditer(text) for place in range(*found.span())} | set(bracketed(text))
    for match in relations:
        if match.start() in inside:  # a condition, whose limit may lie on either side
            yield "condition", f"{text[: match.start()]}{TURNED[match[0]]} {text[match.end() :]}", ""
            continue
        for other in RELATIONS.get(match[0], ()):
            # Two matrices may not be ordered at all: what logic brings is brought entry by entry.
            said = IMPLIED if other in BRINGS.get(match[0], ()) else ""
            yield "relation", f"{text[: match.start()]}{other} {text[match.end() :]}", said
    ordered = {match[0] for match in relations} - {"="}
    for match in NUMBER.finditer(text):
        script = re.search(r"\[[^\]]*$|\\text\{[^}]*$|\\sum_\{?[^}]*$|\\mathbb\{R\}[^}]*$", text[: match.start()])
        if not script and not ordered:
            yield "number", f"{text[: match.start()]}{int(match[1]) + 1}{text[match.end() :]}", ""
    for match in SUM.finditer(text):
        index, last = match["index"], match["last"]
        for first, end in (("2", last), ("0", last), ("1", f"{last}-1"), ("1", f"{last}+1"),
                           *(("1", size) for size in OTHER_SIZE.get(last, ()) if size != "1")):  # fmt: skip
            edited = rf"\sum_{{{index}={first}}}^{{{end}}}"
            yield "limit", text[: match.start()] + edited + text[match.end() :], ""
    for match in SPACE.finditer(text):
        rows, columns = match["rows"], match["columns"]
        sizes = [(columns, rows), *((other, columns) for other in OTHER_SIZE.get(rows, ())),
                 *((rows, other) for other in OTHER_SIZE.get(columns, ()))]  # fmt: skip
        for size in sizes:
            if size != (rows, columns):
                edited = rf"\mathbb{{R}}^{{{size[0]} \times {size[1]}}}"
                yield "size", text[: match.start()] + edited + text[match.end() :], ""


__all__ = ["IMPLIED", "edits_of"]
