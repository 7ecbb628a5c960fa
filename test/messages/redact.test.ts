import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { redact } from '../../src/messages/redact';

const password = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const special = fc
  .array(fc.constantFrom("'", '"', '\\', '@', '$', ' ', '/', ':', ',', ';', '&', '=', '{', 'a', '1', '\n'), {
    minLength: 1,
    maxLength: 12,
  })
  .map((signs) => signs.join(''));
const any = fc.oneof(password, special);
const withoutBlanks = any.filter((text) => !/\s/.test(text));

/** How a password is written, where it may be written so. */
const notations: [string, fc.Arbitrary<string>, (secret: string) => string][] = [
  ['url', withoutBlanks, (secret) => `postgres://u:${secret}@host/db`],
  ['url in brackets', withoutBlanks, (secret) => `(jdbc:postgresql://u:${secret}@host:5432/db)`],
  ['json', any, (secret) => `{"password":${JSON.stringify(secret)} ,"a":1}`],
  ['json with blanks', any, (secret) => `{ "password" : ${JSON.stringify(secret)} , "a": 1 }`],
  ['dollars', any.filter((text) => !`${text}$`.includes('$$')), (secret) => `PASSWORD $$${secret}$$ ;`],
  ['dollars with a tag', any, (secret) => `PASSWORD $tag$${secret}$tag$ ;`],
  ['string', any, (secret) => `password '${secret.replaceAll("'", "''")}' ;`],
  ['string alone', any, (secret) => `PASSWORD'${secret.replaceAll("'", "''")}' ;`],
  ['escaped', any, (secret) => `PASSWORD E'${secret.replace(/['\\]/g, '\\$&')}' ;`],
  [
    'escaped by two',
    any,
    (secret) => `PASSWORD e'${secret.replaceAll('\\', '\\\\').replaceAll("'", "''")}' ;`,
  ],
  ['quoted value', any, (secret) => `host=h password='${secret.replace(/['\\]/g, '\\$&')}' user=u`],
  ['quoted with blanks', any, (secret) => `password = '${secret.replace(/['\\]/g, '\\$&')}' user=u`],
  ['value', withoutBlanks, (secret) => `host=h password=${secret.replace(/['\\]/g, '\\$&')} user=u`],
  ['key', withoutBlanks, (secret) => `sslkey=a sslpassword=${secret.replace(/['\\]/g, '\\$&')} user=u`],
  ['variable', withoutBlanks, (secret) => `PGPASSWORD=${secret.replace(/['\\]/g, '\\$&')} psql`],
];

describe('texts without passwords', () => {
  for (const [title, secrets, written] of notations) {
    it(`have none written as ${title}, whatever it is`, () => {
      const [before, behind, ...more] = redact(written('x')).split('***');
      assert.deepEqual([more, written('x')], [[], `${before}${written('x').slice(before!.length)}`]);
      fc.assert(
        fc.property(secrets, (secret) => {
          const told = redact(written(secret));
          assert.ok(told.startsWith(`${before}***`), told);
          // More than the password may be hidden where it is not known how it is written.
          assert.ok(behind!.endsWith(told.slice(before!.length + 3)), told);
        }),
        { numRuns: 500 },
      );
    });
  }

  it('have what they had beside them', () => {
    const cases = [
      ['postgres://u:pa@ss@host/db', 'postgres://u:***@host/db'],
      ['postgres://u@corp:pa@host/db', 'postgres://u@corp:***@host/db'],
      ['postgres://u@host/db', 'postgres://u@host/db'],
      ['see https://example.org:80/x or a@b.c', 'see https://example.org:80/x or a@b.c'],
      ['alter table a add column password text', 'alter table a add column password text'],
      ['password authentication failed for user "a"', 'password authentication failed for user "a"'],
      ['set password_encryption = x', 'set password_encryption = x'],
      ['{"password":"x" ,"a":1}', '{"password":*** ,"a":1}'],
      ["{'password': 'x y' , 'a': 1}", "{'password': *** , 'a': 1}"],
      ["password := 'x y' ; password => $$x y$$ ;", 'password := *** ; password => *** ;'],
      ["update a set password = 'a b' where b", 'update a set password = *** where b'],
    ];
    for (const [given, expected] of cases) assert.equal(redact(given!), expected);
  });

  it('have none where a word before seems to begin one', () => {
    const text = "comment on role a is 'the password' ; alter role a password 'hunter2'; password 'x y'";
    assert.doesNotMatch(redact(text), /hunter2|x y/);
  });

  it('have none that nothing ends', () => {
    for (const text of [
      "password 'hunter 2",
      'password: "hunter 2',
      'password $a$hunter 2',
      "password=e'hunter\\' 2\\",
    ])
      assert.doesNotMatch(redact(text), /hunter|2/);
  });

  it('may be long', () => {
    const many = 300_000;
    assert.equal(redact('A://:'.repeat(many)), 'A://:'.repeat(many));
    assert.equal(redact(`password${' '.repeat(many)}`.repeat(2)), `password${' '.repeat(many)}`.repeat(2));
    assert.equal(redact('password="'.repeat(many)), 'password=***');
    assert.equal(redact("password '".repeat(many)).length < 12 * many, true);
  });
});
