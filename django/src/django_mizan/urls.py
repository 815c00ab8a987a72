"""`path("api/mizan/", include("django_mizan.urls"))`.

A context with an async function gets an async view, so that ASGI serves it without a thread; all
else is served by sync views, so that WSGI serves it without an event loop. Calls are always sync:
a transaction belongs to a thread.
"""

from __future__ import annotations

from django.urls import path

from . import views
from .registry import registry
from .routes import APP_NAME

app_name = APP_NAME

urlpatterns = [
    *(
        path(f"ctx/{name}/", views.async_context, {"name": name})
        for name, context in registry.contexts.items()
        if context.is_async
    ),
    path("ctx/<str:name>/", views.context, name="context"),
    path("call/", views.call, name="call"),
    path("call/<str:name>/", views.call, name="call-function"),
    path("session/", views.session, name="session"),
    path("schema/", views.document, name="schema"),
]
