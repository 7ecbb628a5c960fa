/** The day of an ISO 8601 time, in UTC: `2026-03-04`. Other text is given back. */
export function dateText(iso: string): string {
  return isTime(iso) ? new Date(iso).toISOString().slice(0, 10) : iso;
}

/** Day and minute of an ISO 8601 time: `2026-03-04 05:06 UTC`. Other text is given back. */
export function timeText(iso: string): string {
  return isTime(iso) ? `${new Date(iso).toISOString().slice(0, 16).replace('T', ' ')} UTC` : iso;
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text));
}
