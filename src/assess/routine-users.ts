import { quoteLiteral } from '../sql/identifier';
import { ownRoutine } from './routines-that-name';

/** A name as it stands in a regular expression, in quotes or, where it needs none, without. */
const spelled = `pg_catalog.regexp_replace(pg_catalog.replace(q.proname, '"', '""'), '([^[:alnum:]_])', '\\\\\\1', 'g')`;

/**
 * SQL that is true where the text of the routine `p` calls the routine `q`; dynamic SQL counts, as it is text too. A table of
 * that name that rows are inserted into is no call.
 */
const callsIt =
  `p.prosrc ~* ('(?<![[:alnum:]_$"])(?<!\\minto\\s+([^\\s(),;]+\\.)?)(?:"' || ${spelled} || '"' ||\n` +
  `     CASE WHEN q.proname ~ '^[a-z_][a-z0-9_$]*$' THEN '|' || ${spelled} ELSE '' END || ')\\s*\\(')`;

const proc = `'pg_catalog.pg_proc'::pg_catalog.regclass`;

/**
 * SQL that lists, as `name`, what uses the routine of that signature: views, triggers, defaults, policies, operators, and
 * routines whose text calls it.
 */
export function usersOfRoutine(signature: string): string {
  const oid = `pg_catalog.to_regprocedure(${quoteLiteral(signature)})`;
  return (
    `SELECT CASE WHEN r.rulename = '_RETURN' THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, r.ev_class, 0)\n` +
    `            ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END AS name\n` +
    `  FROM pg_catalog.pg_depend d\n` +
    `  LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid\n` +
    ` WHERE d.refclassid = ${proc} AND d.refobjid = ${oid}::oid AND d.deptype IN ('n', 'a', 'i')\n` +
    ` UNION\n` +
    `SELECT pg_catalog.pg_describe_object(${proc}, p.oid, 0)\n` +
    `  FROM pg_catalog.pg_proc q JOIN pg_catalog.pg_proc p ON p.oid <> q.oid\n` +
    ` WHERE q.oid = ${oid}::oid AND ${ownRoutine}\n   AND ${callsIt}\n` +
    ` ORDER BY 1`
  );
}

/**
 * Lists, as `name`, what keeps results of the routine with the oid $1, also through operators and other routines: indexes,
 * generated columns, checks and partition keys.
 */
export const keepersOfRoutine = `
  WITH RECURSIVE used(classid, objid) AS (
    SELECT ${proc}::oid, $1::oid
    UNION
    SELECT n.classid, n.objid
      FROM used u CROSS JOIN LATERAL (
        SELECT d.classid, d.objid FROM pg_catalog.pg_depend d
         WHERE d.refclassid = u.classid AND d.refobjid = u.objid
           AND u.classid::pg_catalog.regclass::text IN ('pg_proc', 'pg_operator', 'pg_opclass', 'pg_opfamily', 'pg_amop', 'pg_amproc', 'pg_cast')
        UNION ALL
        SELECT d.refclassid, d.refobjid FROM pg_catalog.pg_depend d
         WHERE d.classid = u.classid AND d.objid = u.objid AND d.refclassid = 'pg_catalog.pg_opclass'::pg_catalog.regclass
           AND u.classid::pg_catalog.regclass::text IN ('pg_amop', 'pg_amproc')
        UNION ALL
        SELECT ${proc}::oid, p.oid FROM pg_catalog.pg_proc q JOIN pg_catalog.pg_proc p ON ${callsIt}
         WHERE u.classid = ${proc} AND q.oid = u.objid AND ${ownRoutine}
      ) AS n
  )
  SELECT DISTINCT CASE WHEN f.oid IS NULL THEN pg_catalog.pg_describe_object(u.classid, u.objid, 0)
                       ELSE pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, f.adrelid, f.adnum) END AS name
    FROM used u
    LEFT JOIN pg_catalog.pg_class c ON u.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = u.objid
    LEFT JOIN pg_catalog.pg_constraint k ON u.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND k.oid = u.objid
    LEFT JOIN pg_catalog.pg_attrdef f ON u.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND f.oid = u.objid
     AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = f.adrelid AND a.attnum = f.adnum AND a.attgenerated <> '')
   WHERE c.relkind IN ('i', 'I', 'r', 'p') OR k.contype IN ('c', 'x') OR f.oid IS NOT NULL
   ORDER BY 1`;
