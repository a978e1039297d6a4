"""What is said about input that cannot be used, line by line.

Each case names what is called and the whole message: what was expected, what came, and, where
there is a likely cause, what to do.
"""

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import backprop
from backprop import (
    InputError,
    Layer,
    Network,
    ParameterGradients,
    activation,
    backward,
    book,
    cost,
    flower,
    forward,
    gradients,
    initialise,
    jacobian,
    loss_function,
    losses,
    one_hot,
    replay,
    softmax,
    step,
    train,
    validate,
)
from backprop.by_layer import ByLayer

net = book.network()
X, Y = book.data()
ACTIVATIONS, LOSSES = ", ".join(backprop.ACTIVATIONS), ", ".join(backprop.LOSSES)
one = initialise((4, 3, 1))
classes = initialise((4, 3), output="softmax", loss="categorical_cross_entropy")
other = initialise((4, 3, 2))
squared = Network(net.layers, "squared_error")
cache = forward(net, X)
grads = backward(net, cache, Y)


def with_entry(array, row, column, value):
    changed = array.copy()
    changed[row, column] = value
    return changed


def masked(array):
    return np.ma.masked_equal(array, 1.0)


def train_with(**options):
    return train(net, X, Y, **({"alpha": 0.1, "epochs": 1} | options))


BAD_X = {
    "X with examples in rows": (
        lambda: forward(net, X.T),
        """X: expected shape (n_0, m) = (4, m)
             got shape (5, 4)
             X has examples in rows? Pass X.T.""",
    ),
    "X with other features": (
        lambda: forward(net, X[:3]),
        """X: expected shape (n_0, m) = (4, m)
             got shape (3, 5)
             The first layer's W[1] has 4 columns, one for each feature of X.""",
    ),
    "X with one example in a flat array": (
        lambda: forward(net, X[:, 0]),
        """X: expected shape (n_0, m) = (4, m)
             got shape (4,)
             One example is a column: X.reshape(-1, 1).""",
    ),
    "X with all examples in a flat array": (
        lambda: gradients(net, X.ravel(), Y),
        """X: expected shape (n_0, m) = (4, m)
             got shape (20,)
             One example is a column: X.reshape(4, -1).""",
    ),
    "X with three axes": (
        lambda: forward(net, X.reshape(2, 2, 5)),
        """X: expected shape (n_0, m) = (4, m)
             got shape (2, 2, 5)
             Flatten each example into one column.""",
    ),
    "X without axes": (
        lambda: forward(net, np.array(1.0)),
        """X: expected shape (n_0, m) = (4, m)
             got shape ()
             Flatten each example into one column.""",
    ),
    "X as a list": (
        lambda: forward(net, X.tolist()),
        """X: expected an array, shape (n_0, m) = (4, m)
             got a list
             Pass np.array(X).""",
    ),
    "X is None": (
        lambda: train(net, None, Y, alpha=0.1, epochs=1),
        """X: expected an array, shape (n_0, m) = (4, m)
             got a NoneType
             Pass np.array(X).""",
    ),
    "X of objects": (
        lambda: forward(net, X.astype(object)),
        """X: expected an array of numbers, shape (n_0, m) = (4, m)
             got dtype object
             Pass X.astype(float).""",
    ),
    "X of text": (
        lambda: forward(net, X.astype(str)),
        """X: expected an array of numbers, shape (n_0, m) = (4, m)
             got dtype <U32
             Pass X.astype(float).""",
    ),
    "X as np.matrix": (
        lambda: forward(net, X.view(np.matrix)),
        """X: expected a plain array, shape (n_0, m) = (4, m)
             got a np.matrix
             Its * is another product: pass np.asarray(X).""",
    ),
    "X with a mask": (
        lambda: forward(net, masked(X)),
        """X: expected a plain array, shape (n_0, m) = (4, m)
             got a masked array
             Say what stands for missing values: X.filled(…).""",
    ),
    "empty batch": (
        lambda: forward(net, X[:, :0]),
        """X: expected shape (n_0, m) = (4, m) with m ≥ 1
             got shape (4, 0)
             The batch is empty.""",
    ),
    "NaN in X": (
        lambda: forward(net, with_entry(X, 1, 3, np.nan)),
        """X: expected finite values
             got nan in row 2, column 4
             Look for missing values, or features that were not scaled.""",
    ),
    "infinity in X": (
        lambda: gradients(net, with_entry(with_entry(X, 3, 4, -np.inf), 0, 0, np.inf), Y),
        """X: expected finite values
             got inf in row 1, column 1, and 1 more
             Look for missing values, or features that were not scaled.""",
    ),
    "NaN in a later block": (
        lambda: gradients(net, with_entry(X, 1, 3, np.nan), Y, block=2),
        """X: expected finite values
             got nan in row 2, column 4
             Look for missing values, or features that were not scaled.""",
    ),
}

