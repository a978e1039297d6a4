"""The code on the pages: it comes from src, and it hands out no gradient of its own."""

import ast
import re

import pytest

PACKAGES = {"backprop", "course", "checkedmath"}
LETTER = r"[AZWbazwxXJL]"
GRADIENT = re.compile(rf"(d_?{LETTER}|d_?{LETTER}_?(\d+|l|prev|next|curr))_?|grad_\w+|delta\d*")
MAKES_GRADIENTS = re.compile(
    r"\w*(grad|deriv|prime|backprop|backward|delta)\w*|jacobian\w*", re.IGNORECASE
)
HAS_ONE_TARGET = ast.AugAssign | ast.AnnAssign | ast.NamedExpr | ast.For | ast.comprehension
PRODUCTS = {"dot", "matmul", "einsum", "multiply", "outer", "tensordot", "inner", "vdot"}


def targets(node):
    """Return the expressions a statement or expression gives a value to."""
    if isinstance(node, ast.Assign):
        found = list(node.targets)
    elif isinstance(node, HAS_ONE_TARGET):
        found = [node.target]
    elif isinstance(node, ast.withitem):
        found = [node.optional_vars] if node.optional_vars else []
    else:
        return []
    flat = []
    while found:
        target = found.pop()
        if isinstance(target, ast.Tuple | ast.List):
            found.extend(target.elts)
        elif isinstance(target, ast.Starred):
            found.append(target.value)
        else:
            flat.append(target)
    return flat


def name_of(target):
    """Return the letter a target is known by: W for W, net.W, net.W[2], and W for d["W"]."""
    if isinstance(target, ast.Subscript):
        key = target.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return key.value
        return name_of(target.value)
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


