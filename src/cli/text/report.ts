import type { Report } from '../../verify/report';
import { section } from './format';

/** A verification report for the terminal. */
export function reportText(report: Report): string {
  return section(
    `${report.verdict}: ${report.planId} on ${report.database.label}`,
    report.checks.map((check) => `[${check.verdict}] ${check.title}: ${check.evidence}`),
  );
}
