"""Each writer's own forms, word for word."""

from __future__ import annotations

import pytest

from checkedmath.meaning import Scope, resolve
from checkedmath.reading.mathematics import read_mathematics
from checkedmath.subject.view import View
from checkedmath.syntax import tree
from checkedmath.syntax.tree import Index, Number, Symbol
from checkedmath.values.free_letters import free_setting
from checkedmath.writing.latex import shapes_of, symbol_data, write_latex
from checkedmath.writing.numbers import rounded, write_numbers
from checkedmath.writing.text import write_text
from checkedmath.writing.unicode import write_unicode
from checkedmath.writing.words import write_words
from course.settings import SETTINGS

SETTINGS_AND_FREE = {**SETTINGS, "identities": free_setting()}
BATCH = SETTINGS["two-layer-batch"]


def read(text: str, setting: str = "two-layer-batch") -> tree.Chain:
    return read_mathematics(text, SETTINGS_AND_FREE[setting])[0]


FORMS = [
    (
        "two-layer", "dz1 = W2^T dz2 ⊙ g[1]′(z1)",
        "dz[1] = W[2]T dz[2] * g[1]'(z[1])",
        "dz[1] = W[2]ᵀ dz[2] ⊙ g[1]′(z[1])",
        r"dz^{[1]} = (W^{[2]T} dz^{[2]}) \odot g^{[1]\prime}(z^{[1]})",
        "dz one equals W two transposed times dz two, element-wise times g one prime of z one",
    ),
    (
        "two-layer-batch", "dW2 = 1/m dZ2 A1.T",
        "dW[2] = (1/m) dZ[2] A[1]T",
        "dW[2] = (1/m) dZ[2] A[1]ᵀ",
        r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T}",
        "dW two equals one over m, times dZ two times A one transposed",
    ),
    (
        "two-layer-batch", "db2 = 1/m sum_{i=1}^m dZ2^(i)",
        "db[2] = (1/m) sum_{i=1}^{m} dZ[2]^(i)",
        "db[2] = (1/m) Σ_{i=1}^{m} dZ[2]⁽ⁱ⁾",
        r"db^{[2]} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[2](i)}",
        "db two equals one over m, times the sum over i from one to m of dZ two of example i",
    ),
    (
        "two-layer-batch", "dJ/dZ2 = (A2 - Y)/m",
        "∂J/∂Z[2] = (A[2] - Y)/m",
        "∂J/∂Z[2] = (A[2] − Y)/m",
        r"\frac{\partial J}{\partial Z^{[2]}} = \frac{A^{[2]} - Y}{m}",
        (
            "the partial derivative of the cost J with respect to Z two equals"
            " open bracket A two minus Y close bracket over m"
        ),
    ),
    (
        "deep-batch", "dA[l-1] = W[l]T dZ[l]",
        "dA[l-1] = W[l]T dZ[l]",
        "dA[l-1] = W[l]ᵀ dZ[l]",
        r"dA^{[l-1]} = W^{[l]T} dZ^{[l]}",
        "dA of layer l minus one equals W l transposed times dZ l",
    ),
    (
        "l2-batch", "W[1] := W[1] - α dW[1] - λ/m W[1]",
        "W[1] := W[1] - alpha dW[1] - (lambda/m) W[1]",
        "W[1] := W[1] − α dW[1] − (λ/m) W[1]",
        r"W^{[1]} := W^{[1]} - \alpha dW^{[1]} - \frac{\lambda}{m} W^{[1]}",
        "W one becomes W one minus alpha times dW one, minus lambda over m, times W one",
    ),
    (
        "softmax-batch", "∂aᵢ/∂zⱼ = aᵢ (δᵢⱼ − aⱼ)",
        "∂a_i/∂z_j = a_i (δ_ij - a_j)",
        "∂aᵢ/∂zⱼ = aᵢ (δᵢⱼ − aⱼ)",
        r"\frac{\partial a_{i}}{\partial z_{j}} = a_{i} (\delta_{ij} - a_{j})",
        (
            "the partial derivative of a sub i with respect to z sub j equals"
            " a sub i times open bracket delta i j minus a sub j close bracket"
        ),
    ),
    (
        "two-layer-batch", r"dZ1 = dA1 * \mathbf{1}(Z1 > 0)",
        "dZ[1] = dA[1] * 𝟏(Z[1] > 0)",
        "dZ[1] = dA[1] ⊙ 𝟏(Z[1] > 0)",
        r"dZ^{[1]} = dA^{[1]} \odot \mathbf{1}(Z^{[1]} > 0)",
        "dZ one equals dA one element-wise times one where Z one is greater than zero, otherwise zero",
    ),
    (
        "two-layer-batch", r"W^{[1]} \in \mathbb{R}^{n_1 \times n_0}",
        "W[1] ∈ ℝ^{n_1 × n_0}",
        "W[1] ∈ ℝ^{n_1 × n_0}",
        r"W^{[1]} \in \mathbb{R}^{n_1 \times n_0}",
        "W one has the shape n one by n zero",
    ),
    (
        "identities", "∂‖Ax−b‖²/∂x = 2(Ax − b)ᵀA",
        "∂‖A x - b‖^2/∂x = 2 (A x - b)^T A",
        "∂‖A x − b‖²/∂x = 2 (A x − b)ᵀ A",
        r"\frac{\partial \|A x - b\|^{2}}{\partial x} = 2 (A x - b)^{T} A",
        (
            "the partial derivative of the squared norm of open bracket A times x, minus b close bracket"
            " with respect to x equals two times open bracket A times x, minus b close bracket transposed times A"
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("setting", "typed", "text", "unicode", "latex", "words"), FORMS)
def test_forms(setting: str, typed: str, text: str, unicode: str, latex: str, words: str) -> None:
    chain, of = read(typed, setting), SETTINGS_AND_FREE[setting]
    assert write_text(chain, of) == text
    assert write_unicode(chain, of) == unicode
    assert write_latex(chain, of) == latex
    assert write_words(chain, of) == words


A, B, C = Symbol("A"), Symbol("B"), Symbol("C")


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (tree.Transpose(tree.Multiply(tree.JUXTAPOSED, A, B)), "(A B)^T"),
        (tree.Multiply(tree.JUXTAPOSED, A, tree.Multiply(tree.JUXTAPOSED, B, C)), "A (B C)"),
        (tree.Multiply(tree.ELEMENTWISE, tree.Multiply(tree.JUXTAPOSED, A, B), C), "A B * C"),
        (tree.Multiply(tree.JUXTAPOSED, tree.Multiply(tree.ELEMENTWISE, A, B), C), "(A * B) C"),
        (tree.Subtract(A, tree.Subtract(B, C)), "A - (B - C)"),
        (tree.Subtract(tree.Subtract(A, B), C), "A - B - C"),
        (tree.Negate(tree.Multiply(tree.JUXTAPOSED, A, B)), "-A B"),
        (tree.Multiply(tree.JUXTAPOSED, A, tree.Negate(B)), "A (-B)"),
        (tree.Multiply(tree.ELEMENTWISE, tree.SumOver("i", A), B), "(sum over i of A) * B"),
        (tree.Multiply(tree.ELEMENTWISE, A, tree.SumOver("i", B)), "A * sum over i of B"),
        (tree.SumOver("i", tree.Add(A, B)), "sum over i of (A + B)"),
        (tree.Power(tree.Transpose(A), Number("2")), "(A^T)^2"),
        (tree.Divide(A, tree.Divide(B, C)), "A/(B/C)"),
        (tree.Divide(Symbol("dZ"), Symbol("dW")), "(dZ)/dW"),
        (tree.Inverse(tree.Transpose(A)), "(A^T)^-1"),
        (tree.Multiply(tree.JUXTAPOSED, tree.Evaluated("g", None, 1), tree.Add(A, B)), "(g') (A + B)"),
    ],
)
def test_brackets_by_the_table(node: tree.Node, text: str) -> None:
    assert write_text(node) == text


