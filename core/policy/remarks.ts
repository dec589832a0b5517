/** What is allowed in a policy but may be a mistake: for `policy check` and for synthesis. Pure. */
import { repeatedNight, skippedNight } from './clock-changes.ts';
import { contradictions } from './deployment-places.ts';
import { isExpired } from './exemptions.ts';
import { describeMatch } from './match.ts';
import type { Match, Policy } from './policy.ts';
import { coveredExemption, coveredOverride } from './usage.ts';

export const remarkKinds = [
  'expired',
  'covered',
  'by-tag',
  'looks-like-a-list',
  'looks-like-a-regular-expression',
  'skipped-night',
  'repeated-time',
  'places-differ',
] as const;

/** What may be deliberate, or does no harm. Everything else is a problem. */
const notes: ReadonlySet<string> = new Set<PolicyRemark['kind']>(['by-tag', 'repeated-time']);

export function isProblem({ kind }: PolicyRemark): boolean {
  return !notes.has(kind);
}

/** One remark in a sentence, and its kind, so that a kind can be left out. */
export interface PolicyRemark {
  readonly kind: (typeof remarkKinds)[number];
  readonly text: string;
}

/** Everything that can be said about the file alone, in file order. @param asOf decides what has expired */
export function policyRemarks({ exemptions, overrides, deployment }: Policy, asOf: Date): readonly PolicyRemark[] {
  return [
    ...overrides.flatMap(({ match }, index): PolicyRemark[] => {
      const name = nameOf('override', index, match);
      const earlier = coveredOverride(overrides, index);
      const covered = `${name} never applies: override ${earlier} covers it and comes first`;
      return [...(earlier === undefined ? [] : [{ kind: 'covered', text: covered } as const]), ...looks(name, match)];
    }),
    ...exemptions.flatMap((exemption, index): PolicyRemark[] => {
      const { match, expires } = exemption;
      const name = nameOf('exemption', index, match);
      const earlier = coveredExemption(exemptions, index);
      return [
        ...(isExpired(exemption, asOf)
          ? [{ kind: 'expired', text: `${name} expired after ${expires} and exempts nothing` } as const]
          : []),
        ...(earlier === undefined
          ? []
          : [{ kind: 'covered', text: `${name} adds nothing: exemption ${earlier} covers it` } as const]),
        ...(isByTagAlone(match) ? [{ kind: 'by-tag', text: `${name} ${byTag}` } as const] : []),
        ...looks(name, match),
      ];
    }),
    ...ofSchedule(deployment.schedule, asOf),
    ...contradictions(deployment).map((text) => ({ kind: 'places-differ', text }) as const),
  ];
}

function ofSchedule(schedule: Policy['deployment']['schedule'], asOf: Date): readonly PolicyRemark[] {
  const skipped = skippedNight(schedule, asOf);
  const repeated = repeatedNight(schedule, asOf);
  return [
    ...(skipped === undefined ? [] : [{ kind: 'skipped-night', text: skipped } as const]),
    ...(repeated === undefined ? [] : [{ kind: 'repeated-time', text: repeated } as const]),
  ];
}

const byTag =
  'matches by tag only, so anyone with iam:TagUser, often the user itself, can exempt a user; prefer exact names or key ids';

function isByTagAlone({ tag, ...others }: Match): boolean {
  const exact = [others.user, others.arn, others.accessKeyId, others.credentialId];
  return tag !== undefined && exact.every((part) => part === undefined);
}

function looks(name: string, { user, path, arn }: Match): readonly PolicyRemark[] {
  const isList = user?.includes(',') === true;
  const isRegular = [user, path, arn].some((glob) => glob !== undefined && /\.[*+]/.test(glob));
  return [
    ...(isList
      ? [
          {
            kind: 'looks-like-a-list',
            text: `${name} matches one user with a comma in its name, not several users`,
          } as const,
        ]
      : []),
    ...(isRegular
      ? [
          {
            kind: 'looks-like-a-regular-expression',
            text: `${name} is a glob, not a regular expression: a dot matches a dot, and * alone matches any characters`,
          } as const,
        ]
      : []),
  ];
}

function nameOf(kind: 'override' | 'exemption', index: number, match: Match): string {
  return `${kind} ${index + 1} (${describeMatch(match)})`;
}
