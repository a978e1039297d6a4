"""A small step ε or h, the numbers of the book's network, and letters declared in any setting."""

import pytest

from checkedmath.judging import Context, judge_text
from checkedmath.judging.session import Session

TRUE = [
    ("logistic", r"\frac{\sigma(z + \varepsilon) - \sigma(z - \varepsilon)}{2\varepsilon} \approx \sigma'(z)", 2),
    ("logistic", r"\frac{\sigma(z + h) - \sigma(z)}{h} \approx \sigma'(z)", 1),
    ("logistic", r"\sigma(z + \varepsilon) \approx \sigma(z) + \varepsilon \sigma'(z)", 2),
    ("logistic", r"\frac{\mathcal{L}(z+\varepsilon) - \mathcal{L}(z-\varepsilon)}{2\varepsilon} \approx dz", 2),
    (
        "two-layer-batch",
        r"\frac{J(W^{[1]}_{kj}+\varepsilon) - J(W^{[1]}_{kj}-\varepsilon)}{2\varepsilon} \approx dW^{[1]}_{kj}", 2,
    ),
    ("logistic", r"\frac{\mathcal{L}(z + \varepsilon) - \mathcal{L}(z)}{\varepsilon} \approx dz", 1),
    ("logistic-batch", r"\frac{J(b + \varepsilon) - J(b)}{\varepsilon} \approx db", 1),
    (
        "two-layer",
        r"\frac{\mathcal{L}(b^{[1]}_j + \varepsilon) - \mathcal{L}(b^{[1]}_j)}{\varepsilon} \approx db^{[1]}_j", 1,
    ),
    ("identities", r"\frac{(t+\varepsilon)^2 - t^2}{\varepsilon} \approx 2t", 1),
    ("identities", r"2t + \varepsilon \approx 2t", 1),
]  # fmt: skip
FALSE = [
    ("logistic", r"\frac{\sigma(z + \varepsilon) - \sigma(z)}{\varepsilon} \approx \sigma'(a)", "however small"),
    ("logistic", r"\sigma(z + \varepsilon) \approx \sigma(z) + \varepsilon \sigma'(a)", "brings it no closer"),
    ("logistic", r"\sigma(z + \varepsilon) \approx \sigma(z) + 2 \varepsilon \sigma'(z)", "brings it no closer"),
    ("logistic", r"\sigma(z) + \varepsilon \approx \sigma(a)", "however small"),
    ("logistic", r"\frac{\mathcal{L}(z+\varepsilon) - \mathcal{L}(z-\varepsilon)}{\varepsilon} \approx dz", "however"),
    ("identities", r"\frac{(t+\varepsilon)^2 - t^2}{\varepsilon} \approx 3t", "however small"),
    # Only where 𝓛(z + ε) stands as well, and only of this z, is 𝓛(z) the loss and no product.
    ("logistic", r"\frac{\mathcal{L}(z + \varepsilon) - \mathcal{L}(a)}{\varepsilon} \approx dz", "however small"),
    ("logistic", r"\frac{\mathcal{L}(z + \varepsilon) - 2 \mathcal{L}(z)}{\varepsilon} \approx dz", "however small"),
]


@pytest.fixture(scope="module")
def session():
    return Session()


@pytest.mark.parametrize(("setting", "text", "order"), TRUE)
def test_the_error_goes_to_0_with_the_step_and_the_order_is_said(session, setting, text, order):
    verdict = session.check(text, setting=setting)
    assert verdict.verdict == "holds"
    assert verdict.message.endswith(f"to the power {order}")


@pytest.mark.parametrize(("setting", "text", "said"), FALSE)
def test_an_error_that_stays_is_found(session, setting, text, said):
    verdict = session.check(text, setting=setting)
    assert (verdict.verdict, said in verdict.message) == ("fails", True)


def test_a_step_is_no_number_where_nothing_is_approximate(session):
    assert session.check(r"\sigma(z + \varepsilon) = \sigma(z)", setting="logistic").verdict == "fails"
    assert session.check("z = h", setting="logistic").verdict == "fails"


def judged(text, setting, session, **lets):
    (statement,) = judge_text(text, "inline", Context(setting, lets=lets), session)
    return statement.relation, statement.verdict.verdict, statement.verdict.message


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("two-layer", r"dz^{[1]}_1 \approx -0.032"),
        ("logistic", r"a \approx 0.808"),
        ("two-layer", r"W^{[2]}_{11} dz^{[2]}_1 + W^{[2]}_{21} dz^{[2]}_2 \approx -0.413"),
        ("two-layer-batch", r"\left( dZ^{[2]} A^{[1]T} \right)_{11} \approx -0.466"),
        # One column of a batch is the first, as in the settings about one example.
        ("softmax-batch", r"a_1 \approx 0.763"),
        ("softmax-batch", r"a^{(1)}_1 \approx 0.763"),
        ("softmax-batch", r"\frac{\partial a_1}{\partial z_1} \approx 0.181"),
        ("softmax-batch", r"dz_1 \approx -0.237"),
    ],
)
def test_a_decimal_is_compared_with_the_books_network(session, setting, text):
    assert judged(text, setting, session)[:2] == ("value", "holds")
    digit = text[-1]
    wrong = text[:-1] + str((int(digit) + 2) % 10)
    relation, verdict, message = judged(wrong, setting, session)
    assert (relation, verdict) == ("value", "fails")
    assert message.startswith("in the book's network the sides differ by")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"\frac{\partial c}{\partial t} = 0", "holds"),
        (r"\frac{\partial}{\partial t} c = 0", "holds"),
        (r"\frac{\partial c}{\partial t} = 1", "fails"),
        (r"\frac{\partial t}{\partial t} = 0", "fails"),
        (r"\frac{\partial A}{\partial t} = 0", "fails"),  # a matrix without an argument moves with t
        (
            r"\frac{\partial (c A)}{\partial t} = \frac{\partial c}{\partial t} A + c \frac{\partial A}{\partial t}",
            "holds",
        ),
    ],
)
def test_a_number_that_does_not_name_t_has_no_slope(session, text, verdict):
    assert judged(text, "identities", session)[1] == verdict


