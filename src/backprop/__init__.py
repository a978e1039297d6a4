"""Backpropagation in the notation of the Deep Learning Specialization, in NumPy alone.

One example is a column.  X is (n_0, m), W[l] is (n_l, n_(l-1)), b[l] is (n_l, 1), Z[l] and
A[l] are (n_l, m).  dA and dZ are derivatives of each example's loss 𝓛, dW and db of the
cost J = (1/m) Σ 𝓛.

>>> from backprop import book
>>> net, (X, Y) = book.network(), book.data()
>>> cache = forward(net, X)
>>> grads = backward(net, cache, Y)
>>> grads.dZ[1].shape
(3, 5)
"""

from backprop.activations import (
    ACTIVATIONS,
    Activation,
    activation,
    identity,
    leaky_relu,
    relu,
    sigmoid,
    softmax,
    tanh,
)
from backprop.data import flower, moons, one_hot, xor
from backprop.derivatives import central_difference, complex_step, derivative, jacobian
from backprop.descent import Training, step, train
from backprop.errors import InputError
from backprop.gradient_check import GradientReport, check_gradients
from backprop.gradients import Gradients, ParameterGradients, backward, gradients
from backprop.initialise import initialise
from backprop.losses import (
    LOSSES,
    Loss,
    binary_cross_entropy,
    categorical_cross_entropy,
    loss_function,
    squared_error,
)
from backprop.named import declare
from backprop.network import Cache, Layer, Network, cost, forward, losses
from backprop.quantities import replay
from backprop.validation import validate

__all__ = [
    "ACTIVATIONS", "LOSSES", "Activation", "Cache", "GradientReport", "Gradients", "InputError", "Layer", "Loss",
    "Network", "ParameterGradients", "Training", "activation", "backward",
    "binary_cross_entropy", "categorical_cross_entropy", "central_difference",
    "check_gradients", "complex_step", "cost", "declare", "derivative", "flower", "forward", "gradients",
    "identity", "initialise", "jacobian", "leaky_relu", "loss_function", "losses", "moons",
    "one_hot", "relu", "replay", "sigmoid", "softmax", "squared_error", "step", "tanh", "train",
    "validate", "xor",
]

# An activation or a loss is public where it is declared: tanh, and the next one too.
globals().update(ACTIVATIONS | LOSSES)
__all__ += [name for name in (*ACTIVATIONS, *LOSSES) if name not in __all__]
__all__.sort()
