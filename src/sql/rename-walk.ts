import type { Alias, CommonTableExpr, JoinExpr, Node, RangeVar, SelectStmt, WithClause } from '@pgsql/types';
import { t } from '../messages/translate';
import { formatIdentifier } from './identifier';
import type { RenameContext, RenameTarget } from './rename-column';
import { resolveColumn, resolveQualifier, type Scope, type ScopeEntry } from './rename-scope';
import { outputName, endOfTarget } from './output-name';
import { asKind, kindOf, strings } from './tree';
import { dottedNameAt } from './tokens';

interface Edit {
  start: number;
  end: number;
  text: string;
}

type FieldMap = Record<string, unknown>;

/** One pass over one statement's tree: resolves names level by level and collects edits. */
export class RenameWalk {
  renamed = 0;
  readonly ambiguous: string[] = [];
  private readonly edits: Edit[] = [];

  constructor(
    private readonly text: string,
    private readonly target: RenameTarget,
    private readonly context: RenameContext,
  ) {}

  edited(): string {
    const sorted = [...this.edits].sort((a, b) => b.start - a.start);
    return sorted.reduce(
      (text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end),
      this.text,
    );
  }

  /** A SELECT wrapped around an expression over the table itself. */
  expression(node: object): void {
    const scope = {
      entries: [this.targetEntry(this.target.table.name)],
      parent: null,
      ctes: new Map<string, ScopeEntry>(),
    };
    this.expressions(asKind(node, 'SelectStmt')?.targetList, scope);
  }

  statement(node: object): void {
    this.query(node as Node, null, new Map(), this.context.keepOutputNames);
  }

  /** A statement at any level. Returns its output columns; null where a star hides them. */
  private query(
    node: Node | undefined,
    parent: Scope | null,
    ctes: ReadonlyMap<string, ScopeEntry>,
    keep: boolean,
  ): string[] | null {
    const select = asKind(node, 'SelectStmt');
    if (select) return this.select(select, parent, ctes, keep);
    const kind = kindOf(node);
    const fields = (node as FieldMap | undefined)?.[kind] as FieldMap | undefined;
    if (!fields) return null;
    if (kind === 'ViewStmt') return this.query(fields['query'] as Node, parent, ctes, keep);
    if (/^(Insert|Update|Delete|Merge)Stmt$/.test(kind)) return this.change(kind, fields, parent, ctes, keep);
    if (this.text.includes(this.target.from))
      this.report(0, t('this kind of statement is not read: {0}', kind));
    return null;
  }

  private select(
    select: SelectStmt,
    parent: Scope | null,
    outer: ReadonlyMap<string, ScopeEntry>,
    keep: boolean,
  ): string[] | null {
    const ctes = this.commonTables(select.withClause, parent, outer);
    if (select.op !== undefined && select.op !== 'SETOP_NONE') {
      const left = select.larg ? this.select(select.larg, parent, ctes, keep) : null;
      if (select.rarg) this.select(select.rarg, parent, ctes, keep);
      return left;
    }
    const scope: Scope = { entries: [], parent, ctes };
    for (const item of select.fromClause ?? []) this.from(item, scope, parent);
    const outputs = this.targetList(select.targetList, scope, keep);
    this.expressions([select.whereClause, select.havingClause, select.limitCount, select.limitOffset], scope);
    this.expressions([select.windowClause, select.valuesLists], scope);
    this.sortKeys(select.groupClause, scope, outputs, 'group');
    this.sortKeys(select.sortClause, scope, outputs, 'sort');
    this.sortKeys(select.distinctClause, scope, outputs, 'sort');
    return outputs;
  }

