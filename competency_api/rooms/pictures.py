"""Pictures of workshops' pages: codes to scan, and bars."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup

from competency_api.pages.pictures.svg import element

#: Modules of white around a code, as its standard wants (ISO/IEC 18004), and how much of it may be covered: a quarter.
_BORDER, _REPAIR = 4, "q"


def qr(address: str) -> bytes:
    """An SVG of the QR code of the address."""
    written = io.BytesIO()
    segno.make(address, micro=False, error=_REPAIR).save(
        written, kind="svg", border=_BORDER, light="#fff", xmldecl=False, svgclass=None, lineclass=None
    )
    return written.getvalue()


def bar(share: float) -> Markup:
    """A bar as long as the share (0 to 1) of the place that it has; what it says stands beside it as a figure."""
    whole = element("rect", class_="whole", width="100", height="10")
    part = element("rect", width=f"{100 * min(max(share, 0), 1):.1f}", height="10")
    return element("svg", whole, part, viewBox="0 0 100 10", preserveAspectRatio="none", aria_hidden="true")
