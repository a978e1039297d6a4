"""The book in one piece: a miniature as an e-book and as a PDF, and what the site offers."""

import io
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit
from zipfile import ZIP_STORED, ZipFile

import pytest
from pypdf import PdfReader

from bookkit.editions.assemble import moved
from bookkit.editions.chromium import find_browser
from bookkit.editions.epub import check

ROOT = "editions-book"
XHTML, MATHML = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/1998/Math/MathML}"
OPF = "{http://www.idpf.org/2007/opf}"
#: A link within the PDF and the page beside it.
LEADS = re.compile(r'<a\b[^>]*href="#([^"]+)"[^>]*>(?:(?!</a>).)*</a><span class="book-page"[^>]*>(\d+)', re.DOTALL)
WORDS = "dz one equals W two transposed times dz two, elementwise times g one prime of z one"
pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]


@pytest.fixture(autouse=True)
def day(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


# The e-book -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ebook(built_once):
    """The files of the e-book, by name."""
    built = built_once(ROOT, "epub")
    assert built.warnings == []
    with ZipFile(built.out / "small.epub") as book:
        return {entry.filename: book.read(entry) for entry in book.infolist()}


@pytest.fixture(scope="module")
def xhtml(ebook):
    """The e-book's pages as trees."""
    return {name: ET.fromstring(text) for name, text in ebook.items() if name.endswith(".xhtml")}  # noqa: S314


def test_every_link_of_the_ebook_leads_to_a_place_in_it(ebook, xhtml):
    ids = {name: [e.get("id") for e in page.iter() if e.get("id")] for name, page in xhtml.items()}
    for name, page in xhtml.items():
        assert len(ids[name]) == len(set(ids[name])), name
        assert not [*page.iter(f"{XHTML}script")]
        for element in page.iter():
            address = element.get("href") or element.get("src") or ""
            if not address or urlsplit(address).scheme:
                continue
            path, _, place = address.partition("#")
            file = str(PurePosixPath(name).parent / path) if path else name
            file = re.sub(r"[^/]+/\.\./", "", file)
            assert file in ebook, (name, address)
            assert not place or place in ids[file], (name, address)


def test_formulas_are_mathml_in_letters_that_readers_have_and_with_words(xhtml):
    page = xhtml["chapter.xhtml"]
    formulas = [*page.iter(f"{MATHML}math")]
    assert len(formulas) == 1 + 2 + 3 + 1  # title, line, sides of the steps, display
    assert all(formula.get("alttext") for formula in formulas)
    assert formulas[-1].get("alttext") == "da one equals W two transposed times dz two"
    letters = {mi.text for mi in page.iter(f"{MATHML}mi")}
    assert {"ℒ", "ℝ"} <= letters
    assert not {e.get("mathvariant") for e in page.iter() if e.tag.startswith(MATHML)} - {None, "normal"}
    assert not page.findall(f".//{XHTML}span[@class='katex-html']")


def test_what_is_folded_is_open_and_what_no_reader_could_parse_is_mended(xhtml):
    page = xhtml["chapter.xhtml"]
    (details,) = page.iter(f"{XHTML}details")
    assert details.get("open")
    assert "The hidden answer" in "".join(details.itertext())
    styles = "".join(style.text for style in page.iter(f"{XHTML}style"))
    assert ".kept" in styles
    assert ":has" not in styles
    assert not [path for path in page.iter("{http://www.w3.org/2000/svg}path") if path.get("d") is None]


def test_the_package_names_every_file_and_the_order_of_the_chapters(ebook, xhtml):
    package = ET.fromstring(ebook["book.opf"])  # noqa: S314
    items = {item.get("href"): item for item in package.iter(f"{OPF}item")}
    assert set(items) == set(ebook) - {"mimetype", "META-INF/container.xml", "book.opf"}
    names = {item.get("id"): name for name, item in items.items()}
    spine = [names[item.get("idref")] for item in package.iter(f"{OPF}itemref")]
    assert spine == ["title.xhtml", "index.xhtml", "chapter.xhtml", "use/later.xhtml", "colophon.xhtml"]
    for name, page in xhtml.items():
        said = set((items[name].get("properties") or "").split()) - {"nav"}
        has = {"mathml": f"{MATHML}math", "svg": "{http://www.w3.org/2000/svg}svg"}
        assert said == {kind for kind, tag in has.items() if next(page.iter(tag), None) is not None}, name
    contents = " ".join("".join(xhtml["nav.xhtml"].itertext()).split())
    assert "First part Short nameThe end Second part LaterThe end" in contents.replace("\n", " ")
    assert "SIL Open Font License 1.1" in "".join(xhtml["colophon.xhtml"].itertext())


def test_the_ebook_is_the_same_file_each_time(miniature):
    built = miniature(ROOT).build("epub")
    first = (built.out / "small.epub").read_bytes()
    assert (built.build("epub", freshenv=True).out / "small.epub").read_bytes() == first
    with ZipFile(io.BytesIO(first)) as book:
        assert book.infolist()[0].filename == "mimetype"
        assert book.infolist()[0].compress_type == ZIP_STORED
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}


