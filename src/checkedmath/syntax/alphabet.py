r"""The one alphabet: what each command and each character means, whatever the dress.

Commands and Unicode characters that say the same are one canonical sign here, for the passes that take a text
apart and for those that read it.
"""

from __future__ import annotations

from unicodedata import normalize

FRAC, SQRT, HAT, ONES = "\ue001", "\ue002", "\ue003", "\ue004"
CASES_OPEN, CASES_CLOSE, CELL, ROW, DOTTED = "\ue005", "\ue006", "\ue007", "\ue008", "\ue009"
MATRIX_OPEN, MATRIX_CLOSE = "\ue00a", "\ue00b"
#: Environments of entries.
MATRICES = {"matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array"}

COMMANDS = {
    "odot": "⊙", "circ": "⊙", "bigodot": "⊙", "ast": "*", "star": "*", "cdot": "·", "times": "×",
    "bullet": "·", "otimes": "⊗", "partial": "∂", "sum": "Σ", "top": "ᵀ", "intercal": "ᵀ",
    "prime": "'", "ln": " ln ", "log": " log ", "exp": " exp ", "tanh": " tanh ", "det": " det ",
    "max": " max ", "min": " min ", "to": "→", "approx": "≈", "simeq": "≈", "ne": "≠", "neq": "≠",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "lt": "<", "gt": ">", "in": "∈",
    "coloneqq": "≔", "gets": "≔", "leftarrow": "≔", "longleftarrow": "≔", "rightarrow": "→",
    "longrightarrow": "→", "part": "∂", "equiv": "=", "triangleq": "≔", "mid": "|", "vert": "|",
    "lvert": "|", "rvert": "|",
    "Vert": "‖", "lVert": "‖", "rVert": "‖", "|": "‖",
    "ldots": "…", "vdots": "…", "ddots": "…", "dots": "…", "cdots": "…",
    "nabla": "∇", "ell": "ℓ", "infty": "∞", "{": "{", "}": "}", "*": "*", "_": "_", "&": "&",
    "langle": "⟨", "rangle": "⟩", "lbrack": "[", "rbrack": "]", "lbrace": "{", "rbrace": "}",
    "lambda": "λ", "alpha": "α",
    "Rightarrow": "⇒", "implies": "⇒", "Longrightarrow": "⇒",
    "Leftrightarrow": "⇔", "Longleftrightarrow": "⇔", "iff": "⇔", "Reals": "ℝ", "reals": "ℝ",
    "propto": "∝", "tr": " tr ", "Tr": " tr ", "trace": " tr ", "diag": " diag ", "colon": ":",
    "dagger": "ᵀ", "forall": "∀", "pm": "±", "div": "/", "R": "ℝ", "cosh": " cosh ", "sinh": " sinh ",
    "sin": " sin ", "cos": " cos ", "tan": " tan ", "arctan": " arctan ", "oslash": "/",
}
GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
    "nu", "xi", "omicron", "pi", "rho", "sigmaf", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
)
for _n, _name in enumerate(GREEK):
    COMMANDS[_name] = chr(0x3B1 + _n)
    COMMANDS[_name.capitalize()] = chr(0x391 + _n)
#: Letters that a text may also name by a word.
GREEK_WORDS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "theta": "θ", "lambda": "λ", "mu": "μ",
    "sigma": "σ", "phi": "φ", "psi": "ψ", "omega": "ω", "eta": "η", "rho": "ρ", "tau": "τ",
}  # fmt: skip
COMMANDS |= {"varepsilon": "ε", "varphi": "φ", "vartheta": "θ", "varsigma": "σ"}

#: Fonts, sizes and spaces: nothing is left of them (of an argument, the argument).
SILENT = {
    "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl",
    "Biggr", "middle", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "quad", "qquad",
    "enspace", "thinspace", "medspace", "thickspace", "mathrm", "mathbf", "mathit", "mathsf", "mathtt",
    "mathnormal", "boldsymbol", "bm", "pmb", "vec", "operatorname",
    "mathop", "mathord", "mathopen", "mathclose",
    "mathpunct", "mathinner", "mathbin", "mathrel", "rm", "bf", "it", "tt", "cal", "mathstrut", "strut",
    "nonumber", "notag",
    "footnotesize", "scriptsize", "small", "normalsize", "large", "tiny",
    "negthinspace", "hspace", "vspace", "phantom", "hphantom", "vphantom", ",", ";", "!", ":", ">", "/", " ",
    "\n", "~",
}
FONTED = {"mathcal": {"L": "ℒ", "J": "J", "C": "C", "E": "E"}, "mathscr": {"L": "ℒ"},
          "mathbb": {"R": "ℝ", "1": ONES, "I": ONES}}
