/**
 * Kinds that nothing but their specs and their adapter knows of go through audit, snapshot and sweep: a night over ports in
 * memory, by a policy file, with every record written out and read back.
 */
import { describe, expect, it, vi } from 'vitest';
import { DAY } from '../../core/duration.ts';
import { auditCompleted, credentialEvents } from '../../core/events.ts';
import { forecast } from '../../core/lifecycle/forecast.ts';
import { describeKey } from '../../core/lifecycle/key-details.ts';
import { nothingRemembered } from '../../core/lifecycle/remembered.ts';
import { decodeSnapshot, encodeSnapshot } from '../../core/lifecycle/snapshot-codec.ts';
import { auditMetrics, sweepMetrics } from '../../core/metrics.ts';
import { loadPolicy } from '../../core/policy/load.ts';
import type { CredentialActions, CredentialSource, Notice } from '../../core/ports.ts';
import { auditAccount } from '../../engine/audit/audit.ts';
import type { SweepPorts } from '../../engine/sweep/ports.ts';
import { sweepAccount } from '../../engine/sweep/sweep.ts';
import { renderExplainJson } from '../../reports/explain/json.ts';
import { renderExplainTable } from '../../reports/explain/table.ts';
import { renderJson } from '../../reports/json.ts';
import { renderSweepTable } from '../../reports/sweep/table.ts';
import { badge, phrase, signet, token } from '../support/invented-kinds.ts';
import { notifierTo } from '../support/listeners.ts';
import { manualTiming } from '../support/manual-timing.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { denied, type ListedCredential, memorySource, notFound } from '../support/memory-source.ts';
import { user } from '../support/observation-builder.ts';
import { account, keyFields, userRow } from '../support/report-builder.ts';

vi.mock('../../core/kinds/registry.ts', async (original) => {
  const { withInvented } = await import('../support/invented-kinds.ts');
  return withInvented(await original());
});

const policyFile = `
version: 1
mode: enforce
calendar: { days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun] }
signets: { maxAge: 60d, deactivateInUse: true, warn: [3d, 1d], deleteAfter: 5d }
tokens: { maxIdle: 30d, warn: [3d, 1d], deleteAfter: 5d }
phrases: { maxAge: 60d, warn: [3d] }
overrides:
  - match: { user: carol }
    signets: { maxAge: 900d }
exemptions:
  - { match: { credentialId: "TOKNEXEMPT*" }, rules: "*", reason: kept, owner: o, expires: 2027-06-30 }
`;
const policy = loadPolicy(policyFile, 'keysweep.yaml');

/** Monday. */
const start = new Date('2026-11-02T04:30:00Z');
const before = (days: number) => new Date(start.getTime() - days * DAY);
const live = (id: string, days: number): ListedCredential => ({ id, status: 'Active', createdAt: before(days) });

/** What there is, until someone changes it. */
function openAccount() {
  const credentials = new Map<string, ListedCredential[]>([
    ['token alice', [live('TOKNIDLEAAAAAAAA', 200), live('TOKNEXEMPTAAAAAA', 200)]],
    ['signet alice', Array.from({ length: 8 }, (_, n) => live(`SGNTALICE000000${n}`, n < 2 ? 100 : 10))],
    ['signet carol', [live('SGNTCAROL0000000', 100)]],
    ['phrase alice', [live('PHRSALICE0000000', 100)]],
    ['badge alice', [live('BDGEALICE0000000', 400)]],
  ]);
  const ofKind = (kind: string) => {
    const own = [...credentials].filter(([name]) => name.startsWith(`${kind} `));
    return Object.fromEntries(own.map(([name, list]) => [name.slice(kind.length + 1), list]));
  };
  const written: string[] = [];
  const change = (name: string, id: string, to: (one: ListedCredential) => ListedCredential[], what: string) => {
    written.push(`${what} ${id}`);
    credentials.set(
      name,
      (credentials.get(name) ?? []).flatMap((one) => (one.id === id ? to(one) : one)),
    );
    return { kind: 'done' } as const;
  };
  const actions: CredentialActions = {
    setStatus: async (user, { kind, id }, status) =>
      change(`${kind} ${user}`, id, (one) => [{ ...one, status }], status),
    remove: async (user, { kind, id }) => change(`${kind} ${user}`, id, () => [], 'deleted'),
  };
  const sourceAt = (now: Date, isDenied = false) =>
    memorySource({
      generatedAt: now,
      rows: [
        userRow('alice', keyFields(1, { created: before(20).toISOString(), lastUsed: now.toISOString() })),
        userRow('carol'),
      ],
      others: Object.fromEntries(
        [token, signet, phrase, badge].map((kind) => {
          return [kind, isDenied && kind === signet ? { alice: denied, carol: denied } : ofKind(kind)];
        }),
      ),
      lastUses: { TOKNIDLEAAAAAAAA: { kind: 'used', at: before(40) } },
    });
  return { actions, written, sourceAt };
}

