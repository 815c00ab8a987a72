import { type ReactNode, useEffect, useRef } from "react";

interface Props {
  loading: boolean;
  load(): unknown;
  children: ReactNode;
}

/** Loads what comes after the end of a list: by itself when it comes into view, or when it is pressed. */
export function MoreButton({ loading, load, children }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (loading || !button.current) return;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) load();
    });
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [loading, load]);
  return (
    <button
      ref={button}
      type="button"
      className="button more"
      aria-disabled={loading}
      onClick={() => loading || load()}
    >
      {loading ? "Loading…" : children}
    </button>
  );
}
