"""What a browser is told on every answer, beside what Django's own middleware tells it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

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


class PermissionsPolicy:
    """`Permissions-Policy`: what a page may ask a browser for. The clipboard is left as it is."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.answer(request)
        response.headers.setdefault("Permissions-Policy", _POLICY)
        return response
