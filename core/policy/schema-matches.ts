/** Schema of what is said of some users or keys only: overrides and exemptions. */
import { z } from 'zod';
import { ruleIds } from '../rules/ids.ts';
import { thresholds } from './schema-thresholds.ts';
import { date, glob, oneOf, text } from './schema-values.ts';

const principalMatch = {
  user: glob('User name, case ignored. Does not reach the root user.').optional(),
  path: glob('IAM path with both slashes, such as /machines/*.').optional(),
  arn: glob('ARN of the principal.').optional(),
  account: glob('Account id.').optional(),
  tag: z
    .record(z.string().min(1), glob('Value of the tag.'), {
      error: 'expected tag keys with values, such as { kind: machine }',
    })
    .refine((tags) => Object.keys(tags).length > 0, { error: 'expected at least one tag, such as { kind: machine }' })
    .meta({ description: 'Tags of the user; all of them must match.' })
    .optional(),
};

const keyIdMatch = { accessKeyId: glob('Access key id.').optional() };

function matchOf<T extends z.ZodRawShape>(shape: T) {
  const error = `expected at least one of ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape, { error }).refine((match) => Object.keys(match).length > 0, { error });
}

export const override = z
  .strictObject({
    match: matchOf(principalMatch),
    // The root user is one per account, and is not matched: its thresholds stand at the top of the file.
    accessKeys: thresholds.accessKeys,
    consolePasswords: thresholds.consolePasswords,
  })
  .refine(
    ({ accessKeys = {}, consolePasswords = {} }) => Object.keys({ ...accessKeys, ...consolePasswords }).length > 0,
    {
      error: 'expected at least one threshold in accessKeys or consolePasswords: without any it changes nothing',
    },
  );

const noRule = 'expected at least one rule, or "*" for all';

export const exemption = z.strictObject({
  match: matchOf({ ...principalMatch, ...keyIdMatch }),
  rules: z
    .union([z.literal('*'), z.array(oneOf(ruleIds, 'A rule id.')).min(1, { error: noRule })], {
      error: `expected "*" or a list of rules, of ${ruleIds.join(', ')}`,
    })
    .meta({ description: 'The rules that are excused, or "*" for all.' }),
  reason: text('the reason for the exemption', /\S/, 'Why it is right to leave this alone.'),
  owner: text('who answers for the exemption', /\S/, 'Who answers for it, such as an e-mail address.'),
  expires: date('Last day (UTC) on which it holds. An expired exemption is a finding.'),
});
