"""What a person changed of a machine's text, as it is shown: struck through what went, underlined what came."""

from html import escape

from ..drafts.difference import compare
from ..toolkit.theme import COLOURS


def show_difference(was: str, now: str) -> str:
    """Return both texts in one, as rich text; what is in them is only text."""
    parts = []
    for each in compare(was, now):
        if each.is_same:
            parts.append(_text(each.now))
            continue
        if each.was:
            parts.append(f'<s style="color:{COLOURS.warning}">{_text(each.was)}</s>')
        if each.now:
            parts.append(f'<u style="color:{COLOURS.own}">{_text(each.now)}</u>')
    return "".join(parts)


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")
