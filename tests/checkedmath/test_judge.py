"""What a verdict says, line by line, and the worlds it is looked for in."""

import pytest

from checkedmath.subject.conventions import codes_of, ways

SEED = "dz[1] = W[2]T dz[2] * g[1]'(z[1])"
MESSAGES = [
    # setting, text, verdict, codes, message without the nearest formula
    ("two-layer", SEED, "holds", [], "true"),
    ("two-layer", "W[2]T dz[2] * g[1]’ (z[1])", "holds", [], "true: this is dz[1]"),
    ("two-layer", "W[2]T dz[2]", "holds", [], "true: this is da[1]"),
    ("two-layer", "(dz[2]) w[2] * g[1]' (z[1]) = dz[1]", "conditional", ["rows-WT"],
     ("true if examples are rows and Z = A Wᵀ + b, with W as in the course; here it is not: "
     "dz[2] is (n_2, 1), W[2] is (n_2, n_1): inner sizes 1 and n_2 differ")),
    ("two-layer", "(a2-y) * w2 * sigmoid(z1) * (1-sigmoid(z1))", "conditional", ["one-unit"],
     ("true if every layer has one unit, so that every symbol is a number; here it is not: "
     "a[2] - y is (n_2, 1), W[2] is (n_2, n_1): an element-wise product needs equal shapes")),
    ("two-layer", "dL/dz1 = dL/da2 * da2/dz2 * dz2/da1 * da1/dz1", "conditional", ["product-jacobian"],
     ("true if * is the product of Jacobians in numerator layout; here it is not: "
     "∂L/∂a[2] is (n_2, 1), ∂a[2]/∂z[2] is (n_2, n_2): an element-wise product needs equal shapes")),
    ("two-layer-batch", "dZ1 = W2T * dZ2 * dA1", "fails", [],
     "W[2]T is (n_1, n_2), dZ[2] is (n_2, m): an element-wise product needs equal shapes"),
    ("two-layer-batch", "dW2 = dZ2 A1.T", "conditional", ["dZ-is-dJ"],
     ("true if dZ and dA mean ∂J/∂Z and ∂J/∂A (the 1/m is already inside); here it is not: "
     "the sides differ in row 2, column 1: -0.2028 and -1.014 in one draw")),
    ("deep-batch", "dW[l] = 1/m dZ[l] A[l]T", "fails", [],
     "dW[l] is (n_l, n_{l-1}), but the other side is (n_l, n_l)"),
    ("two-layer", r"W[1] \in \mathbb{R}^{n_0 \times n_1}", "conditional", ["rows-W"],
     ("true if examples are rows and Z = A W + b, with W of shape (n_in, n_out); here it is not: "
     "W[1] is (n_1, n_0), not (n_0, n_1)")),
    ("deep", "dz[l] = a[l] - y", "fails", [], "cannot subtract y, (n_L, 1), from a[l], (n_l, 1)"),
    ("deep", "W[9] = W[9]", "unreadable", [], "no draw of this setting has the layers the formula names"),
    ("two-layer", "a[1] < 1", "holds", [], "true"),
    ("two-layer", "a[1] < 0", "fails", [], "< does not hold in every draw"),
    ("logistic", r"z \approx 0.5", "fails", [],
     "the sides differ by 1.02, more than half a unit of the last digit, 0.05"),
    ("identities", "d(a^T x)/dx = a^T", "holds", [], "true, in numerator layout"),
    ("identities", "∂(Ax)/∂x = A (denominator layout)", "conditional", ["layout-numerator"],
     ("true if the derivatives are in numerator layout; here it is not: "
     "∂(A x)/∂x is (q, p), but the other side is (p, q)")),
    ("identities", "d(A X)/dX = A", "fails", [],
     ("A X is (p, q) and X is (r, q): their derivative has one number for every pair of entries and is no matrix; "
     "write it by index")),
]  # fmt: skip


