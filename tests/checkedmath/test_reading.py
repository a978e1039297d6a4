"""One formula, however it is typed, is one tree; and each node knows its place in the text."""

import pytest

from checkedmath.reading import read
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.tree import Apply, Chain, Constant, Index, Multiply, Symbol, Transpose, walk
from checkedmath.values.free_letters import free_setting
from course.settings import SETTINGS

ALL = {**SETTINGS, "identities": free_setting()}

#: Setting, then spellings of one thing.
SPELLINGS = {
    "W transposed": ("two-layer", [
        "W[2]T dz[2]", r"W^{[2]T} dz^{[2]}", r"W^{[2]\top} dz^{[2]}", r"{W^{[2]}}^T dz^{[2]}",
        r"(W^{(2)})^{\intercal} dz^{(2)}", r"W^{[2]^{T}} dz^{[2]}", r"W^{[2]\mathsf{T}} dz^{[2]}", r"W^{[2] T}dz^{[2]}",
        r"\left( W^{[2]} \right)^T dz^{[2]}", "W²ᵀ dz²", "(W²)ᵀ dz²", "W2.T dz2", "W2T dz2", "W_2^T dz_2",
        "W[2]^T dz[2]",
        "W^[2]Tdz^[2]", r"W^{[2]T}\, dz^{[2]}", r"W^{[2]T} \quad dz^{[2]}",
    ]),
    "fonts": ("two-layer", [
        "W[2] dz[2]", r"\mathbf{W}^{[2]} \mathrm{d}z^{[2]}", r"\boldsymbol{W}^{[2]}dz^{[2]}", r"W^{[2]} \vec{dz}^{[2]}",
        r"\mathbf W^{[2]} d\mathbf z^{[2]}", r"\mathbf{W}^{[2]} d\mathbf{z}^{[2]}",
        r"W^{[2]} \mathrm{d}\mathbf{z}^{[2]}",
    ]),
    "g prime": ("two-layer", [
        "g[1]'(z[1])", r"g^{[1]\prime}(z^{[1]})", r"g'^{[1]}(z^{[1]})", r"{g^{[1]}}'(z^{[1]})",
        r"{g^{[1]}}^{\prime}(z^{[1]})",
        r"g^{[1]'}(z^{[1]})", "g[1]’ (z[1])", "g[1]′(z1)", "g1'(z1)", "g[1]`(z[1])", "g[1]´(z[1])",
    ]),
    "elementwise": ("two-layer", [
        "dz[1] * a[1]", r"dz^{[1]} \odot a^{[1]}", r"dz^{[1]} \circ a^{[1]}", r"dz^{[1]} * a^{[1]}",
        r"dz^{[1]} \* a^{[1]}",
        r"dz^{[1]} .* a^{[1]}", "dz[1] ⊙ a[1]", "dz[1] ∘ a[1]", "dz[1] .* a[1]", r"dz^{[1]} \ast a^{[1]}",
    ]),
    "dot": ("two-layer", ["dz[1] · a[1]", r"dz^{[1]} \cdot a^{[1]}", "dz[1] . a[1]"]),
    "one over m": ("logistic-batch", [
        "1/m X dZ^T", r"\frac{1}{m} X dZ^T", r"\dfrac{1}{m} X dZ^T", r"\tfrac1m X dZ^T", r"\frac1m X dZ^{T}",
        "(1/m) X dZᵀ",
        "1/m X dZ.T",
    ]),
    "one over m of a bracket": ("logistic-batch", ["(1/m) (X dZ^T)", "1/m(X dZ^T)", r"\frac{1}{m}\left(X dZ^T\right)"]),
    "one half": ("logistic", [r"\tfrac12 z", r"\frac{1}{2} z", "(1/2) z", "1/2 z"]),
    "a is no function": ("logistic", [
        "a(1-a)", r"a\,(1 - a)", r"a\left(1-a\right)", "a (1 − a)", "a(1–a)", r"a \bigl(1-a\bigr)", "a[1-a]",
        r"a\{1-a\}",
    ]),
    "sigma prime": ("logistic", [
        "σ'(z)", r"\sigma'(z)", r"\sigma^{\prime}(z)", "sigmoid'(z)", "σ′(z)", r"\sigma'\!\left(z\right)",
        r"\operatorname{sigmoid}'(z)", r"\mathrm{sigmoid}'(z)",
    ]),
    "squared tanh": ("logistic", ["tanh(z)^2", r"\tanh^2(z)", "tanh²(z)", r"\tanh^2 z", r"(\tanh z)^2", "(tanh(z))²"]),
    "sum over examples": ("logistic-batch", [
        "sum over i of x^(i) (a^(i) - y^(i))", r"\sum_i x^{(i)} (a^{(i)} - y^{(i)})", "Σᵢ x⁽ⁱ⁾ (a⁽ⁱ⁾ − y⁽ⁱ⁾)",
        "sum over i of x(i) (a(i) - y(i))",
    ]),
    "sum with limits": ("logistic-batch", [
        r"\sum_{i=1}^{m} x^{(i)}", r"\sum\limits_{i=1}^m x^{(i)}", "sum_{i=1}^m x^(i)", r"\sum^{m}_{i=1} x^{(i)}",
    ]),
    "entries": ("two-layer", [
        "W[2]_kj", r"W^{[2]}_{kj}", r"W_{kj}^{[2]}", r"W^{[2]}_{k,j}", r"W^{[2]}_{k j}", "W²ₖⱼ",
    ]),
    "an example": ("two-layer-batch", ["a[1]^(i)", r"a^{[1](i)}", "a[1](i)", r"{a^{[1]}}^{(i)}", r"a^{[1] (i)}"]),
    "Kronecker": ("softmax-batch", ["δ_ij", r"\delta_{ij}", "δᵢⱼ", r"\delta_{i j}"]),
    "diag": ("two-layer", [
        "diag(z[1])", r"\operatorname{diag}(z^{[1]})", r"\mathrm{diag}(z^{[1]})", r"\text{diag}(z^{[1]})",
        r"\operatorname{diag}\left(z^{[1]}\right)",
    ]),
    "all ones": ("logistic", ["𝟏", r"\mathbf 1", r"\mathbf{1}", r"\vec{1}", r"\mathbb{1}", "1⃗"]),
    "y hat": ("logistic", [r"\hat y", r"\hat{y}", "ŷ", r"\hat{\mathbf{y}}"]),
    "norm": ("identities", [
        "‖x‖", r"\|x\|", r"\|x\|_2", r"\lVert x \rVert", r"\left\| x \right\|", "||x||", r"\Vert x\Vert_2",
    ]),
    "trace": ("identities", [
        "tr(A X)", r"\operatorname{tr}(AX)", r"\mathrm{tr}(AX)", r"\text{tr}(AX)", "Tr(AX)", "trace(AX)",
        r"\operatorname{tr}\left(AX\right)",
    ]),
    "determinant": ("identities", ["det(X)", r"\det(X)", r"\det X", r"\operatorname{det}(X)"]),
    "inverse": ("identities", ["X^-1", "X^{-1}", "X⁻¹"]),
    "inverse transposed": ("identities", ["(X^-1)^T", "X^{-T}", "(X⁻¹)ᵀ"]),
    "a partial": ("two-layer", [
        "dL/dz[1]", "∂L/∂z[1]", r"\frac{\partial L}{\partial z^{[1]}}", r"\frac{d\mathcal L}{dz^{[1]}}", "∂ℒ/∂z¹",
        r"\partial \mathcal{L}/\partial z^{[1]}", r"\frac{\partial}{\partial z^{[1]}} L", r"\frac{d L}{d z^{[1]}}",
        r"\dfrac{\mathrm{d}L}{\mathrm{d}z^{[1]}}",
    ]),
    "update": ("logistic", [
        "w := w - alpha dw", r"w := w - \alpha\, dw", r"w \coloneqq w - \alpha dw", "w ← w − α dw",
        r"w \leftarrow w - \alpha dw", r"w \gets w - \alpha dw", "w <- w - alpha dw",
    ]),
    "about equal": ("logistic", [r"z \approx 0.5", "z ≈ 0.5", "z ~= 0.5"]),
    "a shape": ("two-layer", [
        r"W^{[1]} \in \mathbb R^{n_1 \times n_0}", r"W^{[1]} \in \mathbb{R}^{n_1 \times n_0}", "W¹ ∈ ℝ^(n_1×n_0)",
    ]),
    "aligned": ("two-layer", [
        "dz[1] = W[2]T dz[2] * g[1]'(z[1]) = da[1] * g[1]'(z[1])",
        (r"\begin{aligned} dz^{[1]} &= W^{[2]T} dz^{[2]} \odot g^{[1]\prime}(z^{[1]}) \\"
         r" &= da^{[1]} \odot g^{[1]\prime}(z^{[1]}) \end{aligned}"),
    ]),
    "cases": ("two-layer", [
        r"\begin{cases} 1 & z^{[1]} > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{cases} 1 & \text{if } z^{[1]} > 0 \\ 0 & \text{otherwise} \end{cases}",
    ]),
    "NumPy inside": ("two-layer-batch", [
        "db[2] = 1/m np.sum(dZ[2], axis=1, keepdims=True)",
        r"db^{[2]} = \frac{1}{m} np.sum(dZ^{[2]}, axis = 1, keepdims = True)",
        r"db^{[2]} = \frac{1}{m} \text{np.sum}(dZ^{[2]}, axis=1, keepdims=True)",
    ]),
    "Nielsen": ("deep-batch", [
        "δˡ = ((wˡ⁺¹)ᵀ δˡ⁺¹) ⊙ σ′(zˡ)", r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)",
        r"\delta^{l} = \left((w^{l+1})^{\top} \delta^{l+1}\right) \odot \sigma'\left(z^{l}\right)",
    ]),
    "a quotient": ("logistic", [
        "dL/da = (a-y)/(a(1-a))", r"\frac{dL}{da} = \frac{a-y}{a(1-a)}",
        r"\frac{d L}{d a} = \frac{a-y}{a\left(1-a\right)}",
    ]),
    "the seed formula": ("two-layer", [
        "dz[1] = W[2]T dz[2] * g[1]'(z[1])", "dz[1] = W[2]T dz[2] * g[1]’ (z[1])", "dz¹ = W²ᵀdz² ∘ g¹′(z¹)",
        r"dz^{[1]} = W^{[2]T} dz^{[2]} \odot g^{[1]\prime}(z^{[1]})",
        r"$dz^{[1]} = W^{[2]T} dz^{[2]} * g^{[1]'}(z^{[1]})$",
    ]),
}  # fmt: skip
PAIRS = [(name, other) for name, (_, texts) in SPELLINGS.items() for other in texts[1:]]


