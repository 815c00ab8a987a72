import { useRename } from "../mizan";
import { Field } from "../ui/Field";
import { Form } from "../ui/Form";
import { say } from "../ui/status";

export function RenameForm({ name, done }: { name: string; done(): void }) {
  const rename = useRename({
    onSuccess: () => {
      say("Renamed.");
      done();
    },
  });
  return (
    <Form
      label="Rename yourself"
      error={rename.error}
      submit={(values) => rename.call({ name: String(values.get("name")) })}
    >
      <Field
        label="Your name"
        name="name"
        defaultValue={name}
        error={rename.error?.fields.name}
        autoComplete="name"
      />
      <button type="submit" className="button button-primary" disabled={rename.isPending}>
        {rename.isPending ? "Renaming…" : "Rename"}
      </button>
    </Form>
  );
}
