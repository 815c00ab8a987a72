import { useDemoPeople, useLogIn } from "../mizan";
import { Avatar } from "../ui/Avatar";
import { attempt } from "../ui/status";

/** One button per demo user. */
export function DemoLogins() {
  const { data: people } = useDemoPeople();
  const logIn = useLogIn();
  if (!people?.length) return null;
  return (
    <div className="demo-logins">
      <span className="muted">Log in as</span>
      {people.map((person) => (
        <button
          key={person.id}
          type="button"
          className="button"
          disabled={logIn.isPending}
          onClick={() => {
            void attempt(logIn.call({ user_id: person.id }), `Logged in as ${person.name}.`);
          }}
        >
          <Avatar person={person} />
          <DemoName name={person.name} />
        </button>
      ))}
    </div>
  );
}

/** The first word is to be seen, all of it to be heard. */
function DemoName({ name }: { name: string }) {
  const [first, ...rest] = name.split(" ");
  return (
    <span>
      <span className="visually-hidden">Log in as </span>
      {first}
      <span className="visually-hidden"> {rest.join(" ")}</span>
    </span>
  );
}
