"""The smallest help desk there could be: what one more file in `systems` looks like.

{"ticket": "7", "id": "m1", "happened": "promised", "line": "…", "agent": "…", "at": "…",
 "customer": {"id", "name", "email", "phone"}, "into": "8", "holds": ["m1"]}
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from commitments.helpdesks import signing
from commitments.helpdesks.adapter import Happened, News, Person, Post, System, Unreadable, key_of
from commitments.helpdesks.content import Content


class Letterbox(System):
    name = "Letterbox"
    address_like = "https://letters.example"
    channel = "post"
    makes_secret = False
    how = """
        Put the address on the box.

        Put the secret in it.
    """

    def check(self, post: Post, *, secrets: Sequence[str], now: datetime) -> None:
        right = [signing.in_hex(post.body, secret, "sha256") for secret in secrets]
        signing.check(post.headers.get("X-Letterbox", ""), right)

    def news_in(self, content: Content) -> Sequence[News]:
        case = content.text("ticket")
        if not case:
            raise Unreadable("A letter names its ticket.")
        into = content.text("into")
        customer = content.inside("customer")
        return [
            News(
                happened=Happened(content.text("happened") or "promised"),
                case=case,
                path=f"t/{case}",
                key=key_of("letter", content.text("id")),
                at=content.instant("at"),
                agent=content.text("agent"),
                line=content.text("line"),
                customer=Person(
                    **{name: customer.text(name) for name in ("id", "name", "email", "phone")}
                ),
                into=into,
                into_path=f"t/{into}" if into else "",
                holds=[key_of("letter", each.text()) for each in content.each("holds")],
            )
        ]


SYSTEM = Letterbox()
