import { formatQualifiedName } from '../sql/identifier';
import type { Assessment, CodeReferences, PartAssessment, Risk, ServerFacts } from './assessment';
import { together } from './several-changes';
import { joinDependencies } from './dependencies/dependencies';
import type { Research } from './research/research';
import { riskLevels } from './risk';

/** The assessment of each change: itself, where it is of one. */
export function assessedParts(assessment: Assessment): readonly PartAssessment[] {
  return assessment.parts ?? [assessment as PartAssessment];
}

/** What is there for several changes: sums of what they need, and each by itself in `parts`. Of one it is that one's own. */
export function assessTogether(parts: readonly PartAssessment[]): Assessment {
  const [first, ...others] = parts;
  if (!first || others.length === 0) return first!;
  return {
    change: together(parts.map(({ change }) => change)),
    takenAt: first.takenAt,
    database: first.database,
    server: serverOf(parts),
    table: first.table,
    load: first.load,
    dependencies: joinDependencies(parts.map(({ dependencies }) => dependencies)),
    codeReferences: joinReferences(parts.map(({ codeReferences }) => codeReferences)),
    migrationType: riskiest(parts).migrationType,
    risk: joinRisks(parts.map(({ risk }) => risk)),
    blockers: distinct(parts.flatMap(({ blockers }) => blockers)),
    ...researchOf(parts),
    parts: [...parts],
  };
}

/** Disk and locks add up; free space and what else the server says is the same for all. */
function serverOf(parts: readonly PartAssessment[]): ServerFacts {
  const server = parts[0]!.server;
  const sum = (of: (facts: ServerFacts) => number): number =>
    parts.reduce((total, part) => total + of(part.server), 0);
  return {
    ...server,
    disk: {
      heapBytes: sum(({ disk }) => disk.heapBytes),
      indexBytes: sum(({ disk }) => disk.indexBytes),
      walBytes: sum(({ disk }) => disk.walBytes),
      freeBytes: server.disk.freeBytes,
    },
    lockSlots: {
      available: server.lockSlots.available,
      needed: Math.max(...parts.map((part) => part.server.lockSlots.needed)),
    },
  };
}

/** A place that two changes concern is one. */
function joinReferences(all: readonly CodeReferences[]): CodeReferences {
  const places = new Map(
    all
      .flatMap(({ references }) => references)
      .map((reference) => [`${reference.path}:${reference.line}:${reference.column}`, reference]),
  );
  return {
    references: [...places.values()].sort(
      (one, other) => one.path.localeCompare(other.path) || one.line - other.line,
    ),
    filesSearched: Math.max(...all.map(({ filesSearched }) => filesSearched)),
    truncated: all.some(({ truncated }) => truncated),
  };
}

function joinRisks(risks: readonly Risk[]): Risk {
  const reasons = distinct(risks.flatMap((risk) => risk.reasons));
  reasons.sort((one, other) => riskLevels.indexOf(other.level) - riskLevels.indexOf(one.level));
  return { level: reasons[0]?.level ?? 'low', reasons };
}

function riskiest(parts: readonly PartAssessment[]): PartAssessment {
  const level = ({ migrationType }: PartAssessment): number => riskLevels.indexOf(migrationType.risk);
  return parts.reduce((worst, part) => (level(part) > level(worst) ? part : worst));
}

function researchOf(parts: readonly PartAssessment[]): Pick<Assessment, 'research'> {
  const known = parts.flatMap(({ research }) => (research ? [research] : []));
  const [first] = known;
  if (!first) return {};
  const all = <K extends 'pages' | 'tools' | 'pitfalls' | 'alternatives' | 'past'>(key: K): Research[K] =>
    distinct<Research[K][number]>(known.flatMap((each): Research[K][number][] => each[key])) as Research[K];
  return {
    research: {
      pages: all('pages'),
      tools: all('tools'),
      codeSearch: known.find(({ codeSearch }) => codeSearch !== null)?.codeSearch ?? null,
      pitfalls: all('pitfalls'),
      alternatives: all('alternatives'),
      past: all('past'),
      pastNote: first.pastNote,
    },
  };
}

/** Each once: what is written the same is the same. */
function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** The first assessment of each table. */
export function assessedTables(assessment: Assessment): PartAssessment[] {
  const tables = new Map<string, PartAssessment>();
  for (const part of assessedParts(assessment)) {
    const name = formatQualifiedName(part.table.name);
    if (!tables.has(name)) tables.set(name, part);
  }
  return [...tables.values()];
}