async function openNights() {
  const { actions, written, sourceAt } = openAccount();
  const ledger = createMemoryLedger();
  const notices: Notice[] = [];
  const sweepOf = async (night: number, isDenied = false) => {
    const now = new Date(start.getTime() + night * DAY);
    const source = sourceAt(now, isDenied);
    const audited = await auditAccount({ source }, policy, now);
    const snapshot = decodeSnapshot(encodeSnapshot(audited), 'the store');
    expect(snapshot).toEqual(audited);
    const ports: SweepPorts = {
      source,
      actions,
      ledger,
      notifier: notifierTo(async (notice) => void notices.push(notice)),
      clock: { now: () => now },
      timing: manualTiming(),
    };
    const result = await sweepAccount(ports, policy, snapshot, { sweep: `sweep-${night}`, enforce: true });
    return { result, snapshot, source };
  };
  return { sweepOf, ledger, notices, written };
}

describe('credentials of kinds that only their specs describe', () => {
  it('are listed for every user, and asked for their last use only where it is tracked', async () => {
    const { source } = await (await openNights()).sweepOf(0);
    const users = ['alice', 'carol'];
    const kinds = [token, signet, phrase, badge];
    const listed = users.flatMap((user) => kinds.map((kind) => `${kind} ${user}`));
    // What is exempt is skipped, and what IAM does not track is not asked about.
    const uses = ['TOKNIDLEAAAAAAAA', 'PHRSALICE0000000'];
    const asked = source.asked.filter((one) => !one.startsWith('userTags'));
    expect(asked.toSorted()).toEqual([...listed, ...uses.map((id) => `lastUse ${id}`)].toSorted());
  });

  it('have findings by their own rules and limits', async () => {
    const { snapshot } = await (await openNights()).sweepOf(0);
    expect(
      snapshot.audit.findings.map(({ rule, status, credential }) => `${rule} ${status} ${credential?.id}`),
    ).toEqual([
      'token-unused fail TOKNIDLEAAAAAAAA',
      'token-too-old fail TOKNIDLEAAAAAAAA',
      'signet-too-old fail SGNTALICE0000000',
      'signet-too-old fail SGNTALICE0000001',
      'phrase-never-used fail PHRSALICE0000000',
      'phrase-too-old fail PHRSALICE0000000',
      'badge-too-old fail BDGEALICE0000000',
      'token-unused exempt TOKNEXEMPTAAAAAA',
      'token-never-used exempt TOKNEXEMPTAAAAAA',
      'token-too-old exempt TOKNEXEMPTAAAAAA',
    ]);
    expect(JSON.parse(renderJson(snapshot.audit)).findings[2].evidence).toMatchObject({ lastUsed: 'untracked' });
  });

  it('go the way of their kind, night after night', async () => {
    const { sweepOf, written, ledger, notices } = await openNights();
    const outcomes: string[] = [];
    for (let night = 0; night < 12; night++) outcomes.push((await sweepOf(night)).result.outcome);
    expect(new Set(outcomes)).toEqual(new Set(['complete']));
    const changed = ['SGNTALICE0000000', 'SGNTALICE0000001', 'TOKNIDLEAAAAAAAA'];
    expect(written.toSorted()).toEqual(changed.flatMap((id) => [`Inactive ${id}`, `deleted ${id}`]).toSorted());
    const { entries } = await ledger.entries(account);
    expect(entries.map(({ credential, stage }) => `${credential.kind} ${credential.id} ${stage}`)).toEqual([
      'phrase PHRSALICE0000000 warned',
      ...['signet SGNTALICE0000000 deleted', 'signet SGNTALICE0000001 deleted', 'token TOKNIDLEAAAAAAAA deleted'],
    ]);
    const events = await ledger.events(account, 'PHRSALICE0000000');
    expect(events.map(({ type }) => type)).toEqual(['warned', 'reminded', 'reminded', 'reminded']);
    expect(notices[0]?.body).toContain('NOT NEEDED, OR TOO OLD: PLEASE DELETE');
    expect(notices[0]?.body).toContain(
      '1 dream token, 2 dream signets on first notice, 1 dream phrase for its owner\nto delete.',
    );
  });

  it('are named in events by their kind', async () => {
    const { sweepOf, ledger } = await openNights();
    const { result, snapshot } = await sweepOf(0);
    const published = credentialEvents(result).map(({ detail }) => detail);
    expect(published.map(({ credential, about, dueAt }) => [credential.kind, about, dueAt === undefined])).toEqual([
      ...[
        ['token', 'deactivate', false],
        ['signet', 'deactivate', false],
      ],
      ...[
        ['signet', 'deactivate', false],
        ['phrase', 'remove', true],
      ],
    ]);
    expect(auditCompleted(snapshot.audit, 'key').detail.summary.fail).toBe(7);
    const cost = { requests: {}, throttles: 0, duration: 0 };
    const { entries } = await ledger.entries(account);
    const figures = [...auditMetrics(snapshot, cost), ...sweepMetrics(result, entries, cost)];
    const figureOf = (name: string) => figures.find((one) => one.name === name)?.value;
    expect(['ActiveKeys', 'Activetokens', 'Activesignets', 'Activephrases'].map(figureOf)).toEqual([1, 2, 9, 1]);
    expect(['KeysWarned', 'tokensWarned', 'signetsWarned', 'phrasesWarned'].map(figureOf)).toEqual([0, 1, 2, 1]);
    expect(
      renderSweepTable(
        { kind: 'sweep', result, report: snapshot.audit.report, requests: {}, canRestore: true },
        {
          width: 100,
          color: false,
        },
      ),
    ).toContain('DELETION REQUESTED (1)');
  });

  it('are exempted by the key that holds for every kind, in the example of a digest', async () => {
    const nights = await openNights();
    await nights.sweepOf(0);
    const body = nights.notices.at(-1)?.body ?? '';
    const snippet = /^exemptions:\n(?: .*\n)+/m.exec(body)?.[0] ?? '';
    const [exemption] = loadPolicy(`version: 1\n${snippet}`, 'keysweep.yaml').exemptions;
    const id = exemption?.match.credentialId ?? '';
    const audited = await auditAccount(
      { source: openAccount().sourceAt(start) },
      { ...policy, exemptions: exemption ? [exemption] : [] },
      start,
    );
    const ofIt = audited.audit.findings.filter(({ credential }) => credential?.id === id);
    expect(ofIt.length).toBeGreaterThan(0);
    expect(ofIt.map(({ status }) => status)).toEqual(ofIt.map(() => 'exempt'));
  });

  it('stay known where one list says that there is no such user, and another has just shown the user', async () => {
    const { sourceAt } = openAccount();
    const source = sourceAt(start);
    const contradicting: CredentialSource = {
      ...source,
      credentials: async (kind, name) =>
        kind === phrase && name === 'alice' ? { ok: false, problem: notFound } : source.credentials(kind, name),
    };
    const { audit } = await auditAccount({ source: contradicting }, policy, start);
    expect(audit.missingUsers).toBeUndefined();
    const ofPhrases = audit.findings.filter(({ rule }) => rule.startsWith('phrase'));
    expect(new Set(ofPhrases.map(({ status }) => status))).toEqual(new Set(['error']));
  });

  it('are foreseen to go the way that they go', async () => {
    const { snapshot } = await (await openNights()).sweepOf(0);
    const { events, unknown } = forecast(snapshot, nothingRemembered, policy, {
      from: start,
      nights: 12,
      use: 'continue',
    });
    const ofKind = (kind: string) => events.filter(({ credential }) => credential.kind === kind);
    expect(ofKind(signet).filter(({ type }) => type === 'deactivate')).toHaveLength(2);
    expect(ofKind(signet).filter(({ type }) => type === 'delete')).toHaveLength(2);
    expect(ofKind(phrase).map(({ notice, about }) => `${notice} ${about}`)).toEqual([
      'first-notice remove',
      ...['reminder remove', 'reminder remove', 'reminder remove'],
    ]);
    expect(ofKind(badge)).toEqual([]);
    expect(unknown).toEqual([]);
  });

  it('are explained with what IAM does not track, and the limits of their section', async () => {
    const { snapshot } = await (await openNights()).sweepOf(0);
    const credential = { kind: signet, id: 'SGNTALICE0000000' };
    const [shown] = snapshot.users;
    if (shown === undefined) throw new Error('alice is not in the snapshot');
    const alice = user({ ...shown }, 'alice');
    const facts = { account: snapshot.audit.account, report: snapshot.audit.report, credential, user: alice };
    const details = describeKey({ ...facts, principal: alice.principal, sweeps: new Map(), events: [] }, policy, start);
    const document = { ...details, stageKnown: true, canRestore: true };
    expect(JSON.parse(renderExplainJson(document))).toMatchObject({
      observed: { lastUse: { kind: 'untracked' } },
      policy: { signets: { maxAge: '60d', deactivateInUse: true } },
    });
    const text = renderExplainTable(document, { width: 100, color: false });
    expect(text).toContain('not tracked by IAM: it counts as in use');
    expect(text).not.toContain('unused after');
  });

  it('of which one kind cannot be listed are unknown, and the others judged all the same', async () => {
    const { sweepOf, written } = await openNights();
    for (let night = 0; night < 3; night++) await sweepOf(night);
    const { result } = await sweepOf(3, true);
    expect(result.outcome).toBe('partial');
    expect(written).toEqual(['Inactive TOKNIDLEAAAAAAAA']);
    const unknown = result.skipped.filter(({ skipReason }) => skipReason === 'unknown');
    expect(new Set(unknown.map(({ credential }) => credential.kind))).toEqual(new Set([signet]));
    expect(result.skipped.filter(({ credential }) => credential.kind === badge)).toEqual([]);
  });
});
