"""Settings, Customer page: who we are to customers, and what their page shows."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from commitments.house import brand as house_brand
from commitments.models import Brand
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import frame
from .brand_forms import BrandForm
from .frame import administrator

_SECTION = "customer-page"


@administrator
def edit(request: StaffRequest) -> HttpResponse:
    """One form; its preview shows what is typed, before it is saved."""
    now, brand = timezone.now(), Brand.current()
    if request.method != "POST":
        return _page(request, BrandForm(brand=brand), brand, now=now)
    form = BrandForm(request.POST, files=request.FILES, brand=brand)
    if request.POST.get("press") == "preview":
        form.is_valid()
        return _page(request, form, brand, now=now)
    act, mark = partial(_save, form), form.picture_mark()
    answer = frame.saved(request, form, act, now=now, beside=mark)
    return answer or _page(request, form, brand, now=now)


def _save(form: BrandForm) -> Answer:
    house_brand.edit(form.plan(), seen_mark=form.cleaned_data["seen"])
    said = "Saved. Customers see it from now on; mails on their way stay as they are."
    return Answer(location=reverse("web:brand"), said=said)


def _page(request: StaffRequest, form: BrandForm, brand: Brand, *, now: datetime) -> HttpResponse:
    context = {
        "form": form,
        "title": "Customer page",
        "lede": "What customers see of us: on the page behind their link, and in their mails.",
        "over": "Settings",
        "back": reverse("web:settings"),
        "takes_files": True,
        "example": _example(form.as_typed(brand), form.language, now=now),
    }
    status = 422 if form.errors else 200
    return frame.page(request, "brand.html", context, section=_SECTION, now=now, status=status)


def _example(company: Brand, language: str, *, now: datetime) -> SafeString:
    """A customer's page as somebody who reads that language sees it."""
    zone = settings.COMPANY_ZONE
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    with translation.override(language):
        context = {
            "audience": "customer",
            "company": company,
            "language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "due_at": datetime.combine(tomorrow, time(10), ZoneInfo(zone)),
            "zone": zone,
            "now": now,
        }
        return render_to_string("commitments/public/_example.html", context)
