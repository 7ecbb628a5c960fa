import assert from 'node:assert/strict';
import fc from 'fast-check';
import { askInOrder, Back, type Place, type Question } from '../../src/workbench/question-series';

interface Answers {
  kind: 'short' | 'long';
  names: string[];
}

/** Answers each question with the next word of a script: `<` goes back. */
function asked(script: string[]): {
  places: string[];
  question: (name: string, answer?: (answers: Answers, word: string) => void) => Question<Place, Answers>;
} {
  const places: string[] = [];
  return {
    places,
    question: (name, answer) => ({
      ask: async (place, answers) => {
        places.push(`${name} ${place.step}/${place.total}`);
        const word = script.shift() ?? 'ok';
        if (word === '<') throw new Back();
        answer?.(answers, word);
      },
    }),
  };
}

const kindOf = (answers: Answers, word: string): void => {
  if (word !== 'ok') answers.kind = word as Answers['kind'];
};

describe('a series of questions', () => {
  it('counts only the questions that the answers so far make necessary', async () => {
    const { places, question } = asked(['long']);
    await askInOrder(
      [
        question('kind', kindOf),
        { ...question('extra'), when: (answers) => answers.kind === 'long' },
        question('name'),
      ],
      { kind: 'short', names: [] },
      (place) => place,
    );
    assert.deepEqual(places, ['kind 1/2', 'extra 2/3', 'name 3/3']);
  });

  it('asks the question before again, and decides anew what follows', async () => {
    const { places, question } = asked(['long', 'ok', '<', '<', 'short']);
    await askInOrder(
      [
        question('kind', kindOf),
        { ...question('extra'), when: (answers) => answers.kind === 'long' },
        question('name'),
      ],
      { kind: 'short', names: [] },
      (place) => place,
    );
    assert.deepEqual(places, ['kind 1/2', 'extra 2/3', 'name 3/3', 'extra 2/3', 'kind 1/3', 'name 2/2']);
  });

  it('passes on what a question throws, and asks nothing after it', async () => {
    const { places, question } = asked([]);
    const closed = new Error('closed');
    const closing: Question<Place, Answers> = { ask: () => Promise.reject(closed) };
    await assert.rejects(
      askInOrder([question('one'), closing, question('two')], { kind: 'short', names: [] }, (place) => place),
      closed,
    );
    assert.deepEqual(places, ['one 1/3']);
  });

  it('ends with the last necessary question, however often one goes back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('<', 'ok'), { maxLength: 30 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
        async (script, necessary) => {
          const { places, question } = asked([...script]);
          const questions = necessary.map((needed, index) => ({
            ...question(String(index)),
            when: () => needed,
          }));
          await askInOrder(questions, { kind: 'short', names: [] }, (place) => place);
          const expected = necessary.flatMap((needed, index) => (needed ? [String(index)] : []));
          // Only the answer to the last one ends the series, and each place says how many there are.
          assert.equal(places.at(-1)?.split(' ')[0], expected.at(-1));
          for (const place of places) assert.match(place, new RegExp(`/${expected.length}$`));
        },
      ),
    );
  });
});
