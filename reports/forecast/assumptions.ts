import type { Mode } from '../../core/policy/policy.ts';
import { counted, timeInWords } from '../words.ts';
import { type ForecastDocument, isNamedBySlot } from './document.ts';

const modes: Readonly<Record<Mode, string>> = {
  audit: 'Mode enforce. The policy is in mode audit, which does none of this.',
  warn: 'Mode enforce. The policy is in mode warn, which notifies people but deactivates and deletes nothing.',
  enforce: 'Mode enforce, as in the policy.',
};

/** What a forecast assumes, in sentences: a decision based on it depends on them. */
export function assumptionsOf({ model, offline, asOf, forecast }: ForecastDocument): readonly string[] {
  const { from, nights, use, policyMode, ledger, denied } = model;
  return [
    modes[policyMode],
    use === 'continue'
      ? 'Use continues: a key that was used within inUseWindow is used every day, and no other key is used again.'
      : 'Use stops: no key is used from now on.',
    'No one creates, deletes, deactivates or reactivates a key by hand; tags and policy stay as they are.',
    `One sweep every 24 hours, ${counted(nights, 'night')} starting ${timeInWords(from, model.timezone)}; none is missed, and every notice is delivered.`,
    ledger === undefined
      ? 'No ledger was given, so every key starts without a notice. With --ledger, the forecast starts from the stage of each key.'
      : `Notices and deactivations so far are as in the ledger ${ledger}; an undelivered notice does not count.`,
    ...(denied === 0
      ? []
      : [
          `From now on, AWS allows the changes that it has denied so far (for ${counted(denied, 'key')}). Until it does, they do not happen.`,
        ]),
    ...(offline
      ? [
          `A saved report as of ${timeInWords(asOf, model.timezone)}: without key ids and tags, keys are named by user and slot, and anything that depends on tags or ids is not forecast.`,
        ]
      : forecast.events.some(isNamedBySlot)
        ? [
            'A key that is compliant tonight is not read live, so it is named by user and slot (access key 1), not by id. To see the ids of a user: aws iam list-access-keys --user-name NAME',
          ]
        : []),
  ];
}
