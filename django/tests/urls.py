from board import client
from django.urls import include, path
from django.views.decorators.cache import never_cache

urlpatterns = [
    path("api/mizan/", include("django_mizan.urls")),
    path("profile/<int:user_id>/", never_cache(client.edit_profile)),
    path("tasks/<str:task_id>/close/", client.close_task),
]
