import type { MigrationChange } from '../../../src/implement/new-migration/answers';
import { quoteIdentifier } from '../../../src/sql/identifier';
import { hostile } from './fixture';

export const orders = { schema: 'public', name: 'orders' };
export const odd = { schema: hostile.schema, name: hostile.table };
const noFill = { default: null, required: false, fill: null, key: [] };

/** What every migration of these tests begins with. */
export const schema = `
  create table orders (id bigint primary key, name varchar(20) default 'x' not null, total int, note text);
  insert into orders select n, 'n' || n, n, null from generate_series(1, 2500) as n;
  create schema ${quoteIdentifier(odd.schema)};
  create table ${quoteIdentifier(odd.schema)}.${quoteIdentifier(odd.name)} (
    ${quoteIdentifier(hostile.key)} text, part int, ${quoteIdentifier(hostile.column)} int not null,
    primary key (part, ${quoteIdentifier(hostile.key)}));
  insert into ${quoteIdentifier(odd.schema)}.${quoteIdentifier(odd.name)}
    select md5(n::text), n % 3, n from generate_series(1, 2100) as n;`;

/** One change of each kind, plain and with names that have to be quoted. */
export const changes: Record<string, MigrationChange> = {
  'an empty frame': { kind: 'empty' },
  'an optional column': { kind: 'add-column', table: orders, column: 'status', type: 'text', ...noFill },
  'a required column with a default': {
    kind: 'add-column',
    table: orders,
    column: 'status',
    type: 'varchar(10)',
    ...noFill,
    default: `'new' || 'er'`,
    required: true,
  },
  'a column with a volatile default': {
    kind: 'add-column',
    table: orders,
    column: 'seen',
    type: 'double precision',
    ...noFill,
    default: 'random()',
  },
  'a required column that only phases can fill': {
    kind: 'add-column',
    table: orders,
    column: 'status',
    type: 'text',
    ...noFill,
    required: true,
    fill: 'upper(name)',
    key: ['id'],
  },
  'a required column filled by a volatile default': {
    kind: 'add-column',
    table: orders,
    column: 'token',
    type: 'double precision',
    ...noFill,
    default: 'random()',
    required: true,
    key: ['id'],
  },
  'a column of hostile names': {
    kind: 'add-column',
    table: odd,
    column: `new ${hostile.column}`,
    type: 'text',
    ...noFill,
    default: `'it''s -- \\ $switchback$ */'`,
    required: true,
  },
  'a column dropped': {
    kind: 'drop-column',
    table: orders,
    column: 'note',
    definition: { type: 'text', default: null, required: false },
  },
  'a column renamed': { kind: 'rename-column', table: orders, from: 'total', to: 'select' },
  'a hostile column renamed': {
    kind: 'rename-column',
    table: odd,
    from: hostile.column,
    to: `${hostile.column}"`,
  },
  'a type changed': {
    kind: 'change-type',
    table: orders,
    column: 'total',
    from: 'integer',
    to: 'text',
    using: `total || ''`,
    usingBack: 'total::integer',
  },
  'an index': { kind: 'create-index', table: orders, columns: ['name', 'id'], unique: true },
  'an index on hostile names': {
    kind: 'create-index',
    table: odd,
    columns: [hostile.column, hostile.key],
    unique: false,
  },
  'a backfill': {
    kind: 'backfill',
    table: orders,
    key: ['id'],
    column: 'note',
    expression: `upper(name) || '\n'`,
    onlyEmpty: true,
  },
  'a backfill of hostile names by a composite key': {
    kind: 'backfill',
    table: odd,
    key: ['part', hostile.key],
    column: hostile.column,
    expression: `${quoteIdentifier(hostile.column)} + 1`,
    onlyEmpty: false,
  },
};
