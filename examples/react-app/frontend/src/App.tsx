import { BoardPage } from "./board/BoardPage";
import { Header } from "./header/Header";
import { PeopleProvider, ProjectsProvider, SessionProvider } from "./mizan";
import { PersonPage } from "./person/PersonPage";
import { useRoute } from "./route";
import { ProjectNav } from "./sidebar/ProjectNav";
import { Team } from "./sidebar/Team";
import { EventStrip } from "./strip/EventStrip";
import { TaskDialog } from "./task/TaskDialog";
import { StatusLine } from "./ui/StatusLine";

export function App() {
  const route = useRoute();
  return (
    <SessionProvider>
      <PeopleProvider>
        <ProjectsProvider>
          <a className="skip-link" href="#main">
            Skip to content
          </a>
          <Header />
          <div className="layout">
            <aside className="sidebar" aria-label="Projects and team">
              <ProjectNav />
              <Team />
            </aside>
            <main id="main" className="main" tabIndex={-1}>
              {route.page === "person" && route.userId !== undefined ? (
                <PersonPage userId={route.userId} />
              ) : (
                <BoardPage projectId={route.projectId} assignee={route.assignee} />
              )}
            </main>
          </div>
          {route.taskId === undefined ? (
            <StatusLine />
          ) : (
            <TaskDialog key={route.taskId} taskId={route.taskId} />
          )}
          <EventStrip />
        </ProjectsProvider>
      </PeopleProvider>
    </SessionProvider>
  );
}
