"""Plain links that hand an address over to other sites; nothing of theirs is loaded into a page.

KakaoTalk and WeChat take an address only from their own scripts or from the telephone's share
sheet: readers are told so instead.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# In the order in which readers of this site use them: name, and where its form is.
PLACES = (
    (_("Facebook"), "https://www.facebook.com/sharer/sharer.php?u={url}"),
    (pgettext_lazy("social network", "X"), "https://x.com/intent/post?url={url}&text={title}"),
    (_("Naver"), "https://share.naver.com/web/shareView?url={url}&title={title}"),
    (_("LINE"), "https://social-plugins.line.me/lineit/share?url={url}"),
    (_("Weibo"), "https://service.weibo.com/share/share.php?url={url}&title={title}"),
)


class Link(NamedTuple):
    label: str
    url: str


def links(address: str, title: str) -> list[Link]:
    """A link to each place, with the page's whole address and its title filled in."""
    url, words = quote(address, safe=""), quote(title, safe="")
    return [Link(str(label), place.format(url=url, title=words)) for label, place in PLACES]
