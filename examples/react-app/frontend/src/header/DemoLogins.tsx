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
          aria-label={`Log in as ${person.name}`}
          disabled={logIn.isPending}
          onClick={() => {
            void attempt(logIn.call({ user_id: person.id }), `Logged in as ${person.name}.`);
          }}
        >
          <Avatar person={person} />
          {person.name.split(" ")[0]}
        </button>
      ))}
    </div>
  );
}
