"""How the names of NumPy code stand for the symbols and functions of a setting.

``dZ2`` is dZ of layer 2, ``AL`` is A of layer L, ``A_prev`` is A of layer l - 1, and
``sigmoid_prime`` is the derivative of the sigmoid, however it is called.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from checkedmath.reading.derivative_names import gradients, other_case, quotients
from checkedmath.reading.names import accented, names_of
from checkedmath.subject.general import COLUMN, ENTRY, taking
from checkedmath.subject.setting import Quantity, Setting
from checkedmath.syntax.tree import Derivative, Index, Symbol

#: Objects and dictionaries in which code keeps its symbols: ``cache["Z1"]``, ``net.W[2]``.
CONTAINERS = frozenset({
    "cache", "caches", "parameters", "params", "parameter", "grads", "gradients", "model", "self",
})  # fmt: skip
#: Functions of all mathematics that code calls by these names.
GENERAL = taking(ENTRY, COLUMN)
DERIVATIVE = re.compile(
    r"(.+?)_?(?:prime|derivative|deriv|der|gradient|grad|backward|backprop|dash|slope|diff)"
    r"|(.+?)(?:Prime|Derivative|Gradient|Grad|Deriv|Der|Backward|Dash|_d|_dx|_dz|_p)"
    r"|(?:derivative_?(?:of_)?|deriv_?|der_|gradient_|grad_?|prime_|d_?)(.+)"
)
#: No name is longer; what is would be taken apart letter by letter.
LONGEST = 60
#: What code calls the number that is differentiated, where letters are free.
SCALAR = re.compile(r"[LJCEf]|[^\W\d_]{2,}")
#: What makes a 1 at each label of a row of labels.
ONE_HOT = re.compile(r"one_?hot|to_categorical", re.IGNORECASE)
#: Words in names of gradients and parameters.
LIKE_A_GRADIENT = re.compile(r"grad|deriv|delta|nabla|partial|weight|bias|theta", re.IGNORECASE)
SHIFT = {"prev": -1, "previous": -1, "next": 1}


@dataclass(frozen=True)
class Unknown(Exception):
    """A name without a meaning: what was expected, and the nearest name that has one."""

    expected: str
    nearest: str = ""


@dataclass(frozen=True)
class Function:
    """A function by its canonical name, with its layer and its number of primes."""

    name: str
    member: Index | None = None
    primes: int = 0


class PythonNames:
    """The names of one setting as code spells them."""

    def __init__(self, setting: Setting, text: str = "") -> None:
        self.setting, self.text = setting, text
        self.borrowed: dict[str, tuple[Symbol, str]] = {}  # names of other sources that the text has, and of which
        self.given: frozenset[str] = frozenset()  # names that a line gives and a later one uses
        self.stored: frozenset[str] = frozenset()  # names that a line gives
        self.names = names_of(setting)
        self.containers = CONTAINERS | setting.containers
        self._in_code = {s: quantity for quantity in setting.quantities.values() for s in quantity.code}
        family = setting.family
        letters = "|".join(re.escape(letter) for letter in (family.last, family.letter) if letter) or "(?!)"
        self._numbered = re.compile(rf"(.+?)_?(\d{{1,2}}|{letters}|{'|'.join(SHIFT)})")
        self._size = re.compile(rf"{re.escape(family.size)}_?(\d{{1,2}}|{letters})" if family.size else "(?!)")
        self.free = self.names.free  # whether any letter is a symbol

    def node(self, spelling: str) -> Symbol | Derivative:
        """Return what a name stands for: a symbol, or a derivative for which there is none.  Raises `Unknown`.

        Known names first, unless the text shows another source; then dL_dW1, the other case, other sources' names.
        """
        if (theirs := self._borrowed(spelling, clashing=True)) is not None:
            return theirs
        try:
            return Symbol(*self.symbol(spelling))
        except Unknown as unknown:
            if len(spelling) > LONGEST:
                raise
            for meant in (self._quotient, self._gradient, self._other_case, self._borrowed):
                if (found := meant(spelling)) is not None:
                    return found
            raise unknown from None

    def _quotient(self, spelling: str) -> Symbol | Derivative | None:
        for of, by in quotients(spelling):
            if self.free and re.fullmatch(r"[^\W\d_]", by) and SCALAR.fullmatch(of):
                return Symbol("d" + by)
            one, other = self._known(of), self._known(by)
            if one is None or other is None:
                continue
            pair = (one.name, other.name) if one.member is None else ("", "")
            named = next((q.name for q in self.setting.quantities.values() if q.gradient == pair), None)
            return Symbol(named, other.member) if named is not None else Derivative(one, other)
        return None

    def _gradient(self, spelling: str) -> Symbol | None:
        for by in gradients(spelling):
            if self.free and re.fullmatch(r"[^\W\d_]", by):
                return Symbol("d" + by)
            of = self._known(by)
            name = self.gradient_by(of.name) if of is not None else None
            if of is not None and name is not None:
                return Symbol(name, of.member)
        return None

    def _other_case(self, spelling: str) -> Symbol | None:
        found = next((found for other in other_case(spelling) if not self.free and (found := self._known(other))), None)
        counts = found is None or self.setting.quantities[found.name].shape or self._is_count(spelling)
        return found if counts else None  # M may be a mask

    def _is_count(self, spelling: str) -> bool:
        """Whether the text divides by a name, or takes it for how long something is: the M of 1/M, of M = len(X)."""
        name = rf"\b{re.escape(spelling)}\b"
        return bool(re.search(rf"/\s*\(?\s*{name}|{name}\s*=[^=\n]*(?:\.shape\b|\blen\(|\.size\b)", self.text))

    def _borrowed(self, spelling: str, *, clashing: bool = False) -> Symbol | None:
        """Return what this is called here, if another source calls it so: dscores, Theta2."""
        for names in self.setting.other_names:
            ours = names.names.get(spelling)
            if ours is None or (clashing and not names.shown) or (spelling in self.given and not names.shown):
                continue
            if not re.search(names.shown, self.text, re.DOTALL):
                continue
            # dout is that of the text's own out, where it says what that is
            own = (by for by in gradients(spelling) if by in self.stored and by != spelling)
            if any(self._known(by) is None and self._borrowed(by) is None for by in own):
                continue
            if (found := self._known(ours)) is not None:
                self.borrowed[spelling] = (found, names.source)
                return found
        return None

    def _known(self, spelling: str) -> Symbol | None:
        try:
            return Symbol(*self.symbol(spelling))
        except Unknown:
            return None

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return names of which the argument of a function may be any."""
        return tuple(q.name + "1" * (q.numbered and not self.setting.default_member)
                     for q in self.setting.quantities.values() if q.shape and not q.gradient)  # fmt: skip

    def is_known(self, spelling: str) -> bool:
        """Whether a name stands for a symbol."""
        return self._known(spelling) is not None

    def about(self, spelling: str) -> str:
        """Return the parameter, or gradient by one, that a name without a meaning seems to be about, or "".

        W2_new, delta_W2, dCost_dW2, gW2: a part of it is W2, or that behind a letter for a gradient.
        """
        if LIKE_A_GRADIENT.search(spelling):
            return spelling
        parts = [spelling.strip("_"), *spelling.split("_"), *re.findall(r"[A-Za-z]\d{1,2}", spelling)]
        for part in filter(None, parts):
            for inner in (part, part.lstrip("gdD∂δΔ")):
                found = self._known(inner) if len(spelling) <= LONGEST else None
                named = found is not None and (self.is_parameter(found.name) or self.is_gradient(found.name))
                if named or (found is not None and spelling == f"d{inner}"):  # the gradient by any other quantity
                    return inner
        return ""

    def are_labels(self, spelling: str) -> bool:
        """Whether a name holds a label for each example: Y beside one_hot_Y."""
        return spelling in self.setting.labels and bool(ONE_HOT.search(self.text))

    def symbol(self, spelling: str) -> tuple[str, Index | None]:
        """Return the canonical name and the layer of a name of this setting.  Raises `Unknown`."""
        if len(spelling) > LONGEST:
            raise Unknown(f"a name of at most {LONGEST} letters")
        found = self._quantity(spelling)
        if found is not None and not found.numbered:
            return found.name, None
        if found is not None and self.setting.default_member:
            return found.name, Index(self.setting.default_member)
        if found is not None:
            raise Unknown(f"a {self.setting.family.word} number: {spelling}1, {spelling}2, …")
        if match := self._size.fullmatch(spelling):
            return self.setting.family.size, _index(match[1])
        if match := self._numbered.fullmatch(spelling):
            stem = self._quantity(match[1])
            if stem is not None and stem.numbered:
                return self._of_member(stem, match[2], spelling)
        if self.free and re.fullmatch(r"d?[^\W\d_]", spelling) and not accented(spelling[-1]):
            return spelling, None
        raise Unknown(f"a symbol of {self.setting.name}", self._nearest(spelling))

    def member(self, spelling: str, member: Index) -> tuple[str, Index]:
        """Return the canonical name for ``W[2]``.  Raises `Unknown` if W has no such layer."""
        if spelling and spelling == self.setting.family.size:
            return spelling, member
        found = self._quantity(spelling)
        if found is None:  # nabla_W[l]
            known = (self._quantity(by) for by in gradients(spelling))
            names = (self.gradient_by(q.name) for q in known if q is not None)
            found = next((self.setting.quantities[name] for name in names if name is not None), None)
        if found is None:
            self.symbol(spelling)  # raises if the name is unknown, with or without brackets
        if found is None or not found.numbered:
            raise Unknown(f"{spelling} without brackets, which hold a {self.setting.family.word}")
        self._check(found, member, spelling)
        return found.name, member

    def function(self, spelling: str) -> Function | None:
        """Return the function a name stands for, or None."""
        if len(spelling) > LONGEST:
            return None
        known = self.names.spellings.get(spelling)
        if known is not None and known.kind == "function":
            own = self.setting.functions.get(known.canonical)
            if own is not None:
                return Function(own.name, None, own.primes)
            if known.canonical in GENERAL:
                return Function(known.canonical)
        if match := re.fullmatch(r"(.*\D)_?(\d{1,2})", spelling):
            stem = self.function(match[1].rstrip("_"))
            if stem is not None and stem.member is None and self.is_numbered(stem):
                return Function(stem.name, _index(match[2]), stem.primes)
        if match := DERIVATIVE.fullmatch(spelling):
            base = self.function(match[1] or match[2] or match[3])
            return self.helper(base) if base is not None else None
        return None

    def helper(self, function: Function) -> Function:
        """Return the derivative under a name of its own, as a helper of the setting if it has one.

        A helper may be meant to be given a in place of z, and only the setting knows that.
        """
        for helper in self.setting.functions.values():
            stem = DERIVATIVE.fullmatch(helper.name)
            if helper.helper and helper.primes == 1 and stem is not None and not function.primes:
                of = self.function(stem[1] or stem[2] or stem[3])
                if of is not None and of.name == function.name:
                    return Function(helper.name, function.member, 1)
        return derivative(function)

    def is_numbered(self, function: Function) -> bool:
        """Whether this function carries a layer number."""
        own = self.setting.functions.get(function.name)
        return own is not None and own.numbered

    def nearest_function(self, spelling: str) -> str:
        """Return the known function most like this spelling, or ""."""
        known = [*GENERAL, *self.setting.functions]
        return next(iter(get_close_matches(spelling, known, 1, 0.5)), "")

    def is_gradient(self, name: str) -> bool:
        """Whether a symbol is a gradient, something a formula claims and no one may define."""
        quantity = self.setting.quantities.get(name)
        if quantity is not None:
            return quantity.gradient is not None
        return len(name) == 2 and name[0] == "d"

    def gradient_by(self, name: str) -> str | None:
        """Return the name of the gradient by this quantity, dW for W."""
        quantity = self.setting.quantities.get("d" + name)
        return quantity.name if quantity is not None and quantity.gradient is not None else None

    def is_parameter(self, name: str) -> bool:
        """Whether the cost is differentiated by this quantity, so that descent moves it."""
        return self.setting.gradient_by(name) is not None

    def _quantity(self, spelling: str) -> Quantity | None:
        known = self.names.spellings.get(spelling)
        if known is not None and known.kind == "symbol":
            return self.setting.quantities.get(known.canonical)
        return self._in_code.get(spelling)

    def _of_member(self, stem: Quantity, written: str, spelling: str) -> tuple[str, Index]:
        if written in SHIFT:
            if not self.setting.default_member:
                numbered = f"{stem.name}1, {stem.name}2, …"
                raise Unknown(f"a {self.setting.family.word} number in place of _{written}: {numbered}")
            return stem.name, Index(self.setting.default_member, SHIFT[written])
        member = _index(written)
        self._check(stem, member, spelling)
        return stem.name, member

    def _check(self, quantity: Quantity, member: Index, spelling: str) -> None:
        first, last = quantity.first_member, self.setting.member_count
        if not member.letter and (member.offset < first or (last and member.offset > last)):
            upto = f"to {last}" if last else "on"
            raise Unknown(f"a {self.setting.family.word} of {quantity.name} from {first} {upto}, not {spelling}")

    def _nearest(self, spelling: str) -> str:
        """Return a spelling like this one: dZ2 for dz2 where there is no dz, W2 for w_2T."""
        quantities = self.setting.quantities.values()
        match = re.fullmatch(r"(.*?\D)_?(\d{1,2})", spelling)
        stem, number = (match[1].rstrip("_"), match[2]) if match else (spelling, "")
        numbered = {q.name: q.name + number for q in quantities if q.numbered or not number}
        for name, shown in numbered.items():
            if name.lower() == stem.lower():
                return shown
        plain = {q.name: q.name for q in quantities if not q.numbered}
        known = {**plain, **numbered}
        return next((known[name] for name in get_close_matches(stem, known, 1, 0.5)), "")


def derivative(function: Function) -> Function:
    """Return the function with one prime more."""
    return Function(function.name, function.member, function.primes + 1)


def _index(written: str) -> Index:
    return Index("", int(written)) if written.isdigit() else Index(written)
