"""False code of NumPy, PyTorch, Octave, R and Julia that once passed: two names of an array, another language's signs."""

import pytest

#: The names of one array: what is changed under one of them is changed under the other.
OF_ONE_ARRAY = [
    ("D = np.asarray(A2)\nD -= Y\ndZ2 = A2 - Y", "two-layer-batch"),
    ("dZ2 = np.asanyarray(A2)\ndZ2 -= Y\ndA2 = dZ2 / (A2 * (1 - A2))", "two-layer-batch"),
    ("dZ2 = np.ascontiguousarray(A2)\ndZ2 -= Y\ndA2 = dZ2 / (A2 * (1 - A2))", "two-layer-batch"),
    ("V = np.ascontiguousarray(W2.T)\nV *= 2\ndA1 = V @ dZ2 / 2", "two-layer-batch"),
    ("dZ2 = A2.reshape(Y.shape)\ndZ2 -= Y\ndA2 = dZ2 / (A2 * (1 - A2))", "two-layer-batch"),
    ("dz = np.asarray(a)\ndz -= y\nda = dz / (a * (1 - a))", "logistic-batch"),
    ("dZ1 = np.asarray(dA1)\ndZ1[Z1 <= 0] = 0\nassert np.allclose(dA1, W2.T @ dZ2)", "two-layer-batch"),
    ("V = torch.asarray(W2)\nV *= 2\ndA1 = torch.mm(W2.t(), dZ2)", "two-layer-batch"),
    ("V = W2.detach().cpu().numpy()\nV *= 2\ndA1 = torch.mm(W2.t(), dZ2)", "two-layer-batch"),
    ("V = W2.float()\nV *= 2\ndA1 = torch.mm(W2.t(), dZ2)", "two-layer-batch"),
    ("V = W2.contiguous()\nV *= 2\ndA1 = torch.mm(W2.t(), dZ2)", "two-layer-batch"),
    ("V = W2.t()\nV -= lr * dW2.t()\ndA1 = torch.mm(W2.t(), dZ2)", "two-layer-batch"),
    ("V = torch.transpose(W2, 0, 1)\nV *= 2\ndA1 = torch.mm(W2.t(), dZ2)", "two-layer-batch"),
    ("V = W2\nV .-= lr .* dW2\ndA1 = W2' * dZ2", "two-layer-batch"),
    ("V = W2'\nV .*= 2\ndA1 = W2' * dZ2", "two-layer-batch"),
    ("D = A2\nD .= A2 .- Y\ndA2 = dZ2 ./ (A2 .* (1 .- A2))", "two-layer-batch"),
    ("dA1 = W2' * dZ2\ndZ1 = dA1\ndZ1 .= dA1 .* (1 .- A1.^2)", "two-layer-batch"),
]
#: What the language does not have, or has with another meaning.
OF_ANOTHER_LANGUAGE = [
    ("dW2 = dot(dZ2, A1') / m;", "two-layer-batch"),
    ("dA1 = dot(W2', dZ2);\ndZ1 = dA1 .* (1 - A1.^2);", "two-layer-batch"),
    ("dW2 = dot(dZ2, A1') / m\ndb2 = sum(dZ2, dims=2) / m", "two-layer-batch"),
    ("dW2 <- matmul(dZ2, t(A1)) / m", "two-layer-batch"),
    ("dZ1 <- t(W2) %*% dZ2 * (1 - square(A1))", "two-layer-batch"),
    ("J = -1/m * sum(sum(Y.*log(A2) + (1-Y).*log(1-A2))) + lambda/(2*m) * (norm(W1)^2 + norm(W2)^2);", "l2-batch"),
    ("db2 <- sum(dZ2, 2) / m", "two-layer-batch"),
    ("db2 <- mean(dZ2, 2)", "two-layer-batch"),
    ("db2 <- sum(dZ2, dims = 2) / m", "two-layer-batch"),
    ("db2 = sum(dZ2, 2) ./ m\nA1 = tanh.(Z1)", "two-layer-batch"),
    ("dw2 <- outer(dz2, a1)", "two-layer"),
    ("dw2 <- dz2 %o% a1", "two-layer"),
    ("A1 = tanh(Z1)\ndb2 = sum(dZ2, dims=2) / m", "two-layer-batch"),
    ("dA1 = W2' @ dZ2", "two-layer-batch"),
    ("dW2 = dZ2 @ A1' / m;", "two-layer-batch"),
    ("dZ1 = W2.T @ dZ2 * (1 - A1^2)", "two-layer-batch"),
    ("dW2 = torch.bmm(dZ2, A1.t()) / m", "two-layer-batch"),
    ("Z1 = torch.dot(W1, X) + b1", "two-layer-batch"),
    ("dW2 = torch.outer(dZ2, A1)", "two-layer"),
    ("dW2 = dZ2.dot(A1.t()) / m\ndb2 = torch.sum(dZ2, 1, True) / m", "two-layer-batch"),
    ("dW2 = torch.mm(dZ2, torch.transpose(A1)) / m", "two-layer-batch"),
    ("A1 = torch.maximum(0, Z1)", "two-layer-batch"),
    ("dW2 = dZ2 * transpose(A1) / m  # sum(dZ2, dims=2)", "two-layer-batch"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "setting"), [*OF_ONE_ARRAY, *OF_ANOTHER_LANGUAGE])
def test_false_code_does_not_hold(session, text, setting):
    assert session.check(text, setting, nearest=False).verdict != "holds"


@pytest.mark.parametrize(
    "text",
    [
        "J = -(Y * log(A2) + (1.-Y) * log(1.-A2)).sum() / m",
        "[n, m] = size(X);\ndW2 = dZ2 * A1' / m;",
        "dZ1 <- t(W2) %*% dZ2 * ifelse(Z1 > 0, 1, 0)",
        "dZ1 = W2' * dZ2 .* ifelse.(Z1 .> 0, 1, 0)",
        "dZ2 = copy(A2)\ndZ2 .-= Y\ndA2 = dZ2 ./ (A2 .* (1 .- A2))",
        "dZ2 .= A2 .- Y\ndW2 .= dZ2 * A1' ./ m\nW2 .-= lr .* dW2",
        "dZ2 = A2.detach().clone()\ndZ2 -= Y\ndA2 = dZ2 / (A2 * (1 - A2))\ndW2 = torch.mm(dZ2, A1.t()) / m",
        "dZ2 = np.asarray(A2).copy()\ndZ2 -= Y\ndA2 = dZ2 / (A2 * (1 - A2))",
        "dZ1 = W2^T @ dZ2 * (1 - A1^2)",
        "dZ1 = W2.T @ dZ2 * (1 - A1**2)  # f.(x) of Julia, %*% of R, Theta_1 notation",
    ],
)
def test_true_code_beside_it_holds(session, text):
    assert session.check(text, "two-layer-batch", nearest=False).verdict == "holds"


@pytest.mark.parametrize("text", ['dW2 <- dim(X)["a"]', 'dW2 <- X$shape["a"] %*% 2'])
def test_an_axis_that_is_no_number_is_said_so(session, text):
    verdict = session.check(text, "two-layer-batch", nearest=False)
    assert verdict.verdict == "unreadable"
    assert "1 or 2 for the axis" in verdict.message


def test_a_text_of_many_branches_is_refused(session):
    text = "".join(f"if a{i}:\n    dZ1 = dA1 * (1 - A1)\nelse:\n    dZ1 = dA1 * A1\n" for i in range(60))
    verdict = session.check(text, "two-layer-batch", nearest=False)
    assert verdict.verdict == "unreadable"
    assert "at most 60 statements" in verdict.message
