"""What other courses, books and notebooks call the course's quantities, in code.

A name stands under the first source that has it and that a setting can read; ``shown`` keeps a source whose numbers
clash with the course's out of texts that do not use its letters.
"""

from __future__ import annotations

from checkedmath.subject.setting import OtherNames

_COUNT = ("batch_size", "num_examples", "n_examples", "num_samples", "n_samples", "nb_samples", "n_sample", "num_train",
          "N_samples", "sample_size", "m_train", "num_data", "n_train", "nsamples", "samples", "bs", "n_batch",
          "num_batch", "minibatch_size", "mini_batch_size", "numExamples", "batchSize", "n_data", "BATCH_SIZE",
          "nb_examples", "training_size", "train_size", "num_points")  # fmt: skip
_STEP = ("step_size", "stepsize", "rate", "l_rate", "learn_rate", "LR", "learningRate", "epsilon", "epsilo", "step")
_PENALTY = ("reg", "reg_lambda", "lmbd", "weight_decay", "l2_lambda", "l2_reg", "lmd", "reg_strength")
_INPUT = ("inputs", "X_input", "input_data", "input_layer", "l0", "layer0", "layer_0", "A0", "a0")
_LABELS = ("targets", "target", "labels", "expected_output", "y_onehot", "t", "T_onehot", "Y_oh", "ground_truth")

#: Two layers, by words in place of numbers.
_LAYERS = {
    "A1": (
        "hidden", "hidden_layer", "h", "h1", "H", "H1", "hidden_output", "hidden_out",
        "hidden_layer_output", "h_out", "h_relu", "layer1", "layer_1", "l1_out", "hidden_activation",
        "out_hidden", "a_hidden", "hidden_layer1", "a_h", "out1", "hid",
    ),
    "A2": (
        "output", "outputs", "out", "o", "O", "probs", "output_layer", "predicted_output", "final_output",
        "layer2", "layer_2", "prediction", "predictions", "preds", "pred", "probabilities", "a_out", "out2",
        "output_layer_output", "softmax_out", "softmax_output", "a_o",
    ),
    "Z1": ("hidden_input", "z_h", "z_hidden", "hidden_layer_input", "hidden_in", "net_h", "zh", "s1", "net1"),
    "Z2": ("scores", "logits", "z_out", "z_o", "output_input", "zo", "s2", "net2", "z_output"),
    "dZ1": (
        "delta_h", "delta_hidden", "hidden_delta", "d_z_h", "dz_h", "grad_h", "dh_raw", "d_hidden_input",
        "dhidden_input",
    ),
    "dZ2": (
        "dscores", "dlogits", "delta_o", "delta_out", "delta_output", "d_scores", "d_logits", "grad_scores",
        "dz_o", "dz_out", "grad_logits", "dScores",
    ),
    "dA1": (
        "dhidden", "dhidden_layer", "dh", "dh1", "d_hidden", "d_h", "dH", "grad_hidden", "grad_h_relu",
        "d_hidden_layer", "dlayer1", "da_h",
    ),
    "dA2": ("dprobs", "dyhat", "dy_hat", "d_yhat", "dy_pred", "dout", "d_output", "d_out", "da_o", "dYhat", "dY_hat"),
    "W1": (
        "W_h", "Wh", "W_hidden", "W_ih", "W_in", "wih", "weights1", "w_h", "W_xh", "Wxh",
        "weights_input_hidden", "hidden_weights", "w_ih", "W_i", "weights_1", "syn0", "W_input_hidden",
        "w_hidden",
    ),
    "W2": (
        "W_o", "Wo", "W_out", "W_ho", "W_output", "who", "weights2", "w_o", "W_hy", "Why",
        "weights_hidden_output", "output_weights", "w_ho", "weights_2", "syn1", "W_hidden_output", "w_out",
    ),
    "b1": ("b_h", "bh", "b_hidden", "bias1", "bias_hidden", "hidden_bias", "bias_h", "bias_1"),
    "b2": ("b_o", "bo", "b_out", "b_output", "bias2", "bias_output", "output_bias", "bias_o", "by", "bias_2"),
}  # fmt: skip
#: The letters of the first machine-learning course, which counts the input as layer 1, as do several textbooks.
_FIRST_LAYER_IS_INPUT = {
    "X": ("a1",),
    "A1": ("a2",),
    "Z1": ("z2",),
    "A2": ("a3", "hx", "h_theta"),
    "Z2": ("z3",),
    "dZ1": ("delta2", "delta_2", "d2", "dz2", "dZ2"),
    "dZ2": ("delta3", "delta_3", "d3", "dz3", "dZ3"),
    "W1": ("Theta1", "theta1", "Theta_1", "Theta1_rest", "theta1_rest"),
    "W2": ("Theta2", "theta2", "Theta_2", "Theta2_rest", "theta2_rest"),
    "dW1": ("Theta1_grad", "Theta1Grad", "theta1_grad"),
    "dW2": ("Theta2_grad", "Theta2Grad", "theta2_grad"),
}  # fmt: skip
#: One unit.
_UNIT = {
    "w": ("theta", "Theta", "weights", "weight", "coef", "coef_", "beta"),
    "b": ("bias", "intercept", "b0", "intercept_"),
    "A": (
        "h", "hypothesis", "predictions", "preds", "pred", "y_predicted", "probs", "p", "output", "outputs",
        "sigma", "prediction", "y_proba", "prob", "yp", "h_theta",
    ),
    "Z": ("logits", "linear_model", "scores", "linear", "model", "linear_pred", "net", "linear_output", "y_linear"),
    "dw": ("grad", "gradient", "dtheta", "grad_theta", "dWeights", "dweights", "theta_grad", "gradients", "dW_"),
    "db": ("dbias", "d_bias", "grad_bias", "bias_grad"),
    "dZ": ("dlogits", "dscores", "d_linear"),
    "dA": ("dyhat", "dpred", "d_output", "dout", "dy_pred", "dprobs"),
}  # fmt: skip


def _turned(*tables: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {theirs: ours for table in tables for ours, names in table.items() for theirs in names}


def _with_gradients(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the table turned round, with dW_out and dW_o for the gradients."""
    found = _turned(table)
    of = {f"{d}{theirs}": f"d{ours}" for theirs, ours in found.items() if ours[0] in "Wb" for d in ("d", "d_", "grad_")}
    return {**of, **found}


_COMMON = {"m": _COUNT, "alpha": _STEP, "lambda": _PENALTY, "X": _INPUT, "Y": _LABELS}
SHOWS_THETA = r"\b[Tt]heta_?\d"
SHOWS_INPUT_LAYER = r"\b[az]_?3\b|^(?!.*\b[aA]1\b)(?=.*\bdelta_?3\b)(?=.*\b[az]2\b)"
_WORDS = (
    OtherNames("where the output is delta3", {"delta3": "dZ2", "delta2": "dZ1"}, shown=r"\bdelta3\b"),
    OtherNames("by layers with names", _with_gradients(_LAYERS)),
    OtherNames("in other notebooks", _turned(_COMMON) | {"dX": "dA0", "dx": "da0"}),
)
#: Where there may be more layers than two, a[3] is a layer of its own, unless the weights are Θ.
OF_LAYERS, OF_TWO_LAYERS = (
    (OtherNames("where the input is layer 1", _turned(_FIRST_LAYER_IS_INPUT), shown), *_WORDS)
    for shown in (SHOWS_THETA, rf"{SHOWS_THETA}|{SHOWS_INPUT_LAYER}")
)
OF_ONE_UNIT = (OtherNames("in other notebooks", {**_turned(_COMMON), **_with_gradients(_UNIT)}),)
