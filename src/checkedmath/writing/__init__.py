"""Formulas written from the one tree: forum text, Unicode, LaTeX, words, NumPy, rows, numbers.

A writer takes a tree and returns a string.  It never changes the tree, and it asks for no
shapes unless it is given them.  Brackets are decided by `checkedmath.syntax.precedence` alone.
"""
