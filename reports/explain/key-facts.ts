/** The key, what is wrong with it, and which part of the policy holds for it, in words. */
import { formatDuration } from '../../core/duration.ts';
import type { CredentialThresholds } from '../../core/kinds/kind.ts';
import { kindOf, type RetirableKind } from '../../core/kinds/kinds.ts';
import type { KeyDetails } from '../../core/lifecycle/key-details.ts';
import type { LastUse } from '../../core/model.ts';
import type { ApplicableExemption, ApplicableOverride } from '../../core/policy/applicable.ts';
import { describeMatch } from '../../core/policy/match.ts';
import { printable } from '../printable.ts';
import { type Fact, withAge } from './facts.ts';

export function keyFacts({ principal, owner, ownerUnknown, liveStatus, asOf, timezone }: KeyDetails): readonly Fact[] {
  const user: Fact = ['user', `${printable(principal.name)} (${printable(principal.arn)})`];
  const owned: readonly Fact[] =
    owner !== undefined
      ? [['owner', printable(owner)]]
      : ownerUnknown === undefined
        ? []
        : [['owner', `unknown: ${printable(ownerUnknown)}`]];
  switch (liveStatus.kind) {
    case 'not-found':
      return [user, ...owned, ['status', 'no longer exists in IAM']];
    case 'unknown':
      return [user, ...owned, ['status', `unknown: ${printable(liveStatus.why)}`]];
    case 'seen':
      return [
        user,
        ...owned,
        ['status', liveStatus.status],
        ['created', withAge(liveStatus.createdAt, asOf, timezone)],
        ['last used', lastUseInWords(liveStatus.lastUse, asOf, timezone)],
      ];
  }
}

export function findingFacts({ findings, liveStatus }: KeyDetails): readonly Fact[] {
  if (liveStatus.kind !== 'seen' && findings.length === 0) return [];
  if (findings.length === 0) return [['none', 'the key is compliant']];
  return findings.map(({ rule, status, severity, reason, exemption }) => {
    const label = status === 'fail' ? severity : status === 'error' ? 'not judged' : 'exempt';
    const until = exemption === undefined ? '' : `; exempt until ${exemption.expires}: ${printable(exemption.reason)}`;
    return [label, `${rule}: ${printable(reason)}${until}`];
  });
}

export function policyFacts({ policy, credential }: KeyDetails): readonly Fact[] {
  return [
    ['mode', policy.mode],
    [
      'limits',
      policy.limits === undefined ? 'unknown: an override may apply' : limitsInWords(policy.limits, credential.kind),
    ],
    ...policy.overrides.map((one): Fact => ['override', overrideInWords(one)]),
    ...policy.exemptions.map((one): Fact => ['exemption', exemptionInWords(one)]),
    ...(policy.exemptions.length === 0 ? [['exemption', 'none'] as const] : []),
  ];
}

/** Those that apply to the kind. */
function limitsInWords(limits: CredentialThresholds, kind: RetirableKind): string {
  const { use, off } = kindOf(kind);
  const { maxAge, maxIdle, neverUsedGrace, inUseWindow, deactivateInUse, warn, deleteAfter } = limits;
  const evenSo = deactivateInUse ? ', but deactivated when too old' : '';
  const parts = [
    `too old after ${formatDuration(maxAge)}`,
    use === 'tracked' && `unused after ${formatDuration(maxIdle)} (never used: ${formatDuration(neverUsedGrace)})`,
    off === 'status' &&
      (use === 'tracked' ? `in use for ${formatDuration(inUseWindow)} after a use` : 'in use') + evenSo,
    off === 'status' && `notices ${warn.map(formatDuration).join(', ')} before it is deactivated`,
    off === 'status' && `deleted ${formatDuration(deleteAfter)} after that`,
  ];
  return parts.filter((part) => part !== false).join('; ');
}

function overrideInWords({ number, override, applies }: ApplicableOverride): string {
  const verb = applies === 'yes' ? 'applies' : 'may apply: what it matches is not known';
  return `#${number} ${verb} (${printable(describeMatch(override.match))})`;
}

function exemptionInWords({ number, exemption, applies }: ApplicableExemption): string {
  const { match, rules, owner, reason, expires } = exemption;
  const verb = { yes: 'applies', maybe: 'may apply: what it matches is not known', expired: 'has expired' }[applies];
  const scope = rules === '*' ? 'every rule' : rules.join(', ');
  return `#${number} ${verb} (${printable(describeMatch(match))}) for ${scope}, until ${expires}, ${printable(owner)}: ${printable(reason)}`;
}

function lastUseInWords(lastUse: LastUse, asOf: Date, timezone: string | undefined): string {
  switch (lastUse.kind) {
    case 'never':
      return 'never';
    case 'untracked':
      return 'not tracked by IAM: it counts as in use';
    case 'unknown':
      return `unknown: ${printable(lastUse.why)}`;
    case 'used': {
      const place = [lastUse.service, lastUse.region].filter((part) => part !== undefined).map(printable);
      return `${withAge(lastUse.at, asOf, timezone)}${place.length === 0 ? '' : `, ${place.join(', ')}`}`;
    }
  }
}
