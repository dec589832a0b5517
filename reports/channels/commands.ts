/** Commands about the subscriptions of a topic, for people to copy. */
import { printable } from '../printable.ts';
import type { ShellCommand } from '../shell-command.ts';
import { inShell } from '../shell-word.ts';

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