def test_every_kind_of_node_can_be_written_without_a_setting() -> None:
    z = Symbol("z", Index("", 1))
    nodes = [
        Number("0.5"), z, tree.Constant("1"), tree.Delta(Index("i"), Index("j")),
        tree.Component(z, (Index("j"),)), tree.Example(z, Index("i")), tree.Negate(z), tree.Add(z, z),
        tree.Subtract(z, z), *(tree.Multiply(sign, z, z) for sign in tree.SIGNS), tree.Divide(z, z),
        tree.Power(z, Number("2")), tree.Transpose(z), tree.Inverse(z), tree.Primed(z),
        tree.Apply("g", z, Index("", 1), 1), tree.Evaluated("g", Index("", 1), 1), tree.SumOver("i", z),
        tree.SumOver("", z), tree.AxisSum(z, 1, keepdims=True), tree.Derivative(z, z),
        tree.Compare(">", z, Number("0")), tree.Cases(((z, tree.Compare(">", z, Number("0"))), (z, None))),
        tree.Maximum(z, z), tree.RealSpace(Number("2"), Number("3")), tree.Chain((z, z), ("=",)),
        tree.Extent(z, 1), tree.Ones(Number("2"), Number("3")), tree.Change(z), tree.WrittenOut(((z, z), (z, z))),
        tree.ByIndex(tree.Component(z, (Index("i"),)), "i"),
    ]  # fmt: skip
    kinds = {kind for kind in vars(tree).values() if isinstance(kind, type) and issubclass(kind, tree.Node)}
    assert {type(node) for node in nodes} == kinds - {tree.Node}
    for node in nodes:
        for write in (write_text, write_unicode, write_latex, write_words):
            assert write(node)


