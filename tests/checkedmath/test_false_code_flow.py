"""Code whose lines are right one by one, but not in the way they run: none of it is true (⏎ stands for a line end)."""

import pytest

TWO, DEEP = "two-layer-batch", "deep-batch"
BACK = "dZ2 = A2 - Y"
FALSE = {
    "the start of a loop": (DEEP, [
        "A = 2 * X⏎for l in range(1, L + 1):⏎    A = g(W[l] @ A + b[l])",
        "A = Y⏎for l in range(1, L + 1):⏎    A_prev = A⏎    A = g(W[l] @ A_prev + b[l])",
        "dA = AL - Y⏎for l in reversed(range(L)):⏎    dA = W[l + 1].T @ (dA * g_prime(Z[l + 1]))",
        "dZ = Y - AL⏎for l in range(L, 1, -1):⏎    dZ = np.dot(W[l].T, dZ) * g_prime(Z[l - 1])",
    ]),
    "a line finished in one branch, elsewhere or never": (TWO, [
        "dW2 = np.dot(dZ2, A1.T)⏎if normalize:⏎    dW2 /= m",
        "dW2 = np.dot(dZ2, A1.T)⏎if normalize:⏎    dW2 = dW2 / m⏎else:⏎    pass",
        "dW2 = np.dot(dZ2, A1.T)⏎def scale():⏎    dW2 /= m",
        "def backward():⏎    dW2 = np.dot(dZ2, A1.T)⏎    return dW2⏎    dW2 /= m",
        ("def backward():⏎    dW2 = np.dot(dZ2, A1.T)⏎    if summed:⏎        return dW2⏎"
        "    dW2 = dW2 / m⏎    return dW2"),
        ("def a():⏎    db1 = np.sum(dZ1, axis=1, keepdims=True)⏎    return db1⏎def b():⏎"
        "    db1 = db1 / m⏎    return db1"),
        'dW2 = np.dot(dZ2, A1.T)⏎grads = {"dW2": dW2}⏎dW2 = dW2 / m',
        'dW2 = np.dot(dZ2, A1.T)⏎grads["dW2"] = dW2⏎dW2 = dW2 / m',
        "dW2 = np.dot(dZ2, A1.T)⏎dW2 = dW2",
        "dZ1 = np.dot(W2.T, dZ2)⏎if self.relu:⏎    dZ1[Z1 <= 0] = 0",
    ]),
    "what a function of the setting is defined to be": (TWO, [
        "def sigmoid_prime(z):⏎    return 1⏎dZ1 = np.dot(W2.T, dZ2) * sigmoid_prime(Z1)",
        "def sigmoid(z):⏎    return z⏎A2 = sigmoid(Z2)",
        "def sigmoid(z):⏎    s = np.tanh(z)⏎    return s⏎A2 = sigmoid(Z2)",
        "def sigmoid(z):⏎    if fast:⏎        return z⏎    return 1 / (1 + np.exp(-z))⏎A2 = sigmoid(Z2)",
        "def tanh(z):⏎    pass⏎A1 = tanh(Z1)",
        "def sigmoid(x, k=2):⏎    return 1 / (1 + np.exp(-x))⏎A2 = sigmoid(Z2)",
        "def sigmoid(): return 1⏎A2 = sigmoid(Z2)",
        "def relu(A):⏎    return A⏎A1 = relu(Z1)",
        "def relu_backward(dA, Z):⏎    return dA⏎dZ1 = relu_backward(dA1, Z1)",
        "def relu_backward(Z, dA):⏎    dZ = dA * (Z > 0)⏎    return dZ⏎dZ1 = relu_backward(dA1, Z1)",
        ("def relu_backward(dA, cache):⏎    Z = cache⏎    out = np.array(dA, copy=True)⏎"
        "    out[Z > 0] = 0⏎    return out"),
        "def exp(z):⏎    return 1⏎A2 = 1 / (1 + exp(-Z2))",
        "def len(x):⏎    return 2⏎dW1 = dZ1 @ X.T / len(X.T)",
        "def transpose(a):⏎    return a⏎dW2 = dZ2 @ transpose(A1) / m",
    ]),
    "a name that something else has": (TWO, [
        "def X(): pass⏎dW1 = dZ1 @ X.T / m", "def np(): pass⏎dW2 = np.dot(dZ2, A1.T) / m",
        "import math as np⏎A1 = np.tanh(Z1)", "import numpy as X⏎dW1 = dZ1 @ X.T / m",
        "for m in range(3):⏎    pass⏎dW2 = dZ2 @ A1.T / m",
        "with torch.no_grad() as m:⏎    dW2 = dZ2 @ A1.T / m",
        "def f(m=1):⏎    dW2 = dZ2 @ A1.T / m⏎    return dW2", "def f(A1=X):⏎    dW2 = dZ2 @ A1.T / m⏎    return dW2",
        "m = len(caches)⏎dW2 = np.dot(dZ2, A1.T) / m", "W2 = len(parameters) // 2⏎dA1 = W2.T @ dZ2",
        "print(W2 := 2 * W2)⏎dA1 = np.dot(W2.T, dZ2)", "print(A1.sort())⏎dW2 = np.dot(dZ2, A1.T) / m",
        "for i in range(A1.sort()):⏎    dW2 = np.dot(dZ2, A1.T) / m",
    ]),
    "what a cache holds": (DEEP, [
        "saved = A⏎A_prev = saved⏎dW = np.dot(dZ, A_prev.T) / m", "Z = cache⏎A = cache⏎dW = np.dot(dZ, A_prev.T) / m",
        "memory = dA⏎dZ = memory⏎dW = dZ @ A_prev.T / m", "A_prev = caches[l + 1]⏎dW = np.dot(dZ, A_prev.T) / m",
        "linear_cache, activation_cache = cache⏎A_prev = activation_cache⏎dW = dZ @ A_prev.T / m",
        "A_prev = linear_cache⏎W = linear_cache⏎dW = np.dot(dZ, A_prev.T) / m",
    ]),
    "labels of something else": ("softmax-batch", [
        "one_hot_Y = one_hot(A2)⏎dZ2 = A2 - one_hot_Y", "one_hot_Y = not_one_hot(Y)⏎dZ2 = A2 - one_hot_Y",
        "one_hot_Y = one_hot(y, 2, off_value=7)⏎dZ2 = A2 - one_hot_Y",
    ]),
    "what a function takes or returns": (TWO, [
        "def f(sigmoid):⏎    A2 = sigmoid(Z2)⏎    return A2", "def f(np):⏎    dW2 = np.dot(dZ2, A1.T) / m",
        "def f():⏎    G = np.dot(dZ2, A1.T)⏎    db2 = np.sum(dZ2, axis=1, keepdims=True) / m⏎    return {'dW2': G}",
        "def sigmoid(z):⏎    z += 1⏎    return 1 / (1 + np.exp(1 - z))⏎A2 = sigmoid(Z2)",
        "@twice⏎def f():⏎    dW2 = dZ2 @ A1.T / m", "def dW2():⏎    return 1⏎dZ2 = A2 - Y",
        "A1, Z1 = cache⏎A1, A2 = cache⏎dW2 = dZ2 @ A1.T / m",
        f"{BACK}⏎W2_new = W2 + lr * dW2", f"{BACK}⏎updatedW2 = W2 + lr * dW2", f"{BACK}⏎dweight2 = dZ2 @ A1.T",
    ]),
    "a gradient or a new parameter under a name of the writer": (TWO, [
        f"{BACK}⏎{name} = dZ2 @ A1.T" for name in ("gradient_of_W2", "delta_W2", "dCost_dW2", "partial_W2", "gW2")
    ]),
}  # fmt: skip
TRUE = [
    (DEEP, "A = X⏎for l in range(1, L + 1):⏎    A = g(W[l] @ A + b[l])"),
    (DEEP, "dZ = AL - Y⏎for l in range(L, 1, -1):⏎    dZ = np.dot(W[l].T, dZ) * g_prime(Z[l - 1])"),
    (TWO, "dW2 = np.dot(dZ2, A1.T)⏎assert dW2.shape == W2.shape⏎dW2 = dW2 / m"),
    ("l2-batch",
     "dW1 = np.dot(dZ1, X.T)⏎if reg:⏎    dW1 = (dW1 + lambd * W1) / m⏎else:⏎    dW1 = dW1 / m + lambd / m * W1"),
    (TWO, "def sigmoid(z):⏎    s = 1 / (1 + np.exp(-z))⏎    return s⏎A2 = sigmoid(Z2)"),
    ("logistic", "def sigmoid(x):⏎    a = 1 / (1 + np.exp(-x))⏎    return a⏎a = sigmoid(z)"),
    ("softmax-batch",
     "def softmax(z):⏎    e = np.exp(z)⏎    return e / np.sum(e, axis=0, keepdims=True)⏎A2 = softmax(Z2)"),
    (DEEP,
     "def relu_backward(dA, cache):⏎    Z = cache⏎    dZ = np.array(dA, copy=True)⏎    dZ[Z <= 0] = 0⏎    return dZ"),
    (DEEP, "def sigmoid_backward(dA, cache):⏎    Z = cache⏎    s = 1 / (1 + np.exp(-Z))⏎    return dA * s * (1 - s)"),
    (TWO, "def backward(self, X, Y, lr=0.01):⏎    dZ2 = self.A2 - Y⏎    self.W2 -= lr * dZ2 @ self.A1.T / X.shape[1]"),
    (TWO, "W2 = parameters['W2']⏎dA1 = np.dot(W2.T, dZ2)"), (TWO, "W2 = model['W2'].copy()⏎dA1 = np.dot(W2.T, dZ2)"),
    (TWO, "self.W2 = W2⏎dA1 = np.dot(W2.T, dZ2)"),
    (DEEP, "for l in range(1, L + 1):⏎    W = parameters['W' + str(l)]⏎    dA_prev = W.T @ dZ"),
    (DEEP, "L = len(parameters) // 2⏎for l in range(1, L + 1):⏎    dW[l] = dZ[l] @ A[l - 1].T / m"),
    (DEEP, "A_prev, W, b = linear_cache⏎dW = np.dot(dZ, A_prev.T) / m"),
    ("softmax-batch", "one_hot_Y = one_hot(Y)⏎dZ2 = A2 - one_hot_Y⏎dW2 = dZ2.dot(A1.T) / m"),
    (TWO, "import numpy as np⏎dW2 = np.dot(dZ2, A1.T) / m⏎print('dW2 =', np.round(dW2.mean(), 3))"),
    (TWO, f"{BACK}⏎dW2_sum = dZ2 @ A1.T⏎dW2 = dW2_sum / m"),
]


@pytest.mark.parametrize(("setting", "text"), [(s, t) for s, texts in FALSE.values() for t in texts])
def test_no_false_flow_is_called_true(setting, text, session):
    assert session.check(text.replace("⏎", "\n"), setting, nearest=False).verdict != "holds"


@pytest.mark.parametrize(("setting", "text"), TRUE)
def test_true_flow_is_called_true(setting, text, session):
    said = session.check(text.replace("⏎", "\n"), setting, nearest=False)
    assert said.verdict == "holds", said.message
