"""The command ``checkedmath``: a face of `checkedmath.judging`.  Its exit codes stand here."""

HOLDS, NOT_TRUE, UNUSABLE = 0, 1, 2
