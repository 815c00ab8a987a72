/** Everywhere the same day, so that a server draws what the browser will. */
const DAY = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

export const day = (iso: string): string => DAY.format(new Date(iso));
export const moment = (iso: string): string => MOMENT.format(new Date(iso));
