"""Routes: pages, the parts of them that are fetched alone, and the forms."""

from board.views import new_task
from django.urls import include, path

from pages.views import boards, comments, inbox, people, session, tasks

urlpatterns = [
    # Pages. Their names are those of the React example, whose form `new_task` leads back to one.
    path("", boards.overview, name="page"),
    path("projects/<int:project_id>/", boards.project, name="project"),
    path("people/<int:user_id>/", people.person, name="person"),
    path("profile/", people.profile, name="profile"),
    path("tasks/new/", new_task, name="new-task"),
    # Parts of pages: what `mizan-src` and `hx-get` ask for.
    path("account/", session.account, name="account"),
    path("inbox/", inbox.rows, name="inbox"),
    path("inbox/unread/", inbox.unread, name="unread"),
    path("sidebar/", boards.sidebar, name="sidebar"),
    path("overview/", boards.overview_rows, name="overview"),
    path("projects/<int:project_id>/board/", boards.board, name="board"),
    path("people/<int:user_id>/profile/", people.profile_part, name="person-profile"),
    path("people/<int:user_id>/tasks/", people.open_tasks, name="person-tasks"),
    path("tasks/<int:task_id>/head/", tasks.head, name="task-head"),
    path("tasks/<int:task_id>/comments/", comments.thread, name="comments"),
    path("tasks/<int:task_id>/comment/", comments.form, name="comment-form"),
    # Forms.
    path("log-in/<int:user_id>/", session.sign_in, name="log-in"),
    path("log-out/", session.sign_out, name="log-out"),
    path("inbox/read/", inbox.read_all, name="read-all"),
    path("projects/<int:project_id>/tasks/", tasks.add, name="add-task"),
    path("tasks/<int:task_id>/move/", tasks.move, name="move-task"),
    path("tasks/<int:task_id>/assign/", tasks.assign, name="assign-task"),
    path("tasks/<int:task_id>/rename/", tasks.retitle, name="rename-task"),
    path("tasks/<int:task_id>/delete/", tasks.delete, name="delete-task"),
    path("tasks/<int:task_id>/comments/add/", comments.comment, name="add-comment"),
    # What a bundle on one of these pages would call, an island of React for example.
    path("api/mizan/", include("django_mizan.urls")),
]

handler403 = "pages.errors.forbidden"
handler404 = "pages.errors.not_found"
handler500 = "pages.errors.server_error"
