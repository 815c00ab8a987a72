import { NotificationsProvider, useCurrentPerson } from "../mizan";
import { Link } from "../route";
import { DemoLogins } from "./DemoLogins";
import { Inbox } from "./Inbox";
import { PersonMenu } from "./PersonMenu";

export function Header() {
  const { data: me, error, refetch } = useCurrentPerson();
  return (
    <header className="header">
      <Link href="/" className="brand">
        <span className="brand-mark" aria-hidden="true" />
        Team board
      </Link>
      <div className="header-actions">
        {me === undefined && !error && <span className="skeleton-bar header-skeleton" />}
        {me === undefined && error && (
          <button type="button" className="button" onClick={() => void refetch()}>
            Offline? Try again
          </button>
        )}
        {me === null && <DemoLogins />}
        {me && (
          <>
            {/* What others do is told to their browsers: this one asks. */}
            <NotificationsProvider refetchInterval={60_000}>
              <Inbox />
            </NotificationsProvider>
            <PersonMenu me={me} />
          </>
        )}
      </div>
    </header>
  );
}