def test_a_page_that_is_no_xml_is_said(caplog):
    check("page.xhtml", "<p>fine</p>")
    assert not caplog.records
    check("page.xhtml", "<p>\n<b>not closed</p>")
    assert "page.xhtml is no XML: mismatched tag: line 2" in caplog.text


# The PDF ----------------------------------------------------------------------------------------


def test_ids_and_all_that_refers_to_them_stay_together():
    page = (
        '<h1 id="a b">id="x" <a href="page:use%2Fc#d">1</a><a href="page:e">2</a><a href="https://f#g">3</a></h1>'
        '<svg aria-labelledby="h i"><use xlink:href="#j"/><g clip-path="url(#k)" style="fill: url(#l)"/></svg>'
    )
    assert moved(page, "m/n") == (
        '<h2 id="m/n--a m/n--b">id="x" <a href="#use/c--d">1</a><a href="#e">2</a><a href="https://f#g">3</a></h2>'
        '<svg aria-labelledby="m/n--h m/n--i"><use xlink:href="#m/n--j"/>'
        '<g clip-path="url(#m/n--k)" style="fill: url(#m/n--l)"/></svg>'
    )


@pytest.fixture(scope="module")
def pdf(built_once):
    """The PDF, and the HTML that was printed."""
    find_browser()
    built = built_once(ROOT, "pdf")
    assert built.warnings == []
    return PdfReader(built.out / "small.pdf"), (built.out / "book.html").read_text(encoding="utf-8")


def test_contents_and_links_say_the_page_they_lead_to(pdf):
    reader, html = pdf
    pages = {unquote(name.lstrip("/")): reader.get_destination_page_number(place) + 1
             for name, place in reader.named_destinations.items()}  # fmt: skip
    said = LEADS.findall(html)
    assert len(said) == html.count('href="#') - html.count("<use ") == 8
    assert {(place, int(number)) for place, number in said} == {(place, pages[place]) for place, _ in said}
    assert pages["chapter"] < pages["use/later"] == pages["use/later--the-end"]
    printed = reader.pages[pages["chapter"] - 1].extract_text()
    assert f"\n{pages['chapter']}" in printed  # at the foot
    assert "https://example.org/standard?a=1&b=2" in "".join(page.extract_text() for page in reader.pages)


def test_the_outline_has_parts_chapters_and_sections(pdf):
    reader, _ = pdf

    def titles(items):
        return [titles(item) if isinstance(item, list) else item.title for item in items]

    assert titles(reader.outline) == [
        "A small book", "First part", ["Short name", ["The end"]], "Second part", ["Later", ["The end"]],
    ]  # fmt: skip


