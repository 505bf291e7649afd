"""What a browser would send of a form that nobody has touched."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    """Reads every form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self.inside = False
        self.select = ""
        self.options: list[tuple[str | None, bool, str]] = []
        self.text: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.forms.append([])
            self.inside = True
        elif not self.inside or "disabled" in given:
            return
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind in ("checkbox", "radio"):
                if "checked" in given:
                    self.forms[-1].append((name, given.get("value") or "on"))
            elif kind not in ("submit", "button", "file", "reset"):
                self.forms[-1].append((name, given.get("value") or ""))
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option":
            self.options.append((given.get("value"), "selected" in given, ""))
        elif tag == "textarea":
            self.text = name, []

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text[1].append(data)
        elif self.select and self.options:
            value, chosen, text = self.options[-1]
            self.options[-1] = value, chosen, text + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.text is not None:
            self.forms[-1].append((self.text[0], "".join(self.text[1])))
            self.text = None
        elif tag == "select" and self.select:
            chosen = [option for option in self.options if option[1]] or self.options[:1]
            self.forms[-1].extend(
                (self.select, text.strip() if value is None else value) for value, _, text in chosen
            )
            self.select = ""


def untouched(html: str, holding: str) -> dict[str, list[str]]:
    """The fields of the first form that has one of this name, with what they would send. Raises LookupError."""
    reader = _Form()
    reader.feed(html)
    for form in reader.forms:
        if any(name == holding for name, _ in form):
            found: dict[str, list[str]] = {}
            for name, value in form:
                found.setdefault(name, []).append(value)
            return found
    raise LookupError(f"No form has a field {holding!r}.")
