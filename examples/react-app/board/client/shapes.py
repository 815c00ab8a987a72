"""The JSON shapes that reads and mutations return.

People appear by id: their names come from the context `people` alone, so that a rename
has few places to reach. Times are UTC, ISO 8601.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

StatusName = Literal["todo", "doing", "done"]


class Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Person(Shape):
    id: int
    name: str
    role: str
    hue: int


class UserProfile(Person):
    bio: str
    joined: datetime


class UserTask(Shape):
    id: int
    title: str
    status: StatusName
    project_id: int


class ProjectSummary(Shape):
    id: int
    name: str
    summary: str
    open_count: int


class TaskCard(Shape):
    id: int
    title: str
    assignee_id: int | None
    comment_count: int


class Column(Shape):
    status: StatusName
    title: str
    tasks: list[TaskCard]


class BoardStats(Shape):
    todo: int
    doing: int
    done: int
    unassigned: int


class TaskDetail(Shape):
    id: int
    title: str
    status: StatusName
    project_id: int
    assignee_id: int | None
    created_at: datetime


class TaskComment(Shape):
    id: int
    author_id: int
    text: str
    created_at: datetime


class NotificationItem(Shape):
    id: int
    kind: Literal["comment", "assigned"]
    actor_id: int
    task_id: int
    task_title: str
    project_id: int
    read: bool
    created_at: datetime
