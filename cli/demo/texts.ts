import { createColors } from 'picocolors';
import { dayInWords } from '../../reports/lifecycle-words.ts';
import type { TextStyle } from '../../reports/table.ts';
import { wrap } from '../../reports/text-layout.ts';
import { accountInWords, counted } from '../../reports/words.ts';
import { type PublishedMessage, textFor } from '../../sandbox/index.ts';
import type { Io } from '../io.ts';
import { nextCommand } from '../notes.ts';
import { endOfId } from './life.ts';
import type { DemoNight, DemoNights } from './nights.ts';
import { nightCount } from './setting.ts';
import { wasInUse } from './verdict.ts';

/** The account and the policy of the demo. */
export function foreword({ audit, users, requests }: DemoNight, policy: string, style: TextStyle): string {
  const colors = createColors(style.color);
  const text =
    `One night at ${accountInWords(audit.account)}: ${users} users in a local AWS account inside this process. The real ` +
    `auditor has just audited it through the AWS SDK, with ${counted(total(requests), 'HTTP request')}. This is its ` +
    'policy; settings not shown have their defaults:';
  return [
    ...heading('KEYSWEEP DEMO', style),
    ...wrap(text, widthOf(style)),
    '',
    ...policy
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : colors.dim(`    ${line}`))),
    '',
    ...heading('WHAT THE AUDIT FOUND', style),
  ].join('\n');
}

/** The alert as e-mailed. */
export function alertAsReceived(message: PublishedMessage | undefined, style: TextStyle): string {
  return mailAsReceived('WHAT THE SECURITY TEAM GOT BY E-MAIL', message, style);
}

function mailAsReceived(title: string, message: PublishedMessage | undefined, style: TextStyle): string {
  const head = heading(title, style);
  if (message === undefined) return [...head, 'Nothing.', ''].join('\n');
  const colors = createColors(style.color);
  const mail = [
    'From: AWS Notifications',
    'To: security@acme.example',
    `Subject: ${message.subject ?? ''}`,
    '',
    ...textFor(message, 'email').trimEnd().split('\n'),
  ];
  return [...head, ...mail.map((line) => `${colors.dim('|')} ${line}`.trimEnd()), ''].join('\n');
}

/** The requests and changes of one night. */
export function nightCost({ users, requests, writes }: DemoNight, style: TextStyle): string {
  const perAction = Object.entries(requests).map(([action, count]) => `    ${String(count).padStart(4)}  ${action}`);
  const cost =
    `${counted(total(requests), 'request')} for ${users} users: the credential report comes first, and keys are read live ` +
    "only for users with something to decide. A tool that lists every user's keys and reads each key's last use sends one " +
    'request per user and one per key.';
  return [
    ...heading('WHAT IT COST', style),
    ...perAction,
    '',
    ...wrap(cost, widthOf(style)),
    `Changes in IAM, by the sandbox's own record: ${writes}.`,
    '',
  ].join('\n');
}

/** Before the nights. */
export function nightsForeword(users: number, style: TextStyle): string {
  const text =
    `The same company, with mode: enforce in its policy, and ${users} of its users with access keys. Every night the ` +
    'sandbox clock advances by a day, people keep working, and the real audit and sweep run over HTTP with a ledger in a ' +
    'file. Nights without news, or with requests to rotate only, are not shown. A key is named by its user and the end of ' +
    'its id, which is the same as in the audit above.';
  return [...heading(`${nightCount} NIGHTS`, style), ...wrap(text, widthOf(style)), '', ''].join('\n');
}

/** One digest as e-mailed: the shortest of those about deactivated keys. */
export function digestAsReceived(digests: readonly PublishedMessage[], style: TextStyle): string {
  const [shortest] = digests
    .filter((digest) => textFor(digest, 'email').includes('DEACTIVATED TONIGHT'))
    .toSorted((a, b) => textFor(a, 'email').length - textFor(b, 'email').length);
  return mailAsReceived('ONE OF THE DIGESTS', shortest, style);
}

/** The totals of all nights, and the answer to the question that matters. */
export function verdictInWords({ nights, digests, requests, verdict }: DemoNights, style: TextStyle): string {
  const colors = createColors(style.color);
  const notices = nights.flatMap(({ result }) => result?.actions ?? []).filter(({ type }) => type === 'warn').length;
  const { deactivated, deleted, deletedOfOthers, restored, leastIdleDays, leastInactiveDays, rashDeletions } = verdict;
  const sums: readonly (readonly [string, string])[] = [
    ['active keys', `${verdict.activeBefore} at the start, ${verdict.activeAfter} now`],
    ['notices', `${notices}, in ${counted(digests.length, 'message')}`],
    ['deactivated', String(deactivated)],
    ['restored', String(restored)],
    ['deleted', `${deleted}, ${deletedOfOthers} of them first seen inactive`],
    ['requests', `${requests}, ${Math.round(requests / nights.length)} a night`],
  ];
  const facts = [
    `Shortest time from the last real use of a key (its creation, if it was never used) to its deactivation: ${Math.floor(leastIdleDays)} days. A key counts as in use for 14 days.`,
    `Shortest time from a deactivation to the deletion of the same key: ${Math.floor(leastInactiveDays)} days. Deletions of an active key, or within a day: ${rashDeletions}.`,
    ...verdict.refusals.map(({ at, userName, accessKeyId, idleDays }) => {
      return `${dayInWords(at)}: a request of ${userName} was rejected. Its key (${endOfId(accessKeyId)}) had been unused for ${Math.floor(idleDays)} days when it was deactivated, after three notices. It was restored the same day.`;
    }),
  ];
  const answer = wasInUse(verdict) ? 'YES. This is a bug in keysweep. Please report it.' : 'No.';
  const intro =
    "According to the sandbox's own records of every IAM change and every key use, which keysweep cannot see:";
  return [
    ...heading(`AFTER ${nightCount} NIGHTS`, style),
    ...sums.map(([label, text]) => `    ${label.padEnd(14)}${text}`),
    '',
    ...heading('WAS ANYTHING IN USE EVER DEACTIVATED?', style),
    ...wrap(intro, widthOf(style)),
    ...facts.flatMap((fact) => wrap(fact, widthOf(style) - 2).map((line, at) => `${at === 0 ? '-' : ' '} ${line}`)),
    '',
    colors.bold(answer),
    '',
    '',
  ].join('\n');
}

/** Where to go from here. */
export function yourTurn(style: TextStyle, io: Pick<Io, 'env'>): string {
  const steps = [
    ['audit --profile NAME', 'your own account, read-only'],
    ['forecast --profile NAME', 'what would happen there, by date, read-only'],
    ['audit --report report.csv', 'a saved credential report, offline'],
    ['sandbox', 'this account, to try things on'],
    ['init', 'a starter policy file'],
  ] as const;
  const lines = steps.flatMap(([args, text]) => [`  ${nextCommand(args, io)}`, `      ${text}`]);
  return [...heading('YOUR TURN', style), ...lines, ''].join('\n');
}

function heading(title: string, style: TextStyle): string[] {
  const colors = createColors(style.color);
  return [colors.bold(`== ${title} ${'='.repeat(Math.max(3, widthOf(style) - title.length - 4))}`), ''];
}

function widthOf({ width }: TextStyle): number {
  return Math.min(Math.max(width, 40), 100);
}

function total(requests: Readonly<Record<string, number>>): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}