def test_a_constant_is_said_to_be_one(session):
    verdict = session.check(r"\frac{\partial c}{\partial t} = 0", "identities")
    assert verdict.notes == ("c does not name t, so it is a constant here",)


def test_a_declared_letter_is_a_number_of_every_setting(session):
    text = r"\frac{e^{z_i - c}}{\sum_k e^{z_k - c}} = a_i"
    assert judged(text, "softmax-batch", session, c=())[1] == "holds"
    assert judged(text, "softmax-batch", session)[1] == "unreadable"
    assert judged("dz = c", "logistic", session, c=())[1] == "fails"


def test_a_letter_of_the_setting_cannot_be_declared_anew(session):
    _, verdict, message = judged("z = 1", "logistic", session, z=())
    assert (verdict, message) == ("unreadable", "expected a letter that logistic does not know yet, got z")


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("identities", r"\tanh(t) = \frac{e^t - e^{-t}}{e^t + e^{-t}}"),
        ("identities", r"\frac{\partial}{\partial x_1} (x_1^2 + 3 x_1 x_2) = 2 x_1 + 3 x_2"),
        ("identities", r"\frac{\partial}{\partial t} \ln(1 - t) = -\frac{1}{1-t}"),
        ("identities", r"\frac{\partial}{\partial t} \operatorname{ReLU}(t) = \operatorname{ReLU}'(t)"),
        ("softmax-batch", r"\ln a_i = z_i - \ln \sum_k e^{z_k}"),
        ("softmax-batch", r"\mathcal{L} = -\sum_k y_k \ln a_k"),
        ("softmax-batch", r"\sum_i -y_i = -\sum_i y_i"),
        ("softmax-batch", r"\frac{\partial a_1}{\partial z_2} = -a_1 a_2"),
        ("two-layer-batch", r"\frac{\partial \mathcal{L}^{(i)}}{\partial W^{[2]}} = a^{[1](i)} dz^{[2](i)T}"),
        ("two-layer-batch", r"Z^{[2]} = W^{[2]} A^{[1]} + b^{[2]} \mathbf{1}^T"),
        ("two-layer-batch", r"Z^{[1]T} = X^T W^{[1]T} + \mathbf{1} b^{[1]T}"),
    ],
)
def test_what_pages_write(session, setting, text):
    assert judged(text, setting, session)[1] == "holds"


def test_a_defined_name_stands_for_its_right_side_further_down(session):
    text = r"S := dZ^{[2]T}"
    (defined,) = judge_text(text, "inline", Context("two-layer-batch"), session)
    context = Context("two-layer-batch", definitions=dict([defined.defined]))

    def verdict(text):
        (statement,) = judge_text(text, "inline", context, session)
        return statement.verdict.verdict

    assert verdict(r"dW^{[2]} = \frac{1}{m} S^T A^{[1]T}") == "holds"
    assert verdict(r"dW^{[2]} = \frac{1}{m} S A^{[1]T}") == "fails"
    assert judged(r"dW^{[2]} = \frac{1}{m} S^T A^{[1]T}", "two-layer-batch", session)[1] == "unreadable"


@pytest.mark.parametrize("text", [r"i \ne j", "i = j", "k < j"])
def test_which_indices_are_meant_may_be_said(session, text):
    assert judged(text, "softmax-batch", session)[:2] == ("value", "holds")


def test_how_long_a_column_of_ones_is_must_be_said_by_its_neighbour(session):
    said = judged(r"db^{[L]} = \frac{1}{m} \mathbf{1} \mathbf{1}^T dZ^{[L]} \mathbf{1}", "softmax-batch", session)
    assert said[1] == "unreadable"
    assert said[2].startswith("nothing says how long 𝟏 is here")
    sums = r"db^{[L]} = \frac{1}{m} \mathbf{1} (\mathbf{1}^T dZ^{[L]} \mathbf{1})"
    assert judged(sums, "softmax-batch", session)[1] == "fails"
    summed = r"\frac{\partial J}{\partial Z^{[2]}} = \frac{1}{m} \mathbf{1}^T dZ^{[2]T}"
    assert judged(summed, "two-layer-batch", session)[1] == "conditional"  # a sum, not what 1/m times dZ is
    assert judged(r"J = \frac{1}{m} \mathcal{L} \mathbf{1}", "two-layer-batch", session)[1] == "holds"
