import json

from django.http import HttpResponse
from django.test import Client


class Browser(Client):
    """Django's test client that speaks the protocol."""

    def context(self, name: str, **params: object) -> HttpResponse:
        return self.get(f"/api/mizan/ctx/{name}/", dict(sorted(params.items())))

    def call(self, function: str, **args: object) -> HttpResponse:
        body = json.dumps({"function": function, "args": args})
        return self.post("/api/mizan/call/", body, content_type="application/json")
