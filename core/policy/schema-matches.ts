/** Schema of what applies to some users or keys only: overrides and exemptions. */
import { z } from 'zod';
import { kindSections } from '../kinds/kinds.ts';
import { nearestOf } from '../nearest.ts';
import { rootUserName } from '../report/types.ts';
import { ruleIds } from '../rules/ids.ts';
import {
  type Judge,
  judgeAccessKeyId,
  judgeAccount,
  judgeArn,
  judgeCredentialId,
  judgePath,
  judgeTagKey,
  judgeTagKeys,
  judgeTagValue,
  judgeTogether,
  judgeUser,
} from './match-problems.ts';
import { judgeReach } from './match-reach.ts';
import type { Match } from './policy.ts';
import { kindThresholds, thresholds } from './schema-thresholds.ts';
import { date, judged, oneOf, text } from './schema-values.ts';

/** All globs are anchored: `*` matches any run of characters, `?` matches one. */
const glob = (description: string, judge: Judge) =>
  judged(
    'a string or a glob with * and ?',
    judge,
    `${description} Anchored glob: * matches any characters, ? matches one.`,
  );

const tags = z
  .record(z.string(), glob('Value of the tag.', judgeTagValue), {
    error: 'expected tag keys with values, such as { kind: machine }',
  })
  .superRefine((given, context) => {
    const none = Object.keys(given).length === 0 ? 'expected at least one tag, such as { kind: machine }' : undefined;
    const message = none ?? judgeTagKeys(given);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
    for (const key of Object.keys(given)) {
      const problem = judgeTagKey(key);
      if (problem !== undefined)
        context.addIssue({ code: 'custom', message: problem, path: [key], params: { about: 'key' } });
    }
  })
  .meta({ description: 'Tags of the user; all of them must match.' });

const shared = {
  user: glob('User name, ignoring case. Matches the root user only if written as <root_account>.', judgeUser),
  path: glob('IAM path with both slashes, such as /machines/*.', judgePath).optional(),
  account: judged(
    'an account id of 12 digits',
    judgeAccount,
    'Account id, 12 digits in quotes. Anchored glob: * matches any characters, ? matches one.',
    12,
  ).optional(),
  tag: tags.optional(),
};

const userMatch = {
  user: glob('User name, ignoring case.', (text) => judgeUser(text) ?? refuseRoot(text)).optional(),
  path: shared.path,
  arn: glob('ARN of the user.', judgeArn(false)).optional(),
  account: shared.account,
  tag: shared.tag,
};

const principalMatch = {
  user: shared.user.optional(),
  path: shared.path,
  arn: glob('ARN of the user or of the root user.', judgeArn(true)).optional(),
  account: shared.account,
  tag: shared.tag,
  accessKeyId: glob('Access key id.', judgeAccessKeyId).optional(),
  credentialId: glob('Id of a credential of any kind.', judgeCredentialId).optional(),
};

/** There is one root user per account, and no override for it: its thresholds are at the top of the file. */
function refuseRoot(user: string): string | undefined {
  return user === rootUserName
    ? 'expected a user: the thresholds of the root user are at the top of the file'
    : undefined;
}

function matchOf<T extends z.ZodRawShape>(shape: T) {
  const error = `expected at least one of ${Object.keys(shape).join(', ')}`;
  return z
    .strictObject(shape, { error })
    .superRefine((match, context) => {
      const none = Object.keys(match).length === 0 ? error : undefined;
      const message = none ?? judgeTogether(match as Match);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .meta({ description: 'Whom it applies to: every part that is given must match.' });
}

const sectionNames = [...kindSections, 'consolePasswords'];

export const override = z
  .strictObject({
    match: matchOf(userMatch),
    ...kindThresholds,
    consolePasswords: thresholds.consolePasswords,
  })
  .refine(({ match: _, ...sections }) => Object.values(sections).some((one) => Object.keys(one ?? {}).length > 0), {
    error: `expected at least one threshold in ${sectionNames.join(' or ')}: without one it changes nothing`,
  });

const noRule = 'expected at least one rule, or "*" for all';

/** A question, if each id that does not exist is near one that does. */
function meant(rules: unknown): string | undefined {
  const given = (Array.isArray(rules) ? rules : [rules]).filter((id) => typeof id === 'string');
  const unknown = given.filter((id) => !isRuleId(id));
  const found = unknown.flatMap((id) => nearestOf(id, ruleIds) ?? []);
  if (found.length === 0 || found.length < unknown.length) return undefined;
  return `rules; did you mean ${Array.isArray(rules) ? found.join(', ') : `[${found.join(', ')}]`}?`;
}

function isRuleId(id: string): boolean {
  return ruleIds.some((known) => known === id);
}

export const exemption = z
  .strictObject({
    match: matchOf(principalMatch),
    rules: z
      .union([z.literal('*'), z.array(oneOf(ruleIds, 'A rule id.')).min(1, { error: noRule })], {
        error: ({ input }) => `expected "*" or a list of ${meant(input) ?? `these rules: ${ruleIds.join(', ')}`}`,
      })
      .meta({ description: 'The rules that it exempts from, or "*" for all.' }),
    reason: text('the reason for the exemption', /\S/, 'Why the exemption is justified.'),
    owner: text('the owner of the exemption', /\S/, 'Who is responsible for it, such as an e-mail address.'),
    expires: date('Last day (UTC) on which it applies. An expired exemption is a finding.'),
  })
  .superRefine(({ match, rules }, context) => {
    const message = judgeReach(match as Match, rules);
    if (message !== undefined) context.addIssue({ code: 'custom', message, path: ['rules'] });
  });
