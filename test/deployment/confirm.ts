import type { Emulator } from './emulator/emulator.ts';
import type { Mail } from './sinks.ts';

/** Whether SNS asks with this mail whether the address may be subscribed. */
export function isConfirmationMail({ subject }: Pick<Mail, 'subject'>): boolean {
  return subject.includes('Subscription Confirmation');
}

/** Confirms as a person does: with the token of each mail that asks for it. Gives how many there were. */
export async function confirmAddresses({ call }: Emulator, mails: readonly Mail[]): Promise<number> {
  const asked = mails.filter(isConfirmationMail);
  for (const { text } of asked) {
    const { TopicArn, Token } = Object.fromEntries(new URLSearchParams(text.trim()));
    await call('sns', 'ConfirmSubscription', { TopicArn, Token, AuthenticateOnUnsubscribe: 'true' });
  }
  return asked.length;
}
