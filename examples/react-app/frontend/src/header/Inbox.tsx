import {
  type NotificationItem,
  useMarkAllRead,
  useNotificationList,
  useUnreadCount,
} from "../mizan";
import { usePerson } from "../people";
import { Link } from "../route";
import { Avatar } from "../ui/Avatar";
import { Disclosure } from "../ui/Disclosure";
import { moment } from "../ui/dates";
import { ReadError } from "../ui/Notice";
import { Skeleton } from "../ui/Skeleton";
import { attempt } from "../ui/status";

const DID: Record<NotificationItem["kind"], string> = {
  comment: "commented on",
  assigned: "gave you",
};

export function Inbox() {
  const { data: unread } = useUnreadCount();
  const label = (
    <>
      <span className="bell" aria-hidden="true" />
      <span className="visually-hidden">Notifications, unread:</span>
      <span className={unread ? "badge badge-loud" : "badge"}>{unread ?? "…"}</span>
    </>
  );
  return (
    <Disclosure label={label} className="button button-quiet">
      {(close) => <InboxPanel unread={unread ?? 0} close={close} />}
    </Disclosure>
  );
}

function InboxPanel({ unread, close }: { unread: number; close(): void }) {
  const list = useNotificationList();
  const markAllRead = useMarkAllRead();
  return (
    <section className="inbox" aria-labelledby="inbox-title">
      <div className="row row-spread">
        <h2 id="inbox-title">Notifications</h2>
        <button
          type="button"
          className="button"
          disabled={unread === 0 || markAllRead.isPending}
          onClick={() => void attempt(markAllRead.call(), "All notifications are read.")}
        >
          Mark all read
        </button>
      </div>
      {!list.data && list.error && <ReadError error={list.error} retry={list.refetch} />}
      {!list.data && !list.error && <Skeleton lines={4} label="Loading notifications" />}
      {list.data?.length === 0 && <p className="empty">Nothing has happened to you yet.</p>}
      <ul className="inbox-list">
        {list.data?.map((item) => (
          <InboxRow key={item.id} item={item} close={close} />
        ))}
      </ul>
    </section>
  );
}

function InboxRow({ item, close }: { item: NotificationItem; close(): void }) {
  const actor = usePerson(item.actor_id);
  return (
    <li className={item.read ? "inbox-row" : "inbox-row inbox-unread"}>
      <Avatar person={actor} />
      <p>
        {!item.read && <span className="visually-hidden">Unread: </span>}
        {actor?.name ?? "Somebody"} {DID[item.kind]}{" "}
        <Link href={`/projects/${item.project_id}/?task=${item.task_id}`} onClick={close}>
          {item.task_title}
        </Link>
        <time dateTime={item.created_at}>{moment(item.created_at)}</time>
      </p>
    </li>
  );
}
