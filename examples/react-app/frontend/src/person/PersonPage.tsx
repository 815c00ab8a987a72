import { useState } from "react";
import {
  UserProvider,
  type UserTask,
  useProjectList,
  useUserProfile,
  useUserTasks,
} from "../mizan";
import { useMe } from "../people";
import { ProjectLink } from "../project/ProjectLink";
import { TaskLink } from "../task/TaskLink";
import { Avatar } from "../ui/Avatar";
import { day } from "../ui/dates";
import { PageError } from "../ui/Notice";
import { Skeleton } from "../ui/Skeleton";
import { useTitle } from "../ui/title";
import { ProfileForm } from "./ProfileForm";

export function PersonPage({ userId }: { userId: number }) {
  return (
    <UserProvider user_id={userId}>
      <Profile key={userId} />
      <OpenTasks />
    </UserProvider>
  );
}

function Profile() {
  const profile = useUserProfile();
  const me = useMe();
  const [editing, setEditing] = useState(false);
  useTitle(profile.data?.name);
  if (!profile.data) {
    if (profile.error) return <PageError error={profile.error} retry={profile.refetch} />;
    return <Skeleton lines={3} label="Loading the profile" />;
  }
  const { id, name, role, bio, joined } = profile.data;
  if (editing) return <ProfileForm profile={profile.data} done={() => setEditing(false)} />;
  return (
    <div className="profile">
      <Avatar person={profile.data} size="large" />
      <div>
        <h1>{name}</h1>
        <p className="muted">
          {role}, here since {day(joined)}
        </p>
        <p>{bio}</p>
      </div>
      {me?.id === id && (
        <button type="button" className="button" onClick={() => setEditing(true)}>
          Edit profile
        </button>
      )}
    </div>
  );
}

function OpenTasks() {
  const tasks = useUserTasks();
  const { data: projects } = useProjectList();
  // What is wrong with the whole person stands in the profile's place already.
  if (!tasks.data) {
    return tasks.error ? null : <Skeleton lines={6} label="Loading tasks" />;
  }
  if (tasks.data.length === 0) return <p className="empty">No open tasks.</p>;
  return projects?.map((project) => {
    const own = tasks.data?.filter((task) => task.project_id === project.id) ?? [];
    return own.length === 0 ? null : (
      <section key={project.id} className="task-group">
        <h2>
          <ProjectLink id={project.id}>{project.name}</ProjectLink>{" "}
          <span className="badge">{own.length}</span>
        </h2>
        <ul className="task-list">
          {own.map((task) => (
            <TaskRow key={task.id} task={task} />
          ))}
        </ul>
      </section>
    );
  });
}

function TaskRow({ task }: { task: UserTask }) {
  return (
    <li>
      <TaskLink id={task.id}>{task.title}</TaskLink>
      <span className={`pill pill-${task.status}`}>
        {task.status === "doing" ? "Doing" : "To do"}
      </span>
    </li>
  );
}
