import { contentHash } from '../../layouts/content-hash';
import { dayAfter } from '../timeline-rows';
import type { DayWindow } from './phase-windows';

/** An event that takes whole days. */
export interface CalendarEvent extends DayWindow {
  /** Stable in its plan: a calendar that has the event replaces it. */
  id: string;
  title: string;
  what: string;
}

export interface PlanCalendar {
  plan: { id: string; title: string; createdAt: string };
  events: readonly CalendarEvent[];
  /** Nothing of it will take place: the plan was rolled back or abandoned. */
  cancelled: boolean;
}

/** How often a calendar was changed, and when last; programs that have an event take the one with the higher number. */
interface Revision {
  sequence: number;
  /** ISO 8601, UTC. */
  at: string;
}

/** What is to become of a calendar that is there. */
export interface RenewedCalendar {
  text: string;
  /** A person changed what is on the disk. */
  edited: boolean;
}

const hashLine = /^X-SWITCHBACK-HASH:([0-9a-f]{16})\r?\n/m;

/**
 * A calendar (https://www.rfc-editor.org/rfc/rfc5545) that takes the place of the one on the disk: the same text where
 * no event differs, else with a higher number, so that calendars that imported it before take over what changed.
 */
export function renewCalendar(current: string | null, calendar: PlanCalendar, now: string): RenewedCalendar {
  const known = current === null ? null : revisionOf(current);
  const plain = current?.replace(/\r?\n/g, '\r\n') ?? '';
  if (current === null || known === null)
    return {
      text: calendarText(calendar, { sequence: 0, at: now }),
      edited: current !== null && !isAsWritten(plain),
    };
  const same = calendarText(calendar, known);
  if (plain === same) return { text: current, edited: false };
  const next = { sequence: known.sequence + 1, at: now };
  return { text: calendarText(calendar, next), edited: !isAsWritten(plain) };
}

/** The calendar as text, with the hash of all else in it. */
export function calendarText(calendar: PlanCalendar, revision: Revision): string {
  const { plan, events } = calendar;
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Switchback//Plan documents//EN',
    'CALSCALE:GREGORIAN',
    `X-WR-CALNAME:${escapeText(plan.title)}`,
    ...events.flatMap((event) => eventLines(calendar, event, revision)),
    'END:VCALENDAR',
  ];
  const text = lines.map((line) => `${foldLine(line)}\r\n`).join('');
  return text.replace('CALSCALE:', `X-SWITCHBACK-HASH:${hashOf(text)}\r\nCALSCALE:`);
}

function eventLines({ plan, cancelled }: PlanCalendar, event: CalendarEvent, revision: Revision): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${event.id}.${contentHash(`${plan.id} ${plan.createdAt}`).slice(0, 16)}@switchback`,
    `DTSTAMP:${stamp(revision.at)}`,
    `SEQUENCE:${revision.sequence}`,
    `DTSTART;VALUE=DATE:${plainDay(event.start)}`,
    // The end is the first day after it.
    `DTEND;VALUE=DATE:${plainDay(dayAfter(event.end, 1))}`,
    `SUMMARY:${escapeText(event.title)}`,
    `DESCRIPTION:${escapeText(event.what)}`,
    `STATUS:${cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

/** A text as a value: https://www.rfc-editor.org/rfc/rfc5545#section-3.3.11; control characters have no place in one. */
export function escapeText(text: string): string {
  return text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|[\r\n]/g, '\\n')

    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ');
}

/** A line in parts of 75 octets at most, no character cut: https://www.rfc-editor.org/rfc/rfc5545#section-3.1 */
export function foldLine(line: string): string {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > 75) {
      parts.push(part);
      // The space at its beginning counts.
      [part, octets] = ['', 1];
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join('\r\n ');
}

function revisionOf(text: string): Revision | null {
  const numbers = [...text.matchAll(/^SEQUENCE:(\d+)/gm)].map((match) => Number(match[1]));
  const [, year, month, day, hour, minute, second] =
    /^DTSTAMP:(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/m.exec(text) ?? [];
  if (numbers.length === 0 || second === undefined) return null;
  return {
    sequence: Math.max(...numbers),
    at: `${year!}-${month!}-${day!}T${hour!}:${minute!}:${second}Z`,
  };
}

function isAsWritten(text: string): boolean {
  const hash = hashLine.exec(text)?.[1];
  return hash !== undefined && hash === hashOf(text.replace(hashLine, ''));
}

function hashOf(text: string): string {
  return contentHash(text).slice(0, 16);
}

/** `20260304T050607Z`. */
function stamp(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

function plainDay(day: string): string {
  return day.slice(0, 10).replaceAll('-', '');
}
