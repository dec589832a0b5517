/** The 120 nights of the demo: what they claim to show happens, and the sandbox's own records say that no harm was done. */
import { beforeAll, describe, expect, it } from 'vitest';
import { crashedNight, quarterlyJob, throttledNight } from '../../cli/demo/life.ts';
import { type DemoNight, type DemoNights, type Night, runDemoNight, runDemoNights } from '../../cli/demo/nights.ts';
import { demoPolicy, demoPolicyFile, nightCount } from '../../cli/demo/setting.ts';
import { digestAsReceived, verdictInWords, yourTurn } from '../../cli/demo/texts.ts';
import { nightInWords } from '../../cli/demo/timeline.ts';
import { type Verdict, wasInUse } from '../../cli/demo/verdict.ts';
import type { SweepAction } from '../../core/lifecycle/sweep-result.ts';
import { loadPolicy } from '../../core/policy/load.ts';

const style = { width: 100, color: false };

let firstAct: DemoNight;
let demo: DemoNights;
beforeAll(async () => {
  const policy = loadPolicy(demoPolicy, demoPolicyFile);
  firstAct = await runDemoNight(policy);
  demo = await runDemoNights(firstAct.keyHolders, { ...policy, mode: 'enforce' });
}, 60_000);

function night(number: number): Night {
  const found = demo.nights[number - 1];
  if (found === undefined) throw new RangeError(`there is no night ${number}`);
  return found;
}

function usersOf(number: number, isIt: (action: SweepAction) => boolean): readonly string[] {
  return (night(number).result?.actions ?? []).filter(isIt).map(({ principal }) => principal.name);
}

function isDone({ type, outcome }: SweepAction): boolean {
  return (type === 'deactivate' || type === 'delete') && outcome === 'applied';
}

describe('the nights of the demo', () => {
  it('are about the keys of the audit: an id belongs to the same user in both acts', () => {
    const owners = new Map(
      firstAct.audit.findings.map(({ credential, principal }) => [credential?.id, principal.name]),
    );
    const results = demo.nights.flatMap(({ result }) => [...(result?.actions ?? []), ...(result?.skipped ?? [])]);
    const known = results.filter(({ credential }) => owners.has(credential.id));
    expect(new Set(known.map(({ credential }) => credential.id)).size).toBeGreaterThan(15);
    for (const { credential, principal } of known) expect(owners.get(credential.id)).toBe(principal.name);
  });

  it('are all there, and complete but for the two with trouble', () => {
    expect(demo.nights).toHaveLength(nightCount);
    const incomplete = demo.nights.filter(({ result }) => result?.outcome !== 'complete');
    expect(incomplete.map(({ number }) => number)).toEqual([crashedNight, throttledNight]);
  });

  it('crash in the middle of the changes, and continue the night after', () => {
    const noted = usersOf(crashedNight + 1, ({ type, why }) => type === 'observe' && /interrupted sweep/.test(why));
    expect(noted).toHaveLength(1);
    expect(usersOf(crashedNight + 1, ({ type }) => type === 'deactivate').length).toBeGreaterThan(0);
  });

  it('delete nothing while last uses cannot be read, and continue later', () => {
    expect(usersOf(throttledNight, ({ type, outcome }) => type === 'delete' && outcome === 'applied')).toEqual([]);
    const waiting = usersOf(throttledNight, ({ type, outcome }) => type === 'delete' && outcome === 'failed');
    expect(waiting.length).toBeGreaterThan(0);
    const deleted = demo.nights.flatMap(({ number }) => {
      return number > throttledNight ? usersOf(number, ({ type }) => type === 'delete') : [];
    });
    expect(deleted).toEqual(expect.arrayContaining([...waiting]));
  });

  it('have one key restored by its owner, and kept from then on', () => {
    expect(night(quarterlyJob.night).happenings.join()).toContain('its owner restores the key');
    expect(demo.verdict.restored).toBe(1);
    expect(demo.verdict.refusals.map(({ userName }) => userName)).toEqual([quarterlyJob.user]);
    expect(demo.verdict.refusals[0]?.idleDays).toBeGreaterThan(45);
  });

  it('keep what is in use and what is exempt', () => {
    const changes = demo.nights.flatMap(({ number }) => usersOf(number, isDone));
    for (const kept of ['payments-prod', 'break-glass-1', 'viktor.lang']) expect(changes).not.toContain(kept);
  });

  it('report every change that the sandbox has on record, but for the one of the night that crashed', () => {
    const reported = demo.nights.flatMap(({ number }) => usersOf(number, isDone));
    expect(demo.verdict.deactivated + demo.verdict.deleted).toBe(reported.length + 1);
  });

  it('report what happens line by line', () => {
    const timeline = demo.nights.map((one) => nightInWords(one, style)).join('');
    for (const part of [
      '14 first notices, 3 requests to rotate',
      'CRASH: the sweep is killed right after its first change in IAM: warehouse-loader',
      '(..4YI3) is deactivated',
      'THROTTLED: AWS throttles every request for last use',
      "deferred by the policy's limits: 5 keys",
      'starts its quarterly run: AWS rejects its key',
      'warning withdrawn: hr-import',
      'deleted: migration-2014 (..',
      'found inactive: old-jenkins (..',
    ]) {
      expect(timeline).toContain(part);
    }
    for (const line of timeline.split('\n')) expect(line.length).toBeLessThanOrEqual(style.width);
  });
});

it('the demo names the key of each event by the end of its id', () => {
  const texts = demo.nights.flatMap(({ happenings }) => happenings);
  expect(texts).toHaveLength(5);
  for (const text of texts) expect(text).toMatch(/\.\.[A-Z0-9]{4}\b/);
  const [refused] = demo.verdict.refusals;
  expect(verdictInWords(demo, style).replaceAll(/\s+/g, ' ')).toContain(
    `a request of ${quarterlyJob.user} was rejected. Its key (..${refused?.accessKeyId.slice(-4)})`,
  );
});

describe('the verdict of the demo', () => {
  it('is no, by the records of the sandbox', () => {
    expect(wasInUse(demo.verdict)).toBe(false);
    expect(demo.verdict.leastIdleDays).toBeGreaterThanOrEqual(14);
    expect(demo.verdict.leastInactiveDays).toBeGreaterThanOrEqual(30);
    expect(verdictInWords(demo, style)).toMatch(/WAS ANYTHING IN USE EVER DEACTIVATED\?.*\n\nNo\.\n/s);
  });

  it.each<[string, Partial<Verdict>]>([
    ['a key that was used the week before', { leastIdleDays: 7 }],
    ['a deletion after a week', { leastInactiveDays: 7 }],
    ['a deletion of an active key', { rashDeletions: 1 }],
  ])('would be yes for %s', (_, change) => {
    const verdict = { ...demo.verdict, ...change };
    expect(verdictInWords({ ...demo, verdict }, style)).toContain('YES.');
  });

  it('comes with a digest as its readers get it', () => {
    expect(digestAsReceived(demo.digests, style)).toMatch(/\| DEACTIVATED TONIGHT \(\d+ access keys?\)\n/);
  });

  it.each<[string, Record<string, string>, string]>([
    ['npm run demo', { npm_lifecycle_event: 'demo' }, 'npm run -s keysweep -- audit --profile NAME'],
    ['npx', { npm_lifecycle_event: 'npx' }, 'npx keysweep audit --profile NAME'],
    ['keysweep itself', {}, 'keysweep audit --profile NAME'],
  ])('ends with commands that work where it was started: %s', (_, env, command) => {
    expect(yourTurn({ width: 80, color: false }, { env })).toContain(`\n  ${command}\n`);
  });
});
