from board import client
from django.urls import include, path

urlpatterns = [
    path("api/mizan/", include("django_mizan.urls")),
    path("profile/<int:user_id>/", client.edit_profile),
    path("tasks/<str:task_id>/close/", client.close_task),
]
