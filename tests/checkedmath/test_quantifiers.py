"""What is said of indices and layers beside a formula counts: a quantifier changed or dropped is another formula."""

import pytest

HIDDEN = r"dz^{[l]} = ( W^{[l+1]T} dz^{[l+1]} ) \odot g^{[l]\prime}(z^{[l]})"
LINEAR = r"z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}"
APART = r"\frac{\partial a^{[1]}_i}{\partial z^{[1]}_j} = 0"
SOFTMAX = r"\frac{\partial a_i}{\partial z_j} = -a_i a_j"
ENTRY = r"z^{[2]}_k = \sum_{j=1}^{n_1} W^{[2]}_{kj} a^{[1]}_j + b^{[2]}_k"

QUANTIFIED = [
    # Layers: all that are named must be there.
    ("deep", HIDDEN + r", \quad l = 1, \dots, L-1", "holds"),
    ("deep", HIDDEN + r", \quad l = 2, \dots, L-1", "holds"),
    ("deep", HIDDEN + r", \quad l = 1, \dots, L", "fails"),
    ("deep", HIDDEN + r", \quad l = 0, \dots, L-1", "fails"),
    ("deep", HIDDEN + r" \text{ for } l = 1, \dots, L+1", "fails"),
    ("deep", LINEAR + r", \quad l = 1, \dots, L", "holds"),
    ("deep", LINEAR + r", \quad l = 0, \dots, L", "fails"),
    ("deep-batch", r"dZ^{[l]} = dA^{[l]} \odot g^{[l]\prime}(Z^{[l]}), \quad l = 1, \dots, L", "holds"),
    ("deep-batch", r"A^{[l]} = g^{[l]}(Z^{[l]}), \quad l = 0, \dots, L", "fails"),
    # Two indices that differ, or do not.
    ("two-layer", APART + r" \quad (i \ne j)", "holds"),
    ("two-layer", APART + r" \text{ if } i \ne j", "holds"),
    ("two-layer", APART + r" \text{ for all } i \ne j", "holds"),
    ("two-layer", APART + r" \text{ for } i < j", "holds"),
    ("two-layer", APART + r" \quad (i = j)", "fails"),
    ("two-layer", APART + r" \text{ for } i \le j", "fails"),
    ("two-layer", APART, "fails"),
    ("softmax-batch", SOFTMAX + r" \text{ for } i \ne j", "holds"),
    ("softmax-batch", SOFTMAX + r" \text{ for } i = j", "fails"),
    ("softmax-batch", SOFTMAX, "fails"),
    ("softmax-batch", r"\frac{\partial a_i}{\partial z_j} = a_i (1 - a_j) \text{ for } i = j", "holds"),
    ("softmax-batch", r"\frac{\partial a_i}{\partial z_j} = a_i (1 - a_j) \text{ for } i \ne j", "fails"),
    # An index runs over what its place says.
    ("two-layer", ENTRY + r", \quad k = 1, \dots, n_2", "holds"),
    ("two-layer", ENTRY + r" \quad \text{for every } k", "holds"),
    ("two-layer", ENTRY + r", \quad k = 1, \dots, n_1", "fails"),
    ("two-layer", ENTRY + r", \quad k = 2, \dots, n_2", "fails"),
    # What relates no two indices of the formula says nothing of it.
    ("two-layer", r"dz^{[2]} = a^{[2]} - y \text{ if } i = j", "unreadable"),
    ("identities", r"s = s \text{ if } p = q", "unreadable"),
]


@pytest.mark.parametrize(("setting", "text", "verdict"), QUANTIFIED)
def test_what_is_said_of_an_index_counts(session, setting, text, verdict):
    from checkedmath.judging import Context, judge_text

    assert session.check(text, setting, nearest=False).verdict == verdict
    (stated,) = judge_text(text, "display", Context(setting, nearest=False), session)
    assert stated.verdict.verdict == verdict
