"""A straight line through N observations, which are the rows of X: a whole subject, and no line computes."""

from checkedmath.subject.setting import Quantity
from checkedmath.subject.subject import Subject

COLUMN = ("N", "1")

LEAST_SQUARES = Subject(
    name="least-squares",
    title="a line through N observations",
    quantities=[
        Quantity("X", ("N", "p"), "X", meaning="The observations: row i is observation i."),
        Quantity("y", COLUMN, "y", meaning="What was measured."),
        Quantity("beta", ("p", "1"), "beta", r"\beta", "β", aliases=("β",), meaning="The coefficients."),
        Quantity("yhat", COLUMN, "y hat", r"\hat y", "ŷ", aliases=("ŷ",), meaning="What the line predicts."),
        Quantity("r", COLUMN, "r", meaning="The residuals."),
        Quantity("S", (), "S", meaning="The sum of the squared residuals."),
        Quantity("N", (), "N", meaning="The number of observations."),
        Quantity("ybar", (), "y bar", r"\bar y", "ȳ", aliases=("ȳ",), meaning="The mean of y."),
        Quantity("eta", (), "eta", r"\eta", "η", aliases=("η",), meaning="The length of a step."),
        Quantity("dbeta", ("p", "1"), "d beta", r"d\beta", "dβ", aliases=("dβ",), gradient=("S", "beta")),
    ],
    rules=[
        r"\hat y = X \beta",
        r"r = y - \hat y",
        r"S = r^T r",
        r"\bar y = \frac{1}{N} \sum_i y_i",
    ],
    sizes=[{"N": 7, "p": 3}, {"N": 4, "p": 2}, {"N": 5, "p": 4}, {"N": 3, "p": 5}],
    objective="S",
    step="eta",
)
