"""HTML as a tree of elements: what is put into one is text or an attribute's value, and never markup."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

Child = Element | str


def element(tag: str, *children: Child, **attributes: str) -> Element:
    """An element with its children in order; `class_` stands for class, and an underscore for a hyphen."""
    made = Element(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    return add(made, children)


def add(parent: Element, children: Iterable[Child]) -> Element:
    """The parent, with more children."""
    last = parent[-1] if len(parent) else None
    for child in children:
        if isinstance(child, Element):
            parent.append(child)
            last = child
        elif last is None:
            parent.text = (parent.text or "") + _clean(child)
        else:
            last.tail = (last.tail or "") + _clean(child)
    return parent


def document(root: Element) -> str:
    """The text of a page."""
    return f"<!DOCTYPE html>\n{tostring(root, encoding='unicode', method='html')}\n"


def _clean(text: str) -> str:
    """Without control characters, which no escape makes valid in HTML."""
    return "".join(character if character.isprintable() or character in "\n\t" else "\ufffd" for character in text)
