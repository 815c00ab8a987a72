"""Routes."""

from django.contrib.staticfiles.views import serve
from django.http import HttpResponse
from django.urls import include, path

from . import views

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
    path("still/", lambda request: HttpResponse("Still here.")),
    path("dist/<path:name>", views.asset, {"folder": views.PACKAGE}),
    path("<str:name>.js", lambda request, name: views.asset(request, f"{name}.js", views.SITE)),
]
