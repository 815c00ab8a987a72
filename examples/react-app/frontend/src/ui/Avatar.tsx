import type { CSSProperties } from "react";
import type { Person } from "../mizan";

interface Props {
  person: Pick<Person, "name" | "hue"> | undefined;
  size?: "small" | "large";
}

/** Initials on the person's colour. Decorative: the name stands beside it as text. */
export function Avatar({ person, size = "small" }: Props) {
  const style = { "--hue": person?.hue ?? 0 } as CSSProperties;
  const kind = person ? "" : " avatar-empty";
  return (
    <span className={`avatar avatar-${size}${kind}`} style={style} aria-hidden="true">
      {person ? initials(person.name) : ""}
    </span>
  );
}

export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}
