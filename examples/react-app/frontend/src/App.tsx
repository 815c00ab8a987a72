import { BoardPage } from "./board/BoardPage.tsx";
import { Header } from "./header/Header.tsx";
import { PeopleProvider, ProjectsProvider, SessionProvider } from "./mizan/index.ts";
import { PersonPage } from "./person/PersonPage.tsx";
import { useRoute } from "./route.tsx";
import { ProjectNav } from "./sidebar/ProjectNav.tsx";
import { Team } from "./sidebar/Team.tsx";
import { EventStrip } from "./strip/EventStrip.tsx";
import { TaskDialog } from "./task/TaskDialog.tsx";
import { StatusLine } from "./ui/StatusLine.tsx";

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
          {route.taskId !== undefined && <TaskDialog key={route.taskId} taskId={route.taskId} />}
          <StatusLine />
          <EventStrip />
        </ProjectsProvider>
      </PeopleProvider>
    </SessionProvider>
  );
}
