import type { QualifiedName } from '../sql/identifier';
import type { TableFacts } from './table-facts';

/** What is known of a table that is not there yet: no rows, no bytes, and nothing that depends on it. */
export function plannedTableFacts(
  name: QualifiedName,
  { owner, may }: { owner: string; may: boolean },
): TableFacts {
  return {
    name,
    kind: 'table',
    persistence: 'permanent',
    owner,
    comment: null,
    mayAlter: may,
    rows: { count: 0, source: 'counted' },
    bytes: { heap: 0, indexes: 0, toast: 0, total: 0 },
    columns: [],
    primaryKey: null,
    uniqueKeys: [],
    indexes: [],
    constraints: [],
    foreignKeysOut: [],
    foreignKeysIn: [],
    partitioning: null,
    partitionOf: null,
    inherits: [],
    inheritedBy: [],
    triggers: [],
    publications: [],
    privileges: [],
    replicaIdentity: 'default',
    rowSecurity: { enabled: false, forced: false, policies: [] },
    storageParameters: [],
    dependents: {
      views: [],
      routines: [],
      policies: [],
      generatedColumns: [],
      triggers: [],
      statistics: [],
      expressionIndexes: [],
      checks: [],
      rules: [],
      sequences: [],
    },
  };
}
