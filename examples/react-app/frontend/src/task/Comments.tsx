import { type TaskComment, useTaskCommentsInfinite } from "../mizan";
import { usePerson } from "../people";
import { Avatar } from "../ui/Avatar";
import { moment } from "../ui/dates";
import { MoreButton } from "../ui/MoreButton";
import { ReadError } from "../ui/Notice";
import { Skeleton } from "../ui/Skeleton";

/** The newest page of them, and one more whenever its end comes into view. */
export function Comments() {
  const comments = useTaskCommentsInfinite();
  return (
    <section aria-labelledby="comments-title">
      <h3 id="comments-title">Comments</h3>
      {comments.status === "pending" && <Skeleton lines={3} label="Loading comments" />}
      {comments.status === "success" && comments.items.length === 0 && (
        <p className="empty">No comments yet.</p>
      )}
      <ol className="comments">
        {comments.items.map((comment) => (
          <CommentRow key={comment.id} comment={comment} />
        ))}
      </ol>
      {comments.error ? (
        <ReadError error={comments.error} retry={comments.refetch} />
      ) : (
        comments.hasNextPage && (
          <MoreButton loading={comments.isFetchingNextPage} load={comments.fetchNextPage}>
            Older comments
          </MoreButton>
        )
      )}
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
