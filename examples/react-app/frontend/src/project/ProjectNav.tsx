import { useProjectList } from "../mizan";
import { useRoute } from "../route";
import { ReadError } from "../ui/Notice";
import { Skeleton } from "../ui/Skeleton";
import { ProjectLink } from "./ProjectLink";

export function ProjectNav() {
  const projects = useProjectList();
  const route = useRoute();
  const first = projects.data?.[0]?.id;
  const current = route.page === "board" ? (route.projectId ?? first) : undefined;
  return (
    <nav aria-labelledby="projects-title">
      <h2 id="projects-title" className="sidebar-title">
        Projects
      </h2>
      {!projects.data && projects.error && (
        <ReadError error={projects.error} retry={projects.refetch} />
      )}
      {!projects.data && !projects.error && <Skeleton lines={3} label="Loading projects" />}
      <ul className="nav-list">
        {projects.data?.map((project) => (
          <li key={project.id}>
            <ProjectLink
              className="nav-link"
              id={project.id}
              aria-current={project.id === current ? "page" : undefined}
            >
              <span className="nav-name">{project.name}</span>
              <span className="badge">
                {project.open_count}
                <span className="visually-hidden"> open tasks</span>
              </span>
            </ProjectLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
