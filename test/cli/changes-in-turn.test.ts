import assert from 'node:assert/strict';
import { stepsOf, type Plan } from '../../src/plan/plan';
import { openParcels, type Terminal } from './terminal';

describe('a plan whose changes need each other, from the terminal', function () {
  this.timeout(120_000);
  let terminal: Terminal;

  before(async () => {
    terminal = await openParcels('id int primary key, weight int, note text');
  });

  after(() => terminal?.close());

  it('makes what is needed first, whatever is named first', async () => {
    const shown = await terminal.succeed(
      'plan',
      ...['add-index', '--table', 'parcels', '--columns', 'size, note', '--name', 'by_size', '--and'],
      ...['set-comment', '--table', 'boxes', '--comment', 'Where parcels go', '--and'],
      ...['add-foreign-key', '--table', 'parcels', '--columns', 'box', '--references', 'boxes', '--and'],
      ...['add-column', '--table', 'parcels', '--column', 'box', '--type', 'bigint', '--and'],
      ...['create-table', '--table', 'boxes', '--definition', 'id bigint primary key', '--and'],
      ...['add-column', '--table', 'parcels', '--column', 'size', '--type', 'integer'],
      ...['--format', 'json'],
    );
    const slugs = stepsOf(shown.json<{ plan: Plan }>().plan).map(({ id }) => id.replace(/^\d+-/, ''));
    const place = (start: string): number => slugs.findIndex((slug) => slug.startsWith(start));
    assert.ok(place('create-table') < place('set-comment'), slugs.join(', '));
    assert.ok(place('add-column') < place('index-by-size'), slugs.join(', '));
    assert.ok(place('create-table') < place('add-parcels-box-fkey'), slugs.join(', '));
    assert.ok(place('set-comment') >= 0 && place('add-parcels-box-fkey') >= 0, slugs.join(', '));
  });

  it('says what nobody makes', async () => {
    const answer = await terminal.run(
      'plan',
      ...['add-index', '--table', 'parcels', '--columns', 'colour', '--and'],
      ...['add-column', '--table', 'parcels', '--column', 'size', '--type', 'integer'],
    );
    assert.equal(answer.exitCode, 1);
    assert.match(answer.told.join('\n'), /no column colour in public\.parcels/);
  });

  it('refuses to work on a column that another one changes', async () => {
    const answer = await terminal.run(
      'plan',
      ...['set-not-null', '--table', 'parcels', '--column', 'size', '--and'],
      ...['add-column', '--table', 'parcels', '--column', 'size', '--type', 'integer'],
    );
    assert.equal(answer.exitCode, 2);
    assert.match(answer.told.join('\n'), /both work on the column size/);
  });
});