BAD_Y = {
    "Y with examples in rows": (
        lambda: cost(net, cache, Y.T),
        """Y: expected shape (n_2, m) = (2, 5)
             got shape (5, 2)
             Y has examples in rows? Pass Y.T.""",
    ),
    "flat Y for one output": (
        lambda: backward(one, forward(one, X), Y[0]),
        """Y: expected shape (n_2, m) = (1, 5)
             got shape (5,)
             Labels in a flat array? Pass Y.reshape(1, -1).""",
    ),
    "class numbers": (
        lambda: cost(classes, forward(classes, X), np.array([0, 2, 1, 0, 0])),
        """Y: expected shape (n_1, m) = (3, 5)
             got shape (5,)
             Class numbers? Pass the one-hot columns, backprop.one_hot(Y, 3).""",
    ),
    "class numbers in a row": (
        lambda: cost(classes, forward(classes, X), np.array([[0, 2, 1, 0, 0]])),
        """Y: expected shape (n_1, m) = (3, 5)
             got shape (1, 5)
             Class numbers? Pass the one-hot columns, backprop.one_hot(Y, 3).""",
    ),
    "Y with too few rows": (
        lambda: gradients(net, X, Y[:1]),
        """Y: expected shape (n_2, m) = (2, 5)
             got shape (1, 5)
             The last layer has 2 units, one for each row of Y.""",
    ),
    "Y of another batch": (
        lambda: backward(net, cache, Y[:, :3]),
        """Y: expected shape (n_2, m) = (2, 5)
             got shape (2, 3)
             X has m = 5 columns; Y needs one column for each.""",
    ),
    "Y as a list": (
        lambda: cost(net, cache, Y.tolist()),
        """Y: expected an array, shape (n_2, m) = (2, 5)
             got a list
             Pass np.array(Y).""",
    ),
    "Y of objects": (
        lambda: train(net, X, Y.astype(object), alpha=0.1, epochs=1),
        """Y: expected an array of numbers, shape (n_2, m) = (2, 5)
             got dtype object
             Pass Y.astype(float).""",
    ),
    "Y as np.matrix": (
        lambda: cost(net, cache, Y.view(np.matrix)),
        """Y: expected a plain array, shape (n_2, m) = (2, 5)
             got a np.matrix
             Its * is another product: pass np.asarray(Y).""",
    ),
    "Y with a mask": (
        lambda: backward(net, cache, masked(Y)),
        """Y: expected a plain array, shape (n_2, m) = (2, 5)
             got a masked array
             Say what stands for missing values: Y.filled(…).""",
    ),
    "labels -1 and 1": (
        lambda: cost(net, cache, 2 * Y - 1),
        """Y: expected labels in [0, 1]
             got values from -1.0 to 1.0
             Labels -1 and 1? Pass (Y + 1) / 2.""",
    ),
    "labels 1 and 2": (
        lambda: backward(net, cache, Y + 1),
        """Y: expected labels in [0, 1]
             got values from 1.0 to 2.0
             Labels are probabilities, 0 for no and 1 for yes.""",
    ),
    "NaN among the labels": (
        lambda: backward(net, cache, with_entry(Y, 1, 2, np.nan)),
        """Y: expected finite values
             got nan in row 2, column 3
             Look for missing labels.""",
    ),
    "NaN among the targets": (
        lambda: cost(squared, cache, with_entry(Y, 0, 4, np.nan)),
        """Y: expected finite values
             got nan in row 1, column 5
             Look for missing labels.""",
    ),
    "infinity among the targets": (
        lambda: cost(squared, cache, with_entry(Y, 0, 4, np.inf)),
        """Y: expected finite values
             got inf in row 1, column 5
             Look for missing labels.""",
    ),
    "columns that do not sum to 1": (
        lambda: gradients(classes, X, with_entry(one_hot([0, 1, 2, 0, 0], 3), 1, 3, 0.5)),
        """Y: expected columns that sum to 1
             got column 4 of 5, with sum 1.5
             One column holds the probabilities of all classes; one-hot has a single 1.""",
    ),
    "validate": (
        lambda: validate(net, X, Y.T),
        """Y: expected shape (n_2, m) = (2, 5)
             got shape (5, 2)
             Y has examples in rows? Pass Y.T.""",
    ),
}

