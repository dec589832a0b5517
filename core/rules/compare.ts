import { type Finding, severities } from '../model.ts';
import { ruleIds } from './ids.ts';

const severityRank = new Map(severities.map((severity, rank) => [severity, rank]));
const ruleRank = new Map(ruleIds.map((id, rank) => [id, rank]));

/**
 * Worst first: exempt findings last, then by severity, failures before errors, then in the order of the catalog, by name
 * and by credential. No two findings of one audit are equal here.
 */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings
    .map((finding) => ({ finding, rank: rankOf(finding), name: finding.principal.name.toLowerCase() }))
    .sort((a, b) => a.rank - b.rank || compareText(a.name, b.name) || compareText(a.finding.id, b.finding.id))
    .map(({ finding }) => finding);
}

/** One number for everything that is compared before the names. */
function rankOf({ status, severity, rule }: Finding): number {
  const excused = status === 'exempt' ? 1 : 0;
  const unjudged = status === 'error' ? 1 : 0;
  const group = excused * severities.length + (severityRank.get(severity) ?? 0);
  return (group * 2 + unjudged) * ruleIds.length + (ruleRank.get(rule) ?? 0);
}

/** By code unit, so that the order is the same on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