@pytest.mark.parametrize(("name", "other"), PAIRS, ids=[f"{n}: {t}" for n, t in PAIRS])
def test_every_spelling_gives_the_same_tree(name, other):
    setting, texts = SPELLINGS[name]
    assert read(other, ALL[setting]).tree == read(texts[0], ALL[setting]).tree


def test_the_spellings_differ_from_one_another():
    """Else the test above could pass because everything is one tree."""
    trees = [read(texts[0], ALL[setting]).tree for setting, texts in SPELLINGS.values()]
    assert len(set(trees)) == len(trees)


@pytest.mark.parametrize(
    ("one", "other", "setting"),
    [
        ("1/2m", "(1/2) m", "logistic-batch"),  # a bare quotient of numbers and scalars is 1/(2m)
        ("W[2]T dz[2] * g[1]'(z[1])", "W[2]T (dz[2] * g[1]'(z[1]))", "two-layer"),
        ("-a + y", "-(a + y)", "logistic"),
        ("sum over i of a^(i) - b", "sum over i of (a^(i) - b)", "logistic-batch"),
        ("(sum over i of a^(i)) - y^(i)", "sum over i of (a^(i) - y^(i))", "logistic-batch"),
        ("a - y - z", "a - (y - z)", "logistic"),
        ("a/y*z", "a/(y*z)", "logistic"),
        ("A^T x", "(A x)^T", "identities"),
        ("A B^-1", "(A B)^-1", "identities"),
    ],
)
def test_precedence(one, other, setting):
    assert read(one, ALL[setting]).tree != read(other, ALL[setting]).tree