W = np.ones((3, 4))
first = Layer(W, np.zeros((3, 1)), "tanh")
BAD_NETWORKS = {
    "flat b": (
        lambda: Layer(W, np.zeros(3), "tanh"),
        """b: expected shape (n_l, 1) = (3, 1)
             got shape (3,)
             b is a column: pass b.reshape(-1, 1).""",
    ),
    "b as a row": (
        lambda: Layer(W, np.zeros((1, 3)), "tanh"),
        """b: expected shape (n_l, 1) = (3, 1)
             got shape (1, 3)
             b is a column: pass b.reshape(-1, 1).""",
    ),
    "b of another layer": (
        lambda: Layer(W, np.zeros((2, 1)), "tanh"),
        """b: expected shape (n_l, 1) = (3, 1)
             got shape (2, 1)
             W is (3, 4): one bias for each of its 3 rows.""",
    ),
    "W with units in columns": (
        lambda: Layer(W.T, np.zeros((1, 3)), "tanh"),
        """b: expected shape (n_l, 1) = (4, 1)
             got shape (1, 3)
             W is (4, 3): one bias for each of its 4 rows. Units in columns? Pass W.T.""",
    ),
    "flat W": (
        lambda: Layer(np.ones(4), np.zeros((1, 1)), "tanh"),
        """W: expected shape (n_l, n_(l-1))
             got shape (4,)
             One row of weights for each unit.""",
    ),
    "W of text": (
        lambda: Layer(W.astype(str), np.zeros((3, 1)), "tanh"),
        """W: expected an array of numbers, shape (n_l, n_(l-1))
             got dtype <U32
             Pass W.astype(float).""",
    ),
    "W as np.matrix": (
        lambda: Layer(W.view(np.matrix), np.zeros((3, 1)), "tanh"),
        """W: expected a plain array, shape (n_l, n_(l-1))
             got a np.matrix
             Its * is another product: pass np.asarray(W).""",
    ),
    "b with a mask": (
        lambda: Layer(W, masked(np.zeros((3, 1))), "tanh"),
        """b: expected a plain array, shape (n_l, 1) = (3, 1)
             got a masked array
             Say what stands for missing values: b.filled(…).""",
    ),
    "NaN in W": (
        lambda: Layer(with_entry(W, 0, 0, np.nan), np.zeros((3, 1)), "tanh"),
        """W: expected finite values
             got nan in row 1, column 1
             After a step of descent: a smaller learning rate α.""",
    ),
    "layers that do not fit": (
        lambda: Network([first, Layer(np.ones((2, 5)), np.zeros((2, 1)), "sigmoid")]),
        """W[2]: expected shape (n_2, n_1) = (n_2, 3)
             got shape (2, 5)
             Layer 1 has 3 units: W[2] needs as many columns.""",
    ),
    "a transposed W": (
        lambda: Network([first, Layer(np.ones((3, 2)), np.zeros((3, 1)), "sigmoid")]),
        """W[2]: expected shape (n_2, n_1) = (n_2, 3)
             got shape (3, 2)
             W[2] has one row for each unit of layer 2. Units in columns? Pass W.T.""",
    ),
    "no layers": (
        lambda: Network([]),
        """layers: expected at least one Layer
             got none""",
    ),
    "something else among the layers": (
        lambda: Network([net.layers[0], (W, "tanh")]),
        """layers: expected Layer objects
             got a tuple as layer 2
             Build each with Layer(W, b, g).""",
    ),
    "unknown activation": (
        lambda: Layer(W, np.zeros((3, 1)), "cube"),
        f"""g: expected an Activation or one of the names {ACTIVATIONS}
             got 'cube'
             A new one is a subclass of Activation with its value and its derivative.""",
    ),
    "a function as activation": (
        lambda: activation(["tanh"]),
        f"""g: expected an Activation or one of the names {ACTIVATIONS}
             got ['tanh']
             A new one is a subclass of Activation with its value and its derivative.""",
    ),
    "unknown loss": (
        lambda: loss_function("hinge"),
        f"""loss: expected a Loss or one of the names {LOSSES}
             got 'hinge'
             A new one is a subclass of Loss with its value and its dA.""",
    ),
    "a loss with an output it does not go with": (
        lambda: Network([first], "binary_cross_entropy"),
        """g[1]: expected sigmoid before binary_cross_entropy
             got tanh
             binary_cross_entropy is written for these; squared_error goes with every activation.""",
    ),
    "softmax with binary cross-entropy": (
        lambda: initialise((4, 3), output="softmax"),
        """g[1]: expected sigmoid before binary_cross_entropy
             got softmax
             binary_cross_entropy is written for these; squared_error goes with every activation.""",
    ),
    "a negative penalty": (
        lambda: Network(net.layers, l2=-0.1),
        """l2: expected a number λ ≥ 0
             got -0.1""",
    ),
    "a penalty of text": (
        lambda: Network(net.layers, l2="0.1"),
        """l2: expected a number λ ≥ 0
             got '0.1'""",
    ),
    "a penalty of True": (
        lambda: Network(net.layers, l2=True),
        """l2: expected a number λ ≥ 0
             got True""",
    ),
    "an infinite penalty": (
        lambda: Network(net.layers, l2=np.inf),
        """l2: expected a number λ ≥ 0
             got inf""",
    ),
    "one size": (
        lambda: initialise((4,)),
        """sizes: expected at least two whole numbers (n_0, n_1, …, n_L), each ≥ 1
             got (4,)""",
    ),
    "a size of 0": (
        lambda: initialise((4, 0, 1)),
        """sizes: expected at least two whole numbers (n_0, n_1, …, n_L), each ≥ 1
             got (4, 0, 1)""",
    ),
    "unknown method": (
        lambda: initialise((4, 1), method="ones"),
        """method: expected one of zeros, xavier, he
             got 'ones'""",
    ),
}

