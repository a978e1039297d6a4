"""The letters of other courses and books, each by its source: what they are in the course's letters."""

from __future__ import annotations

from checkedmath.subject.letters import Letters

_OUTPUT = ("h_θ", "h_{θ}", "h_Θ", "h_{Θ}", "h_w", "h_{w}", "h_{w,b}")


#: Notes that count W[l] as the weights between layers l and l + 1, and notes that count the inputs as layer 1.
WEIGHTS_AHEAD = Letters(
    "notes in which W of layer l leads from layer l to layer l + 1", {},
    shifts=dict.fromkeys(("W", "b", "dW", "db", "Delta"), 1),
)  # fmt: skip
INPUTS_FIRST = Letters(
    "notes in which the inputs are layer 1", {},
    shifts=dict.fromkeys(("a", "A", "z", "Z", "dz", "dZ", "da", "dA", "g"), -1) | {"W": 0, "b": 0, "dW": 0, "db": 0},
    last=1,
)  # fmt: skip


def letters_of(*, is_layered: bool, batch: bool, layer_count: int) -> tuple[Letters, ...]:
    """Return the sources that a setting knows, those with the rarest letters first."""
    capital = "A" if batch else "a"
    output = "yhat" if is_layered else "a"
    weights = "W" if is_layered else "w"
    by_theta = {"θ": weights, "Θ": weights, "theta": weights, "Theta": weights}
    if not is_layered:
        by_theta["h"] = output
    hidden = {"h": "a"} if is_layered else {}
    return (
        Letters(
            "the course Machine Learning of 2011", by_theta | dict.fromkeys(_OUTPUT, output),
            frozenset(_OUTPUT) | {"θ", "Θ", "theta", "Theta"},
            shifts=INPUTS_FIRST.shifts if is_layered else {},
            last=1, said="the inputs are its layer 1" if is_layered else "",
        ),
        Letters(
            "the Machine Learning Specialization",
            {} if is_layered else {"f": output} | dict.fromkeys(("f_{w,b}", "f_{w, b}", "f_w", "f_{w}"), output),
        ),
        Letters("texts that write a small l for the loss", {} if is_layered else {"l": "L"}),
        Letters(
            "texts that write h for what goes out of a hidden layer", {"h": "a", "H": capital} if is_layered else {},
            members=dict.fromkeys("hH", 1) if layer_count == 2 else {},
        ),
        Letters(
            "texts that write N for the number of examples", {"N": "m"}, frozenset("N"),
            condition=("m-is-n", "N is the number of examples, m in the course"),
        ),
        Letters(
            "texts that write e for the error of a unit",
            ({"E": "dZ"} if batch else {"e": "dz"}) if is_layered else {},
        ),
        Letters(
            "the delta rule", {"o": output, "t": "y", "net": "z", "target": "y", "output": output, **hidden},
            frozenset({"o", "t", "net", "target", "output"}), members={"h": 1} if layer_count == 2 else {},
        ),
    )  # fmt: skip
