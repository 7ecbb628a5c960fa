import assert from 'node:assert/strict';
import type { CopyColumn } from '../../../src/rehearse/copy/copy-facts';
import { looksPersonal } from '../../../src/rehearse/copy/personal-columns';

const categories: Record<string, string> = {
  text: 'S',
  varchar: 'S',
  citext: 'S',
  _text: 'A',
  int4: 'N',
  int8: 'N',
  numeric: 'N',
  date: 'D',
  timestamptz: 'D',
  bool: 'B',
  uuid: 'U',
  inet: 'I',
  jsonb: 'U',
  bytea: 'U',
  mood: 'E',
};

/** `table.column type` */
function looks(written: string): boolean {
  const [, table, name, base] = /^(.*?)\.(\S+) (.*)$/.exec(written)!;
  const column: CopyColumn = {
    name: name!,
    type: base!,
    base: base!,
    category: categories[base!]!,
    length: null,
    notNull: false,
    isDomain: false,
    isGenerated: false,
    isUnique: false,
  };
  return looksPersonal({ name: table! }, column);
}

describe('columns that look personal', () => {
  for (const written of [
    'users.email text',
    'users.eMail varchar',
    'orders.billingEmail citext',
    'users.emails _text',
    'users.phone_number text',
    'users.mobile int8',
    'users.password_hash text',
    'sessions.token uuid',
    'keys.secret bytea',
    'users.api_key text',
    'users.firstName text',
    'orders.customer_name text',
    'users.name text',
    'Customer.name varchar',
    'users.date_of_birth date',
    'users.dob date',
    'visits.ip inet',
    'visits.source inet',
    'visits.ip_address text',
    'accounts.iban text',
    'payments.card_number varchar',
    'people.ssn int4',
    'orders.address_line_1 text',
    'orders.address2 text',
    'orders.shipping_address jsonb',
    'places.latitude numeric',
    'staff.salary numeric',
  ])
    it(`are those as ${written}`, () => assert.ok(looks(written)));

  for (const written of [
    'users.id int8',
    'users.email_verified_at timestamptz',
    'users.email_confirmed bool',
    'users.phone_count mood',
    'orders.address_id int8',
    'orders.address_id uuid',
    'users.password_changed_at timestamptz',
    'products.name text',
    'tags.name text',
    'orders.description text',
    'articles.title text',
    'tables.capital text',
    'deliveries.shipped date',
    'items.zipped bool',
    'events.tokens_used int4',
    'skill.skip text',
  ])
    it(`are not those as ${written}`, () => assert.ok(!looks(written)));
});