BAD_NUMBERS = {
    **{
        f"block {block!r}": (
            lambda block=block: gradients(net, X, Y, block=block),
            f"""block: expected a whole number of examples ≥ 1
                  got {block!r}""",
        )
        for block in (0, -3, 2.0, "2", True)
    },
    **{
        f"{name} {number!r}": (
            lambda name=name, number=number: train_with(**{name: number}),
            f"""{name}: expected a whole number ≥ 1
                  got {number!r}""",
        )
        for name in ("epochs", "batch_size", "patience") for number in (0, 2.5, "3", True)
    },
    "a gradient that has overflowed": (
        lambda: step(net, ParameterGradients(0.0, ByLayer("dW", {1: np.inf * W, 2: net.W[2]}), net.b), 0.1),
        """W: expected finite values
             got -inf in row 1, column 1, and 11 more
             After a step of descent: a smaller learning rate α.""",
    ),
    **{
        f"{name} {alpha!r}": (
            lambda call=call, alpha=alpha: call(alpha),
            f"""alpha: expected a learning rate α > 0
                  got {alpha!r}""",
        )
        for name, call in (
            ("alpha in a step", lambda alpha: step(net, grads, alpha)),
            ("alpha", lambda alpha: train_with(alpha=alpha)),
        )
        for alpha in (
            0, -0.1, np.inf, np.nan, "0.1", None, True, np.True_, 0.1 + 0j, 10**400, np.float32(-1),
            Fraction(1, 10**400), np.array([0.1]), np.array("0.1"), Decimal("0.1"),
        )
    },
    **{
        f"m {m!r}": (
            lambda m=m: backward(net, cache, Y, m=m),
            f"""m: expected a whole number of examples ≥ 1
                  got {m!r}""",
        )
        for m in (0, -5, np.nan, np.inf, True, np.True_, "5", 5.0, np.float64(5), np.int8(-1), (5,))
    },
    "gradients of another network": (
        lambda: step(net, backward(one, forward(one, X), Y[:1]), 0.1),
        """dW[2]: expected shape (2, 3) of W[2]
             got shape (1, 3)
             Gradients of another network? Compute them with this one.""",
    ),
    "gradients of a flatter network": (
        lambda: step(net, backward(classes, forward(classes, X), one_hot([0, 1, 2, 0, 0], 3)), 0.1),
        """dW[2]: expected shape (2, 3) of W[2]
             got nothing
             Gradients of another network? Compute them with this one.""",
    ),
    "gradients of a deeper network": (
        lambda: step(classes, grads, 0.1),
        """dW[2]: expected no such layer
             got shape (2, 3)
             Gradients of another network? Compute them with this one.""",
    ),
    "an improvement that is no number": (
        lambda: train_with(patience=1, min_improvement=np.nan),
        """min_improvement: expected a number ≥ 0
             got nan""",
    ),
    **{
        f"dtype {name}": (
            lambda dtype=dtype: initialise((4, 3, 2), dtype=dtype),
            f"""dtype: expected float32 or float64
                  got {name}{hint}""",
        )
        for dtype, name, hint in (
            (int, "int64", "\n Weights between -1 and 1 would all become 0."),
            (bool, "bool", "\n Weights between -1 and 1 would all become 0."),
            (np.uint8, "uint8", "\n Weights between -1 and 1 would all become 0."),
            (np.float16, "float16", "\n float16 ends at 65504, which a sum over the examples soon reaches."),
            (complex, "complex128", ""),
            (object, "object", ""),
            (str, "<U0", ""),
            ("float99", "'float99'", ""),
        )
    },
    "classes that cannot be counted": (
        lambda: one_hot(np.array([0, 1]), 2.5),
        """classes: expected a whole number of classes ≥ 1
             got 2.5""",
    ),
    "labels that are missing": (
        lambda: one_hot(masked(np.array([0, 1])), 2),
        """labels: expected a label for every example
             got a masked array
             Drop the others.""",
    ),
    "a cache of another network": (
        lambda: backward(net, forward(other, X), Y),
        """cache: expected the forward pass of this network, forward(network, X)
             got one of another network: its layer 1 is not the same object
             After a step, or with a new Network, run forward again before backward.""",
    ),
    "a cache from before a step": (
        lambda: cost(Network([net.layers[0], step(net, grads, 0.1).layers[1]]), cache, Y),
        """cache: expected the forward pass of this network, forward(network, X)
             got one of another network: its layer 2 is not the same object
             After a step, or with a new Network, run forward again before backward.""",
    ),
    "a cache of a flatter network": (
        lambda: losses(net, forward(classes, X), Y),
        """cache: expected the forward pass of this network, forward(network, X)
             got one of 1 layers, not 2
             After a step, or with a new Network, run forward again before backward.""",
    ),
    "no examples": (
        lambda: flower(0),
        """m: expected a number of examples ≥ 1
             got 0""",
    ),
    "labels between the classes": (
        lambda: one_hot(np.array([0, 3, 1]), 3),
        """labels: expected whole numbers from 0 to 2
             got values from 0 to 3""",
    ),
    "labels that are not whole": (
        lambda: one_hot(np.array([0.5]), 3),
        """labels: expected whole numbers from 0 to 2
             got values from 0.5 to 0.5""",
    ),
}

