"""Routes: Mizan's endpoints, one classic form, and the page for everything else."""

from django.urls import include, path

from board import views

urlpatterns = [
    path("api/mizan/", include("django_mizan.urls")),
    path("tasks/new/", views.new_task, name="new-task"),
    path("", views.page, name="page"),
    path("projects/<int:project_id>/", views.page, name="project"),
    path("people/<int:user_id>/", views.page, name="person"),
]
