import type { Person } from "../mizan";

interface Props {
  person: Pick<Person, "name" | "hue"> | undefined;
  size?: "small" | "large";
}

/**
 * Initials on the person's colour. Decorative: the name stands beside it as text. Drawn, because the policy
 * allows no style in the HTML of a server.
 */
export function Avatar({ person, size = "small" }: Props) {
  if (!person) return <span className={`avatar avatar-${size} avatar-empty`} aria-hidden="true" />;
  const { name, hue } = person;
  return (
    <svg className={`avatar avatar-${size}`} viewBox="-20 -20 40 40" aria-hidden="true">
      <circle r="20" fill={`light-dark(oklch(0.9 0.055 ${hue}), oklch(0.42 0.085 ${hue}))`} />
      <text fill={`light-dark(oklch(0.36 0.1 ${hue}), oklch(0.92 0.06 ${hue}))`}>
        {initials(name)}
      </text>
    </svg>
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
