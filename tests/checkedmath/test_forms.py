"""The forms of a displayed formula: each dress, what is missing and why, and the reply for the forum."""

import re

import pytest

from checkedmath.judging import Context, judge_text
from checkedmath.judging.displays import forms_of
from checkedmath.judging.session import Session

SESSION = Session()
SEED = r"dz^{[1]} = \left( W^{[2]T} dz^{[2]} \right) \odot g^{[1]\prime}(z^{[1]})"
DERIVATION = r"""
\begin{aligned}
dz^{[1]T} &= \frac{\partial \mathcal{L}}{\partial z^{[1]}} && \text{meaning of dz} \\
&= dz^{[2]T} \, W^{[2]} \, \operatorname{diag}\left(g^{[1]\prime}(z^{[1]})\right) && \text{chain rule} \\
dz^{[1]} &= \left( W^{[2]T} dz^{[2]} \right) \odot g^{[1]\prime}(z^{[1]}) && \text{transposed}
\end{aligned}
"""
LINES = """dz[1]T = ∂L/∂z[1]
    = dz[2]T W[2] diag(g[1]'(z[1]))
dz[1] = W[2]T dz[2] * g[1]'(z[1]) (numerator layout)"""


def forms(text, setting="two-layer", meaning="", layout="numerator", lets=()):
    return forms_of(text, judge_text(text, "display", Context(setting, layout, dict(lets)), SESSION), meaning)


def test_every_dress_of_one_formula():
    found = forms(SEED)
    assert found.latex == SEED
    assert found.forum == "dz[1] = W[2]T dz[2] * g[1]'(z[1])"
    assert found.unicode == "dz[1] = W[2]ᵀ dz[2] ⊙ g[1]′(z[1])"
    assert found.words == "dz one equals W two transposed times dz two, element-wise times g one prime of z one"
    assert found.rows_text == "dz[1] = dz[2] W[2] ⊙ g[1]′(z[1])"
    assert found.numpy == (
        "np.testing.assert_allclose(grads.dZ[1], (net.W[2].T @ grads.dZ[2]) * net.g[1].prime(cache.Z[1]))"
    )
    assert re.sub(r"\\htmlData\{[^}]*\}", "", found.shapes).startswith(
        r"\underset{(n_1,\, 1)}{{dz^{[1]}}} = \left(\underset{(n_1,\, n_2)}{{W^{[2]T}}} \; \underset{(n_2,\, 1)}"
    )
    assert (found.setting, found.layout, dict(found.missing)) == ("two-layer", "numerator", {})
    assert found.draws >= 3
    assert 0 < found.error < 1e-12


def test_numbers_are_those_of_the_books_network():
    found = forms(SEED)
    assert found.numbers_text == (
        "[−0.0321; 0.0567; 0.175] ≈ [0.9, −0.6, 0.4; −0.7, 0.5, 0.8]ᵀ [−0.192; 0.343] ⊙ [0.0778; 0.198; 0.887]"
    )
    assert r"\approx" in found.numbers
    assert "=" not in found.numbers


def test_an_index_is_one_and_a_short_sum_is_written_out():
    found = forms(r"da^{[1]}_j = \sum_{k=1}^{n_2} dz^{[2]}_k \, W^{[2]}_{kj}")
    assert found.at == "j = 1"
    assert found.numbers_text == "−0.413 ≈ (−0.192) · 0.9 + 0.343 · (−0.7)"
    assert "shapes" in found.missing  # entries are numbers
    assert found.numpy.startswith("np.testing.assert_allclose([grads.dA[1][j, 0] for j in range(")


def test_symbols_in_order_with_meaning_shape_and_link():
    found = forms(SEED)
    assert [symbol.words for symbol in found.symbols] == ["dz one", "W two", "dz two", "g one prime", "z one"]
    W = found.symbols[1]
    assert (W.name, W.member, W.unicode, W.latex) == ("W", "2", "W[2]", "W^{[2]}")
    assert (W.shape, W.numbers) == ("(n_2, n_1)", "(2, 3)")
    assert W.meaning == "The weights of layer 2. Row k holds the weights of unit k."
    assert W.link.startswith("notation#")
    g = found.symbols[3]
    assert (g.function, g.name, g.numbers) == (True, "g'", "(3, 1)")
    assert g.meaning


def test_a_generic_layer_is_two_in_numbers():
    found = forms(r"dA^{[l-1]} = W^{[l]T} dZ^{[l]}", "deep-batch")
    assert found.at == "l = 2"
    assert found.symbols[1].shape == "(n_l, n_{l-1})"
    assert found.symbols[1].numbers == "(2, 3)"
    assert found.numpy == "np.testing.assert_allclose(grads.dA[1], net.W[2].T @ grads.dZ[2])"


