import { useState } from "react";
import { useAddComment } from "../mizan";
import { Field } from "../ui/Field";
import { Form } from "../ui/Form";
import { say } from "../ui/status";

export function CommentForm({ taskId }: { taskId: number }) {
  const [sent, setSent] = useState(0);
  const comment = useAddComment({
    onSuccess: () => {
      setSent((count) => count + 1);
      say("Comment added.");
    },
  });
  return (
    <Form
      label="Add a comment"
      error={comment.error}
      submit={(values) => comment.call({ task_id: taskId, text: String(values.get("text")) })}
    >
      {/* An empty field for each new comment. */}
      <Field
        key={sent}
        label="Your comment"
        name="text"
        error={comment.error?.fields.text}
        rows={3}
      />
      <button type="submit" className="button button-primary" disabled={comment.isPending}>
        {comment.isPending ? "Sending…" : "Comment"}
      </button>
    </Form>
  );
}
