/** Texts that belong to what a machine is told; what is missing may be omitted. */
export type Texts = readonly (string | null | undefined)[];

/** The texts as one, as a module takes them. The first two are only compared. */
export function join(texts: Texts): string {
  // What is only compared may have any letters. A header with a line feed, which can only come out of a
  // cookie, cannot be read, nor can one with the other line end.
  return texts
    .map((text, at) => text && (at < 2 ? escape(text) : text.replaceAll("\n", "\r")))
    .join("\n");
}
