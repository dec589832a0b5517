import { countEvents } from '../../core/events.ts';
import type { SweepResult } from '../../core/lifecycle/sweep-result.ts';
import { printable } from '../printable.ts';
import type { TextStyle } from '../table.ts';
import { wrap } from '../text-layout.ts';
import { accountInWords, counted } from '../words.ts';
import { summaryOf } from './document.ts';
import { renderWrites } from './table.ts';

/** What a sweep rests on, besides its account and mode. */
export interface SweepTerms {
  /** ARN of who signs the requests. */
  readonly caller: string;
  /** The policy file. */
  readonly policy: string;
  readonly ledger?: string;
  /** Absent if no one is notified, on purpose. */
  readonly topicArn?: string;
  /** Absent if no events are published. */
  readonly eventBus?: string;
  /** The alert that would be sent, and where; absent if none would. */
  readonly alert?: string;
  /** Keys with a notice that an earlier sweep could not deliver, or with a change that one began and that is no longer due. */
  readonly unfinished: number;
  /** Keys that the digest names. */
  readonly notices: number;
}

/** What a person is asked about before a sweep: each change, then where, as whom, by which rules, and how much. */
export function renderSweepQuestion(planned: SweepResult, terms: SweepTerms, style: TextStyle): string {
  const { deactivate, delete: deletions, observe, resolve } = summaryOf(planned).actions;
  const recipients =
    terms.topicArn === undefined ? 'sent to no one (--no-notify), and count as delivered' : `to ${terms.topicArn}`;
  const found = observe + resolve;
  const { unfinished, notices, eventBus } = terms;
  const published = eventBus === undefined ? 0 : countEvents(planned);
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['account', accountInWords(planned.account)],
    ['caller', terms.caller],
    ['policy', terms.policy],
    ['mode', planned.mode],
    ['ledger', terms.ledger],
    ['alert', terms.alert],
    ['notices', notices === 0 ? undefined : `about ${counted(notices, 'key')}, ${recipients}`],
    ['events', published === 0 ? undefined : `one for each of ${counted(published, 'key')}, to ${eventBus}`],
    ['recorded', found === 0 ? undefined : `${counted(found, 'key')} found changed, or no longer due`],
    [
      'earlier',
      unfinished === 0 ? undefined : `what earlier sweeps left unfinished about ${counted(unfinished, 'key')}`,
    ],
    ['changes', `${counted(deactivate, 'key')} deactivated, ${counted(deletions, 'key')} deleted`],
  ];
  const width = Math.min(Math.max(style.width, 40), 140);
  const rows = lines.flatMap(([name, value]) => {
    if (value === undefined) return [];
    return wrap(printable(value), width - 11).map((line, at) => `  ${(at === 0 ? name : '').padEnd(9)}${line}`);
  });
  return `${renderWrites(planned, style)}${['About to sweep:', ...rows].join('\n')}\n\n`;
}