@pytest.mark.parametrize(
    ("one", "other", "setting"),
    [
        ("1/2m", "1/(2m)", "logistic-batch"),
        ("W[2]T dz[2] * g[1]'(z[1])", "(W[2]T dz[2]) * (g[1]'(z[1]))", "two-layer"),
        ("sum over i of a^(i) - b", "(sum over i of a^(i)) - b", "logistic-batch"),
        ("sum over i of a^(i) - y^(i)", "sum over i of (a^(i) - y^(i))", "logistic-batch"),  # else i were bound nowhere
        ("a - y - z", "(a - y) - z", "logistic"),
        ("2 A x + b", "(2 A x) + b", "identities"),
        ("x^T A x", "((x^T) A) x", "identities"),
    ],
)
def test_brackets_that_change_nothing(one, other, setting):
    assert read(one, ALL[setting]).tree == read(other, ALL[setting]).tree


# -- places ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("dz[1] = W[2]T dz[2] * g[1]'(z[1])", Transpose, "W[2]T"),
        ("dz[1] = W[2]T dz[2] * g[1]'(z[1])", Apply, "g[1]'(z[1])"),
        (r"dz^{[1]} = W^{[2]T} dz^{[2]} \odot g^{[1]\prime}(z^{[1]})", Transpose, "W^{[2]T}"),
        (r"dz^{[1]} = W^{[2]T} dz^{[2]} \odot g^{[1]\prime}(z^{[1]})", Apply, r"g^{[1]\prime}(z^{[1]})"),
        ("dz¹ = W²ᵀ dz² ⊙ g¹′(z¹)", Transpose, "W²ᵀ"),
        ("dz¹ = W²ᵀ dz² ⊙ g¹′(z¹)", Apply, "g¹′(z¹)"),
        (r"dz^{[1]} = \mathbf{W}^{[2]\top} dz^{[2]}", Transpose, r"\mathbf{W}^{[2]\top}"),
    ],
)
def test_a_node_knows_its_place(text, kind, shown):
    (node,) = [node for node in walk(read(text, SETTINGS["two-layer"]).tree) if isinstance(node, kind)]
    assert text[slice(*node.span)] in {shown, shown.removeprefix(r"\mathbf{")}