  /** INSERT, UPDATE, DELETE and MERGE: the changed table is one more relation of the level. */
  private change(
    kind: string,
    fields: FieldMap,
    parent: Scope | null,
    outer: ReadonlyMap<string, ScopeEntry>,
    keep: boolean,
  ): string[] | null {
    const ctes = this.commonTables(fields['withClause'] as WithClause | undefined, parent, outer);
    const relation = this.relation(fields['relation'] as RangeVar, new Map());
    const scope: Scope = { entries: [relation], parent, ctes };
    const changesTarget = relation.target === 'table';
    if (kind === 'InsertStmt') {
      if (changesTarget) this.assigned(fields['cols'] as Node[] | undefined);
      if (fields['selectStmt']) this.query(fields['selectStmt'] as Node, parent, ctes, true);
      this.onConflict(fields['onConflictClause'] as FieldMap | undefined, scope, changesTarget);
    } else {
      for (const item of (fields['fromClause'] ?? fields['usingClause'] ?? []) as Node[])
        this.from(item, scope, parent);
      if (fields['sourceRelation']) this.from(fields['sourceRelation'] as Node, scope, parent);
      if (changesTarget) this.assigned(fields['targetList'] as Node[] | undefined);
      this.expressions([fields['targetList'], fields['whereClause'], fields['joinCondition']], scope);
      for (const clause of (fields['mergeWhenClauses'] ?? []) as Node[]) {
        const when = asKind(clause, 'MergeWhenClause');
        if (changesTarget) this.assigned(when?.targetList);
        this.expressions([when?.condition, when?.targetList, when?.values], scope);
      }
    }
    const returning =
      (fields['returningClause'] as FieldMap | undefined)?.['exprs'] ?? fields['returningList'];
    return returning ? this.targetList(returning as Node[], scope, keep) : [];
  }

  private onConflict(clause: FieldMap | undefined, scope: Scope, changesTarget: boolean): void {
    if (!clause) return;
    const excluded = { ...scope.entries[0]!, alias: 'excluded' };
    // Unqualified names mean the table; `excluded` is only seen by its own name.
    const inner: Scope = {
      ...scope,
      parent: { entries: [excluded], parent: scope.parent, ctes: scope.ctes },
    };
    if (changesTarget) this.assigned(clause['targetList'] as Node[] | undefined);
    this.expressions([clause['targetList'], clause['whereClause']], inner);
    const infer = clause['infer'] as FieldMap | undefined;
    for (const element of (infer?.['indexElems'] ?? []) as Node[]) {
      const name = asKind(element, 'IndexElem')?.name;
      if (changesTarget && name === this.target.from) {
        this.report(clause['location'] as number, t('ON CONFLICT ({0}) names the column', name));
      }
    }
    this.expressions([infer?.['indexElems'], infer?.['whereClause']], inner);
  }

  private commonTables(
    clause: WithClause | undefined,
    parent: Scope | null,
    outer: ReadonlyMap<string, ScopeEntry>,
  ): ReadonlyMap<string, ScopeEntry> {
    if (!clause) return outer;
    const ctes = new Map(outer);
    for (const node of clause.ctes ?? []) {
      const cte = asKind(node, 'CommonTableExpr');
      if (!cte?.ctename) continue;
      // A recursive query sees itself; its columns are those of its first branch.
      if (clause.recursive) ctes.set(cte.ctename, derived(cte.ctename, cteColumns(cte, null)));
      const outputs = this.query(cte.ctequery, parent, ctes, true);
      ctes.set(cte.ctename, derived(cte.ctename, cteColumns(cte, outputs)));
    }
    return ctes;
  }

  private from(item: Node, scope: Scope, outer: Scope | null): void {
    const lateral: Scope = { entries: [...scope.entries], parent: outer, ctes: scope.ctes };
    const kind = kindOf(item);
    const fields = (item as FieldMap)[kind] as FieldMap;
    const alias = fields['alias'] as Alias | undefined;
    if (kind === 'RangeVar') scope.entries.push(this.relation(fields, scope.ctes));
    else if (kind === 'RangeSubselect') {
      const outputs = this.query(
        fields['subquery'] as Node,
        fields['lateral'] ? lateral : outer,
        scope.ctes,
        true,
      );
      scope.entries.push(derived(alias?.aliasname ?? '', renamedColumns(outputs, alias)));
    } else if (kind === 'RangeTableSample') {
      this.from(fields['relation'] as Node, scope, outer);
      this.expressions([fields['args'], fields['repeatable']], lateral);
    } else if (kind === 'JoinExpr') this.join(fields, scope, outer);
    else {
      this.expressions([fields], lateral);
      scope.entries.push(derived(alias?.aliasname ?? '', alias?.colnames ? strings(alias.colnames) : null));
    }
  }

