"""What a browser is told on every answer, beside what Django's own middleware tells it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# No page of ours uses any of them, so nothing that slips into one may. What only some browsers know
# is left out: the others write a warning about it into the console of every page.
_NONE_OF: Final = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture"),
    *("encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection"),
    *("local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"),
    *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
_POLICY: Final = ", ".join(f"{name}=()" for name in _NONE_OF)


# Django says these too, but not where it refuses a request before it has looked at it.
_ALWAYS: Final = {
    "Permissions-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
}

Answer = Callable[[HttpRequest], HttpResponseBase]


class OnEveryAnswer:
    """Permissions-Policy and its like, also on what is refused. The clipboard is left as it is."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.answer(request)
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        return response


class NoCopies:
    """Nobody on the way, and no browser, keeps a copy of what says nothing about that itself.

    Static files are answered before it comes to this.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.answer(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
