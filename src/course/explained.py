"""Where the book explains each mistake: ``page#place`` by its name, for a link beside the verdict."""

#: Mistakes of the course (`course.mistakes`) and general ones (`checkedmath.judging.edits`).
PAGES = {
    "transpose": "use/questions#q-why-transposed",
    "order": "use/questions#q-w-on-the-left",
    "product": "use/questions#q-which-sign-which-product",
    "sign": "use/symptoms#cost-goes-up",
    "axis": "use/questions#q-axis",
    "keepdims": "use/questions#q-keepdims",
    "index": "trust/shapes-fit#what-is-a-proof-then",
    "sum-missing": "trust/shapes-fit#what-is-a-proof-then",
    "factor": "parts/losses#squared-error-or-cross-entropy",
    "softmax-g-prime": "parts/softmax#softmax-is-not-elementwise",
    **dict.fromkeys(
        ("prime-missing", "prime-too-many", "g-prime-missing", "g-prime-too-many", "dA-for-g-prime"),
        "use/questions#q-why-g-prime",
    ),
    "prime-at-a": "parts/activations#sigmoid-prime-of-z-or-of-a",
    **dict.fromkeys(("Z-for-A", "A-for-Z"), "use/questions#q-a-or-z"),
    **dict.fromkeys(("dA-for-dZ", "dZ-for-dA"), "use/questions#q-week-3-week-4"),
    **dict.fromkeys(
        ("dW-for-W", "W-for-dW", "db-for-b", "b-for-db", "dZ-for-Z", "Z-for-dZ", "dA-for-A", "A-for-dA"),
        "use/questions#q-what-da-means",
    ),
    **dict.fromkeys(("y-for-a", "a-for-y"), "use/questions#q-hidden-a-minus-y"),
    **dict.fromkeys(("layer-number", "X-for-A"), "use/symptoms#right-dw2-wrong-dw1"),
    **dict.fromkeys(("one-over-m-missing", "one-over-m-too-many"), "use/questions#q-no-1-m-in-dz"),
    **dict.fromkeys(("mean-for-sum", "sum-for-mean"), "use/questions#q-why-db-is-a-sum"),
    **dict.fromkeys(
        ("penalty-missing", "penalty-too-many", "penalty-without-W", "factor-two"), "use/questions#q-l2-penalty"
    ),
}
