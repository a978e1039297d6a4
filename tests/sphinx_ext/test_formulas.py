r"""The judging build: miniature books, one for each behaviour, and what it says of them."""

import pytest

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]


def test_a_true_page_is_silent_and_each_statement_has_its_kind(judged_once):
    book = judged_once("true")
    assert book.warnings == []
    assert {f["verdict"] for f in book.report["formulas"]} == {"holds"}
    found = [(f["line"], f["kind"], f["relation"], f["source"]) for f in book.report["formulas"]]
    assert found[:16] == [
        (7, "display", "claim", r"dz^{[1]} = \left( W^{[2]T} dz^{[2]} \right) \odot g^{[1]\prime}(z^{[1]})"),
        (11, "inline", "value", "n_1 = 3"),
        (11, "inline", "value", "n_0 = 4"),
        (11, "inline", "value", r"\alpha = 0.01"),
        (11, "inline", "value", "l = 2"),
        (11, "inline", "value", r"l = 1, \ldots, L"),
        (11, "inline", "value", r"y \in \{0, 1\}"),
        (13, "inline", "definition", r"\kappa := a^{[2]} - y"),
        (13, "inline", "definition", r"f(t) := \frac{1}{1 + e^{-t}}"),
        (15, "inline", "claim", r"W^{[1]} := W^{[1]} - \alpha \, dW^{[1]}"),
        (17, "inline", "shape", r"W^{[2]} \in \mathbb{R}^{n_2 \times n_1}"),
        (17, "inline", "shape", "W^{[2]T} dz^{[2]}"),
        (17, "inline", "shape", "n_2"),
        (17, "inline", "shape", "1"),
        (17, "inline", "shape", "j"),
        (19, "inline", "claim", "W^{[2]} a^{[1]} = W^{[2]} a^{[1]}"),
    ]
    assert [(line, kind) for line, kind, *_ in found[19:]] == [(36, "inline")] * 6


def test_steps_have_their_own_lines_and_sources(judged_once):
    formulas = judged_once("true").report["formulas"]
    row = r"\frac{\partial \mathcal{L}}{\partial z^{[1]}}"
    chain = r"\frac{\partial \mathcal{L}}{\partial a^{[1]}} \, \frac{\partial a^{[1]}}{\partial z^{[1]}}"
    steps = [(f["line"], f["source"], f["label"]) for f in formulas if f["kind"] == "step"]
    assert steps == [(23, f"dz^{{[1]T}} = {row}", "derivation"), (25, f"{row} = {chain}", "derivation")]


def test_a_display_stands_at_its_opening_fence(judged_once):
    formulas = judged_once("true").report["formulas"]
    assert [(f["line"], f["label"]) for f in formulas if f["kind"] == "display"] == [(7, "claim"), (30, "directive")]


def test_the_same_on_both_sides_is_trivial_and_not_counted(judged_once):
    report = judged_once("true").report
    assert [f["line"] for f in report["formulas"] if f["trivial"]] == [15, 19]
    assert report["claims"] == sum(f["relation"] == "claim" for f in report["formulas"]) - 2 == 10


NO_TRANSPOSE = """index.md:7: WARNING: formula is false:
  dz^{[1]} = \\left( W^{[2]} dz^{[2]} \\right) \\odot g^{[1]\\prime}(z^{[1]})
                    ^^^^^^^^^^^^^^^^
  W[2] is (n_2, n_1), dz[2] is (n_2, 1): inner sizes n_1 and n_2 differ (with one unit in every layer it would be true)
  nearest true formula: dz[1] = W[2]T dz[2] * g[1]'(z[1]) (transpose) [checkedmath.false]"""
NO_PRODUCT = """index.md:11: WARNING: formula is false:
  W^{[2]} dz^{[2]}
  W[2] is (n_2, n_1), dz[2] is (n_2, 1): inner sizes n_1 and n_2 differ [checkedmath.false]"""
ABOVE = r"\frac{\partial \mathcal{L}}{\partial a^{[1]}} \, \frac{\partial a^{[1]}}{\partial z^{[1]}}"
STEP = r"- \frac{\partial \mathcal{L}}{\partial a^{[1]}} \, \operatorname{diag}\left(g^{[1]\prime}(z^{[1]})\right)"
WRONG_STEP = f"""index.md:19: WARNING: formula is false:
  {ABOVE} = {STEP}
  {' ' * len(ABOVE)}   {'^' * len(STEP)}
  the sides differ: … and … in one draw
  nearest true formula: (∂L/∂a[1]) (∂a[1]/∂z[1]) = (∂L/∂a[1]) diag(g[1]'(z[1])) (sign) [checkedmath.false]"""
