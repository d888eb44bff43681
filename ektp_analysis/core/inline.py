"""Scripts that stand in a page itself, named by their hash, so that a browser runs them and no other."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


def scripts(html: str) -> list[str]:
    """The scripts that stand in the page, as a browser reads them."""
    return SCRIPT.findall(html)


def named(texts: Iterable[str]) -> str:
    """What a policy calls these scripts: ``'sha256-…'``, with blanks between, each once."""
    return " ".join(dict.fromkeys(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts))
