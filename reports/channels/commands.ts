/** Commands for people to copy: one that does not fit on a line is broken between its options, as a shell reads it. */
import { printable } from '../printable.ts';
import { inShell } from '../shell-word.ts';

/** Its pieces are kept whole. */
export type ShellCommand = readonly string[];

/** `aws sns ...`, in the region of the topic. */
export function topicCommand(
  topicArn: string,
  operation: string,
  options: readonly (readonly [name: string, value: string])[],
): ShellCommand {
  const region = topicArn.split(':')[3] ?? '';
  const all = [...options, ['region', region] as const];
  return [`aws sns ${operation}`, ...all.map(([name, value]) => `--${name} ${inShell(printable(value))}`)];
}

/**
 * Confirms a subscription so that only the owners of topic and subscription can end it. Source: the SNS API reference,
 * ConfirmSubscription, AuthenticateOnUnsubscribe.
 */
export function confirmCommand(topicArn: string): ShellCommand {
  return topicCommand(topicArn, 'confirm-subscription', [
    ['topic-arn', topicArn],
    ['token', 'TOKEN'],
    ['authenticate-on-unsubscribe', 'true'],
  ]);
}

/** Lines of at most so many characters, where its pieces are not longer. */
export function commandLines(command: ShellCommand, width: number): readonly string[] {
  const lines: string[] = [];
  for (const [at, piece] of command.entries()) {
    const line = lines.at(-1);
    const end = at === command.length - 1 ? 0 : 2;
    if (line !== undefined && line.length + 1 + piece.length + end <= width)
      lines[lines.length - 1] = `${line} ${piece}`;
    else lines.push(line === undefined ? piece : `    ${piece}`);
  }
  return lines.map((line, at) => (at === lines.length - 1 ? line : `${line} \\`));
}
