"""People, projects, tasks, comments, notifications."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


class Profile(models.Model):
    """What the team sees of a user."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="profile"
    )
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=60)
    bio = models.TextField(max_length=500, blank=True)
    hue = models.PositiveSmallIntegerField(default=220, help_text="Avatar colour, in degrees.")

    class Meta:
        constraints = (models.UniqueConstraint(Lower("name"), name="profile_name_unique"),)

    def __str__(self) -> str:
        return self.name


class Project(models.Model):
    name = models.CharField(max_length=60, unique=True)
    summary = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    """The columns of a board, in order."""

    TODO = "todo", "To do"
    DOING = "doing", "Doing"
    DONE = "done", "Done"


class TaskQuerySet(models.QuerySet["Task"]):
    def column(self, project_id: int, status: str) -> "TaskQuerySet":
        return self.filter(project_id=project_id, status=status)

    def end(self) -> int:
        """The position behind the last of these tasks."""
        last = self.aggregate(last=models.Max("position"))["last"]
        return 0 if last is None else last + 1


class Task(models.Model):
    project = models.ForeignKey(Project, models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=120)
    status = models.CharField(max_length=8, choices=Status, default=Status.TODO)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    # Orders a column; gaps and ties mean nothing (ties go by id).
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        indexes = (models.Index(fields=["project", "status", "position"], name="task_column"),)

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    task = models.ForeignKey(Task, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="comments")
    text = models.TextField(max_length=1000)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=["task", "-created_at", "-id"], name="comment_newest_first"),
        )

    def __str__(self) -> str:
        return self.text[:40]


class Notification(models.Model):
    class Kind(models.TextChoices):
        COMMENT = "comment", "commented"
        ASSIGNED = "assigned", "assigned"

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications"
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    task = models.ForeignKey(Task, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    read = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=["recipient", "-created_at", "-id"], name="notification_inbox"),
        )

    def __str__(self) -> str:
        return f"{self.kind} for {self.recipient_id}"
