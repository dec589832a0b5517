import { given } from '../given.ts';
import { type KindSection, kindSections } from '../kinds/kinds.ts';
import { defaultPolicy } from './defaults.ts';
import type { Policy, ThresholdChanges } from './policy.ts';
import type { PolicyFile } from './schema.ts';
import { withChanges } from './thresholds.ts';

/** A checked policy file with every default filled in. */
export function resolvePolicy(file: PolicyFile): Policy {
  const calendar = { ...defaultPolicy.calendar, ...given(file.calendar ?? {}) };
  const { schedule, roles, ...deployment } = file.deployment ?? {};
  return {
    version: file.version,
    mode: file.mode ?? defaultPolicy.mode,
    ...withChanges(defaultPolicy, changesOf(file)),
    root: { ...defaultPolicy.root, ...given(file.root ?? {}) },
    limits: { ...defaultPolicy.limits, ...given(file.limits ?? {}) },
    calendar,
    overrides: (file.overrides ?? []).map(({ match, ...changes }) => ({ match: given(match), ...changesOf(changes) })),
    exemptions: (file.exemptions ?? []).map((exemption) => ({ ...exemption, match: given(exemption.match) })),
    rules: given(file.rules ?? {}),
    notices: { ...defaultPolicy.notices, ...given(file.notices ?? {}) },
    deployment: {
      ...defaultPolicy.deployment,
      ...given(deployment),
      ...(roles === undefined ? {} : { roles: given(roles) }),
      schedule: { ...defaultPolicy.deployment.schedule, timezone: calendar.timezone, ...given(schedule ?? {}) },
    },
  };
}

function changesOf({
  consolePasswords,
  ...others
}: Pick<PolicyFile, KindSection | 'consolePasswords'>): ThresholdChanges {
  const ofKinds = kindSections.flatMap((section) => {
    const changes = others[section];
    return changes === undefined ? [] : [[section, given(changes)] as const];
  });
  return {
    ...Object.fromEntries(ofKinds),
    ...(consolePasswords === undefined ? {} : { consolePasswords: given(consolePasswords) }),
  };
}