def names(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def mentions_gradient(node):
    """Return whether an expression holds a gradient: dZ2, grads.dZ[2]."""
    return any(
        GRADIENT.fullmatch(n.attr if isinstance(n, ast.Attribute) else n.id)
        for n in ast.walk(node) if isinstance(n, ast.Attribute | ast.Name)
    )


def holds(node, letters):
    return any(
        re.fullmatch(rf"[{letters}]_?\d*", n.attr if isinstance(n, ast.Attribute) else n.id)
        for n in ast.walk(node) if isinstance(n, ast.Attribute | ast.Name)
    )


def builds_gradient(value):
    """Return whether a value is made as the backward pass makes it.

    That is a product with a gradient (W[2].T @ dZ[2], dA * g'), or outputs less labels.
    """
    for node in ast.walk(value):
        if isinstance(node, ast.BinOp):
            scaled = isinstance(node.left, ast.Constant) or isinstance(node.right, ast.Constant)
            product = isinstance(node.op, ast.MatMult | ast.Mult) and not scaled
            if product and mentions_gradient(node):
                return True
            if isinstance(node.op, ast.Sub) and holds(node.left, "Aa") and holds(node.right, "Yy"):
                return True
        elif (
            isinstance(node, ast.Call)
            and (node.func.attr if isinstance(node.func, ast.Attribute) else name_of(node.func))
            in PRODUCTS
            and mentions_gradient(node)
        ):
            return True
    return False


def faults(cells):
    """Return a sentence for each fault of a page's cells, given as pairs of line and text."""
    found = []
    from_src = set()  # names imported from src, and names made from such names
    for number, (line, text) in enumerate(cells):
        # A line that is for IPython, not Python, has no place in a cell: ast finds it.
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            found.append(f"line {line + (error.lineno or 1) - 1}: this is not Python")
            continue
        imported = {
            (alias.asname or alias.name).partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
            if (getattr(node, "module", None) or alias.name).partition(".")[0] in PACKAGES
        }
        if not imported and number == 0:
            found.append(f"line {line}: the first cell imports nothing from src")
        elif not imported and not names(tree) & from_src:
            found.append(f"line {line}: the cell uses nothing from src")
        from_src |= imported
        for node in ast.walk(tree):
            place = f"line {line + getattr(node, 'lineno', 1) - 1}"
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if MAKES_GRADIENTS.fullmatch(node.name) or GRADIENT.fullmatch(node.name):
                    found.append(f"{place}: defines {node.name}")
                if any(isinstance(n, ast.Return) and n.value and builds_gradient(n.value)
                       for n in ast.walk(node)):
                    found.append(f"{place}: {node.name} returns a gradient of its own")
                continue
            for target in targets(node):
                name = name_of(target)
                place = f"line {line + target.lineno - 1}"
                value = getattr(node, "value", None) or getattr(node, "iter", None)
                if GRADIENT.fullmatch(name):
                    found.append(f"{place}: assigns {name}")
                elif value is not None and builds_gradient(value):
                    found.append(f"{place}: {name} is a gradient of its own")
                elif isinstance(value, ast.Lambda) and MAKES_GRADIENTS.fullmatch(name):
                    found.append(f"{place}: defines {name}")
                if value is None or names(value) & from_src:
                    from_src.add(name)
    return found


def test_the_cells_of_the_book(pages, code_cells):
    found = {page: faults(code_cells(text)) for page, text in pages.items()}
    assert {page: problems for page, problems in found.items() if problems} == {}


def test_the_book_has_cells(pages, code_cells):
    assert sum(len(code_cells(text)) for text in pages.values()) > 0


def test_cells_are_found_however_they_are_fenced(code_cells):
    page = """# Title
```{code-cell} python
a
```
:::{code-cell} ipython3
:tags: [hide-input]

b
:::
````{code-cell} python
---
tags: [remove-input]
---
c
```
````
```python
not a cell
```
"""
    found = [(line, cell.strip()) for line, cell in code_cells(page)]
    assert found == [(3, "a"), (6, "b"), (11, "c\n```")]
    assert [cell.splitlines().index("c") for _, cell in code_cells(page)[2:]] == [3]


HEAD = "from backprop import backward, book, forward\nnet, (X, Y) = book.network(), book.data()\n"
GRADS = HEAD + "cache = forward(net, X)\ngrads = backward(net, cache, Y)\n"
BAD = {
    "no import": (["print(1)"], "line 1: the first cell imports nothing from src"),
    "NumPy alone": (["import numpy as np\nprint(np.pi)"], "the first cell imports nothing"),
    "import in the second cell only": (["x = 1", HEAD], "the first cell imports nothing"),
    "a cell by itself": ([HEAD, "import numpy as np\nnp.zeros(3)"], "line 101: the cell uses nothing"),
    "not Python": ([HEAD + "%matplotlib inline"], "line 3: this is not Python"),
    "dZ2": ([GRADS + "dZ2 = grads.dZ[2]"], "line 5: assigns dZ2"),
    "dW": ([GRADS + "dW: dict = {}"], "line 5: assigns dW"),
    "several": ([GRADS + "a, (db1, c) = 1, (2, 3)"], "line 5: assigns db1"),
    "an item": ([GRADS + "mine = {}\nmine['dW1'] = net.W[1]"], "line 6: assigns dW1"),
    "an attribute": ([GRADS + "net.dZ = 0"], "line 5: assigns dZ"),
    "in passing": ([GRADS + "print(dA := net.W[1])"], "line 5: assigns dA"),
    "changed": ([GRADS + "dW1 += 1"], "line 5: assigns dW1"),
    "a loop": ([GRADS + "for dz in grads.dZ[2].T:\n    print(dz)"], "line 5: assigns dz"),
    "a product": ([GRADS + "p = net.W[2].T @ grads.dZ[2]"], "line 5: p is a gradient"),
    "np.dot": ([GRADS + "import numpy as np\np = np.dot(grads.dZ[2], X.T)"], "line 6: p is"),
    ".dot": ([GRADS + "p = net.W[2].T.dot(grads.dZ[2])"], "line 5: p is a gradient"),
    "times g'": ([GRADS + "p = grads.dA[1] * net.g[1].prime(cache.Z[1])"], "line 5: p is"),
    "outputs less labels": ([GRADS + "error = cache.A[2] - Y"], "line 5: error is a gradient"),
    "letters": ([GRADS + "A2 = cache.A[2]\nerror = A2 - Y"], "line 6: error is a gradient"),
    "a function": ([HEAD + "def tanh_prime(z):\n    return 1 - z"], "line 3: defines tanh_prime"),
    "a class": ([HEAD + "class Gradients:\n    pass"], "line 3: defines Gradients"),
    "a lambda": ([HEAD + "prime = lambda z: net.g[1](z)"], "line 3: defines prime"),
    "by another name": ([GRADS + "def f(l):\n    return net.W[l].T @ grads.dZ[l]"], "f returns a"),
}
GOOD = {
    "printed": [GRADS + "print(grads.dZ[2])", "print(cache.A[2].round(2))"],
    "asserted": [
        GRADS + "import numpy as np\n"
        "np.testing.assert_allclose(\n"
        "    grads.dZ[1], (net.W[2].T @ grads.dZ[2]) * net.g[1].prime(cache.Z[1]))"
    ],
    "shown": [GRADS + "print(side_by_side({'W[2]T dz[2]': net.W[2].T @ grads.dZ[2]}))"],
    "other names that begin with d": [HEAD + "data = X\ndepth = net.L\ndtype = X.dtype\ndone = 1"],
    "an alias": ["import backprop as bp\nnet = bp.book.network()", "print(net)"],
    "made from what was imported": [HEAD, "first = net.W[1]", "print(first)"],
    "another difference": [HEAD + "gap = net.W[1] - 1"],
    "a mistake for the checker": [GRADS + "wrong = 5 * grads.dW[1]"],
    "a forward product": [HEAD + "Z1 = net.W[1] @ X + net.b[1]"],
}


def placed(texts):
    return [(1 + 100 * number, text) for number, text in enumerate(texts)]


@pytest.mark.parametrize(("texts", "message"), BAD.values(), ids=BAD)
def test_a_planted_fault_is_found(texts, message):
    found = faults(placed(texts))
    assert any(message in fault for fault in found), found


@pytest.mark.parametrize("texts", GOOD.values(), ids=GOOD)
def test_good_cells_are_let_through(texts):
    assert faults(placed(texts)) == []