NAMES = "quantity: expected X, Y, L, J, A[l], Z[l], W[l] or b[l] with l up to 2"
BAD_QUANTITIES = {
    "a quantity that does not exist": (
        lambda: jacobian(net, X, Y, of="Q[1]", by="X"),
        f"""{NAMES}
             got 'Q[1]'""",
    ),
    "a layer too high": (
        lambda: jacobian(net, X, Y, of="J", by="W[3]"),
        f"""{NAMES}
             got 'W[3]'
             Layers are numbered from 1; A[0] is X.""",
    ),
    "layer 0": (
        lambda: replay(net, X, Y, {"Z[0]": X}),
        f"""{NAMES}
             got 'Z[0]'
             Layers are numbered from 1; A[0] is X.""",
    ),
    "a number for a name": (
        lambda: jacobian(net, X, Y, of=2, by="X"),
        f"""{NAMES}
             got 2""",
    ),
    "by the cost": (
        lambda: jacobian(net, X, Y, of="Z[1]", by="J"),
        """by: expected a quantity the network computes with
             got 'J'""",
    ),
    "a cost given": (
        lambda: replay(net, X, Y, {"J": 0.0}),
        """J: expected a quantity that others are computed from
             got J""",
    ),
    "a replaced quantity of another shape": (
        lambda: replay(net, X, Y, {"Z[1]": np.zeros((3, 1))}),
        """Z[1]: expected shape (n_1, m) = (3, 5)
             got shape (3, 1)""",
    ),
    "X.T": (
        lambda: jacobian(net, X.T, Y, of="J", by="X"),
        """X: expected shape (n_0, m) = (4, m)
             got shape (5, 4)
             X has examples in rows? Pass X.T.""",
    ),
    "a derivative of softmax by itself": (
        lambda: softmax.prime(X),
        """softmax': expected an activation that acts on each unit by itself
             got softmax, where every a_k depends on every z_j of its column
             Use softmax.jacobian(z), or softmax.dZ(dA, Z, A) for dZ.""",
    ),
    "the Jacobian of a batch": (
        lambda: softmax.jacobian(X),
        """z: expected one column, shape (n, 1)
             got shape (4, 5)
             A Jacobian belongs to one example: pass Z[:, [i]].""",
    ),
}

