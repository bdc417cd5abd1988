"""HTML as a tree of elements, in which texts and attribute values never become markup."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

Child = Element | str


def element(tag: str, *children: Child, **attributes: str) -> Element:
    """Return an element with children; `class_` is the attribute class, and an underscore becomes a hyphen."""
    made = Element(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    return add(made, children)


def add(parent: Element, children: Iterable[Child]) -> Element:
    """Add children to an element, and return it."""
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
    """Return the text of a page."""
    return f"<!DOCTYPE html>\n{tostring(root, encoding='unicode', method='html')}\n"


def _clean(text: str) -> str:
    """Replace control characters, which no escape makes valid in HTML."""
    return "".join(character if character.isprintable() or character in "\n\t" else "\ufffd" for character in text)
