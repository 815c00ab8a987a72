import { NotificationsProvider } from "../mizan";
import { useMe } from "../people";
import { Link } from "../route";
import { DemoLogins } from "./DemoLogins";
import { Inbox } from "./Inbox";
import { PersonMenu } from "./PersonMenu";

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
