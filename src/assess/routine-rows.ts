import { withQualifiedOutput } from '../catalog/qualified-output';
import type { PrivilegeFacts } from '../catalog/table-facts';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { QualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';
import type { RoutineWish } from './routine-wish';

/** A routine that is there, as the catalog has it. Types are named as the server names them. */
export interface RoutineRow {
  oid: string;
  signature: string;
  kind: 'function' | 'procedure' | 'aggregate' | 'window';
  owner: string;
  mayAlter: boolean;
  extension: string | null;
  comment: string | null;
  definition: string | null;
  /** Types of what a call gives it. */
  inputs: string[];
  /** Their names; empty where they have none. */
  inputNames: string[];
  /** `name type` of what it gives beside its result. */
  outputs: string[];
  result: string;
  set: boolean;
  variadic: boolean;
  defaults: number;
  privileges: PrivilegeFacts[] | null;
  goesWith: string[];
  defaultGrantees: string[];
}

/** The types of a wish as the server names them. */
export interface ResolvedTypes {
  inputs: string[];
  outputs: string[];
  result: string | null;
  /** The inputs as a signature has them. */
  names: string[];
}

/** Every routine of that name. Reads only. */
export async function readRoutines(
  name: QualifiedName,
  { session, signal }: Pick<Look, 'session' | 'signal'>,
): Promise<RoutineRow[]> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<RoutineRow>(routineQuery, [name.schema, name.name], { signal }),
  );
  return rows;
}

/** Throws `invalid-input` for a type that is not there. */
export async function resolvedTypes(
  wish: RoutineWish,
  { session, signal }: Pick<Look, 'session' | 'signal'>,
): Promise<ResolvedTypes> {
  const written = [
    ...wish.inputs.map(({ type }) => type),
    ...wish.outputs.map(({ type }) => type),
    ...(wish.result === null ? [] : [wish.result.type]),
  ];
  const { rows: oids } = await session.query<{ oid: string | null }>(
    `SELECT pg_catalog.to_regtype(type)::oid::text AS oid FROM unnest($1::text[]) WITH ORDINALITY AS one(type, place) ORDER BY place`,
    [written],
    { signal },
  );
  const missing = oids.findIndex(({ oid }) => oid === null);
  if (missing >= 0) {
    throw new SwitchbackError(
      'invalid-input',
      t('The server knows no type {0}. Correct the definition.', written[missing]!),
    );
  }
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<{ type: string }>(
      `SELECT pg_catalog.format_type(oid::oid, NULL) AS type FROM unnest($1::text[]) WITH ORDINALITY AS one(oid, place) ORDER BY place`,
      [oids.map(({ oid }) => oid)],
      { signal },
    ),
  );
  const types = rows.map(({ type }) => type);
  const outputs = wish.inputs.length;
  const result = outputs + wish.outputs.length;
  return {
    inputs: types.slice(0, outputs),
    outputs: wish.outputs.map(({ name }, place) => `${name} ${types[outputs + place]}`),
    result: types[result] ?? null,
    names: types.slice(0, outputs),
  };
}

const routineQuery = `
  SELECT p.oid::text AS oid, p.oid::pg_catalog.regprocedure::text AS signature,
         CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window' ELSE 'function' END AS kind,
         pg_catalog.pg_get_userbyid(p.proowner)::text AS owner, pg_catalog.pg_has_role(p.proowner, 'USAGE') AS "mayAlter",
         (SELECT e.extname::text FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
           WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e') AS extension,
         pg_catalog.obj_description(p.oid, 'pg_proc') AS comment,
         CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid) END AS definition,
         ARRAY(SELECT pg_catalog.format_type(y, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY AS one(y, place) ORDER BY place) AS inputs,
         ARRAY(SELECT coalesce(one.name, '') FROM unnest(p.proargnames, p.proargmodes) WITH ORDINALITY AS one(name, mode, place)
                WHERE coalesce(one.mode, 'i') IN ('i', 'b', 'v') ORDER BY place) AS "inputNames",
         ARRAY(SELECT coalesce(one.name, '') || ' ' || pg_catalog.format_type(one.y, NULL)
                 FROM unnest(p.proallargtypes, p.proargmodes, p.proargnames) WITH ORDINALITY AS one(y, mode, name, place)
                WHERE one.mode IN ('o', 'b', 't') ORDER BY place) AS outputs,
         pg_catalog.format_type(p.prorettype, NULL) AS result, p.proretset AS set, p.provariadic <> 0 AS variadic,
         p.pronargdefaults::int AS defaults,
         (SELECT json_agg(json_build_object('privilege', a.privilege_type, 'column', NULL, 'grantable', a.is_grantable,
                   'grantee', CASE WHEN a.grantee = 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(a.grantee) END))
            FROM pg_catalog.aclexplode(p.proacl) AS a) AS privileges,
         ARRAY(SELECT e.extname::text FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
                WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'x' ORDER BY 1) AS "goesWith",
         ARRAY(SELECT DISTINCT CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(g.grantee)::text END
                 FROM pg_catalog.pg_default_acl d CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) AS g
                WHERE d.defaclobjtype = 'f' AND pg_catalog.pg_get_userbyid(d.defaclrole) = current_user AND g.grantee <> d.defaclrole
                  AND (d.defaclnamespace = 0 OR d.defaclnamespace = p.pronamespace) ORDER BY 1) AS "defaultGrantees"
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
   WHERE n.nspname = $1 AND p.proname = $2 ORDER BY 2`;
