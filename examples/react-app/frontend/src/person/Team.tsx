import { UserProvider, usePeopleList, useUserProfile, useUserTasks } from "../mizan";
import { Link, useRoute } from "../route";
import { Avatar } from "../ui/Avatar";
import { ReadError } from "../ui/Notice";
import { Skeleton } from "../ui/Skeleton";

/** Each row is a context of its own: what happens to one person refetches one row. */
export function Team() {
  const people = usePeopleList();
  return (
    <nav aria-labelledby="team-title">
      <h2 id="team-title" className="sidebar-title">
        Team
      </h2>
      {!people.data && people.error && <ReadError error={people.error} retry={people.refetch} />}
      {!people.data && !people.error && <Skeleton lines={5} label="Loading the team" />}
      <ul className="nav-list">
        {people.data?.map(({ id }) => (
          <li key={id}>
            <UserProvider user_id={id}>
              <TeamRow id={id} />
            </UserProvider>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function TeamRow({ id }: { id: number }) {
  const { data: profile } = useUserProfile();
  const { data: tasks } = useUserTasks();
  const route = useRoute();
  const here = route.page === "person" && route.userId === id;
  return (
    <Link className="nav-link" href={`/people/${id}/`} aria-current={here ? "page" : undefined}>
      <Avatar person={profile} />
      <span className="nav-name">{profile?.name ?? "…"}</span>
      <span className="badge">
        {tasks?.length ?? "…"}
        <span className="visually-hidden"> open tasks</span>
      </span>
    </Link>
  );
}