WRONG_SIGN = """second.md:7: WARNING: formula is false:
  dz^{[2]} = y - a^{[2]}
             ^^^^^^^^^^^
  the sides differ: … and … in one draw
  nearest true formula: dz[2] = a[2] - y (sign) [checkedmath.false]"""
UNFINISHED = """second.md:9: WARNING: formula is unreadable:
   dz^{[2]} = a^{[2]} - 
                        ^ expected a symbol, a number or an opening bracket [checkedmath.unreadable]"""  # noqa: W291
UNKNOWN = """second.md:11: WARNING: formula is unreadable:
  W^{[2]} Q
          ^ expected a symbol of two-layer [checkedmath.unreadable]"""
CONDITIONAL = """second.md:13: WARNING: formula is true on a condition only:
  W^{[2]} \\in \\mathbb{R}^{n_1 \\times n_2}
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  true if examples are rows and Z = A W + b, with W of shape (n_in, n_out); here it is not: \
W[2] is (n_2, n_1), not (n_1, n_2) [checkedmath.conditional]"""
NO_SIZE = """second.md:15: WARNING: formula is false:
  n_2 = 3
  n_2 of the book's network is 2, not 3 [checkedmath.false]"""
WRONG_DIGITS = """second.md:17: WARNING: formula is false:
  1 / 3 \\approx 0.334
                ^^^^^
  the sides differ by 0.000667, more than half a unit of the last digit, 0.0005 [checkedmath.false]"""
EQUAL_DECIMALS = """second.md:17: WARNING: formula is false:
  0.1 = 0.2
        ^^^
  the left side is 0.1, the right side 0.2 [checkedmath.false]"""
ROUNDED = """second.md:17: WARNING: formula is false:
  2.1^2 = 4.4
          ^^^
  the left side is 4.41, the right side 4.4; it is rounded: write \\approx, which holds to the digits that are written \
[checkedmath.false]"""
WRONG_UPDATE = """second.md:19: WARNING: formula is false:
  W^{[1]} := W^{[1]} + \\alpha \\, dW^{[1]}
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  the sides differ: … and … in one draw
  nearest true formula: W[1] := W[1] - alpha dW[1] (sign) [checkedmath.false]"""
UNKNOWN_IN_LINE_TWO = """second.md:24: WARNING: formula is unreadable:
  z^{[2]} &= W^{[2]} a^{[1]} + q
                               ^ expected a symbol of two-layer [checkedmath.unreadable]"""


def test_every_fault_of_every_page_is_reported_in_one_build(judged):
    book = judged("false").build()
    assert book.warnings == [
        NO_TRANSPOSE, NO_PRODUCT, WRONG_STEP, WRONG_SIGN, UNFINISHED, UNKNOWN, CONDITIONAL, NO_SIZE, WRONG_DIGITS,
        EQUAL_DECIMALS, ROUNDED, WRONG_UPDATE, UNKNOWN_IN_LINE_TWO,
    ]  # fmt: skip
    # The true steps and lines beside the faults are judged as well.
    true = [(f["page"], f["line"]) for f in book.report["formulas"] if f["verdict"] == "holds"]
    assert true == [("index", 15), ("index", 17), ("second", 23)]


def test_a_book_with_faults_is_written_and_then_fails(judged):
    book = judged("false").build_apart("-q", "-W", "--keep-going")
    assert book.code == 1
    assert len(book.warnings) == 13
    assert len(book.report["formulas"]) == 16


def test_formulas_in_headings_tables_quotes_captions_notes_and_boxes(judged):
    book = judged("places").build()
    places = [warning.split(": WARNING")[0] for warning in book.warnings]
    sources = [warning.splitlines()[1].strip() for warning in book.warnings]
    assert dict(zip(sources, places, strict=True)) == {
        "a^{[1]} = z^{[1]}": "index.md:5",  # heading
        "b^{[1]} = b^{[2]}": "index.md:9",  # table, first row
        "z^{[1]} = W^{[1]} x - b^{[1]}": "index.md:10",  # second row
        "a^{[2]} = z^{[2]}": "index.md:12",  # quote
        "dz^{[1]} = dz^{[2]}": "index.md:14",  # caption
        "dz^{[2]} = y - a^{[2]}": "index.md:21",  # emphasis in a list
        "db^{[2]} = dz^{[1]}": "index.md:25",  # footnote
        "x = z^{[1]}": "index.md:27",  # term
        "a^{[2]} = y": "index.md:28",  # its definition
        "b^{[2]} = y": "index.md:30",  # title of a box
        "W^{[1]} = W^{[2]}": "index.md:31",  # its text
    }