def test_what_is_folded_is_printed_and_nothing_of_the_site_is(pdf):
    reader, html = pdf
    text = " ".join("".join(page.extract_text() for page in reader.pages).split())
    assert "The hidden answer, with a drawing" in text
    assert "formula-bar" not in html
    assert text.count("Short name") == 1 + 1  # in the contents, and above each page of the chapter
    assert "SIL Open Font License 1.1" in text


def test_formulas_and_drawings_have_words_and_the_fonts_are_in_the_file(pdf):
    reader, _ = pdf
    said, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            said += [str(node["/Alt"])] if node.get("/S") == "/Figure" else []
            waiting += [node["/K"]] if not isinstance(node.get("/K", 0), int) else []
    assert len(said) == 1 + 2 + 1 + 1 + 1  # title, line, derivation, display, drawing
    assert any(one.startswith(WORDS) for one in said)
    assert "A square in words." in said
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert descriptors
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(one) for one in descriptors)
    about = reader.metadata
    assert (about.title, about.author, reader.trailer["/Root"]["/Lang"]) == ("A small book", "Its authors", "en")


def test_the_pdf_is_the_same_file_each_time(miniature, pdf):
    built = miniature(ROOT).build("pdf")
    first = (built.out / "small.pdf").read_bytes()
    assert (built.build("pdf", freshenv=True).out / "small.pdf").read_bytes() == first


# What the site offers ---------------------------------------------------------------------------


def test_the_site_offers_what_was_made_of_the_same_sources(miniature):
    book = miniature(ROOT)

    def start_page(**options):
        book.build("html", **options)
        return re.search(r'<p class="book-editions">.*?</p>', (book.out / "index.html").read_text(encoding="utf-8"))

    assert start_page() is None
    for name, of in (("small.pdf", "these sources"), ("small.epub", "others")):
        (book.source / name).write_bytes(b"0" * 1_200_000)
        (book.source / f"{name}.of").write_text(of)
    offered = start_page()
    assert offered is not None
    assert '<a href="small.pdf" download>PDF (1.2 MB)</a>.' in offered[0]
    assert "epub" not in offered[0]
    assert (book.out / "small.pdf").is_file()
    assert not (book.out / "small.epub").exists()
    (book.source / "small.pdf").unlink()
    assert start_page() is None
    assert not Path(book.out, "small.pdf").exists()


# The real book, whole ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def edition(project, built_book, tmp_path_factory):
    """Return a function that makes the real book in one piece, and returns its file."""

    def edition(builder):
        out = tmp_path_factory.mktemp(builder)
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", builder, "-c", ".", "-d", built_book / "doctrees"]
        done = subprocess.run([*command, "docs", out], cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return next(out.glob(f"*.{builder}"))

    return edition


@pytest.mark.long
def test_epubcheck_finds_nothing_in_the_book(edition):
    program = shutil.which("epubcheck")
    if program is None:
        pytest.fail("epubcheck is missing. What to do: install it (on Debian, as root: apt-get install epubcheck)")
    packed = Path(program).read_bytes()[:2] == b"PK"  # Debian's is no script, but the archive itself
    command = ["java", "-jar", program] if packed else [program]
    done = subprocess.run([*command, edition("epub")], capture_output=True, text=True, check=False)
    assert "0 fatals / 0 errors / 0 warnings" in done.stdout, done.stderr[:5000]


@pytest.mark.long
def test_each_link_of_the_books_pdf_says_its_page(edition):
    path = edition("pdf")
    reader, html = PdfReader(path), (path.parent / "book.html").read_text(encoding="utf-8")
    pages = {unquote(name.lstrip("/")): reader.get_destination_page_number(place) + 1
             for name, place in reader.named_destinations.items()}  # fmt: skip
    said = LEADS.findall(html)
    assert len(said) > 500
    assert not {(place, number) for place, number in said if pages.get(unquote(place)) != int(number)}
    assert len(reader.pages) > 150
