import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  calendarText,
  escapeText,
  foldLine,
  renewCalendar,
  type PlanCalendar,
} from '../../../src/documents/rollout/calendar';
import { planCalendar } from '../../../src/journey/plan-document-contexts';
import { plainNames } from '../../implement/scaffold/sample-plan';
import { sampleFacts } from './sample-documents';

/** Lines as a reader joins them. */
function unfold(text: string): string[] {
  return text.replaceAll('\r\n ', '').split('\r\n');
}

function unescape(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_, mark: string) => (/n/i.test(mark) ? '\n' : mark));
}

/** The properties of each event, by name. */
function eventsIn(text: string): Map<string, string>[] {
  const events: Map<string, string>[] = [];
  for (const line of unfold(text)) {
    if (line === 'BEGIN:VEVENT') events.push(new Map());
    const at = line.indexOf(':');
    if (at > 0) events.at(-1)?.set(line.slice(0, at), line.slice(at + 1));
  }
  return events;
}

const sample = planCalendar(sampleFacts(plainNames));
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('\\', ';', ',', '\n', '\r\n', ':', '"', '😀', 'é', 'BEGIN:VEVENT', ' '),
      fc.string({ unit: 'grapheme' }),
    ),
    { maxLength: 80 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => !/\p{Cs}/u.test(text));

describe('the calendar of a plan', () => {
  it('folds any line at 75 octets, between characters, and loses nothing', () =>
    fc.assert(
      fc.property(anyText, (text) => {
        const line = `SUMMARY:${escapeText(text)}`;
        const folded = foldLine(line);
        for (const part of folded.split('\r\n')) {
          assert.ok(Buffer.byteLength(part) <= 75, part);
          assert.doesNotMatch(part, /\p{Cs}/u);
        }
        assert.equal(folded.replaceAll('\r\n ', ''), line);
      }),
      { numRuns: 500 },
    ));

  it('escapes any text so that a reader gets it back, on one line', () =>
    fc.assert(
      fc.property(anyText, (text) => {
        const escaped = escapeText(text);
        assert.doesNotMatch(escaped, /[\r\n]/);

        const expected = text.replace(/\r\n|\r/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ');
        assert.equal(unescape(escaped), expected);
      }),
      { numRuns: 500 },
    ));

  it('holds the same events whatever a title says', () =>
    fc.assert(
      fc.property(anyText, (title) => {
        const calendar: PlanCalendar = {
          ...sample,
          plan: { ...sample.plan, title },
          events: sample.events.map((event) => ({ ...event, title })),
        };
        const text = calendarText(calendar, { sequence: 0, at: '2026-03-04T05:06:07Z' });
        assert.equal(eventsIn(text).length, sample.events.length);
        assert.doesNotMatch(text, /(?<!\r)\n/);
        assert.ok(text.endsWith('END:VCALENDAR\r\n'));
      }),
    ));

  it('has the days of phases, the dates of the deprecation, and the deadline', () => {
    const days = eventsIn(calendarText(sample, { sequence: 0, at: '2026-03-04T05:06:07Z' })).map((event) => [
      event.get('UID')!.split('.')[0],
      event.get('DTSTART;VALUE=DATE'),
      event.get('DTEND;VALUE=DATE'),
    ]);
    assert.deepEqual(days, [
      ['phase-expand', '20260309', '20260310'],
      ['phase-migrate', '20260309', '20260314'],
      ['phase-contract', '20260413', '20260414'],
      ['deprecation-0', '20260314', '20260315'],
      ['deprecation-1', '20260324', '20260325'],
      ['deprecation-2', '20260403', '20260404'],
      ['deprecation-3', '20260413', '20260414'],
      ['deadline', '20260630', '20260701'],
    ]);
    assert.match(sample.events[4]!.title, /^T\+10d: /);
  });

  it('follows the window of the plan: 90 days are T+0, T+30d, T+60d and T+90d', () => {
    const facts = sampleFacts(plainNames);
    facts.plan.options.deprecationDays = 90;
    const titles = planCalendar(facts).events.map(({ title }) => title.split(':')[0]);
    assert.deepEqual(titles.slice(3, 7), ['T+0', 'T+30d', 'T+60d', 'T+90d']);
  });

  it('is the same text until an event changes; then it has a higher number under the same UIDs', () => {
    const first = renewCalendar(null, sample, '2026-03-04T00:00:00Z');
    assert.equal(renewCalendar(first.text, sample, '2026-03-05T00:00:00Z').text, first.text);
    const lineFeeds = first.text.replaceAll('\r\n', '\n');
    assert.deepEqual(renewCalendar(lineFeeds, sample, '2026-03-05T00:00:00Z'), {
      text: lineFeeds,
      edited: false,
    });
    const [event, ...rest] = sample.events;
    const moved = { ...sample, events: [{ ...event!, end: '2026-03-31' }, ...rest] };
    const second = renewCalendar(first.text, moved, '2026-03-05T00:00:00Z');
    assert.equal(second.edited, false);
    const [before, after] = [eventsIn(first.text), eventsIn(second.text)];
    assert.deepEqual(
      after.map((item) => item.get('UID')),
      before.map((item) => item.get('UID')),
    );
    assert.deepEqual(
      [before[0]!.get('SEQUENCE'), after[0]!.get('SEQUENCE'), after[0]!.get('DTSTAMP')],
      ['0', '1', '20260305T000000Z'],
    );
    assert.equal(new Set(after.map((item) => item.get('UID'))).size, after.length);
  });

  it('says of every event of a plan that was rolled back that it is cancelled, and takes it back', () => {
    const first = renewCalendar(null, sample, '2026-03-04T00:00:00Z').text;
    const backFacts = { ...sampleFacts(plainNames), state: 'rolled-back' as const };
    const back = renewCalendar(first, planCalendar(backFacts), '2026-03-05T00:00:00Z').text;
    const again = renewCalendar(back, sample, '2026-03-06T00:00:00Z').text;
    const seen = [first, back, again].map((text) =>
      eventsIn(text).map((event) => `${event.get('STATUS')!} ${event.get('SEQUENCE')!}`),
    );
    assert.deepEqual(
      seen.map((events) => [...new Set(events)]),
      [['CONFIRMED 0'], ['CANCELLED 1'], ['CONFIRMED 2']],
    );
  });

  it('notices what a person changed in it', () => {
    const { text } = renewCalendar(null, sample, '2026-03-04T00:00:00Z');
    const mine = text.replace('DTSTART;VALUE=DATE:20260309', 'DTSTART;VALUE=DATE:20260308');
    assert.notEqual(mine, text);
    assert.equal(renewCalendar(mine, sample, '2026-03-05T00:00:00Z').edited, true);
    assert.equal(renewCalendar('not a calendar\n', sample, '2026-03-05T00:00:00Z').edited, true);
  });
});
