import { useEffect } from "react";

/** Names the window after what it shows. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? "Team board" : `${title} · Team board`;
  }, [title]);
}