def test_a_name_is_not_written_as_a_letter_that_means_something_else() -> None:
    node = tree.Apply("sigmoid", Symbol("z", Index("l")))
    assert write_unicode(node, SETTINGS["two-layer"]) == "σ(z[l])"
    assert write_unicode(node, SETTINGS["deep"]) == "sigmoid(z[l])"  # σ is the layer's own g there
    assert write_latex(node, SETTINGS["two-layer"]) == r"\sigma(z^{[l]})"
    assert write_latex(node, SETTINGS["deep"]) == r"\operatorname{sigmoid}(z^{[l]})"


def test_shapes_stand_under_factors() -> None:
    chain = read("dW2 = 1/m dZ2 A1.T")
    scope = Scope(BATCH, View(), Index("", 2))
    shapes = shapes_of(resolve(term, scope) for term in chain.terms)
    assert write_latex(chain, BATCH, shapes=shapes) == (
        r"\underset{(n_2,\, n_1)}{dW^{[2]}} = \frac{1}{m} \; \underset{(n_2,\, m)}{dZ^{[2]}}"
        r" \; \underset{(m,\, n_1)}{A^{[1]T}}"
    )


def test_a_shape_stands_under_a_function_as_a_whole() -> None:
    chain = read("dZ1 = dA1 * g[1]'(Z1)")
    scope = Scope(BATCH, View(), Index("", 2))
    shapes = shapes_of(resolve(term, scope) for term in chain.terms)
    assert write_latex(chain, BATCH, shapes=shapes).endswith(
        r" \odot \underset{(n_1,\, m)}{g^{[1]\prime}(Z^{[1]})}"
    )


def test_symbols_carry_data() -> None:
    chain = read("dA1 = W2^T dZ2 ⊙ g[1]'(Z1)")
    assert write_latex(chain, BATCH, data=symbol_data) == (
        r"\htmlData{symbol=dA, member=1}{dA^{[1]}} = (\htmlData{symbol=W, member=2}{W^{[2]T}}"
        r" \htmlData{symbol=dZ, member=2}{dZ^{[2]}}) \odot"
        r" \htmlData{function=g, primes=1, member=1}{g^{[1]\prime}}(\htmlData{symbol=Z, member=1}{Z^{[1]}})"
    )


def test_tex_gets_one_superscript_at_a_time() -> None:
    x = tree.Example(Symbol("a", Index("", 1)), Index("i"))
    assert write_latex(x) == "a^{[1](i)}"
    assert write_latex(tree.Transpose(x)) == "a^{[1](i)T}"
    assert write_latex(tree.Power(Symbol("a", Index("", 1)), Number("2"))) == "(a^{[1]})^{2}"
    assert write_latex(tree.Power(tree.Component(x, (Index("j"),)), Number("2"))) == "(a^{[1](i)}_{j})^{2}"
    entry = tree.Component(Symbol("a", Index("", 1)), (Index("j"),))
    assert write_latex(tree.Example(entry, Index("i"))) == "(a^{[1]}_{j})^{(i)}"


# -- with numbers --------------------------------------------------------------------------------


def test_numbers_stand_in_place_of_symbols() -> None:
    chain = read("dZ[2] = W[2] g[1]'(Z[1])")
    W, Z, dZ = Symbol("W", Index("", 2)), Symbol("Z", Index("", 1)), Symbol("dZ", Index("", 2))
    values = {W: [[1.0, -0.5]], Z: [[0.12345], [2e-7]], dZ: -3.0}
    assert write_numbers(chain, values, BATCH, style="text") == "(−3) = [1, −0.5] g[1]′([0.123; 2e−7])"
    assert write_numbers(chain, values, BATCH) == (
        r"(-3) = \begin{pmatrix} 1 & -0.5 \end{pmatrix}"
        r" g^{[1]\prime}\left(\begin{pmatrix} 0.123 \\ 2 \cdot 10^{-7} \end{pmatrix}\right)"
    )


def test_a_whole_part_may_have_a_value() -> None:
    chain = read("dZ[1] = dA[1] * (1 - A[1])")
    rest = chain.terms[1].right  # type: ignore[attr-defined]
    assert write_numbers(chain, {rest: [[0.5]]}, BATCH, style="text") == "dZ[1] = dA[1] ⊙ 0.5"


def test_what_an_index_picks_out_stays() -> None:
    chain = read("dJ/db1 = (1/m) sum_{i=1}^m dZ1^(i)")
    values = {node: 5.0 for node in tree.walk(chain) if isinstance(node, Symbol)}
    assert write_numbers(chain, values, BATCH, style="text") == "∂J/∂b[1] = (1/5) Σ_{i=1}^{m} dZ[1]⁽ⁱ⁾"


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0, "0"), (1e-300, "1e-300"), (0.00012345, "0.000123"), (999.96, "1000"), (-0.05, "-0.05"), (1e7, "1e+07")],
)
def test_rounding(value: float, written: str) -> None:
    assert rounded(value) == written
