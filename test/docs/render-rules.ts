import { controlsByCondition } from '../../core/benchmarks/index.ts';
import { formatDuration } from '../../core/duration.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { rules } from '../../core/rules/index.ts';
import type { Rule } from '../../core/rules/rule.ts';

const introduction = `# The rules

What keysweep checks, generated from the rules themselves (\`npm run docs\`). \`keysweep rules RULE\` shows the same on
the terminal.

- Times are compared to the millisecond, never in whole days. *Too old* starts just after the limit (rotated every 90
  days *or less* is fine), *unused* at the limit (45 days *or greater* is not).
- A credential that was never used is judged by its own rule, from its creation and with a grace of its own. It is never
  passed over.
- A key that is both too old and unused has both findings: they are two reasons.
- What cannot be judged is a finding of status \`error\`, and an \`error\` makes the exit code 2. An unknown is never a
  pass. See [output.md](output.md#what-error-means).
- Severities can be changed, and rules disabled, in [keysweep.yaml](policy.md#rules). Single users, keys or tags are
  excused by [exemptions](policy.md#exemptions), which end.

A finding carries a control only if it violates it: [benchmarks.md](benchmarks.md) lists them by benchmark.
`;

const subjects: readonly (readonly [readonly Rule['subject'][], string])[] = [
  [['root'], '## The root user'],
  [['user', 'credential'], '## IAM users'],
  [['account'], '## The account'],
];

/** docs/RULES.md. */
export function renderRules(): string {
  const sections = subjects.map(([those, heading]) => {
    return [heading, ...rules.filter(({ subject }) => those.includes(subject)).map(renderRule)].join('\n\n');
  });
  return `${[introduction, ...sections].join('\n')}`.replaceAll(/\n{3,}/g, '\n\n');
}

function renderRule({ id, title, severity, isOffByDefault, condition, why, remedy }: Rule): string {
  const facts = [
    ['Severity', isOffByDefault ? `${severity}; off by default` : severity],
    ['Fails when', asCode(condition)],
    ['Settings', settingsIn(condition).map(describeSetting).join(', ')],
    ['Why', why],
    ['What to do', remedy],
    ['Controls', controlsText(id)],
  ].filter(([, text]) => text !== '');
  return `### ${id}\n\n${title}.\n\n${facts.map(([label, text]) => `- **${label}:** ${text}`).join('\n')}\n`;
}

const setting = /\b(?:accessKeys|consolePasswords|root|limits)\.[a-zA-Z]+/g;

/** The paths of settings that a condition names. */
export function settingsIn(condition: string): string[] {
  return [...new Set(condition.match(setting))];
}

function controlsText(rule: Rule['id']): string {
  return [...controlsByCondition(rule)]
    .map(([when, ids]) => (when === undefined ? ids.join(', ') : `if ${when}: ${ids.join(', ')}`))
    .join('; ');
}

function asCode(condition: string): string {
  return condition.replaceAll(setting, '`$&`').replaceAll('not_supported', '`not_supported`');
}

function describeSetting(path: string): string {
  const [group = '', key = ''] = path.split('.');
  const values: Readonly<Record<string, unknown>> = { ...defaultPolicy };
  const value = (values[group] as Record<string, unknown>)[key];
  return `\`${path}\` (default: ${typeof value === 'number' ? formatDuration(value) : 'not set'})`;
}
