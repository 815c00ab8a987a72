"""The named contexts: what the browser caches, fetches and refetches as one."""

from django_mizan import ReactContext

session = ReactContext("session")
people = ReactContext("people")
projects = ReactContext("projects")
user = ReactContext("user")
board = ReactContext("board")
task = ReactContext("task")
comments = ReactContext("comments")
notifications = ReactContext("notifications")
