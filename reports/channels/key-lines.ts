/** What the policy of a deployment's key allows, for people, and what to add to it. */
import type { createColors } from 'picocolors';
import { isSoundKey, type JudgedUse, type KeyCheck } from '../../core/key-policy/judge.ts';
import { principalOf } from '../../core/key-policy/uses.ts';
import { printable } from '../printable.ts';
import { pad, wrap } from '../text-layout.ts';
import { commandIn, indented } from './lines.ts';

const allowedCells = 11;

export function keyLines(check: KeyCheck, width: number, colors: ReturnType<typeof createColors>): readonly string[] {
  const { keyArn } = check;
  const title = wrap(`KEY ${keyArn}`, width).map(colors.bold);
  if ('unread' in check) {
    return [
      ...title,
      ...indented(printable(`Not checked. Its policy could not be read: ${check.unread}.`), 2, width).map(
        colors.yellow,
      ),
      ...indented('If it is wrong, alerts, digests, alarms and dead letters are lost together.', 2, width),
      ...indented('To check it with credentials of the account of the key:', 2, width),
      ...commandIn(readCommand(keyArn), 4, width),
      ...commandIn(['keysweep channels', '--key-policy key-policy.json'], 4, width),
    ];
  }
  const paint = isSoundKey(check) ? colors.green : colors.yellow;
  const { uses } = check;
  const missing = uses.filter(({ verdict }) => verdict !== 'allowed');
  return [
    ...title,
    ...indented(
      missing.length === 0 ? 'Its policy allows all that is needed.' : 'Its policy may not allow all that is needed.',
      2,
      width,
    ).map(paint),
    `  ${pad('ALLOWED', allowedCells)}WHO`,
    ...uses.flatMap((use) => rowsOf(use, width)),
    // Not wrapped: to be copied.
    ...(missing.length === 0
      ? []
      : ['  Add to the policy of the key:', ...missing.map(({ statement }) => `    ${JSON.stringify(statement)}`)]),
  ];
}

function rowsOf(use: JudgedUse, width: number): readonly string[] {
  const row = `  ${pad(words[use.verdict], allowedCells)}${principalOf(use)}`;
  if (use.verdict === 'allowed') return [row];
  return [
    row,
    ...indented(printable(sentence(`${use.why ?? ''}. Without it ${use.without}.`)), 2 + allowedCells, width),
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

const words: Readonly<Record<JudgedUse['verdict'], string>> = { allowed: 'yes', missing: 'no', uncertain: 'unknown' };

/** What writes the policy of a key into a file. */
function readCommand(keyArn: string): readonly string[] {
  const region = keyArn.split(':')[3] ?? '';
  return [
    'aws kms get-key-policy',
    `--key-id ${keyArn}`,
    '--policy-name default',
    `--region ${region}`,
    '--output text',
    '> key-policy.json',
  ];
}
