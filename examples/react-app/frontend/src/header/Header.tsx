import { NotificationsProvider } from "../mizan/index.ts";
import { useMe } from "../people.ts";
import { Link } from "../route.tsx";
import { DemoLogins } from "./DemoLogins.tsx";
import { Inbox } from "./Inbox.tsx";
import { PersonMenu } from "./PersonMenu.tsx";

export function Header() {
  const me = useMe();
  return (
    <header className="header">
      <Link href="/" className="brand">
        <span className="brand-mark" aria-hidden="true" />
        Team board
      </Link>
      <div className="header-actions">
        {me === undefined && <span className="skeleton-bar header-skeleton" />}
        {me === null && <DemoLogins />}
        {me && (
          <>
            <NotificationsProvider>
              <Inbox />
            </NotificationsProvider>
            <PersonMenu me={me} />
          </>
        )}
      </div>
    </header>
  );
}