NO_SETTING = (
    "index.md:{}: WARNING: a = \\sigma(z)\n  expected a setting, which says what the symbols mean: write "
    "`setting: logistic` in the page's front matter, or a {{setting}} directive before the formula "
    "[checkedmath.setting]"
)
NO_SUCH_SETTING = (
    "index.md:23: WARNING: a = \\sigma(z)\n  unknown setting 'two-layers': expected one of logistic, logistic-batch, "
    "two-layer, two-layer-batch, deep, deep-batch, softmax-batch, l2-batch, dropout-batch, shards, identities; "
    "did you mean two-layer? [checkedmath.setting]"
)
OTHER_LAYOUT = """layouts.md:18: WARNING: formula is true on a condition only:
  dz^{[1]} = \\frac{\\partial \\mathcal{L}}{\\partial z^{[1]}}
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  true if the derivatives are in denominator layout; here it is not: dz[1] is (n_1, 1), but the other side is (1, n_1)
  nearest true formula: dz[1] = (∂L/∂z[1])^T (transpose) [checkedmath.conditional]"""
NO_MEAN = """layouts.md:24: WARNING: formula is true on a condition only:
  dW^{[2]} = dZ^{[2]} A^{[1]T}
             ^^^^^^^^^^^^^^^^^
  true if dZ and dA mean ∂J/∂Z and ∂J/∂A (the 1/m is already inside); here it is not: \
the sides differ: … and … in one draw
  nearest true formula: dW[2] = (1/m) dZ[2] A[1]T (one-over-m-missing) [checkedmath.conditional]"""
WIDE = (
    "unknown.md:11: WARNING: 'setting': Invalid option value for 'layout': wide: \"wide\" unknown; "
    'choose from "course", "numerator", or "denominator" [myst.directive_option]'
)
NO_SUCH_LAYOUT = (
    "unknown.md:8: WARNING: dz^{[2]} = a^{[2]} - y\n  unknown layout 'numerators': expected one of course, numerator, "
    "denominator; did you mean numerator? [checkedmath.setting]"
)


def test_settings_and_layouts_of_pages_and_sections(judged):
    book = judged("settings").build()
    assert book.warnings == [
        NO_SETTING.format(3), NO_SETTING.format(18), NO_SUCH_SETTING, OTHER_LAYOUT, NO_MEAN, WIDE, NO_SUCH_LAYOUT,
    ]  # fmt: skip
    assert [(f["page"], f["line"], f["setting"], f["layout"]) for f in book.report["formulas"]] == [
        ("index", 3, "", "numerator"),
        ("index", 10, "logistic", "numerator"),
        ("index", 14, "logistic", "numerator"),  # a section inside the one with the directive
        ("index", 18, "", "numerator"),  # the section after it
        ("index", 23, "two-layers", "numerator"),
        ("layouts", 8, "two-layer", "denominator"),
        ("layouts", 16, "two-layer", "numerator"),
        ("layouts", 18, "two-layer", "numerator"),
        ("layouts", 22, "two-layer-batch", "denominator"),  # capitals are about all examples
        ("layouts", 24, "two-layer-batch", "denominator"),
        ("unknown", 8, "two-layer", "numerators"),
    ]


def test_a_book_that_is_not_judged_can_be_drawn(judged):
    book = judged("settings").build("html", confoverrides={"checkedmath_check": False})
    assert book.warnings == [WIDE]


def test_declared_shapes_hold_to_the_end_of_their_section(judged):
    book = judged("identities").build()
    assert sorted(book.warnings) == [
        """index.md:16: WARNING: formula is true on a condition only:
  \\frac{\\partial A x}{\\partial x} = A^T
                                    ^^^
  true if the derivatives are in denominator layout; here it is not: ∂(A x)/∂x is (p, q), but the other side is (q, p)
  nearest true formula: ∂(A x)/∂x = A (transpose) [checkedmath.conditional]""",
        """index.md:18: WARNING: formula is false:
  x^T A x
  ^^^^^
  sizes q and p would have to be equal [checkedmath.false]""",
        """index.md:24: ERROR: let: expected "A: (p, q), x: (q, 1)", got 'A is a matrix' [docutils]""",
    ]
    assert [(f["line"], f["verdict"]) for f in book.report["formulas"]] == [
        (7, "holds"), (14, "holds"), (16, "conditional"), (18, "fails"), (22, "holds"),
    ]  # fmt: skip


