import type { Mode } from '../../core/policy/policy.ts';
import { counted, timeInWords } from '../words.ts';
import { type ForecastDocument, isNamedBySlot } from './document.ts';

const modes: Readonly<Record<Mode, string>> = {
  audit: 'Mode enforce. The policy says audit, in which nothing of this is done.',
  warn: 'Mode enforce. The policy says warn, in which people are notified, but nothing is deactivated or deleted.',
  enforce: 'Mode enforce, as in the policy.',
};

/** What a forecast assumes, in sentences: whoever decides by it must know them. */
export function assumptionsOf({ model, offline, asOf, forecast }: ForecastDocument): readonly string[] {
  const { from, nights, use, policyMode, ledger, denied } = model;
  return [
    modes[policyMode],
    use === 'continue'
      ? 'Use goes on: a key that was used within the in-use window is used every day, and no other key is used again.'
      : 'Use stops: no one uses any key from now on.',
    'No one creates, deletes or switches a key by hand; tags and the policy stay as they are.',
    `One sweep every 24 hours, ${counted(nights, 'night')} from ${timeInWords(from)} on; none is missed, and every notice goes out.`,
    ledger === undefined
      ? 'No ledger was given: every key starts without a notice. With --ledger the forecast goes on from where the sweeps are.'
      : `Notices and deactivations so far are as in the ledger ${ledger}; a notice that has not gone out does not count.`,
    ...(denied === 0
      ? []
      : [
          `AWS allows from now on what it denied so far (for ${counted(denied, 'key')}); while it does not, nothing becomes of that.`,
        ]),
    ...(offline
      ? [
          `A saved report as of ${timeInWords(asOf)}: without key ids and tags, keys are named by user and slot, and what hangs on tags or ids is not forecast.`,
        ]
      : forecast.events.some(isNamedBySlot)
        ? [
            'A key that is in order tonight is not read live, so its id is not known yet and it is named by user and slot (access key 1). To see the ids of a user: aws iam list-access-keys --user-name NAME',
          ]
        : []),
  ];
}
