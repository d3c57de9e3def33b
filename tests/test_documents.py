"""Tests of README and docs: what they link to is there, and what is there is used."""

from pathlib import Path
import re

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted(ROOT.glob("docs/*.md"))]
# Links to files of the project, and the places in them.
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]+)?\)")


def links(document: Path) -> list[tuple[Path, str]]:
    """Return the files that a document links to, each with the place in it."""
    found = LINK.findall(document.read_text("utf-8"))
    return [
        ((document.parent / path).resolve() if path else document, place)
        for path, place in found
    ]


def places(document: Path) -> set[str]:
    """Return the places of a document, as GitHub names its headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {
        "#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in headings
    }


def test_every_link_leads_somewhere() -> None:
    for document in DOCUMENTS:
        for target, place in links(document):
            assert target.exists(), target.name
            assert not place or place in places(target), f"{target.name}{place}"


def test_every_picture_is_used() -> None:
    used = {target for document in DOCUMENTS for target, _ in links(document)}
    assert set(ROOT.glob("docs/*.png")) <= used


def test_every_page_is_linked() -> None:
    """Nobody finds a page by the name of its file; a checker of a release may."""
    used = {target for document in DOCUMENTS for target, _ in links(document)}
    assert set(ROOT.glob("docs/*.md")) - used <= {ROOT / "docs" / "publishing.md"}


def test_the_readme_has_the_chapters_that_people_search_for() -> None:
    for chapter in [
        "Installation",
        "Configuration",
        "Supported devices",
        "Examples",
        "Known limitations",
        "Troubleshooting",
        "Privacy",
        "Removal",
    ]:
        text = (ROOT / "README.md").read_text("utf-8")
        assert re.search(rf"^## {chapter}$", text, re.MULTILINE), chapter


def test_the_readme_begins_with_the_fleet() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    [first, *_] = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert first == "docs/dashboard-farm.png"


def test_the_readme_names_the_oldest_home_assistant() -> None:
    """It is in hacs.json, too; see also tests/test_release.py."""
    text = (ROOT / "README.md").read_text("utf-8")
    assert "Needs Home Assistant 2026.10 or newer" in text
