import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { FolderStatus } from '../../../src/journey/migrations';
import type { AppliedMigration, MigrationStatus } from '../../../src/layouts/layout';
import { noFilter } from '../../../src/workbench/migration-filter';
import { MigrationsTree, type MigrationNode } from '../../../src/workbench/migrations-tree';
import type { FolderModel } from '../../../src/workbench/workspace-model';

const row = (version: string): AppliedMigration => ({
  version,
  name: null,
  appliedAt: '2026-01-02T03:04:05.000Z',
  appliedBy: 'ann',
  milliseconds: 38,
  contentHash: '5',
  dirty: false,
});

function status(
  version: string,
  state: MigrationStatus['state'],
  flags: MigrationStatus['flags'] = [],
): MigrationStatus {
  const upPath = `/w/sql/V${version}__add_$(zap)_orders.sql`;
  const migration =
    state === 'missing'
      ? null
      : { version, name: 'orders', folder: '/w/sql', layout: 'flyway' as const, upPath, downPath: null };
  const applied = state === 'applied' || state === 'missing' ? row(version) : null;
  return { version, name: 'orders', migration, state, flags, applied };
}

const all = [
  status('1', 'applied'),
  status('2', 'applied', ['edited', 'no-down']),
  status('3', 'missing'),
  status('4', 'pending', ['out-of-order']),
  status('5', 'failed', ['irreversible']),
];

function folder(path: string, statuses: MigrationStatus[]): FolderStatus {
  return {
    folder: path,
    label: path.slice(3),
    layout: 'flyway',
    title: 'Flyway',
    evidence: [],
    migrations: [],
    namedTable: null,
    statuses,
    historyTable: 'public.flyway_schema_history',
    problems: [],
    clashes: [],
  };
}

describe('the Migrations view', () => {
  const changed = new vscode.EventEmitter<void>();
  const model = { folders: [] as FolderModel[], onDidChange: changed.event };
  let tree: MigrationsTree;
  let drawn: number;

  const show = (...folders: FolderStatus[]): void => {
    const workspaceFolder = vscode.workspace.workspaceFolders![0]!;
    model.folders = [{ workspaceFolder, folders, plans: [], planOfFile: new Map(), problem: null }];
    changed.fire();
  };
  const items = (node?: MigrationNode): vscode.TreeItem[] =>
    tree.getChildren(node).map((each) => tree.getTreeItem(each));
  const icon = ({ iconPath }: vscode.TreeItem): string => (iconPath as vscode.ThemeIcon).id;

  beforeEach(() => {
    tree = new MigrationsTree(model);
    drawn = 0;
    tree.onDidChangeTreeData(() => (drawn += 1));
  });
  afterEach(() => tree.dispose());
  after(() => changed.dispose());

  it('says of each migration when, by whom and in what time, and each flag in words and with an icon', () => {
    show(folder('/w/sql', all));
    assert.deepEqual(
      items().map((item) => `${icon(item)} ${String(item.description)}`),
      [
        'error failed, irreversible',
        'sort-precedence pending, out of order',
        'question missing · 2 Jan 2026, 03:04 UTC by ann in 38 ms',
        'warning applied, edited since, no rollback · 2 Jan 2026, 03:04 UTC by ann in 38 ms',
        'pass applied · 2 Jan 2026, 03:04 UTC by ann in 38 ms',
      ],
    );
    const tooltips = items().map(({ tooltip }) => (tooltip as vscode.MarkdownString).value);
    assert.match(tooltips[0]!, /\$\(error\) failed\\: It began[^$]*\$\(lock\) irreversible\\: Its author/);
    assert.match(tooltips[1]!, /\$\(sort-precedence\) out of order\\: One after it/);
    assert.match(tooltips[3]!, /\$\(warning\) edited since\\: .*\n\n\$\(circle-slash\) no rollback\\: /);
    assert.match(tooltips[3]!, /\$\(history\) History\\: public\\.flyway/);
    assert.ok(tooltips[3]!.includes('\\$\\(zap\\)'), 'a name is no icon');
    assert.equal(
      items()[4]!.accessibilityInformation!.label,
      'Migration V1__add_$(zap)_orders, applied, 2 Jan 2026, 03:04 UTC by ann in 38 ms',
    );
  });

  it('is drawn anew only where it would look otherwise, and its items stay the same ones', () => {
    show(folder('/w/sql', all));
    assert.equal(drawn, 1);
    const ids = items().map(({ id }) => id);
    assert.equal(new Set(ids).size, all.length);
    show(folder('/w/sql', structuredClone(all)));
    changed.fire();
    assert.equal(drawn, 1, 'a reading that found nothing new draws nothing');
    show(folder('/w/sql', [status('1', 'applied', ['edited']), ...all.slice(1)]));
    assert.equal(drawn, 2);
    assert.deepEqual(
      items().map(({ id }) => id),
      ids,
    );
  });

  it('groups by folder and tool where there are several, with a filter as well', () => {
    show(folder('/w/sql', all), folder('/w/other', [status('1', 'applied')]), folder('/w/none', []));
    assert.deepEqual(
      items().map(({ label, description }) => `${label as string}: ${String(description)}`),
      ['sql: Flyway', 'other: Flyway'],
    );
    tree.setFilter({ state: 'pending', text: 'v4' });
    assert.equal(drawn, 2);
    const [only, ...more] = tree.getChildren();
    assert.deepEqual(more, []);
    assert.equal(only!.kind, 'folder', 'a filter does not change how it is grouped');
    assert.deepEqual(
      items(only).map(({ label }) => label),
      ['V4__add_$(zap)_orders'],
    );
    assert.equal(tree.count({ state: 'applied', text: '' }), 3);
    tree.setFilter(noFilter);
    assert.equal(items().length, 2);
  });
});
