from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import models


class Note(models.Model):
    text: models.CharField[str, str] = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.text


class Topic(models.Model):
    name: models.CharField[str, str] = models.CharField(max_length=40)
    parent: models.ForeignKey[Topic | None, Topic | None] = models.ForeignKey(
        "self", models.CASCADE, null=True
    )

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """With a column of each kind that a list is ordered by."""

    topic: models.ForeignKey[Topic, Topic] = models.ForeignKey(Topic, models.CASCADE)
    title: models.CharField[str, str] = models.CharField(max_length=40)
    posted: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    price: models.DecimalField[Decimal, Decimal] = models.DecimalField(
        max_digits=8, decimal_places=3
    )
    weight: models.FloatField[float, float] = models.FloatField()
    length: models.DurationField[timedelta, timedelta] = models.DurationField()
    rating: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    key: models.UUIDField[UUID, UUID] = models.UUIDField(unique=True, default=uuid4)
    code: models.CharField[str | None, str | None] = models.CharField(
        max_length=9, unique=True, null=True
    )
    reply: models.ForeignKey[Post | None, Post | None] = models.ForeignKey(
        "self", models.SET_NULL, null=True
    )
    extra: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        ordering = ("-posted",)

    def __str__(self) -> str:
        return self.title