BOLD = {"mathbf", "boldsymbol", "bm", "vec", "pmb", "bf", "mathbb"}
DROPPED_ARGUMENT = {"label", "tag", "hspace", "vspace", "phantom", "hphantom", "vphantom", "color", "htmlData"}

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵀⁱˡᴸⁿᵐʲᵏ", "0123456789+-=()ᵀilLnmjk", strict=True)) | {
    "ˣ": "x", "ʸ": "y", "ᶻ": "z", "ᵃ": "a", "ᵇ": "b", "ʷ": "w", "⊤": "ᵀ", "ᵗ": "ᵀ", "⸆": "ᵀ",
}  # fmt: skip
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ᵢⱼₖₗₘₙₚₐₓ", "0123456789+-=()ijklmnpax", strict=True))
SAME = str.maketrans({
    "’": "'", "‘": "'", "`": "'", "´": "'", "ʹ": "'", "′": "'", "＇": "'", "−": "-", "–": "-", "—": "-",
    "‐": "-", "‑": "-", "∑": "Σ", "∗": "*", "＊": "*", "⋅": "·", "•": "·", "∙": "·", "∘": "⊙", "○": "⊙", "◦": "⊙",
    "⨀": "⊙", "⊚": "⊙", "×": "×", "✕": "×", "∥": "‖", "∣": "|", "ϕ": "φ", "𝓛": "ℒ", "ℓ": "ℓ", "µ": "μ",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2062": " ", "\t": " ", "\r": " ", "ᐟ": "'", "∆": "Δ",
    "＝": "=", "：": ":", "（": "(", "）": ")", "⟂": "⊥", "ᵗ": "ᵀ", "⟶": "→", "ℎ": "h", "⁄": "/",
})
#: Letters of mathematical alphabets, as they are copied from a rendered page: bold, italic, sans, Greek.
MATHEMATICAL = {
    code for first, last in ((0x1D400, 0x1D49B), (0x1D5A0, 0x1D6A3), (0x1D6A8, 0x1D7CB))
    for code in range(first, last + 1)
}
SAME |= {code: normalize("NFKC", chr(code)).translate(SAME) for code in MATHEMATICAL if code not in SAME}
#: Letters that are another way to draw the same one.
SCRIPT_LETTERS = str.maketrans({"ℓ": "l"})
#: An arrow above is a font for vectors, as \vec is; a hat and a dot have meanings of their own.
COMBINING = {"\u20d7": "", "\u0302": HAT, "\u0307": DOTTED, "\u200b": "", "\ufeff": "", "\u2061": ""}
#: Every other accent: the combining character that stands after the letter.
ACCENTS = {
    "bar": "\u0304", "overline": "\u0305", "underline": "\u0332", "tilde": "\u0303", "widetilde": "\u0303",
    "check": "\u030c", "widecheck": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300",
    "ddot": "\u0308", "mathring": "\u030a", "overrightarrow": "\u20d7", "overleftarrow": "\u20d6",
}  # fmt: skip

#: Every sign of a relation, by what it is read as.  A relation that is not here is unreadable.
RELATIONS = {
    "=": "=", "≈": "≈", "≠": "≠", "≤": "≤", "≥": "≥", "<": "<", ">": ">", "∈": "∈", "∝": "∝", "≔": ":=", "←": ":=",
    "→": "→", "≡": "=", "≜": ":=", "∼": "∼", "≃": "≈", "⟶": "→", "⇒": "⇒", "⟹": "⇒", "⇔": "⇔",
}  # fmt: skip
#: Commands whose argument is words.
WORDS = {"text", "textrm", "mbox", "textbf", "textit", "textsf", "texttt"}
