import * as v from 'valibot';

/** A name with its schema as front matter holds it. */
export const storedName = v.object({ schema: v.string(), name: v.string() });
