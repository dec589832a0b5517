import type { Benchmark, Violation } from '../../core/benchmarks/benchmark.ts';
import { benchmarks } from '../../core/benchmarks/index.ts';

const introduction = `# Benchmarks

Which finding violates which control, and when, generated from the tables in core/benchmarks (\`npm run docs\`).

- A finding lists a control only if its own facts violate it. Your policy may be stricter than a benchmark: a key that is
  unused for 10 days is a finding under \`maxIdle: 10d\`, but violates no control that allows 45 days.
- A finding of status \`error\` could not be judged, so it lists none. It is not a pass: while a rule has errors, its
  controls are undecided.
- An exempt finding still violates its controls. Whether the exemption satisfies your auditor is for you to show; the
  finding carries its reason, owner and last day.
- A control is met only as far as these rules look. Controls that keysweep does not judge, such as hardware MFA or the
  password policy, are not listed.
- A rule that is off by default counts only when keysweep.yaml enables it. Without \`user-mfa-missing\`, \`SecurityHub:IAM.19\`
  is judged for users with a password alone.
`;

/** docs/benchmarks.md. */
export function renderBenchmarks(): string {
  return [introduction, ...benchmarks.map(renderBenchmark)].join('\n');
}

function renderBenchmark({ id, title, controls }: Benchmark): string {
  const rows = controls.flatMap(({ number, title: asks, violatedBy }) =>
    violatedBy.map((violation, at) => renderRow(at === 0 ? [`\`${id}:${number}\``, asks] : ['', ''], violation)),
  );
  return `## ${title}\n\n| control | asks | rule | counts |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function renderRow(cells: readonly string[], { rule, when }: Violation): string {
  return `| ${[...cells, `[${rule}](RULES.md#${rule})`, when?.text ?? 'always'].join(' | ')} |`;
}
