import { useState } from "react";
import { useAddComment } from "../mizan";
import { fieldError, isGeneral } from "../ui/errors";
import { Field } from "../ui/Field";
import { FormError } from "../ui/Notice";
import { say, submitted } from "../ui/status";

export function CommentForm({ taskId }: { taskId: number }) {
  const [draft, setDraft] = useState("");
  const comment = useAddComment();
  const submit = async () => {
    if (!(await submitted(comment.call({ task_id: taskId, text: draft })))) return;
    setDraft("");
    say("Comment added.");
  };
  return (
    <form
      className="stack"
      aria-label="Add a comment"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field
        label="Your comment"
        value={draft}
        onChange={setDraft}
        error={fieldError(comment.error, "text")}
        multiline
      />
      {comment.error && isGeneral(comment.error, ["text"]) && <FormError error={comment.error} />}
      <button type="submit" className="button button-primary" disabled={comment.isPending}>
        {comment.isPending ? "Sending…" : "Comment"}
      </button>
    </form>
  );
}