@pytest.mark.parametrize(("setting", "text", "verdict", "codes", "message"), MESSAGES, ids=[m[1] for m in MESSAGES])
def test_messages(session, setting, text, verdict, codes, message):
    found = session.check(text, setting)
    assert (found.verdict, [condition.code for condition in found.where]) == (verdict, codes)
    assert found.message == message


@pytest.mark.parametrize(
    ("text", "nearest", "said"),
    [
        ("dz[1] = W[2] dz[2] * g[1]'(z[1])", SEED, "a transpose is missing, or there is one too many"),
        ("dz[1] = W[2]T dz[2] * g[1]'(a[1])", SEED, "the derivative is taken at z, not at a"),
        ("dz[1] = W[2]T dz[2] * g[1](z[1])", SEED, "the prime is missing: g′(z) is meant, not g(z)"),
    ],
)
def test_the_nearest_true_formula_and_the_slip_are_said_beside_the_message(session, text, nearest, said):
    found = session.check(text, "two-layer")
    assert (found.nearest, found.slip) == (nearest, said)
    assert nearest not in found.message


# -- worlds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "text", "code"),
    [
        ("two-layer-batch", "db2 = np.mean(dZ2)", "one-output"),
        ("two-layer-batch", "dJ/dZ[2] = A[2] - Y", "one-example"),
        ("two-layer-batch", "dZ1 = dZ2 @ W2.T * (1 - A1**2)", "rows-W"),
        ("two-layer-batch", "Z1 = X @ W1.T + b1", "rows-WT"),
        ("two-layer-batch", "dZ2 = (A2 - Y) / m", "dZ-is-dJ"),
        ("two-layer-batch", "dL/dW[2] = 1/m dZ[2] A[1]T", "L-is-J"),
        ("two-layer", "dL/da[1] = dz[2]T W[2]", "layout-numerator"),
        ("two-layer", "dz[2]/da[1] = W[2]T", "layout-denominator"),
        ("softmax-batch", "∂a/∂z = a ⊙ (1 − a)", "entrywise"),
        ("two-layer", "dW[1] = dz[1] * x^T", "product-matrix"),
        ("two-layer-batch", "dZ[1] = dA[1] g[1]'(Z[1])", "product-elementwise"),
        ("two-layer", "dW² = dz² ⊗ a¹", "product-outer"),
        ("softmax-batch", "dZ[L] = dA[L] * g[L]'(Z[L])", "product-jacobian"),
        ("two-layer-batch", "dA2 = A2 - Y", "loss-squared"),
        ("two-layer", "a1 = sigmoid(z1)", "hidden-sigmoid"),
        ("deep-batch", "A[1] = ReLU(Z[1])", "hidden-relu"),
        ("logistic", "dz = da * sigmoid_derivative(a)", "helper-of-a"),
        ("two-layer-batch", "db1 = 1/m * np.sum(dZ1, axis=1)", "shape-1d"),
        ("two-layer-batch", "db2 = np.mean(dZ2)", "broadcast"),
        ("two-layer-batch", r"dZ^{[1]} = W^{[2]T}dZ^{[2]} \odot g(Z)' (Z^{[1]})", "reading"),
        ("two-layer", "(a2-y) * w2 * sigmoid(z1) * (1-sigmoid(z1))", "one-unit"),
    ],
)
def test_each_world_is_found(session, setting, text, code):
    verdict = session.check(text, setting, nearest=False)
    assert verdict.verdict == "conditional"
    assert code in {condition.code for condition in verdict.where} <= codes_of(session.settings.values())
    for condition in verdict.where:
        assert condition.text in verdict.message


