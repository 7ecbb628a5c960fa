import { rangeOf } from '../../assess/widened-key-type';
import { dollarQuoted } from '../../sql/dollar-quoted';
import { formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import { createRowTrigger, dropTrigger } from '../../sql/row-trigger';
import type { WidenedColumn, WidenedPlace } from './widen-parts';

/** CREATE FUNCTION and CREATE TRIGGER of what keeps the columns beside equal. */
export function createMirror(place: WidenedPlace): string[] {
  const { functionName, triggerName } = place.mirror;
  return [
    mirrorFunction(place, 'CREATE', 'strict'),
    ...createRowTrigger([place.table.name], triggerName, formatQualifiedName(functionName)),
  ];
}

/** DROP TRIGGER and DROP FUNCTION. */
export function dropMirror({ table, mirror }: WidenedPlace): string[] {
  return [
    dropTrigger(table.name, mirror.triggerName),
    `DROP FUNCTION ${formatQualifiedName(mirror.functionName)}()`,
  ];
}

/**
 * The function, the same before and after the swap; made anew with it, since a session keeps the types it was first run
 * with. `strict`: a value that the column beside does not hold is refused; else that stays empty.
 */
export function mirrorFunction(
  place: WidenedPlace,
  verb: 'CREATE' | 'CREATE OR REPLACE',
  way: 'strict' | 'lenient',
): string {
  return (
    `${verb} FUNCTION ${formatQualifiedName(place.mirror.functionName)}() RETURNS trigger\n` +
    `  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\nAS ${dollarQuoted(body(place, way))}`
  );
}

/** An action of the one foreign key may write the column beside alone; that of the other follows. */
function body({ columns }: WidenedPlace, way: 'strict' | 'lenient'): string {
  const lines = columns.map((column) => {
    const source = quoteIdentifier(column.facts.name);
    const set = `NEW.${quoteIdentifier(column.beside)} := ${way === 'strict' ? `NEW.${source}` : held(column)};`;
    return `  IF TG_OP = 'INSERT' THEN\n    ${set}\n  ELSIF NEW.${source} IS DISTINCT FROM OLD.${source} THEN\n    ${set}\n  END IF;`;
  });
  return `BEGIN\n${lines.join('\n')}\n  RETURN NEW;\nEND`;
}

function held({ facts }: WidenedColumn): string {
  const { low, high } = rangeOf(facts.type);
  const source = `NEW.${quoteIdentifier(facts.name)}`;
  return `CASE WHEN ${source} BETWEEN ${low} AND ${high} THEN ${source} END`;
}