CASES = BAD_X | BAD_Y | BAD_NETWORKS | BAD_NUMBERS | BAD_QUANTITIES


@pytest.mark.parametrize(("call", "message"), CASES.values(), ids=CASES)
def test_the_message(call, message):
    with pytest.raises(InputError) as caught:
        call()
    assert str(caught.value) == re.sub(r"\n +", "\n  ", message)


def test_no_case_hides_another():
    groups = (BAD_X, BAD_Y, BAD_NETWORKS, BAD_NUMBERS, BAD_QUANTITIES)
    assert len(CASES) == sum(map(len, groups))


@pytest.mark.parametrize(
    ("quantity", "layer", "message"),
    [
        ("W", 0, "W[0] does not exist: layers of W are numbered 1 to 2"),
        ("b", 3, "b[3] does not exist: layers of b are numbered 1 to 2"),
        ("g", "1", "g['1'] does not exist: layers of g are numbered 1 to 2"),
        ("W", -1, "W[-1] does not exist: layers of W are numbered 1 to 2"),
        ("W", [1], "W[[1]] does not exist: layers of W are numbered 1 to 2"),
    ],
)
def test_an_unknown_layer(quantity, layer, message):
    with pytest.raises(KeyError) as caught:
        getattr(net, quantity)[layer]
    assert caught.value.args == (message,)


def test_A_is_numbered_from_0_and_quantities_are_listed_from_the_first_layer():
    with pytest.raises(KeyError, match=r"A\[3\] does not exist: layers of A are numbered 0 to 2"):
        cache.A[3]
    grads = backward(net, cache, Y)
    assert repr(grads.dA) == "dA{0: (4, 5), 1: (3, 5), 2: (2, 5)}"
    assert repr(grads.dW) == "dW{1: (3, 4), 2: (2, 3)}"


def test_complex_arrays_pass():
    moved = forward(net, X + 1e-30j)
    assert moved.A[2].dtype == complex
    assert np.iscomplexobj(cost(net, moved, Y + 1e-30j))
    validate(net, X + 0j, Y + 0j)


@pytest.mark.parametrize("kind", [bool, int, np.uint8, np.float32])
def test_labels_of_any_numeric_type_pass(kind):
    expected = gradients(net, X, Y)
    found = gradients(net, X, Y.astype(kind))
    np.testing.assert_allclose(found.dW[1], expected.dW[1], rtol=1e-12)
    assert float(found.J) == pytest.approx(float(expected.J))


def test_finite_values_whose_sum_overflows_pass():
    large = np.full((4, 3), 1e308)
    validate(Network(net.layers, "squared_error"), large, np.full((2, 3), -1e308))


def test_training_that_diverges_says_so():
    network = initialise((4, 2), output="identity", loss="squared_error")
    with (
        np.errstate(all="ignore"),
        pytest.raises(InputError, match="After a step of descent: a smaller learning rate"),
    ):
        train(network, 1e150 * X, Y, alpha=1e9, epochs=3)
