"""The schema of the API, and pages to read and try it on. Both are for who is signed in."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from . import queries, schema
from .doors import Door


@cache
def whole() -> dict[str, Any]:
    """The schema, which is the same for everybody until the next release."""
    return dict(SchemaGenerator().get_schema(request=None, public=True))


class Schema(Door):
    """This description of the API, in OpenAPI 3.1."""

    http_method_names = ["get", "head"]

    @schema.gives(200, dict[str, Any])
    def get(self, request: Request) -> Response:
        queries.refuse_all(request.query_params)
        return Response(whole())


class Docs(SpectacularSwaggerSplitView):
    """The same for people, with a button to try each call."""

    schema = None
    url_name = "api_schema"
    template_name = "commitments/api/docs.html"
