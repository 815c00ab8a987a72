import { type UserProfile, useEditProfile } from "../mizan";
import { Field } from "../ui/Field";
import { Form } from "../ui/Form";
import { say } from "../ui/status";

/** What is wrong with a field is said at that field: `error.fields` has it by argument. */
export function ProfileForm({ profile, done }: { profile: UserProfile; done(): void }) {
  const edit = useEditProfile({
    onSuccess: () => {
      say("Profile saved.");
      done();
    },
  });
  const wrong = edit.error?.fields;
  const submit = (values: FormData) => {
    const text = (name: string) => String(values.get(name));
    return edit.call({ name: text("name"), role: text("role"), bio: text("bio") });
  };
  return (
    <section className="sheet profile-form" aria-labelledby="profile-title">
      <h1 id="profile-title">Your profile</h1>
      <Form label="Your profile" error={edit.error} submit={submit}>
        <Field
          label="Name"
          name="name"
          defaultValue={profile.name}
          error={wrong?.name}
          autoComplete="name"
        />
        <Field label="Role" name="role" defaultValue={profile.role} error={wrong?.role} />
        <Field
          label="About you"
          name="bio"
          defaultValue={profile.bio}
          error={wrong?.bio}
          rows={3}
        />
        <div className="row">
          <button type="submit" className="button button-primary" disabled={edit.isPending}>
            {edit.isPending ? "Saving…" : "Save"}
          </button>
          <button type="button" className="button" onClick={done}>
            Cancel
          </button>
        </div>
      </Form>
    </section>
  );
}
