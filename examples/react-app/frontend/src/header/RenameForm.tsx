import { useState } from "react";
import { useRename } from "../mizan";
import { fieldError, isGeneral } from "../ui/errors";
import { Field } from "../ui/Field";
import { FormError } from "../ui/Notice";
import { say, submitted } from "../ui/status";

export function RenameForm({ name, done }: { name: string; done(): void }) {
  const [draft, setDraft] = useState(name);
  const rename = useRename();
  const submit = async () => {
    if (!(await submitted(rename.call({ name: draft })))) return;
    say("Renamed.");
    done();
  };
  return (
    <form
      className="stack"
      aria-label="Rename yourself"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field
        label="Your name"
        value={draft}
        onChange={setDraft}
        error={fieldError(rename.error, "name")}
        autoComplete="name"
      />
      {rename.error && isGeneral(rename.error, ["name"]) && <FormError error={rename.error} />}
      <button type="submit" className="button button-primary" disabled={rename.isPending}>
        {rename.isPending ? "Renaming…" : "Rename"}
      </button>
    </form>
  );
}