  private join(join: JoinExpr, scope: Scope, outer: Scope | null): void {
    const inner: Scope = { entries: [...scope.entries], parent: outer, ctes: scope.ctes };
    if (join.larg) this.from(join.larg, inner, outer);
    if (join.rarg) this.from(join.rarg, inner, outer);
    const joined = inner.entries.slice(scope.entries.length);
    this.expressions([join.quals], { ...inner, entries: joined });
    const reaches = joined.some((entry) => entry.target !== 'none');
    const using = strings(join.usingClause);
    if (reaches && (join.isNatural || using.includes(this.target.from))) {
      this.report(0, t('the join merges columns named {0}', this.target.from));
    }
    if (!join.alias) scope.entries.push(...joined);
    else {
      const entry = derived(join.alias.aliasname ?? '', null);
      scope.entries.push(reaches ? { ...entry, target: 'covers', exposes: true } : entry);
    }
  }

  private relation(range: RangeVar, ctes: ReadonlyMap<string, ScopeEntry>): ScopeEntry {
    const name = range.relname ?? '';
    const alias = range.alias?.aliasname ?? name;
    const cte = range.schemaname ? undefined : ctes.get(name);
    if (cte) return { ...cte, alias, columns: renamedColumns(cte.columns, range.alias) };
    const { schema, name: table } = this.target.table;
    const isTarget =
      name === table &&
      (range.schemaname ? range.schemaname === schema : this.context.searchPath.includes(schema));
    if (isTarget) return this.targetEntry(alias, range.alias);
    const relation = { schema: range.schemaname ?? this.context.searchPath[0] ?? 'public', name };
    const columns = renamedColumns(this.context.columnsOf(relation), range.alias);
    return { alias, schema: range.alias ? null : relation.schema, columns, target: 'none', exposes: false };
  }

  private targetEntry(name: string, alias?: Alias): ScopeEntry {
    const own = this.context.columnsOf(this.target.table);
    const columns = renamedColumns(own, alias);
    const listed = alias?.colnames !== undefined && alias.colnames.length > 0;
    // A column list renames by position: without the table's columns nobody knows which.
    if (listed && !own) this.report(0, t('{0} has a column list', name));
    const position = own?.indexOf(this.target.from) ?? -1;
    const exposes = !listed || position < 0 || position >= alias.colnames!.length;
    return {
      alias: name,
      schema: alias ? null : this.target.table.schema,
      columns,
      target: 'table',
      exposes,
    };
  }

  private targetList(list: readonly Node[] | undefined, scope: Scope, keep: boolean): string[] | null {
    let known = true;
    const names: string[] = [];
    for (const node of list ?? []) {
      const target = asKind(node, 'ResTarget');
      const before = this.renamed;
      this.expressions([target?.val], scope);
      const name = target?.name ?? (target?.val ? outputName(target.val) : null);
      if (name === '*') known = false;
      names.push(name ?? '?column?');
      if (target && !target.name && name === this.target.from && this.renamed > before) {
        if (!keep) names[names.length - 1] = this.target.to;
        else {
          const end = endOfTarget(this.text, target.location ?? 0);
          this.edits.push({ start: end, end, text: ` AS ${formatIdentifier(this.target.from)}` });
        }
      }
    }
    return known ? names : null;
  }

  /** A bare name in ORDER BY means an output column first, in GROUP BY an input column first. */
  private sortKeys(
    list: readonly Node[] | undefined,
    scope: Scope,
    outputs: string[] | null,
    clause: 'sort' | 'group',
  ): void {
    for (const node of list ?? []) {
      const key = asKind(node, 'SortBy')?.node ?? node;
      const fields = asKind(key, 'ColumnRef')?.fields;
      const bare = fields?.length === 1 && strings(fields)[0] === this.target.from;
      if (bare && clause === 'sort' && outputs?.includes(this.target.from)) continue;
      if (bare && clause === 'sort') this.reference(asKind(key, 'ColumnRef') as FieldMap, scope, true);
      else if (
        bare &&
        !scope.entries.some((entry) => entry.target !== 'none') &&
        outputs?.includes(this.target.from)
      )
        continue;
      else this.expressions([node], scope);
    }
  }

  /** Everything below some nodes that are no queries; a query inside opens its own level. */
  private expressions(nodes: unknown, scope: Scope): void {
    const stack: unknown[] = [nodes];
    while (stack.length > 0) {
      const current = stack.pop();
      if (typeof current !== 'object' || current === null) continue;
      if (Array.isArray(current)) {
        stack.push(...(current as unknown[]));
        continue;
      }
      const fields = current as FieldMap;
      const column = fields['ColumnRef'];
      if (fields['SelectStmt']) this.query(fields as unknown as Node, scope, scope.ctes, true);
      else if (column) this.reference(column as FieldMap, scope, false);
      else stack.push(...Object.values(fields));
    }
  }

