"""Octave, R and Julia: what each sign and function means there, said in NumPy's.

Octave's ``*`` is the matrix product and scales by numbers, ``.*`` goes entry by entry, and ``sum(A)`` goes down the
columns; R's ``*`` goes entry by entry and ``%*%`` is the matrix product; Julia's signs without a dot repeat nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from checkedmath.reading.language_parser import Build, Called, Language, Parser
from checkedmath.reading.python_nodes import FIRST_LONG, Conformable
from checkedmath.syntax.tree import Span

COMPARED: Mapping[str, type[ast.cmpop]] = {
    "==": ast.Eq, "~=": ast.NotEq, "!=": ast.NotEq, ">": ast.Gt, ">=": ast.GtE, "<": ast.Lt, "<=": ast.LtE,
}  # fmt: skip
PRODUCT, SUM, COMPARISON, POWER = 40, 30, 20, 70


# -- operators ---------------------------------------------------------------------------------


def _sign(op: type[ast.operator], conformable: str = "") -> Build:
    """Return what makes ``left op right``; ``conformable`` says which shapes may meet, where not all do."""

    def build(parser: Parser, left: ast.expr, right: ast.expr, span: Span) -> ast.expr:
        found = parser.placed(ast.BinOp(left, op(), right), span)
        return parser.placed(Conformable(found, conformable), span) if conformable else found

    return build


def _matrix(parser: Parser, left: ast.expr, right: ast.expr, span: Span) -> ast.expr:
    """Return the matrix product, which scales where one side is a number."""
    return parser.numpy("dot", [left, right], span)


def _quotient(parser: Parser, left: ast.expr, right: ast.expr, span: Span) -> ast.expr:
    return parser.placed(Conformable(parser.placed(ast.BinOp(left, ast.Div(), right), span), "number"), span)


def _matrix_power(parser: Parser, left: ast.expr, right: ast.expr, span: Span) -> ast.expr:
    """Return a power of a matrix, A A for A^2; of a number, the power."""
    if isinstance(left, ast.Constant):
        return parser.placed(ast.BinOp(left, ast.Pow(), right), span)
    if isinstance(right, ast.Constant) and right.value == 2:
        return parser.numpy("dot", [left, left], span)
    raise parser.wrong(f".^ for powers entry by entry: ^ is the matrix power in {parser.language.name}", span[0])


def _compared(op: type[ast.cmpop]) -> Build:
    def build(parser: Parser, left: ast.expr, right: ast.expr, span: Span) -> ast.expr:
        # A condition is 0 or 1 in these languages, and adding two of them adds numbers.
        return parser.numpy("float64", [parser.placed(ast.Compare(left, [op()], [right]), span)], span)

    return build


def _outer(parser: Parser, left: ast.expr, right: ast.expr, span: Span) -> ast.expr:
    """Refuse R's %o%, which of two columns, matrices there, makes an array with four axes."""
    raise parser.never("a %*% t(b), or tcrossprod(a, b): the outer product of two matrices has four axes", span[0])


# -- functions ---------------------------------------------------------------------------------


def _value(node: ast.expr | None) -> Any:
    """Return the number or text that is written, None for anything else."""
    return node.value if isinstance(node, ast.Constant) else None


