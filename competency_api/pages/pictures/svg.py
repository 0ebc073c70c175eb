"""Elements of SVG as escaped markup."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

#: Width of an average character, in parts of the font's size: for what must fit without being measured.
_CHARACTER = 0.55


def element(name: str, *children: object, **attributes: object) -> Markup:
    """``element("a", "Text", href="/x", class_="node")``; attributes that are None are left out.

    Texts are escaped. An underscore at the end is dropped (``class_``), others become hyphens (``aria_label``), and
    ``viewBox`` and its like stay as they are.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(escape(child) for child in children)
    return Markup(f"<{name}{written}>{inner}</{name}>" if children else f"<{name}{written}/>")  # noqa: S704 - parts are escaped


def picture(
    children: Iterable[object], *, width: float, height: float, title: str, description: str, key: str, class_: str
) -> Markup:
    """The whole picture. ``key`` tells it apart from others on the page; links in it can be followed."""
    return element(
        "svg",
        element("title", title, id=f"{key}-title"),
        element("desc", description, id=f"{key}-about"),
        *children,
        class_=class_,
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        role="group",
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-about",
    )


def fitting(text: str, width: float, size: float) -> str:
    """The text, shortened with an ellipsis where it would be wider than ``width`` at this font size."""
    most = max(1, int(width / (size * _CHARACTER)))
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def wrapped(text: str, width: float, size: float) -> tuple[str, ...]:
    """The text in one line or two; what does not fit is shortened."""
    most = max(1, int(width / (size * _CHARACTER)))
    if len(text) <= most:
        return (text,)
    end = text.rfind(" ", 0, most + 1)
    if end < 1:
        return (fitting(text, width, size),)
    return text[:end], fitting(text[end + 1 :], width, size)
