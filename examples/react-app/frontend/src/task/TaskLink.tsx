import type { ComponentProps } from "react";
import { hrefWith, Link, useAddress } from "../route";

type Props = Omit<ComponentProps<typeof Link>, "href" | "id"> & { id: number };

/** Opens a task over the present page. */
export function TaskLink({ id, ...rest }: Props) {
  return <Link {...rest} href={hrefWith(useAddress(), "task", id)} />;
}