def test_unchecked_formulas_are_listed_with_their_reasons(judged):
    book = judged("unchecked").build()
    assert book.warnings == ["index.md:15: ERROR: unchecked: expected formula | reason, got 'q = 1' [docutils]"]
    assert book.report["unchecked"] == [
        {
            "page": "index", "line": 7, "kind": "display", "reason": "it is about another network",
            "source": r"h_t = \tanh(U h_{t-1} + V x_t)",
        },
        {
            "page": "index", "line": 13, "kind": "inline", "reason": "probabilities are not read",
            "source": r"p(y \mid x) = 1/2",
        },
    ]  # fmt: skip
    assert book.judged == [(17, "inline", "claim", "holds")]


def test_mistakes_on_purpose(judged):
    book = judged("expect").build()
    assert book.warnings == [
        """disappointed.md:7: WARNING: dz^{[2]} = a^{[2]} - y
  expected a false formula with the mistake 'transpose', got holds, mistake none [checkedmath.expected]""",
        """disappointed.md:13: WARNING: dz^{[2]} = y - a^{[2]}
  expected a false formula with the mistake 'transpose', got fails, mistake sign [checkedmath.expected]""",
        """disappointed.md:20: WARNING: dz^{[2]} = a^{[2]} -
  expected a false formula with the mistake 'sign', got unreadable, mistake none [checkedmath.expected]""",
        """disappointed.md:26: WARNING: dz^{[2]} = a^{[2]} - y
  expected a formula that is true on the condition 'rows-W', got holds, mistake none [checkedmath.expected]""",
        """disappointed.md:32: WARNING: W^{[2]} \\in \\mathbb{R}^{n_1 \\times n_2}
  expected a formula that is true on the condition 'one-output', got conditional, mistake none, where rows-W \
[checkedmath.expected]""",
    ]
    as_wanted = [f for f in book.report["formulas"] if f["page"] == "index"]
    assert [(f["verdict"], f["mistake"]) for f in as_wanted] == [
            ("fails", "transpose"), ("conditional", ""), ("fails", "")]
    assert [c["code"] for c in as_wanted[1]["where"]] == ["rows-W"]


def test_a_value_is_assumed_to_the_end_of_its_paragraph_or_list_item(judged):
    book = judged("assume").build()
    assert [(line, verdict) for line, _, relation, verdict in book.judged if relation == "claim"] == [
        (7, "holds"), (7, "holds"), (9, "fails"),  # paragraphs
        (13, "holds"), (17, "fails"),  # list items: the first goes on after its first paragraph
        (20, "holds"), (23, "fails"),  # definitions
        (25, "holds"), (27, "fails"),  # paragraphs of a quote
        (31, "fails"),  # another cell of the table
    ]  # fmt: skip
    assert len(book.warnings) == 5
    assert book.warnings[0] == """index.md:9: WARNING: formula is false:
  \\mathcal{L} = -\\ln a
                ^^^^^^
  the sides differ: … and … in one draw [checkedmath.false]"""


def test_what_g_is_holds_for_the_rest_of_its_section(judged):
    book = judged("chosen").build()
    assert [(line, relation, verdict) for line, _, relation, verdict in book.judged] == [
        (7, "claim", "conditional"),
        (11, "value", "holds"), (13, "claim", "holds"),
        (19, "claim", "holds"), (19, "claim", "fails"),  # in the section below
        (21, "value", "holds"), (21, "claim", "holds"),
        (25, "claim", "holds"),  # what was said in the section before has ended
        (29, "claim", "conditional"), (29, "value", "unreadable"),
        (31, "value", "fails"), (31, "claim", "unreadable"),
        (33, "claim", "holds"),
        (37, "claim", "conditional"),
    ]  # fmt: skip
    said = [f["message"] for f in book.report["formulas"] if f["line"] in {13, 31}]
    assert said[0] == "true, with a relu hidden layer"
    assert said[1] == "g^{[2]} is sigmoid here, not tanh"