@pytest.mark.parametrize("name", SPELLINGS)
def test_places_lie_within_the_text_and_within_each_other(name):
    setting, texts = SPELLINGS[name]
    for text in texts:
        tree = read(text, ALL[setting]).tree
        for node in walk(tree):
            assert 0 <= node.span[0] <= node.span[1] <= len(text)
            if isinstance(node, Symbol):
                assert node.span[0] < node.span[1]
            if isinstance(node, Multiply):
                assert node.span[0] <= node.left.span[0]
                assert node.right.span[1] <= node.span[1]


# -- around the formula ------------------------------------------------------------------------------


def test_reasons_belong_to_their_lines():
    text = (
        r"\begin{aligned} dz^{[1]} &= da^{[1]} \odot g^{[1]\prime}(z^{[1]}) && \text{the chain rule} \\"
        r" &= W^{[2]T} dz^{[2]} \odot g^{[1]\prime}(z^{[1]}) && \text{what } da^{[1]} \text{ is} \end{aligned}"
    )
    first = text.replace(r" && \text{what } da^{[1]} \text{ is}", "")
    tree = read(first, SETTINGS["two-layer"]).tree
    assert tree.relations == ("=", "=")
    assert "the chain rule" in tree.reasons


@pytest.mark.parametrize(
    "reason",
    [
        r"\text{what } da^{[1]} \text{ is}", r"da^{[1]} \text{ is this}", r"\text{take out } dz^{[2]}",
        r"\text{as $W^{[2]}$ is $n \times 3$, so $m = 1$}",
    ],
)  # fmt: skip
def test_a_reason_may_hold_mathematics(reason):
    text = r"\begin{aligned} dz^{[1]} &= da^{[1]} && " + reason + r" \\ &= dz^{[2]} && " + reason + r" \end{aligned}"
    tree = read(text, SETTINGS["two-layer"]).tree
    plain = read(text.replace(reason, ""), SETTINGS["two-layer"]).tree
    assert tree.terms == plain.terms
    assert tree.reasons == (reason, reason)


def test_a_relation_behind_the_reason_sign_is_no_reason():
    """Nothing that claims something may pass for a reason and go unjudged."""
    text = r"\begin{aligned} dz^{[1]} &= da^{[1]} && = dz^{[2]} \end{aligned}"
    with pytest.raises(Unreadable, match="words in the reason"):
        read(text, SETTINGS["two-layer"])


@pytest.mark.parametrize("text", [r"\ln e = 1", r"\ln(e) = 1", r"e \approx 2.718", "log e = 1", "ln e - 1 = 0"])
@pytest.mark.parametrize("name", ["identities", "logistic"])
def test_e_in_a_logarithm_or_beside_its_digits_is_eulers_number(name, text):
    assert Constant("e") in walk(read(text, ALL[name]).tree)


@pytest.mark.parametrize("text", ["e^T x", "ln e_1 = 2", "e x = x", r"e \approx 3.1", "tr(e) = 1"])
def test_any_other_e_is_a_letter(text):
    assert Symbol("e") in walk(read(text, ALL["identities"]).tree)


def test_two_digits_are_two_indices_of_a_product_as_of_a_matrix():
    tree = read(r"\left( dZ^{[2]} A^{[1]T} \right)_{12} = 0", SETTINGS["two-layer-batch"]).tree
    assert tree.terms[0].indices == (Index("", 1), Index("", 2))


