/** One change of one property, and the differences it must give: `object | property | kind`, nothing more. */
export interface Mutation {
  sql: string;
  expect: string[];
  /** First major version that knows it. */
  since?: number;
  /** Last major version of which it is true. */
  until?: number;
}

export const structure = (object: string, ...properties: string[]): string[] =>
  properties.map((property) => `${object} | ${property} | structure`);
export const one = (sql: string, object: string, property: string, since?: number): Mutation => ({
  sql,
  expect: structure(object, property),
  since,
});
