"""Where administrators name the programs that listen for webhooks, try them out and rest them.

A secret is shown on the page that answers its making, and never again.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html_join

from notifications import lengths, listening, sealing
from notifications.channels import addresses, endpoints
from notifications.models import Delivery, Endpoint

_RECENT = 5


class EndpointForm(forms.ModelForm):
    """A name and an address; everything else follows."""

    url = forms.CharField(
        label="Address",
        max_length=10_000,  # the rule on addresses says it better
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Begins with https://. Webhooks are posted there, signed.",
    )

    class Meta:
        model = Endpoint
        fields = ("name", "url")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if "url" in self.changed_data:
            try:
                addresses.check(url, patience=lengths.current().connect)
            except (addresses.Refused, addresses.Unknown) as error:
                raise ValidationError(str(error)) from error
        return url


class EndpointAdmin(admin.ModelAdmin[Endpoint]):
    form = EndpointForm
    list_display = ["name", "url", "standing"]
    search_fields = ["name", "url"]
    readonly_fields = ["standing", "old_secret", "recent"]
    change_form_template = "admin/notifications/endpoint/change_form.html"

    def get_fields(self, request: HttpRequest, obj: Endpoint | None = None) -> Any:
        # Any: Django's own type holds lists within lists.
        return ["name", "url", "standing", "old_secret", "recent"] if obj else ["name", "url"]

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=["name", "url"])
            return
        obj.secret, obj.made_at = sealing.seal(endpoints.new_secret()), timezone.now()
        obj.save()

    def response_add(
        self, request: HttpRequest, obj: Endpoint, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._shown_once(request, obj, sealing.unseal(obj.secret))

    def response_change(self, request: HttpRequest, obj: Endpoint) -> HttpResponse:
        now = timezone.now()
        if "_renew" in request.POST:
            overlap = lengths.current().secret_overlap
            _, secret = listening.renew(obj.pk, overlap=overlap, now=now)
            self.log_change(request, obj, "Gave it a new secret.")
            obj.refresh_from_db()
            return self._shown_once(request, obj, secret)
        if "_try" in request.POST:
            try:
                listening.try_out(obj.pk, now=now)
            except listening.Refused as no:
                return self._back(request, str(no), level=messages.ERROR)
            return self._back(request, "A message is on its way. Reload in a moment to see.")
        if "_rest" in request.POST:
            listening.switch_off(obj.pk, now=now)
            self.log_change(request, obj, "Switched it off.")
            return self._back(request, "It is switched off. What waited for it was taken back.")
        if "_wake" in request.POST:
            listening.switch_on(obj.pk)
            self.log_change(request, obj, "Switched it on.")
            return self._back(request, "It is switched on, for what happens from now on.")
        return super().response_change(request, obj)

    def delete_model(self, request: HttpRequest, obj: Endpoint) -> None:
        listening.remove(obj.pk, now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        for pk in list(queryset.order_by("pk").values_list("pk", flat=True)):
            listening.remove(pk, now=timezone.now())

    @admin.display(description="How it is doing")
    def standing(self, endpoint: Endpoint) -> str:
        if endpoint.disabled_at:
            since = timezone.localtime(endpoint.disabled_at)
            return f"Switched off since {since:%d %b %Y, %H:%M} UTC: {endpoint.disabled_because}"
        if endpoint.failing_since:
            since = timezone.localtime(endpoint.failing_since)
            return f"Fails since {since:%d %b %Y, %H:%M} UTC; it is tried again and again"
        return "Well"

    @admin.display(description="Secret")
    def old_secret(self, endpoint: Endpoint) -> str:
        until = endpoint.previous_until
        if until and until > timezone.now():
            return f"The one before signs too until {timezone.localtime(until):%d %b, %H:%M} UTC."
        return "Shown when it was made, and never again."

    @admin.display(description="Last messages")
    def recent(self, endpoint: Endpoint) -> str:
        rows = Delivery.objects.filter(channel=endpoints.CHANNEL, address=endpoint.address)
        return format_html_join(
            "",
            "<div>{}: {} {}</div>",
            (
                (row.template, row.get_state_display(), row.reason)
                for row in rows.order_by("-id")[:_RECENT]
            ),
        )

    def _shown_once(self, request: HttpRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
        facts = {
            **self.admin_site.each_context(request),
            "title": f"The secret of {endpoint.name}",
            "opts": self.opts,
            "endpoint": endpoint,
            "secret": secret,
        }
        return TemplateResponse(request, "admin/notifications/endpoint/secret.html", facts)

    def _back(
        self, request: HttpRequest, words: str, *, level: int = messages.SUCCESS
    ) -> HttpResponse:
        self.message_user(request, words, level)
        return HttpResponseRedirect(request.get_full_path())
