"""The one classic form."""

from django import forms
from django.db import transaction
from django.utils import timezone

from .models import Task


class AssigneeField(forms.ModelChoiceField):
    def label_from_instance(self, user: object) -> str:
        return str(user.profile)


class TaskForm(forms.ModelForm):
    class Meta:
        model = Task
        fields = ("title", "project", "assignee", "status")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        users = self.fields["assignee"].queryset.filter(profile__isnull=False)
        self.fields["assignee"] = AssigneeField(
            users.select_related("profile").order_by("pk"), required=False, empty_label="Nobody"
        )
        self.fields["project"].empty_label = None

    @transaction.atomic
    def save(self, commit: bool = True) -> Task:
        """The new task goes to the end of its column."""
        task = self.instance
        task.position = Task.objects.column(task.project_id, task.status).end()
        task.created_at = timezone.now()
        return super().save(commit)

    def clean_title(self) -> str:
        title = self.cleaned_data["title"]
        if len(title) < 3:
            raise forms.ValidationError("Say in a few words what is to be done.")
        return title
