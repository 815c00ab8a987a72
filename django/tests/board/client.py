"""A small app that uses every kind of function once."""

from __future__ import annotations

from typing import Annotated, Literal

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from pydantic import BaseModel, Field

from board.models import Note
from django_mizan import ReactContext, TooManyRequests, client, invalidate

user = ReactContext("user")
NAMES = {1: "Ada", 5: "Grace"}


class UserProfile(BaseModel):
    """What everybody may see of a user."""

    id: int
    name: str
    score: float | None = None


class Task(BaseModel):
    id: int
    title: str
    state: Literal["open", "done"] = "open"


@client(context=user)
def user_profile(request: HttpRequest, user_id: int) -> UserProfile:
    """The profile of one user."""
    if user_id not in NAMES:
        raise Http404("No such user.")
    return UserProfile(id=user_id, name=NAMES[user_id])


@client(context=user)
def user_tasks(request: HttpRequest, user_id: int, state: str | None = None) -> list[Task]:
    return [Task(id=1, title="Write"), Task(id=2, title="Read")]


@client(context="secrets", auth=True)
def secret(request: HttpRequest) -> str:
    return f"for {request.user}"


@client(context="mixed")
def mixed_open(request: HttpRequest) -> int:
    return 1


@client(context="mixed", auth=True)
def mixed_closed(request: HttpRequest) -> int:
    return 2


@client(context="news", cache="public")
def headlines(request: HttpRequest) -> list[str]:
    return ["Nothing happened"]


@client(context="clock")
async def ticks(request: HttpRequest, zone: str = "utc") -> str:
    return f"tick {zone} {await Note.objects.acount()}"


@client(context="clock")
def tocks(request: HttpRequest, zone: str = "utc") -> str:
    return f"tock {zone} {Note.objects.count()}"


@client(affects=user, affects_params=["user_id"])
def set_name(
    request: HttpRequest,
    user_id: int,
    name: Annotated[str, Field(min_length=1, max_length=60)],
) -> UserProfile:
    """Renames a user."""
    return UserProfile(id=user_id, name=name)


@client(
    affects="user",
    affects_params=lambda request, result, **args: {"user_id": request.user.pk},
    auth=True,
)
def rename(request: HttpRequest, name: str) -> str:
    return name


@client(affects=["user", "mixed"])
def add_note(request: HttpRequest, text: str, outcome: str = "fine") -> int:
    Note.objects.create(text=text)
    match outcome:
        case "ill-typed":
            return "not a number"  # type: ignore[return-value]
        case "crash":
            raise RuntimeError("the disk is on fire")
        case "denied":
            raise PermissionDenied("Not yours.")
        case "hidden":
            raise Http404("No such board.")
        case "invalid":
            raise ValidationError({"text": ["Too dull."], "__all__": ["Not today."]})
        case "busy":
            raise TooManyRequests("Slow down.", retry_after=30)
        case "news":
            invalidate(request, "news")
    return Note.objects.count()


@client(affects=user)
async def add_note_async(request: HttpRequest, text: str, outcome: str = "fine") -> int:
    await Note.objects.acreate(text=text)
    if outcome == "ill-typed":
        return "not a number"  # type: ignore[return-value]
    return await Note.objects.acount()


@client
def ping(request: HttpRequest) -> None:
    return None


@client(context=user, affects=user, affects_params=["user_id"])
def edit_profile(request: HttpRequest, user_id: int) -> HttpResponse:
    outcome = request.POST.get("outcome")
    if outcome == "redirect":
        return HttpResponseRedirect("/")
    if outcome == "bad":
        return HttpResponse("no", status=400)
    if outcome == "bad but changed":
        invalidate(request, "news")
        return HttpResponse("no", status=409)
    if outcome == "crash after change":
        invalidate(request, "news")
        raise RuntimeError("the disk is on fire")
    return HttpResponse("a form")


@client(affects="mixed")
async def close_task(request: HttpRequest, task_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"/tasks/{task_id}/")


@client(context="whoami", auth=True)
async def whoami(request: HttpRequest) -> str:
    return f"for {request.user}"
