import type { ComponentProps } from "react";
import { prefetchBoard } from "../mizan";
import { Link } from "../route";

type Props = Omit<ComponentProps<typeof Link>, "href" | "id" | "prefetch"> & { id: number };

/** Leads to a project's board, which is fetched as soon as somebody points here. */
export function ProjectLink({ id, ...rest }: Props) {
  return (
    <Link {...rest} href={`/projects/${id}/`} prefetch={() => prefetchBoard({ project_id: id })} />
  );
}
