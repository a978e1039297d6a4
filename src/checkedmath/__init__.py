"""Formulas: read, infer shapes, evaluate, judge and write them."""
