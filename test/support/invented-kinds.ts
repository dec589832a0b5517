/**
 * Kinds of credential that AWS does not have: one for each way in which kinds differ. A test file that needs them puts
 * them into the registry, which gives it a process of its own:
 *
 *     vi.mock('../../../core/kinds/registry.ts', async (original) => withInvented(await original()));
 */
import { DAY } from '../../core/duration.ts';
import type { CredentialThresholds, KindSpec, RuleTexts } from '../../core/kinds/kind.ts';
import type { RetirableKind } from '../../core/kinds/kinds.ts';

const defaults: CredentialThresholds = {
  maxAge: 90 * DAY,
  maxIdle: 45 * DAY,
  neverUsedGrace: 7 * DAY,
  inUseWindow: 14 * DAY,
  deactivateInUse: false,
  warn: [14 * DAY, 7 * DAY, 1 * DAY],
  deleteAfter: 30 * DAY,
  restoreGrace: 14 * DAY,
  maxInactive: 90 * DAY,
};

function specOf(name: string, fields: Pick<KindSpec, 'use' | 'off' | 'idPrefix'>): KindSpec {
  const texts: RuleTexts = { why: 'It is invented.', remedy: 'Wake up.', severity: 'medium' };
  return {
    kind: name,
    noun: { one: `dream ${name}`, many: `dream ${name}s`, short: name, shortMany: `${name}s` },
    section: `${name}s`,
    inReport: false,
    metric: { one: name, many: `${name}s` },
    defaults,
    rules: { unused: texts, 'never-used': texts, 'too-old': texts, inactive: texts },
    ...fields,
  };
}

const specs = [
  specOf('token', { use: 'tracked', off: 'status', idPrefix: 'TOKN' }),
  specOf('signet', { use: 'untracked', off: 'status', idPrefix: 'SGNT' }),
  specOf('phrase', { use: 'tracked', off: 'destroys', idPrefix: 'PHRS' }),
  specOf('badge', { use: 'untracked', off: 'none', idPrefix: 'BDGE' }),
];

// To the compiler they do not exist: it knows the registry as it is.
/** IAM tracks its use, and it has a status: as access keys, but the report does not show it. */
export const token = 'token' as RetirableKind;
/** IAM does not track its use. */
export const signet = 'signet' as RetirableKind;
/** To deactivate it is to destroy it. */
export const phrase = 'phrase' as RetirableKind;
/** It has findings, and no lifecycle. */
export const badge = 'badge' as RetirableKind;

export function withInvented({ kinds }: { readonly kinds: readonly KindSpec[] }) {
  return { kinds: [...kinds, ...specs] };
}
