"""The bibliography: a link that is no address of a page ends the build, before a page is written."""

import pytest
from sphinx.errors import ExtensionError

from bookkit.sources import faults, scheme

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]
EVIL = [
    "javascript:alert(3)", "JavaScript:alert(3)", "  javascript:alert(3)", "java\tscript:alert(3)",
    "java\nscript:alert(3)", "&#106;avascript:alert(3)", "javascript&colon;alert(3)", "&amp;#106;avascript:alert(3)",
    "\x01javascript:alert(3)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:x", "{javascript}:x",
]  # fmt: skip


@pytest.mark.parametrize("address", EVIL)
def test_a_link_that_is_no_address_is_a_fault(address):
    assert len(list(faults("a.bib", "key", {"url": address}))) == 1
    assert len(list(faults("a.bib", "key", {"note": rf"see \url{{{address.strip('{}')}}}"}))) == 1 or "}" in address
    assert not list(faults("a.bib", "key", {"title": address}))  # words of a text are no link


@pytest.mark.parametrize(
    "address", ["https://a.example/b:c", "http://a.example", "HTTPS://A.example", "mailto:a@b", "doi:10/1", "/a", ""]
)
def test_an_address_is_none(address):
    assert not list(faults("a.bib", "key", {"url": address, "Note": rf"\href{{{address}}}{{x}}"}))
    assert scheme(address) in {"", "http", "https", "mailto", "doi"}


def test_the_build_ends_with_the_file_and_the_key(miniature):
    book = miniature("domain-book")
    conf = book.source / "conf.py"
    conf.write_text(
        conf.read_text(encoding="utf-8")
        + '\nextensions += ["bookkit.sources", "sphinxcontrib.bibtex"]\nbibtex_bibfiles = ["good.bib", "evil.bib"]\n',
        encoding="utf-8",
    )
    (book.source / "good.bib").write_text("@misc{fine, title={A}, url={https://a.example}}\n", encoding="utf-8")
    (book.source / "evil.bib").write_text("@misc{worm, title={B}, url={JavaScript:alert(3)}}\n", encoding="utf-8")
    with pytest.raises(ExtensionError) as error:
        book.build("html")
    assert str(error.value) == (
        "evil.bib: entry 'worm': expected an address with http:, https:, mailto:, doi:; "
        "got 'JavaScript:alert(3)' in the field url"
    )
    assert not list(book.source.rglob("*.html"))