def test_an_edit_judges_its_page_alone_and_faults_are_told_again(judged):
    book = judged("pages").build()
    assert book.read == ["faulty", "index", "third"]
    (fault,) = book.warnings
    assert fault.startswith("faulty.md:7: WARNING: formula is false:\n  dz^{[2]} = y - a^{[2]}\n")
    first = book.report

    book.build()  # nothing has changed: the faulty page is read, and tells its fault again
    assert (book.read, book.warnings, book.report) == (["faulty"], [fault], first)

    book.write("third", r"\frac{1}{m} dZ", "dZ").build()
    assert book.read == ["faulty", "third"]
    assert book.warnings[0] == fault
    said = "third.md:7: WARNING: formula is true on a condition only:\n  dW^{[2]} = dZ^{[2]} A^{[1]T}\n"
    assert book.warnings[1].startswith(said)

    book.write("third", "dZ^{[2]} A", r"\frac{1}{m} dZ^{[2]} A").write("faulty", "y - a^{[2]}", "a^{[2]} - y").build()
    assert (book.read, book.warnings) == (["faulty", "third"], [])
    assert (book.build().read, book.warnings, book.report["claims"]) == ([], [], 3)


def test_a_page_that_goes_takes_its_results_along(judged):
    book = judged("pages").build()
    (book.source / "faulty.md").unlink()
    book.write("index", "faulty\n", "").build()
    assert book.read == ["index"]
    assert {f["page"] for f in book.report["formulas"]} == {"index", "third"}


def test_another_digest_judges_all_pages_again(judged):
    book = judged("pages").build(confoverrides={"checkedmath_digest": "one"})
    assert len(book.read) == 3
    assert book.build(confoverrides={"checkedmath_digest": "one"}).read == ["faulty"]
    assert len(book.build(confoverrides={"checkedmath_digest": "two"}).read) == 3


def test_pages_that_are_read_in_parallel_give_the_same_report(judged):
    book = judged("pages")
    for n in range(8):  # Sphinx reads in parallel from six pages on
        faulty = (book.source / "faulty.md").read_text(encoding="utf-8")
        (book.source / f"more{n}.md").write_text(faulty.replace("---\n\n", "orphan: true\n---\n\n"), encoding="utf-8")
    warnings, report = book.build().warnings, book.report
    assert len(warnings) == 9
    book.build_apart("-E", "-j", "2", to="_two")
    assert " .. more" in book.status  # pages are read in bundles: faulty .. more2
    assert sorted(book.warnings) == sorted(warnings)
    assert book.report == report
    book.build_apart("-j", "2", to="_two")  # what the workers found is kept, and faults are told again
    assert sorted(book.warnings) == sorted(warnings)
    assert book.report == report


# No formula ends a build ------------------------------------------------------------------------


def test_a_text_that_is_too_much_is_a_warning_with_its_line(judged):
    many = "A.T" * 330
    book = judged("true").write("index", "# ", f"$$\n{many}\n$$ (deep)\n\n$a = {'‖' * 80}$\n\n# ").build("html")
    told = [said.split("\n")[0] for said in book.warnings if "checkedmath.unreadable" in said]
    lines = book.source.joinpath("index.md").read_text(encoding="utf-8").split("\n")
    places = [lines.index("$$") + 1, lines.index(f"$a = {'‖' * 80}$") + 1]
    assert told == [f"index.md:{place}: WARNING: formula is unreadable:" for place in places]
    assert "at most 100 levels" in "\n".join(book.warnings)
    assert (book.out / "formulas" / "deep.png").is_file()


@pytest.mark.parametrize("where", ["judge_text", "forms_of"])
def test_a_fault_of_the_checker_is_a_warning_and_the_build_goes_on(judged, monkeypatch, where):
    def broken(*_):
        raise RecursionError("too deep")

    monkeypatch.setattr(f"checkedmath.sphinx_ext.formulas.{where}", broken)
    book = judged("true").build("html")
    assert book.warnings[0].startswith("index.md:7: WARNING: ")
    assert "the checker itself failed on this text, please report it (RecursionError: too deep)" in book.warnings[0]
    assert (book.out / "index.html").is_file()


def test_a_warning_shows_control_characters_and_sends_none(judged):
    book = judged("true").write("index", "# ", "$dz = \x1b]0;pwned\x07 \x9b2J$\n\n# ").build()
    said = "\n".join(book.warnings)
    assert "␛]0;pwned" in said
    assert said.replace("\n", "").isprintable()