def test_two_respects_only_with_a_layout_or_a_product(session):
    from checkedmath.reading import read
    from checkedmath.subject.conventions import respects

    setting = session.settings["two-layer-batch"]
    tree = read("dL/dZ[1] = W[2]T * dZ[2] + np.sum(dZ[1], axis=1)", setting).tree
    found = respects(tree, setting, False, ())
    assert {respect.kind for respect in found} == {"layout", "product", "shape", "world"}
    several = [way.respects for way in ways(found) if len(way.respects) > 1]
    assert several
    for first, *others in several:
        together = all(other.code in first.world.beside for other in others)
        assert together or {respect.kind for respect in (first, *others)} & {"layout", "product"}
    # The squared error with its ½ and without is one condition, in two variants.
    singles = [(way.respects[0].code, way.respects[0].world.variant) for way in ways(found) if len(way.respects) == 1]
    assert len(singles) == len(set(singles)) == len(found)


def test_a_condition_that_is_not_needed_is_left_out(verdicts):
    for verdict in verdicts.values():
        assert len({condition.code for condition in verdict.where} - {"broadcast"}) <= 2


# -- what the text itself shows ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "factor",
    ["(1 - A1**2)", "(1 - np.power(A1, 2))", "A1 * (1 - A1)", "(Z1 > 0)", "np.where(Z1 > 0, 1, 0.01)",
     "(1 - np.tanh(Z1)**2)",
     "sigmoid(Z1) * (1 - sigmoid(Z1))"],
)  # fmt: skip
def test_a_hidden_activation_is_taken_from_its_own_form(session, factor):
    assert session.check(f"dZ1 = np.dot(W2.T, dZ2) * {factor}", "two-layer-batch").verdict == "holds"


@pytest.mark.parametrize("factor", ["1", "Z1", "(1 - Z1**2)", "(1 - A2**2)", "(1 - X**2)", "(A1 > 1)"])
def test_never_whichever_makes_it_true(session, factor):
    assert session.check(f"dZ1 = np.dot(W2.T, dZ2) * {factor}", "two-layer-batch").verdict != "holds"


@pytest.mark.parametrize(
    ("text", "setting", "notes"),
    [
        ("dw = (1/m) X dZ^T", "logistic", ("judged for a batch of m examples (logistic-batch)",)),
        ("dw = (1/m) x dz^T", "logistic",
         ("judged for a batch of m examples (logistic-batch)", "dz, x read as the whole batch")),
        ("dZ^{[1]} = W^{[2]T} dZ^{[2]} .* g^{[1]\\prime} (z^{[1]})", "two-layer-batch", ("z read as the whole batch",)),
        ("dz[2] = a[2] - y", "two-layer-batch", ()),
    ],
)
def test_what_was_filled_in_is_noted(session, text, setting, notes):
    verdict = session.check(text, setting)
    assert (verdict.verdict, verdict.notes) == ("holds", notes)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("W[l] := W[l] - alpha dW[l]", "holds"),
        ("W[l] := W[l] - (alpha/m) dZ[l] A[l-1]T", "holds"),
        ("b[l] := b[l] - alpha db[l]", "holds"),
        ("W[l] := W[l]", "fails"),
        ("W[l] := W[l] - dW[l]", "fails"),
        ("W[l] := dW[l]", "fails"),
    ],
)
def test_the_update_rule(session, text, verdict):
    assert session.check(text, "deep-batch", nearest=False).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("dz[l] = W[l+1]T dz[l+1] * g[l]'(z[l])", "holds"),
        ("dz[l] = W[l+1]T dz[l+1] * g[l]'(z[l]), l = 1, …, L-1", "holds"),
        ("dz[L] = a[L] - y", "holds"),
        ("dz[l] = a[l] - y", "fails"),
        ("da[0] = W[1]T dz[1]", "holds"),
        ("dz[0] = W[1]T dz[1]", "unreadable"),  # there is no dz[0]
        ("dz[l] = da[l] * g[l+1]'(z[l])", "fails"),
    ],
)
def test_every_layer_of_every_depth(session, text, verdict):
    found = session.check(text, "deep", nearest=False).verdict
    assert found == verdict or (verdict == "fails" and found == "conditional")


@pytest.mark.parametrize("text", ["dz - dz = 0*a", "a - a = y - y"])
def test_nothing_is_proved_by_zeros(session, text):
    assert session.check(text, "logistic", nearest=False).verdict == "unreadable"
