import { type Command, Option } from 'commander';
import { KeysweepError } from '../../core/error.ts';
import { nearestOf } from '../../core/nearest.ts';
import { rules } from '../../core/rules/index.ts';
import type { RuleInfo } from '../../core/rules/rule.ts';
import { renderRule, renderRuleList, renderRulesJson } from '../../reports/rule-catalogue.ts';
import type { CommandContext } from '../command.ts';
import { writeResults } from '../output.ts';
import { styleFor } from '../terminal.ts';

interface RulesCommandOptions {
  readonly output: 'table' | 'json';
  readonly color: boolean;
}

export function addRulesCommand(program: Command, { io }: CommandContext): void {
  program
    .command('rules')
    .summary('list the rules, or explain one')
    .description(
      'Lists the rules. With rule ids: when each rule fails, why it matters, what to do, and which controls require it.',
    )
    .argument('[rule...]', 'rule ids, such as access-key-unused')
    .addOption(new Option('--output <format>', 'output format').choices(['table', 'json']).default('table'))
    .option('--no-color', 'no colors')
    .action(async (ids: string[], { output, color }: RulesCommandOptions) => {
      const chosen = ids.length === 0 ? rules : ids.map(findRule);
      const style = styleFor(io.stdout, io.env, color);
      if (output === 'json') return writeResults(renderRulesJson(chosen), io);
      const text =
        ids.length === 0 ? renderRuleList(chosen, style) : chosen.map((rule) => renderRule(rule, style)).join('\n');
      return writeResults(text, io);
    });
}

function findRule(id: string): RuleInfo {
  const found = rules.find((rule) => rule.id === id);
  if (found !== undefined) return found;
  const near = nearestOf(
    id,
    rules.map((rule) => rule.id),
  );
  const question = near === undefined ? '' : `Did you mean ${near}? `;
  throw new KeysweepError('RuleUnknown', `there is no rule ${JSON.stringify(id)}`, {
    hint: `${question}Run keysweep rules to list them all.`,
  });
}
