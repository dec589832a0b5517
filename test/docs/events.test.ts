import { expect, it } from 'vitest';
import {
  auditCompleted,
  auditCompletedType,
  credentialEvents,
  credentialTypes,
  eventSource,
  findingEvents,
  findingTypes,
  type KeysweepEvent,
} from '../../core/events.ts';
import { compareFindings } from '../../core/findings/compare.ts';
import { afterDelivery } from '../../core/findings/findings-outbox.ts';
import { resolutions } from '../../core/findings/open-findings.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import { eventJsonSchema, eventSchema } from '../../reports/events-schema.ts';
import { account, auditOf, finding, mixedAudit, user } from '../support/audit-fixture.ts';
import { deliveredToAll } from '../support/deliveries.ts';
import { codeBlocks, expectSamples, fenced, readPage } from '../support/doc-page.ts';
import { mixedSweep } from '../support/sweep-fixture.ts';

const page = 'docs/events.md';

/** As a rule's target gets it, without what EventBridge adds. */
function published({ type, detail }: KeysweepEvent) {
  return { source: eventSource, 'detail-type': type, detail: JSON.parse(JSON.stringify(detail)) };
}

const before = { ...auditOf([finding({ principal: user('bob') })]), asOf: new Date('2026-11-03T02:30:00Z') };
const open = afterDelivery(compareFindings(undefined, before, defaultPolicy), before, deliveredToAll);
const [opened, resolved] = findingEvents(compareFindings(open, auditOf([finding()]), defaultPolicy));
const warning = mixedSweep.actions.find(({ type }) => type === 'warn');
if (warning === undefined) throw new Error('there is no warning');
const [warned] = credentialEvents({
  ...mixedSweep,
  actions: [{ ...warning, notice: 'final-notice', about: 'deactivate', why: 'unused for 58 days (limit 45)' }],
});
const events = {
  opened,
  resolved,
  warned,
  deactivated: credentialEvents(mixedSweep).find(({ type }) => type === 'Credential Deactivated'),
  completed: auditCompleted(
    mixedAudit,
    `snapshots/${account.id}/2026-11-22T023000.000Z-0b6f2c1e-7a4d-4a3a-9c51-2f8f5b1c9d10.json`,
  ),
};

const samples = Object.entries(events).map(([name, event]) => {
  if (event === undefined) throw new Error(`there is no event for ${name}`);
  return [name, published(event)] as const;
});

it('docs/events.md shows what rules get (else: npm run docs)', async () => {
  await expectSamples(
    page,
    Object.fromEntries(samples.map(([name, event]) => [name, fenced('json', JSON.stringify(event, undefined, 2))])),
  );
});

it('docs/events.md names every event and every resolution', () => {
  const types = [auditCompletedType, ...findingTypes, ...credentialTypes];
  expect([...readPage(page).matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name)).toEqual(types);
  for (const resolution of resolutions) expect(readPage(page)).toContain(`\`${resolution}\``);
});

it('the rule of docs/events.md takes the new finding alone', () => {
  const pattern = JSON.parse(codeBlocks(page, 'json').at(-1) ?? '');
  expect(samples.filter(([, event]) => takes(pattern, event)).map(([name]) => name)).toEqual(['opened']);
});

/** EventBridge's matching, as far as the page needs it: every list of the pattern holds the event's value. */
function takes(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.includes(value);
  return Object.entries(pattern as object).every(([name, part]) =>
    takes(part, (value as Record<string, unknown>)?.[name]),
  );
}

it('docs/schemas holds the schema of events (else: npm run docs)', async () => {
  const text = `${JSON.stringify(eventJsonSchema(), undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../docs/schemas/events-v1.schema.json');
});

it('every event fits the schema, and no field of it is unknown to it', () => {
  const all = [events.completed, opened, resolved, ...credentialEvents(mixedSweep)];
  for (const event of all) {
    if (event === undefined) throw new Error('an event is missing');
    expect(eventSchema.parse(published(event))).toEqual(published(event));
  }
});