def test_where_a_lone_number_is_an_entry_a_number_in_brackets_is_an_example():
    entry = read("a^{(1)}_2 = 0", SETTINGS["softmax-batch"]).tree.terms[0]
    assert (entry.indices, entry.base.index, entry.base.base.member) == ((Index("", 2),), Index("", 1), None)
    assert read("W^{(2)} = 0", SETTINGS["softmax-batch"]).tree.terms[0].member == Index("", 2)
    assert read("a^{(2)} = 0", SETTINGS["two-layer"]).tree.terms[0].member == Index("", 2)


@pytest.mark.parametrize(
    ("text", "layout"),
    [("d(a^T x)/dx = a (denominator layout)", "denominator"), ("d(a^T x)/dx = a^T (numerator layout)", "numerator"),
     ("d(a^T x)/dx = a^T", "")],
)  # fmt: skip
def test_a_layout_in_words(text, layout):
    assert read(text, ALL["identities"]).layout == layout


def test_assumptions_and_definitions_in_words():
    assert ("symmetric", "A") in read("d(x^T A x)/dx = 2Ax, A symmetric", ALL["identities"]).assumptions
    assert [name for name, _ in read("dW = X.T @ dY  # Y = X @ W", ALL["identities"]).definitions] == ["Y"]


def test_the_range_of_l_in_words():
    text = "dz[l] = W[l+1]T dz[l+1] * g[l]'(z[l]), l = 1, …, L-1"
    assert read(text, SETTINGS["deep"]).members == (1, -1)


# -- what cannot be read -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "setting", "message"),
    [
        ("dz[1] = Q", "two-layer", "dz[1] = Q\n        ^ expected a symbol of two-layer"),
        ("dz = sigmod(z)", "logistic", "dz = sigmod(z)\n     ^ expected a symbol of logistic; did you mean sigmoid?"),
        ("dz = a -", "logistic", "dz = a -\n        ^ expected a symbol, a number or an opening bracket"),
        ("dz = (a - y", "logistic", "dz = (a - y\n           ^ expected a closing )"),
        (r"dz = \fraq{a}{y}", "logistic",
         "dz = \\fraq{a}{y}\n     ^ expected a known LaTeX command; did you mean \\frac?"),
        ("∇L = dz", "logistic", "∇L = dz\n^ expected something to differentiate after ∇, as in ∇_z L"),
        ("", "logistic", "\n^ expected a formula"),
        ("dz = a = ", "logistic", "dz = a = \n         ^ expected a symbol, a number or an opening bracket"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text, setting, message):
    with pytest.raises(Unreadable) as caught:
        read(text, ALL[setting])
    assert str(caught.value) == message


def test_the_caret_stands_in_its_line():
    with pytest.raises(Unreadable) as caught:
        read("dz = a\n= Q + y", SETTINGS["logistic"])
    assert str(caught.value).splitlines()[:2] == ["= Q + y", "  ^ expected a symbol of logistic"]


def test_the_tree_is_frozen_and_forgets_places():
    one, other = (read(text, SETTINGS["logistic"]).tree for text in ("dz = a - y", "dz  =  a  -  y"))
    assert one == other
    assert hash(one) == hash(other)
    assert isinstance(one, Chain)
    with pytest.raises(AttributeError):
        one.terms = ()


def test_a_derivative_is_taken_by_one_quantity():
    with pytest.raises(Unreadable, match="one quantity after the ∂"):
        read(r"\frac{\partial}{\partial - X} \|X\|^2 = 2X", free_setting())


# -- values by cases, as they are typed ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "latex"),
    [
        ("a[1] = z[1] if z[1] > 0 else 0",
         r"a^{[1]} = \begin{cases} z^{[1]} & z^{[1]} > 0 \\ 0 & \text{else} \end{cases}"),
        ("(1 if z[1] > 0 else 0) * dz[1]", r"\begin{cases} 1 & \text{if } z^{[1]} > 0 \\ 0 \end{cases} * dz^{[1]}"),
        ("2 if z[1] > 1 else 1 if z[1] > 0 else 0",
         r"\begin{cases} 2, & z^{[1]} > 1 \\ 1, & z^{[1]} > 0 \\ 0, & \text{otherwise} \end{cases}"),
    ],
)  # fmt: skip
def test_a_choice_as_python_writes_it_is_a_value_by_cases(typed, latex):
    assert read(typed, ALL["two-layer"]).tree == read(latex, ALL["two-layer"]).tree


@pytest.mark.parametrize("text", ["a = z if a else 0", "a = z if z > 0 else", "a = z else 0", "a = z if > 0 else 0"])
def test_a_choice_needs_a_condition_and_both_values(text):
    with pytest.raises(Unreadable):
        read(text, ALL["logistic"])
