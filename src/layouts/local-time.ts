/** Minutes that this machine's time of day is ahead of UTC: tools that write a timestamp without a zone write theirs. */
export function localMinutes(): number {
  return -new Date().getTimezoneOffset();
}

/** SQL for the time of day on a machine that is `minutes` (SQL too) ahead of UTC. */
export function localNow(minutes: string): string {
  return `(clock_timestamp() at time zone 'UTC' + make_interval(mins => ${minutes}))`;
}

/** SQL that gives a timestamp without a zone as text for `localToUtc`. */
export function localText(expression: string): string {
  return `to_char(${expression}, 'YYYY-MM-DD"T"HH24:MI:SS.MS')`;
}

/** ISO 8601 in UTC of a time of day on this machine; null for what is no date (infinity). */
export function localToUtc(text: string): string | null {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
