import { type TaskComment, useTaskComments } from "../mizan";
import { usePerson } from "../people";
import { Avatar } from "../ui/Avatar";
import { moment } from "../ui/dates";
import { ReadError } from "../ui/Notice";
import { Skeleton } from "../ui/Skeleton";

export function Comments() {
  const comments = useTaskComments();
  return (
    <section aria-labelledby="comments-title">
      <h3 id="comments-title">Comments</h3>
      {!comments.data && comments.error && (
        <ReadError error={comments.error} retry={comments.refetch} />
      )}
      {!comments.data && !comments.error && <Skeleton lines={3} label="Loading comments" />}
      {comments.data?.length === 0 && <p className="empty">No comments yet.</p>}
      <ol className="comments">
        {comments.data?.map((comment) => (
          <CommentRow key={comment.id} comment={comment} />
        ))}
      </ol>
    </section>
  );
}

function CommentRow({ comment }: { comment: TaskComment }) {
  const author = usePerson(comment.author_id);
  return (
    <li className="comment">
      <Avatar person={author} />
      <div>
        <p className="comment-head">
          <strong>{author?.name ?? "Somebody"}</strong>{" "}
          <time dateTime={comment.created_at}>{moment(comment.created_at)}</time>
        </p>
        <p className="comment-text">{comment.text}</p>
      </div>
    </li>
  );
}
