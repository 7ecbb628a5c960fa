import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isLive, parseRegions } from '../../../src/documents/regions';
import {
  renewDocument,
  sealRegions,
  withoutRegionMarks,
} from '../../../src/documents/rollout/sealed-regions';

/** Any lines but the marks themselves. */
const content = fc
  .array(
    fc.oneof(
      fc.constantFrom('', '# x', '- [ ] y', '| a | b |', '```sql', '```', '<!-- note -->', '$& $1 $`', '\\'),
      fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\ufeff]/g, ' ')),
    ),
    { maxLength: 8 },
  )
  .map((lines) => lines.join('\n').trim())
  .filter((text) => !text.includes('<!-- switchback:'));

const document = (parts: readonly string[]): string =>
  parts
    .map(
      (text, index) =>
        `<!-- switchback:begin part-${index} -->\n${text}\n<!-- switchback:end part-${index} -->\n`,
    )
    .join('\n');

describe('documents made of regions', () => {
  it('get the hash of each part, whatever is in it', () =>
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), (parts) => {
        const regions = parseRegions(sealRegions(document(parts)));
        assert.deepEqual(
          regions.map((region) => [region.id, region.content, region.edited]),
          parts.map((text, index) => [`part-${index}`, text, false]),
        );
      }),
    ));

  it('take over what is generated now where nobody edited, and keep edits and prose', () =>
    fc.assert(
      fc.property(content, content, content, fc.constantFrom('\n', '\r\n'), (before, after, mine, end) => {
        const first = sealRegions(document([before, before]));
        const edited = parseRegions(first)[1]!;
        const current = `Mine.\n${first.slice(0, edited.start)}${first
          .slice(edited.start, edited.end)
          .replace(`\n${before}\n`, () => `\n${mine}\n`)}${first.slice(edited.end)}The end.\n`;
        const generated = sealRegions(document([after, after]));
        const { text, offered } = renewDocument(current.replaceAll('\n', end), generated);
        const [one, two] = parseRegions(text);
        assert.equal(one!.content, after);
        const isMine = mine !== before && before !== after;
        assert.equal(two!.content, isMine || before === after ? mine : after);
        assert.equal(offered === null, !isMine || mine === after);
        assert.ok(text.startsWith(`Mine.${end}`) && text.endsWith(`The end.${end}`));
        if (offered !== null) assert.equal(parseRegions(offered)[1]!.content, after);
        // What was shown once is not shown again.
        assert.deepEqual(renewDocument(text, generated), { text, offered: null });
      }),
    ));

  it('lose their marks and live parts where others read them', () => {
    const text = sealRegions(
      'Before\n\n<!-- switchback:begin a -->\nkept\n<!-- switchback:end a -->\n\n<!-- switchback:begin live.b -->\ngone\n<!-- switchback:end live.b -->\n\nAfter\n',
    );
    assert.equal(withoutRegionMarks(text, isLive), 'Before\n\nkept\n\nAfter\n');
  });

  it('keep a begin without its end as it is', () => {
    const broken = '<!-- switchback:begin a -->\ntext\n<!-- switchback:end b -->\n';
    assert.equal(sealRegions(broken), broken);
  });
});
