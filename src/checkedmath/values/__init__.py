"""Numbers: draws, evaluation, derivatives by steps, comparison."""

from checkedmath.values import differentiate  # noqa: F401  (it registers its rules)
