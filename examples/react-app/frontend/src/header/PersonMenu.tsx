import { type Person, useLogOut } from "../mizan";
import { Link } from "../route";
import { Avatar } from "../ui/Avatar";
import { Disclosure } from "../ui/Disclosure";
import { attempt } from "../ui/status";
import { RenameForm } from "./RenameForm";

export function PersonMenu({ me }: { me: Person }) {
  const logOut = useLogOut();
  const label = (
    <>
      <Avatar person={me} />
      <span className="person-menu-name">{me.name}</span>
    </>
  );
  return (
    <Disclosure label={label} className="button button-quiet">
      {(close) => (
        <div className="stack">
          <RenameForm name={me.name} done={close} />
          <hr />
          <div className="row">
            <Link className="button" href={`/people/${me.id}/`}>
              My tasks
            </Link>
            <button
              type="button"
              className="button"
              disabled={logOut.isPending}
              onClick={() => void attempt(logOut.call(), "Logged out.")}
            >
              Log out
            </button>
          </div>
        </div>
      )}
    </Disclosure>
  );
}
