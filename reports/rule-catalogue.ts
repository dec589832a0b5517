import { createColors } from 'picocolors';
import { controlsByCondition, controlsOf } from '../core/benchmarks/index.ts';
import type { RuleInfo } from '../core/rules/rule.ts';
import type { TextStyle } from './table.ts';
import { pad, wrap } from './text-layout.ts';

/** The rules in a line each, in the order given. */
export function renderRuleList(rules: readonly RuleInfo[], style: TextStyle): string {
  const colors = createColors(style.color);
  const idCells = Math.max(0, ...rules.map(({ id }) => id.length));
  const lines = rules.flatMap(({ id, severity, title, isOffByDefault }) => {
    const left = `${pad(id, idCells)}  ${pad(severity, 'critical'.length)}  `;
    const [first = '', ...rest] = wrap(
      isOffByDefault ? `${title} (off by default)` : title,
      Math.max(20, style.width - left.length),
    );
    return [
      `${colors.bold(pad(id, idCells))}${left.slice(idCells)}${first}`,
      ...rest.map((line) => pad('', left.length) + line),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** One rule in full. */
export function renderRule(rule: RuleInfo, style: TextStyle): string {
  const colors = createColors(style.color);
  const width = Math.min(style.width, 100);
  const facts = [
    ['When', rule.condition],
    ['Why', rule.why],
    ['Do', rule.remedy],
    ['Off', rule.isOffByDefault ? `by default; to enable it: rules: { ${rule.id}: on }` : ''],
    ...[...controlsByCondition(rule.id)].map(([when, ids], at) => {
      return [
        at === 0 ? 'Controls' : '',
        when === undefined ? ids.join(', ') : `if ${when}: ${ids.join(', ')}`,
      ] as const;
    }),
  ] as const;
  const lines = facts
    .filter(([, text]) => text !== '')
    .flatMap(([label, text]) =>
      wrap(text, width - 12).map((line, at) => `  ${at === 0 ? colors.dim(pad(label, 10)) : pad('', 10)}${line}`),
    );
  return [`${colors.bold(rule.id)} (${rule.severity}): ${rule.title}`, ...lines, ''].join('\n');
}

/** The rules as JSON of schema `keysweep/rules/v1`. */
export function renderRulesJson(rules: readonly RuleInfo[]): string {
  const data = rules.map(({ id, title, severity, isOffByDefault, condition, why, remedy }) => {
    const controls = controlsOf(id).map((control) => ({ ...control, when: control.when?.text ?? null }));
    return { id, title, severity, enabledByDefault: isOffByDefault !== true, condition, why, remedy, controls };
  });
  return `${JSON.stringify({ schema: 'keysweep/rules/v1', rules: data }, undefined, 2)}\n`;
}