def test_marks_leave_the_authors_latex_as_it_is():
    for text in (SEED, DERIVATION, r"db^{[2]} = \frac1m \sum_{i=1}^m dz^{[2](i)}"):
        marked = forms(text).marked
        assert marked.count(r"\htmlData") >= 3
        bare = re.sub(r"\{\\htmlData\{[^}]*\}\{([^{}]*)\}\}", r"\1", marked)  # {m} behind \frac1
        bare = re.sub(r"\\htmlData\{[^}]*\}\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}", r"\1", bare)
        assert bare == text


def test_an_entry_is_marked_as_one_piece():
    marked = forms(r"dz^{[1]}_j = da^{[1]}_j \, g^{[1]\prime}(z^{[1]}_j)").marked
    assert r"\htmlData{symbol=dz, member=1}{dz^{[1]}_j} = " in marked


def test_a_derivation_in_every_dress():
    found = forms(DERIVATION)
    assert found.forum == LINES
    assert found.latex.startswith(r"\begin{aligned}")
    assert found.latex.endswith(r"\end{aligned} \quad \text{(numerator layout)}")
    assert len(found.steps) == 3
    assert found.steps[1].startswith("equals dz two transposed times W two")
    assert len(found.numpy.splitlines()) == 3
    jacobian = forms(r"\frac{\partial z^{[2]}}{\partial a^{[1]}} = W^{[2]}")
    said = "whether a derivative is a row or a column is a matter of the layout, not of the examples"
    assert jacobian.missing["rows"] == said


@pytest.mark.parametrize("text", [LINES, LINES.replace("\n    =", "\n  =").replace("*", "⊙")])
def test_text_of_several_lines_is_judged_as_it_is_copied(text):
    assert SESSION.check(text).verdict == "holds"
    wrong = SESSION.check(text.replace("W[2]T dz[2]", "W[2] dz[2]"), nearest=False)
    assert wrong.verdict == "fails"
    assert "inner sizes n_1 and n_2 differ" in wrong.message


def test_two_formulas_on_two_lines_are_two_claims():
    assert SESSION.check("z[1] = W[1] x + b[1]\na[1] = g[1](z[1])").verdict == "holds"
    assert SESSION.check("z[1] = W[1] x + b[1]\na[1] = z[1]", nearest=False).verdict != "holds"


@pytest.mark.parametrize(
    ("text", "layout", "ending"),
    [
        (r"\left( \frac{\partial J}{\partial z^{[1]}} \right)^T = dz^{[1]}", "numerator", "(numerator layout)"),
        (r"\frac{\partial z^{[2]}}{\partial a^{[1]}} = W^{[2]T}", "denominator", "(denominator layout)"),
        (r"\frac{\partial z^{[2]}}{\partial a^{[1]}} = W^{[2]}", "numerator", "W[2]"),
        (r"\frac{\partial J}{\partial Z^{[1]}} = \frac{1}{m} dZ^{[1]}", "course", "dZ[1]"),
    ],
)  # fmt: skip
def test_a_copy_names_the_layout_only_where_it_needs_it(text, layout, ending):
    found = forms(text, layout=layout)
    assert found.forum.endswith(ending)
    for form in (found.latex, found.forum, found.unicode):
        assert SESSION.check(form).verdict == "holds"


def test_the_reply_quotes_says_and_links():
    reply = forms(SEED, meaning="How the slope goes back through the hidden layer.").markdown("https://x.example/f.html")
    assert reply == (
        "> `dz[1] = W[2]T dz[2] * g[1]'(z[1])`\n\nHow the slope goes back through the hidden layer."
        "\n\nhttps://x.example/f.html"
    )
    several = forms(DERIVATION).markdown()
    assert several.startswith("> ```text\n> dz[1]T = ∂L/∂z[1]\n>     = ")
    assert "np." not in several


def test_a_false_formula_is_said_and_marked_but_not_offered_for_copying():
    found = forms(SEED.replace("^{[2]T}", "^{[2]}"))
    assert found.words
    assert r"\htmlData" in found.marked
    assert (found.latex, found.forum, found.unicode, found.numbers, found.numpy) == ("", "", "", "", "")


def test_another_activation_than_the_books_has_no_numbers_of_the_book():
    found = forms(r"dz^{[1]} = da^{[1]} \odot a^{[1]} \odot (1 - a^{[1]})")
    assert found.forum
    assert (found.numbers, found.numpy) == ("", "")
    assert found.missing["numpy"] == "it is not true of the book's network, but of another that it speaks of"


def test_what_cannot_be_written_is_empty_and_says_why():
    found = forms(r"\frac{\partial (x^T A x)}{\partial x} = x^T (A + A^T)", "identities")
    assert (found.numbers, found.rows, found.numpy) == ("", "", "")
    assert found.missing["rows"] == "an identity has no examples"
    assert forms(r"\foo = 1").missing == {"all": "nothing was read as a formula"}


def test_a_setting_without_layers_shows_no_place_of_its_numbers():
    assert (forms("dz = a - y", "logistic").at, forms("dZ = A - Y", "logistic-batch").at) == ("", "")
