"""More claims for the small project."""

PAGE = "apples-half-price"


def list_claim(project, slug):
    """Add a statement to those of the last article, which are one to a line."""
    with project.articles.open("a", encoding="utf-8") as file:
        file.write(f"    - {slug}\n")


def add_claim(project, slug, *edits):
    """A claim that says what the first one says, but for some edits; it has no notebook yet."""
    text = project.claim(PAGE).read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text, f"{old!r} is not in the claim"
        text = text.replace(old, new)
    text = text.replace("code: T1\n", f"code: {slug}\n")
    project.claim(slug).write_text(text, encoding="utf-8")
    list_claim(project, slug)
