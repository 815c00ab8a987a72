"""Routes."""

from django.contrib.staticfiles.views import serve
from django.urls import include, path

from . import parts, views

urlpatterns = [
    path("api/mizan/", include("django_mizan.urls")),
    path("notes/<int:note_id>/", views.page, name="note"),
    path("notes/<int:note_id>/edit/", views.edit),
    path("away/", views.page),
    path("without-wasm/", views.page, {"wasm": False}),
    path("script/", views.page, {"script": "wasm"}),
    path("twin/", views.page, {"wasm": False, "script": "js"}),
    path("static/<path:path>", serve, {"insecure": True}),
    path("token/", views.token),
    path("still/", views.still),
    path("template/<str:name>/", parts.template),
    path("part/<int:note_id>/", parts.part),
    path("part/<int:note_id>/edit/", parts.edit),
    path("abroad/<int:note_id>/edit/", parts.abroad),
    path("say/", parts.say),
    path("hop/", parts.hop),
    path("htmx<int:version>.js", views.htmx, name="htmx"),
    path("dist/<path:name>", views.asset, {"folder": views.PACKAGE}),
    path("<str:name>.js", views.script, name="asset"),
]
