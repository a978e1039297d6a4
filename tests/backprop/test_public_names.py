"""Every public name says what it does, and the examples in the docstrings are run."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import backprop

MODULES = ["backprop", *(f"backprop.{m.name}" for m in pkgutil.iter_modules(backprop.__path__))]


def public_members(module):
    """Return what a module defines under names without an underscore, methods included."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(thing):
            yield name, thing
        elif inspect.isclass(thing):
            yield name, thing
            for member, value in vars(thing).items():
                function = value.fget if isinstance(value, property) else value
                if not member.startswith("_") and inspect.isfunction(function):
                    yield f"{name}.{member}", function


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_are_there(name):
    module = importlib.import_module(name)
    assert module.__doc__
    assert [member for member, thing in public_members(module) if not thing.__doc__] == []


def test_all_lists_the_public_names():
    assert backprop.__all__ == sorted(backprop.__all__)
    for name in backprop.__all__:
        assert (getattr(backprop, name).__doc__ or "").strip(), name
    imported = {
        name for name, thing in vars(backprop).items()
        if not name.startswith("_") and not inspect.ismodule(thing)
    }
    assert imported == set(backprop.__all__)


@pytest.mark.parametrize("name", ["forward", "backward", "gradients", "cost", "train", "jacobian"])
def test_docstrings_of_what_takes_data_give_shapes_and_errors(name):
    words = getattr(backprop, name).__doc__
    assert "InputError" in words
    assert "(n_L, m)" in words or "(n_0, m)" in words


def test_the_docstrings_hold_examples():
    # pytest runs them (--doctest-modules); this sees to it that there is something to run.
    finder = doctest.DocTestFinder(exclude_empty=True)
    tests = [test for name in MODULES for test in finder.find(importlib.import_module(name), name)]
    with_examples = {test.name for test in tests if test.examples}
    for name in ("forward", "check_gradients", "jacobian", "one_hot", "Layer", "Network"):
        assert any(found.endswith(f".{name}") for found in with_examples), name
    assert len(with_examples) >= 20
