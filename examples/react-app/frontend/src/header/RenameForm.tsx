import { useState } from "react";
import { useRename } from "../mizan/index.ts";
import { fieldError, isGeneral } from "../ui/errors.ts";
import { Field } from "../ui/Field.tsx";
import { FormError } from "../ui/Notice.tsx";
import { say, submitted } from "../ui/status.ts";

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
      <button className="button button-primary" disabled={rename.isPending}>
        {rename.isPending ? "Renaming…" : "Rename"}
      </button>
    </form>
  );
}
