import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import Ajv from 'ajv';
import { planSchema, planSchemaFile } from '../../scripts/plan-schema';
import { eachSchema } from '../../src/documents/json-schema';
import { readFrontMatter } from '../../src/documents/front-matter';
import { planKeyMeanings } from '../../src/implement/scaffold/plan-file-words';
import { hostileNames } from '../implement/scaffold/sample-plan';
import { shippedTemplates } from '../implement/scaffold/shipped-templates';
import { memoryFiles } from '../support/memory-files';
import { scaffoldedPlan } from '../support/scaffolded-plan';

describe('the schema of the front matter of plan.md', () => {
  it('is as the source says; `npm run docs` writes it', async () => {
    const written = JSON.parse(await readFile(planSchemaFile, 'utf8')) as unknown;
    assert.deepEqual(written, planSchema(), 'schemas/plan.schema.json is out of date: run `npm run docs`');
  });

  it('says what every key outside a change means, and of no other', () => {
    const places = new Map<string, boolean>();
    eachSchema(planSchema(), ({ description }, place) => {
      places.set(place, places.get(place) === true || description !== undefined);
    });
    // Of an item the list says what it is; of a change its form does.
    const silent = [...places].filter(([, isSaid]) => !isSaid).map(([place]) => place);
    assert.deepEqual(
      silent.filter((place) => !place.endsWith('[]') && !place.startsWith('change.')),
      [],
    );
    assert.deepEqual(
      Object.keys(planKeyMeanings()).filter((place) => !places.has(place)),
      [],
    );
  });

  it('accepts a plan as it is written, with keys of one’s own, and refuses an unknown state', async () => {
    const files = memoryFiles(shippedTemplates());
    const folder = await scaffoldedPlan('/w', files, '/templates', hostileNames);
    const { data } = await readFrontMatter(await files.read(`${folder}/plan.md`), 'plan.md');
    const isValid = new Ajv({ strictTypes: false, allowUnionTypes: true }).compile(planSchema());
    assert.ok(isValid({ ...(data as object), owner: 'us' }), JSON.stringify(isValid.errors));
    assert.equal(isValid({ ...(data as object), state: 'finished' }), false);
  });
});
