"""Notes, which anybody may write, and the token that each user has at present."""

from django.conf import settings
from django.db import models


class Note(models.Model):
    text = models.CharField(max_length=200)


class Token(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE)
    text = models.CharField(max_length=64, unique=True)
