/** How long something took, or has lasted. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) {
    return `${milliseconds < 10 ? Math.round(milliseconds * 10) / 10 : Math.round(milliseconds)} ms`;
  }
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(2)} s` : age(milliseconds);
}

/** How old something is, to a second. */
export function age(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function bytes(count: number): string {
  return count < 1000 ? `${count} B` : `${(count / 1000).toFixed(count < 10_000 ? 1 : 0)} kB`;
}

/** The time of day of what `performance.now()` said. */
export function clock(time: number): string {
  const date = new Date(performance.timeOrigin + time);
  const digits = (number: number, count = 2) => `${number}`.padStart(count, "0");
  const [hours, minutes] = [digits(date.getHours()), digits(date.getMinutes())];
  return `${hours}:${minutes}:${digits(date.getSeconds())}.${digits(date.getMilliseconds(), 3)}`;
}

/** "3 refetches" and "1 refetch". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