def _id(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _exactly(parser: Parser, arguments: Sequence[ast.expr], count: int, span: Span) -> None:
    if len(arguments) != count or any(isinstance(a, ast.Constant) and isinstance(a.value, str) for a in arguments):
        raise parser.wrong(f"a call with {count} argument{'s' * (count > 1)}", span[0])


def plain(name: str, count: int = 1) -> Called:
    """Return what reads a function that NumPy has under this name."""

    def build(
        parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span
    ) -> ast.expr:
        if len(arguments) != count or set(options) - {"dotted"}:
            said = f"{count} argument{'s' * (count > 1)} and no option for this function of {parser.language.name}"
            raise parser.never(said, span[0])
        _exactly(parser, arguments, count, span)
        return parser.numpy(name, arguments, span)

    return build


def along(name: str, axis: int) -> Called:
    """Return what reads a sum along an axis, rowSums."""

    def build(
        parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span
    ) -> ast.expr:
        _exactly(parser, arguments, 1, span)
        found = parser.numpy(name, arguments, span, axis=axis, keepdims=True)
        if options:
            raise parser.wrong("a call without options", span[0])
        # A vector of R is no row: beside a matrix it goes down the columns.
        return parser.placed(ast.Attribute(found, "T", ast.Load()), span) if axis == 0 else found

    return build


def summed(name: str, *, columns: bool) -> Called:
    """Return what reads sum and mean: over an axis, Octave's second argument or Julia's dims, or over all."""

    def build(
        parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span
    ) -> ast.expr:
        if not arguments:
            raise parser.wrong(f"what {name} adds up", span[0])
        first, *axes = arguments
        if set(options) - (set() if columns else {"dims"}) or len(axes) > columns:
            said = f"{name}(A, 1) or {name}(A, 2)" if columns else f"{name}(A), or with dims=1 or dims=2"
            raise parser.never(f"{said} for {name} over one axis in {parser.language.name}", span[0])
        axes += options.values()
        if isinstance(first, ast.Attribute) and first.attr == "entries":
            return parser.numpy(name, [first.value], span)
        if axes:
            axis = _value(axes[0])
            if axis not in (1, 2) or isinstance(axis, bool):
                raise parser.never("1 or 2 for the axis", span[0])
            return parser.numpy(name, [first], span, axis=axis - 1, keepdims=True)
        if not columns:
            return parser.numpy(name, [first], span)
        if _is_sum(first):  # sum(sum(A))
            return parser.numpy(name, [first], span)
        return parser.numpy(name, [first], span, axis=FIRST_LONG, keepdims=True)

    return build


def _is_sum(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"sum", "mean"}


def _extent(axis: int | None) -> Called:
    """Return what reads a size: of one axis, or as the second argument says."""

    def build(
        parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span
    ) -> ast.expr:
        if axis is not None:
            _exactly(parser, arguments, 1, span)
            number = axis
        else:
            if len(arguments) == 1:  # of [n, m] = size(X), size(X)[2]
                return parser.placed(ast.Attribute(arguments[0], "shape", ast.Load()), span)
            _exactly(parser, arguments, 2, span)
            if (said := _value(arguments[1])) not in (1, 2):
                raise parser.never("1 or 2 for the axis", span[0])
            number = said - 1
        shape = parser.placed(ast.Attribute(arguments[0], "shape", ast.Load()), span)
        return parser.placed(ast.Subscript(shape, parser.placed(ast.Constant(number), span), ast.Load()), span)

    return build


def _shape(parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span) -> ast.expr:
    """Read dim(X) of dim(X)[2]; the parser counts from 1."""
    _exactly(parser, arguments, 1, span)
    return parser.placed(ast.Attribute(arguments[0], "shape", ast.Load()), span)


def _length(parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span) -> ast.expr:
    _exactly(parser, arguments, 1, span)
    return parser.placed(ast.Attribute(arguments[0], "size", ast.Load()), span)


def _made_of(name: str, *, turned: int) -> Called:
    """Return what reads crossprod(A, B), which is Aᵀ B, and tcrossprod, A Bᵀ."""

    def build(
        parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span
    ) -> ast.expr:
        _exactly(parser, arguments, 2, span)
        both = list(arguments)
        both[turned] = parser.placed(ast.Attribute(both[turned], "T", ast.Load()), span)
        return parser.numpy(name, both, span)

    return build


def _ones(parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span) -> ast.expr:
    _exactly(parser, arguments, 2, span)
    return parser.numpy("ones", [parser.placed(ast.Tuple(list(arguments), ast.Load()), span)], span)


def _repeated(parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span) -> ast.expr:
    """Read repmat(b, 1, m): a column beside itself."""
    _exactly(parser, arguments, 3, span)
    if _value(arguments[1]) != 1:
        raise parser.wrong("repmat(b, 1, m), which repeats a column", span[0])
    one, times = arguments[1], arguments[2]
    ones = parser.numpy("ones", [parser.placed(ast.Tuple([one, times], ast.Load()), span)], span)
    return parser.numpy("dot", [arguments[0], ones], span)


def _with_function(
    parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span
) -> ast.expr:
    """Read bsxfun(@times, A, B)."""
    names = {"times": "multiply", "plus": "add", "minus": "subtract", "rdivide": "divide"}
    name = _id(arguments[0]).removeprefix("@") if arguments else ""
    if len(arguments) != 3 or name not in names:
        raise parser.wrong("bsxfun(@times, A, B)", span[0])
    return parser.numpy(names[name], arguments[1:], span)


def _swept(parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span) -> ast.expr:
    """Read sweep(Z, 1, b, "+"): b goes down the columns."""
    signs: dict[object, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div}
    values = [*arguments, *(options[key] for key in ("FUN",) if key in options)]
    sign = _value(values[3]) if len(values) == 4 else None
    if sign not in signs or _value(values[1]) != 1:
        raise parser.wrong('sweep(Z, 1, b, "+")', span[0])
    return _sign(signs[sign], "column")(parser, values[0], values[2], span)


def _itself(parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span) -> ast.expr:
    """Read as.matrix(x), and matrix(x, ncol = 1) of a vector, which is a column already."""
    by_row = options.get("byrow")
    known = by_row is None or _id(by_row) in {"T", "F", "True", "False"}
    if options and (set(options) - {"ncol", "byrow"} or _value(options.get("ncol")) != 1 or not known):
        raise parser.wrong("matrix(x, ncol = 1)", span[0])
    _exactly(parser, arguments, 1, span)
    if options and not (isinstance(arguments[0], ast.Call) and _is_sum(arguments[0])):
        raise parser.wrong("matrix(x, ncol = 1) of a vector such as rowSums(dZ)", span[0])
    return arguments[0]


def _outer_called(
    parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span
) -> ast.expr:
    return _outer(parser, parser.placed(ast.Constant(0), span), parser.placed(ast.Constant(0), span), span)


def _norm(parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span) -> ast.expr:
    """Read Octave's norm(A, "fro") and R's norm(A, "F"); without it they are other norms."""
    if options or len(arguments) != 2 or _value(arguments[1]) not in {"fro", "F", "f"}:
        said = "norm(A, 'fro'), in R norm(A, \"F\"): without it, norm is another norm"
        raise parser.never(said, span[0])
    return parser.numpy("linalg.norm", arguments[:1], span)


def _chosen(parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span) -> ast.expr:
    """Read ifelse(Z > 0, 1, 0), whose condition is no number."""
    _exactly(parser, arguments, 3, span)
    test, yes, no = arguments
    if isinstance(test, ast.Call) and test.args and isinstance(test.args[0], ast.Compare):
        test = test.args[0]
    return parser.numpy("where", [test, yes, no], span)


def _dotted_once(build: Called) -> Called:
    """Return what reads a function that Julia has with a dot alone, ifelse.(Z .> 0, 1, 0)."""

    def found(
        parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span
    ) -> ast.expr:
        if set(options) != {"dotted"}:
            raise parser.never("a dot before the bracket, which makes a function of Julia element-wise", span[0])
        return build(parser, arguments, {}, span)

    return found


def _applied(parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span) -> ast.expr:
    """Read apply(dZ, 1, sum)."""
    name = _id(arguments[2]) if len(arguments) == 3 else ""
    margin = _value(arguments[1]) if len(arguments) == 3 else 0
    if name not in {"sum", "mean"} or margin not in {1, 2}:
        raise parser.wrong("apply(dZ, 1, sum)", span[0])
    return along(name, 2 - margin)(parser, arguments[:1], options, span)


def _by_entry(name: str) -> Called:
    """Return what reads a function that Julia applies entry by entry with a dot alone."""

    def build(
        parser: Parser, arguments: Sequence[ast.expr], options: Mapping[str, ast.expr], span: Span
    ) -> ast.expr:
        if "dotted" not in options:
            raise parser.never(f"{name}.(…): without its dot, {name} of a matrix is another function", span[0])
        return plain(name)(parser, arguments, {}, span)

    return build


ENTRYWISE = ("exp", "log", "tanh", "sqrt", "abs", "sign")
_ENTRYWISE: dict[str, Called] = {name: plain(name) for name in ENTRYWISE}
_COMPARED: dict[str, tuple[int, Build]] = {sign: (COMPARISON, _compared(op)) for sign, op in COMPARED.items()}
OCTAVE = Language(
    "Octave",
    re.compile(r"(?<![\d.])\.[*/^]|\.'|;[ \t]*(?:[%#\n]|$)|\bsum\([^()]*,\s*[12]\)|\bbsxfun\(|\brepmat\(|\bnumel\("
               r"|@\w+,|\bsize\(\w+,\s*[12]\)|\(:\s*,|\(:\)"),
    re.compile(r"(?:%|#|//)[^\n]*"),
    {
        ".^": (POWER, _sign(ast.Pow)), "**": (POWER, _matrix_power), "^": (POWER, _matrix_power),
        "*": (PRODUCT, _matrix), ".*": (PRODUCT, _sign(ast.Mult)), "/": (PRODUCT, _quotient),
        "./": (PRODUCT, _sign(ast.Div)), "+": (SUM, _sign(ast.Add)), "-": (SUM, _sign(ast.Sub)), **_COMPARED,
    },
    {
        **_ENTRYWISE, "sum": summed("sum", columns=True), "mean": summed("mean", columns=True), "size": _extent(None),
        "columns": _extent(1), "rows": _extent(0), "numel": _length, "ones": _ones, "repmat": _repeated,
        "bsxfun": _with_function, "max": plain("maximum", 2), "double": plain("float64"), "times": plain("multiply", 2),
        "mtimes": plain("dot", 2), "plus": plain("add", 2), "minus": plain("subtract", 2),
        "transpose": plain("transpose"), "norm": _norm, "power": plain("power", 2), "rdivide": plain("divide", 2),
    },
    letters=r"(?:@(?=\w+[ \t]*,))?[^\W\d]\w*", brackets="{",
)  # fmt: skip
R = Language(
    "R",
    re.compile(r"%\*%|%o%|\b(?:rowSums|colSums|rowMeans|colMeans|t?crossprod)\(|<-|(?<![\w.])t\(\w+\)"),
    re.compile(r"#[^\n]*"),
    {
        "^": (POWER, _sign(ast.Pow)), "**": (POWER, _sign(ast.Pow)), "%*%": (50, _sign(ast.MatMult)),
        "%o%": (50, _outer), "*": (PRODUCT, _sign(ast.Mult, "column")), "/": (PRODUCT, _sign(ast.Div, "column")),
        "+": (SUM, _sign(ast.Add, "column")), "-": (SUM, _sign(ast.Sub, "column")), **_COMPARED,
    },
    {
        **_ENTRYWISE, "t": plain("transpose"), "sum": plain("sum"), "mean": plain("mean"), "norm": _norm,
        "rowSums": along("sum", 1), "colSums": along("sum", 0), "rowMeans": along("mean", 1),
        "colMeans": along("mean", 0), "ncol": _extent(1), "nrow": _extent(0), "NCOL": _extent(1), "NROW": _extent(0),
        "dim": _shape, "length": _length, "crossprod": _made_of("matmul", turned=0), "sweep": _swept,
        "tcrossprod": _made_of("matmul", turned=1), "outer": _outer_called, "as.matrix": _itself,
        "as_matrix": _itself, "matrix": _itself, "apply": _applied, "ifelse": _chosen,
        "pmax": plain("maximum", 2), "as.numeric": plain("float64"),
    },
    assigns=("<-", "=", "->"), right=frozenset({"^", "**"}), letters=r"[^\W\d][\w.]*", quote=False,
    known={"TRUE": "True", "FALSE": "False"},
)  # fmt: skip
JULIA = Language(
    "Julia",
    re.compile(r"\bdims\s*=|[^\W\d_]\.\(|(?<!\d)\.[-+](?!\d)|@\.|(?<!\d)\.(?:[<>]=?|==)"),
    re.compile(r"#[^\n]*"),
    {
        ".^": (POWER, _sign(ast.Pow)), "^": (POWER, _matrix_power), "*": (PRODUCT, _matrix),
        ".*": (PRODUCT, _sign(ast.Mult)), "/": (PRODUCT, _quotient), "./": (PRODUCT, _sign(ast.Div)),
        "+": (SUM, _sign(ast.Add, "equal")), "-": (SUM, _sign(ast.Sub, "equal")), ".+": (SUM, _sign(ast.Add)),
        ".-": (SUM, _sign(ast.Sub)), **_COMPARED, **{f".{sign}": made for sign, made in _COMPARED.items()},
    },
    {
        **{name: _by_entry(name) for name in ENTRYWISE}, "sum": summed("sum", columns=False),
        "mean": summed("mean", columns=False), "size": _extent(None), "length": _length, "ones": _ones,
        "transpose": plain("transpose"), "max": _dotted_once(plain("maximum", 2)),
        "ifelse": _dotted_once(_chosen), "repeat": _repeated, "Float64": _dotted_once(plain("float64")),
        "copy": plain("copy"), "norm": plain("linalg.norm"),
    },
    assigns=("=", ".="), entrywise=".", right=frozenset({"^", ".^"}), letters=r"[^\W\d∂∇][\w′!]*|[∂∇]\w*",
    known={"true": "True", "false": "False"},
)  # fmt: skip


def language_of(text: str) -> Language | None:
    """Return the language that a text has signs of; None for Python and for mathematics."""
    text = without_comments(text)
    if OF_PYTHON.search(text) or re.search(r"\\[A-Za-z]|[\^_]\{", text):
        return None
    text = re.sub(r"(?<![%*o])%(?!\*%|o%)[^\n]*", "", text)  # Octave's comments, R's %*%
    return next((language for language in (R, JULIA, OCTAVE) if language.signs.search(text)), None)


def without_comments(text: str) -> str:
    """Return a text without what stands behind #, and without lines that begin with % or //: it decides no language."""
    return re.sub(r"#[^\n]*|((?:^|;)[ \t]*)(?:%(?!\*%|o%)|//)[^\n]*", r"\1", text, flags=re.MULTILINE)


#: What no other language has.
OF_PYTHON = re.compile(
    r"\b(?:np|numpy|torch|tf|jnp)\.|\.T\b|\.dot\(|\baxis\s*=|\bdef \w+\(|^\s*for .*:$|\bself\.", re.MULTILINE,
)
__all__ = ["JULIA", "OCTAVE", "R", "language_of", "without_comments"]
