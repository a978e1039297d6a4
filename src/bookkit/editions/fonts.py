"""The fonts that go into a PDF or an e-book, from pinned packages: where their files lie and under which licence."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from sphinx.errors import ExtensionError

from bookkit.npm import PACKAGES, SETUP_HINT, version

OFL = "SIL Open Font License 1.1"
TEXT, MATHS = PACKAGES / "@fontsource/stix-two-text", PACKAGES / "@fontsource/stix-two-math"
KATEX = PACKAGES / "katex"
STYLES = {TEXT: ("400.css", "400-italic.css", "700.css", "700-italic.css"), MATHS: ("400.css",)}


@dataclass(frozen=True)
class Licence:
    """What a colophon says of a font."""

    font: str
    used_for: str
    licence: str
    owner: str  # the first line of the licence file


def _owner(file: Path) -> str:
    """Return the line of a licence that says whose it is.  Raises `ExtensionError` where the file is missing."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        msg = f"a font is missing, or its licence: expected {file}. {SETUP_HINT}."
        raise ExtensionError(msg) from None
    line = next(line.strip() for line in lines if "copyright" in line.lower())
    return line.partition(" STIXTwoText-Italic")[0]


def dejavu() -> Path:
    """Return the folder of the DejaVu fonts: matplotlib brings them."""
    import matplotlib

    return Path(matplotlib.get_data_path(), "fonts", "ttf")


def licences_on_paper() -> list[Licence]:
    """Return what the colophon of the PDF says."""
    return [
        Licence(f"STIX Two Text {version(TEXT)}", "the text", OFL, _owner(TEXT / "LICENSE")),
        Licence(f"STIX Two Math {version(MATHS)}", "signs that the text's font lacks", OFL, _owner(MATHS / "LICENSE")),
        Licence(f"KaTeX {version(KATEX)}", "formulas", f"{OFL} (fonts), MIT (KaTeX)", _owner(KATEX / "LICENSE")),
        Licence("DejaVu Sans and DejaVu Sans Mono", "code, figures, and signs that the others lack",
                "Bitstream Vera licence, changes in the public domain", _owner(dejavu() / "LICENSE_DEJAVU")),
    ]  # fmt: skip


def licences_in_ebook() -> list[Licence]:
    """Return what the colophon of the e-book says."""
    owner = _owner(MATHS / "LICENSE")
    return [Licence(f"STIX Two Math {version(MATHS)}", "formulas, with the signs of this book", OFL, owner)]


def faces_on_paper() -> dict[str, bytes]:
    """Return the files of the fonts of a PDF by name, and ``fonts.css``, which names them."""
    rules = [(package / name).read_text(encoding="utf-8") for package in (TEXT, MATHS) for name in STYLES[package]]
    found = [path for package in (TEXT, MATHS) for path in sorted((package / "files").glob("*.woff2"))]
    files = {f"files/{path.name}": path.read_bytes() for path in found}
    for family, prefix in (("DejaVu Sans", "DejaVuSans"), ("DejaVu Sans Mono", "DejaVuSansMono")):
        for weight, style, end in (("400", "normal", ""), ("700", "normal", "-Bold"), ("400", "italic", "-Oblique"),
                                   ("700", "italic", "-BoldOblique")):  # fmt: skip
            name = f"{prefix}{end}.ttf"
            files[f"files/{name}"] = (dejavu() / name).read_bytes()
            rules.append(
                f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
                f'src: url(./files/{name}) format("truetype"); }}'
            )
    files["fonts.css"] = "\n".join(rules).encode()
    return files


def lean_maths(signs: frozenset[int]) -> bytes:
    """Return the font of formulas with these signs and what grows from them.  The same signs give the same bytes."""
    from fontTools.subset import Options, Subsetter, load_font, save_font

    logging.getLogger("fontTools.subset").setLevel(logging.WARNING)  # else it tells each step
    options = Options(flavor="woff2", recalc_timestamp=False, hinting=False, layout_features=["*"])
    font = load_font(BytesIO((MATHS / "files/stix-two-math-latin-400-normal.woff2").read_bytes()), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=signs | _italics(signs))
    subsetter.subset(font)
    written = BytesIO()
    save_font(font, written, options)
    return written.getvalue()


def _italics(signs: frozenset[int]) -> set[int]:
    """Return the letters in which a formula sets letters: MathML's <mi> has them upright, and shows them in italics."""
    from unicodedata import normalize

    letters = {chr(sign) for sign in signs}
    return {code for code in range(0x1D400, 0x1D800) if normalize("NFKC", chr(code)) in letters} | {0x210E}
