import { useDeferredValue } from "react";
import { BoardPage } from "./board/BoardPage";
import { Header } from "./header/Header";
import { PeopleProvider, ProjectsProvider, SessionProvider } from "./mizan";
import { PersonPage } from "./person/PersonPage";
import { Team } from "./person/Team";
import { ProjectNav } from "./project/ProjectNav";
import { parseRoute, Router, useAddress, useRoute } from "./route";
import { EventStrip } from "./strip/EventStrip";
import { TaskDialog } from "./task/TaskDialog";
import { StatusLine } from "./ui/StatusLine";

/** `address`: where to begin, path and query. */
export function App({ address }: { address: string }) {
  return (
    <Router address={address}>
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
              <Main />
            </div>
            <OpenTask />
            <EventStrip />
          </ProjectsProvider>
        </PeopleProvider>
      </SessionProvider>
    </Router>
  );
}

/** The page that is open. It stays, dimmed, until the one that was asked for can be shown. */
function Main() {
  const wanted = useAddress();
  const shown = useDeferredValue(wanted);
  const route = parseRoute(shown);
  return (
    <main id="main" className="main" tabIndex={-1} aria-busy={shown !== wanted}>
      {route.page === "person" && route.userId !== undefined ? (
        <PersonPage userId={route.userId} />
      ) : (
        <BoardPage projectId={route.projectId} assignee={route.assignee} />
      )}
    </main>
  );
}

function OpenTask() {
  const { taskId } = useRoute();
  return taskId === undefined ? <StatusLine /> : <TaskDialog key={taskId} taskId={taskId} />;
}
