"""Names from outside, safe where Markdown is rendered."""

import re
from typing import Final

from .jobs import visible_text

_JOINER: Final = "\N{WORD JOINER}"
# What Markdown turns into links, pictures and tags, and bare addresses.
_MARKUP: Final = re.compile(
    r"(?i)[\\<\[\]]|&(?=#?\w+;)|(?<=[\w.+-])@(?=\w)|:(?=//)|www(?=\.)"
)


def plain_text(name: str) -> str:
    """Return a name that reads the same where Markdown is rendered.

    It is text from outside, and some places escape nothing. Links, pictures, headings
    and tags are broken up by an invisible character.
    """
    text = _MARKUP.sub(rf"\g<0>{_JOINER}", visible_text(name).replace("`", "'"))
    return text if text[:1].isalnum() or not text else f"{_JOINER}{text}"
