const day = 86_400_000;
const step = 60_000;
const mostFromRange = 4000;

/**
 * Values that constraints name, and those around and between them: what `CHECK (state IN ('new', 'paid'))` or
 * the bounds of a partition let pass. `count` is about how many are wanted of a range.
 */
export function literalValues(expressions: readonly string[], count: number): string[] {
  const strings = expressions.flatMap((expression) =>
    [...expression.matchAll(/'((?:[^']|'')*)'/g)].map((match) => match[1]!.replaceAll("''", "'")),
  );
  const numbers = expressions.flatMap((expression) =>
    [...expression.replace(/'(?:[^']|'')*'/g, "''").matchAll(/(?<![\w."])-?\d+(?:\.\d+)?/g)].map((match) =>
      Number(match[0]),
    ),
  );
  const quoted = strings.filter((text) => /^-?\d+(\.\d+)?$/.test(text)).map(Number);
  return unique([...strings, ...around([...numbers, ...quoted], count), ...times(strings, count)]);
}

function around(numbers: readonly number[], count: number): string[] {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const near = sorted.flatMap((number) => [number, number + 1, number - 1, number + 0.5, number - 0.5]);
  const between = sorted.slice(1).flatMap((high, index) => {
    const low = sorted[index]!;
    const parts = Math.min(count, mostFromRange);
    const whole = Number.isInteger(low) && Number.isInteger(high);
    const size = whole ? Math.max(1, Math.floor((high - low) / parts)) : (high - low) / parts;
    return steps(low, high, size, parts);
  });
  const last = sorted.at(-1);
  const after = last === undefined ? [] : steps(last + 1, Infinity, 1, Math.min(count, mostFromRange));
  return [...near, ...between, ...after].map((number) => `${number}`);
}

/** Moments at, before, after and between those named. */
function times(strings: readonly string[], count: number): string[] {
  const moments = strings
    .filter((text) => /^\d{4}-\d\d-\d\d/.test(text))
    .map((text) => Date.parse(`${text.slice(0, 10)}T${/\d\d:\d\d:\d\d/.exec(text)?.[0] ?? '00:00:00'}Z`))
    .filter(Number.isFinite);
  const sorted = [...new Set(moments)].sort((a, b) => a - b);
  const parts = Math.min(count, mostFromRange);
  const between = sorted.slice(1).flatMap((high, index) => {
    const low = sorted[index]!;
    return steps(low + step, high, Math.max(1000, Math.floor((high - low) / parts)), parts);
  });
  const outside = sorted.flatMap((moment) => [
    ...steps(moment, Infinity, step, parts),
    ...steps(moment + day, Infinity, day, 30),
    moment - day,
  ]);
  return [...between, ...outside].map((moment) =>
    new Date(moment)
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d+Z$/, ''),
  );
}

function steps(low: number, high: number, size: number, most: number): number[] {
  const found: number[] = [];
  for (let at = low; at < high && found.length < most; at += size) found.push(at);
  return found;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
