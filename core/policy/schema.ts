/**
 * The schema of keysweep.yaml. Everything but `version` is optional; {@link resolvePolicy} fills in the defaults.
 * Editors show the descriptions, from the JSON Schema.
 */
import { z } from 'zod';
import { MINUTE } from '../duration.ts';
import { severities } from '../model.ts';
import { ruleIds } from '../rules/ids.ts';
import { defaultPolicy } from './defaults.ts';
import { deploymentSection } from './schema-deployment.ts';
import { exemption, override } from './schema-matches.ts';
import { noticesSection } from './schema-notices.ts';
import { thresholds } from './schema-thresholds.ts';
import { cap, duration, isDate, oneOf, text, timezone, withDefault } from './schema-values.ts';

const ruleSetting = z
  .union(
    [
      oneOf(['on', 'off'], 'Enable or disable the rule.').transform((value) => ({ enabled: value === 'on' })),
      z
        .strictObject({ severity: oneOf(severities, 'Severity of its findings.') })
        .transform(({ severity }) => ({ enabled: true, severity })),
    ],
    { error: `expected on, off or { severity: ${severities.join(' | ')} }` },
  )
  .meta({ description: 'Disable a rule, or change its severity.' });

const freeze = text(
  'two dates such as 2026-12-18/2027-01-04',
  /^\d{4}-\d\d-\d\d\/\d{4}-\d\d-\d\d$/,
  'First and last day.',
).transform((range, context) => {
  const [from = '', to = ''] = range.split('/');
  if (isDate(from) && isDate(to) && from <= to) return { from, to };
  context.issues.push({ code: 'custom', message: 'expected two valid dates, the earlier first', input: range });
  return z.NEVER;
});

/** The contents of keysweep.yaml. Its output has durations in milliseconds. */
export const policyFileSchema = z
  .strictObject({
    version: z.literal(1, { error: 'expected version: 1' }).meta({ description: 'Version of this format.' }),
    mode: oneOf(
      ['audit', 'warn', 'enforce'],
      withDefault(
        'audit: findings only. warn: also notifies owners. enforce: also deactivates and deletes.',
        defaultPolicy.mode,
      ),
    ).optional(),
    ...thresholds,
    limits: z
      .strictObject({
        maxDeactivations: cap('Deactivations per sweep; the rest are deferred.', 10).optional(),
        maxDeletions: cap('Deletions per sweep; the rest are deferred.', 5).optional(),
        maxReportAge: duration(
          'A credential report older than this leads to no action.',
          defaultPolicy.limits.maxReportAge,
          MINUTE,
        ).optional(),
      })
      .meta({ description: 'How much a sweep may do, and how old its report may be.' })
      .optional(),
    calendar: z
      .strictObject({
        timezone: timezone('Time zone of days and freezes.').optional(),
        days: z
          .array(oneOf(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], 'Weekday.'), {
            error: 'expected a list of weekdays such as [Mon, Tue]',
          })
          .min(1, { error: 'expected at least one weekday; to change nothing, use mode: warn' })
          .meta({
            description: withDefault(
              'Weekdays on which credentials may be deactivated or deleted.',
              `[${defaultPolicy.calendar.days.join(', ')}]`,
            ),
          })
          .optional(),
        freeze: z
          .array(freeze, { error: 'expected a list such as [2026-12-18/2027-01-04]' })
          .meta({ description: 'Days on which nothing is deactivated or deleted, each as first/last.' })
          .optional(),
      })
      .meta({ description: 'When credentials may be deactivated or deleted. Notices are sent every night.' })
      .optional(),
    overrides: z
      .array(override, { error: 'expected a list' })
      .meta({ description: 'Other thresholds for some users; the first match wins.' })
      .optional(),
    exemptions: z
      .array(exemption, { error: 'expected a list' })
      .meta({ description: 'What is exempt from which rules, why, who is responsible, and until when.' })
      .optional(),
    rules: z
      .partialRecord(z.enum(ruleIds), ruleSetting, { error: 'expected rule ids with settings' })
      .meta({ description: 'Rules to disable, or with another severity.' })
      .optional(),
    notices: noticesSection.optional(),
    deployment: deploymentSection.optional(),
  })
  .meta({ title: 'keysweep policy', description: 'What keysweep finds, warns about, deactivates and deletes.' });

/** What the file says, checked, with durations in milliseconds, before defaults. */
export type PolicyFile = z.output<typeof policyFileSchema>;
