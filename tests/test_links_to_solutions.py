"""No page leads to solutions of graded work, or to a thread that quotes them: a mentor may cite any page."""

import re
from urllib.parse import unquote, urlsplit

import pytest

#: Repositories that hold solutions of graded work, as their names or their own threads show.
REPOSITORIES = {
    "abdur75648/Deep-Learning-Specialization-Coursera",
    "ahmedhshahin/cs231n-Assignments",
    "amanchadha/coursera-deep-learning-specialization",
    "bpjsincl/coursera-neural-net",
    "ijelliti/Deeplearning.ai-Natural-Language-Processing-Specialization",
    "rust0258/Deeplearning.ai-Natural-Language-Processing-Specialization",
}
#: Sites whose trade such solutions are.
HOSTS = {"brainly.com", "chegg.com", "coursehero.com", "quizlet.com", "studocu.com"}
#: The course's own sites, and notes that name the course and hand out no solutions (their README says so).
WELCOME = {"coursera.org", "deeplearning.ai"}
NOTES = {"fengdu78/deeplearning_ai_books"}
#: What repositories of this kind call themselves, and what the files in others are called.
NAMED_SO = re.compile(r"coursera|speciali[sz]ation|deep-?learning[-_.]?ai|solution|assignment|homework", re.IGNORECASE)
CODE_HOSTS = {"github.com", "raw.githubusercontent.com", "gitlab.com", "bitbucket.org", "gist.github.com", "kaggle.com"}
URL = re.compile(r"https?://(?:[^\s<>{}()\"'`\]]|\([^\s()]*\))+(?<![.,;:])")


def why_not(url):
    """Return why a page may not link there, or nothing."""
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.")
    path = unquote(parts.path)
    if any(host == name or host.endswith("." + name) for name in WELCOME):
        return ""
    if any(host == name or host.endswith("." + name) for name in HOSTS):
        return f"{host} trades in solutions"
    if host not in CODE_HOSTS and not host.endswith("github.io"):
        return ""
    repository = "/".join(path.strip("/").split("/")[:2])
    if repository.lower() in {name.lower() for name in REPOSITORIES}:
        return f"{repository} holds solutions of graded work"
    found = NAMED_SO.search(host + path.removeprefix("/" + repository) if repository in NOTES else host + path)
    return f"it is named {found[0]!r}: look whether it holds solutions of graded work" if found else ""


def test_no_page_leads_to_solutions(project):
    files = [project / "README.md"] + [
        path for path in sorted((project / "docs").rglob("*")) if path.suffix in {".md", ".bib", ".html", ".json"}
    ]
    links = {(path.name, url) for path in files for url in URL.findall(path.read_text(encoding="utf-8"))}
    assert len(links) > 100
    assert {(name, url, why) for name, url in links if (why := why_not(url))} == set()


@pytest.mark.parametrize("url", [
    "https://github.com/rust0258/Deeplearning.ai-Natural-Language-Processing-Specialization/issues/62",
    "https://www.github.com/Rust0258/deeplearning.ai-natural-language-processing-specialization",
    "https://github.com/somebody/Coursera-Deep-Learning/blob/master/week3.ipynb",
    "https://github.com/somebody/deep-learning-specialisation",
    "https://gitlab.com/somebody/dl/-/blob/main/Assignment%202.ipynb",
    "https://somebody.github.io/deeplearning-ai-course-1/",
    "https://raw.githubusercontent.com/somebody/notes/main/Solutions/week4.py",
    "https://github.com/fengdu78/deeplearning_ai_books/blob/master/homework/week3.ipynb",
    "https://www.coursehero.com/file/1/week-3/",
])
def test_a_link_to_solutions_is_seen(url):
    assert why_not(url)


@pytest.mark.parametrize("url", [
    "https://www.coursera.org/learn/neural-networks-deep-learning",
    "https://community.deeplearning.ai/t/derivation-of-dl-dz/165",
    "https://github.com/fengdu78/deeplearning_ai_books/issues/21",
    "https://github.com/iamtrask/Grokking-Deep-Learning/issues/71",
    "https://jonaslalin.com/2021/12/10/feedforward-neural-networks-part-1/",
])
def test_other_links_are_welcome(url):
    assert why_not(url) == ""