  private reference(column: FieldMap, scope: Scope, qualify: boolean): void {
    const fields = column['fields'] as Node[];
    const location = column['location'] as number;
    const star = kindOf(fields.at(-1)) === 'A_Star';
    const names = strings(star ? fields.slice(0, -1) : fields);
    if (star) this.star(names, location, scope);
    else if (names.length === 1) this.unqualified(names[0]!, location, scope, qualify);
    else this.qualified(names, location, scope);
  }

  private unqualified(name: string, location: number, scope: Scope, qualify: boolean): void {
    if (name !== this.target.from) {
      const entry = resolveQualifier(scope, name, null);
      const isColumn = scope.entries.some((other) => other.columns?.includes(name));
      if (entry?.target === 'table' && !isColumn)
        this.report(location, t('the whole row of {0} is used', name));
      return;
    }
    const resolution = resolveColumn(scope, name, this.target.to);
    if (resolution.kind === 'other') return;
    const variables = this.context.variables ?? [];
    if (resolution.kind === 'uncertain' || variables.includes(name)) {
      this.report(location, t('{0} may belong to several tables or variables', name));
      return;
    }
    const to = formatIdentifier(this.target.to);
    const plain = resolution.alone && !qualify && !variables.includes(this.target.to);
    if (!plain && resolveQualifier(scope, resolution.entry.alias, null) !== resolution.entry) {
      this.report(location, t('{0} is hidden by another table of that name', resolution.entry.alias));
      return;
    }
    this.rename(location, 0, plain ? to : `${formatIdentifier(resolution.entry.alias)}.${to}`);
  }

  private qualified(names: string[], location: number, scope: Scope): void {
    if (names.at(-1) !== this.target.from) return;
    const qualifier = names.at(-2)!;
    const entry = resolveQualifier(scope, qualifier, names.length > 2 ? names.at(-3)! : null);
    const isRow = !entry && (this.context.rowVariables ?? []).includes(qualifier);
    if (isRow || (entry?.target === 'table' && entry.exposes)) {
      this.rename(location, names.length - 1, formatIdentifier(this.target.to));
    } else if (!entry || entry.target === 'covers') {
      this.report(location, t('it is not known what {0} is', `${names.join('.')}`));
    }
  }

  private star(names: string[], location: number, scope: Scope): void {
    const entry = names.length > 0 ? resolveQualifier(scope, names.at(-1)!, null) : null;
    const reaches = entry ? entry.target !== 'none' : scope.entries.some((other) => other.target !== 'none');
    if (reaches) this.report(location, t('* takes in all columns of {0}', this.target.table.name));
  }

  /** Columns being written: SET name =, INSERT (name). */
  private assigned(list: readonly Node[] | undefined): void {
    for (const node of list ?? []) {
      const target = asKind(node, 'ResTarget');
      if (target?.name === this.target.from)
        this.rename(target.location ?? 0, 0, formatIdentifier(this.target.to));
    }
  }

  private rename(location: number, part: number, text: string): void {
    const place = dottedNameAt(this.text, location)[part];
    if (!place) {
      this.report(location, t('{0} could not be found in the text', this.target.from));
      return;
    }
    this.edits.push({ ...place, text });
    this.renamed += 1;
  }

  private report(location: number, reason: string): void {
    const line = this.text.slice(0, location).split('\n').length;
    const sentence = t('line {0}: {1}', line, reason);
    if (!this.ambiguous.includes(sentence)) this.ambiguous.push(sentence);
  }
}

function derived(alias: string, columns: readonly string[] | null): ScopeEntry {
  return { alias, schema: null, columns, target: 'none', exposes: false };
}

function cteColumns(cte: CommonTableExpr, outputs: readonly string[] | null): readonly string[] | null {
  return cte.aliascolnames ? replaceFirst(outputs, strings(cte.aliascolnames)) : outputs;
}

function renamedColumns(
  columns: readonly string[] | null,
  alias: Alias | undefined,
): readonly string[] | null {
  return alias?.colnames ? replaceFirst(columns, strings(alias.colnames)) : columns;
}

function replaceFirst(columns: readonly string[] | null, names: string[]): readonly string[] | null {
  return columns ? [...names, ...columns.slice(names.length)] : null;
}
