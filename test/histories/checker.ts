/**
 * Checks the invariants of the lifecycle against what the sandbox saw. Written without any code of the planner: it
 * knows the policy file, the account's own records and what people were sent, and nothing else.
 */
import type { LedgerEntry, LedgerEvent } from '../../core/lifecycle/ledger.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { RuleId } from '../../core/rules/ids.ts';
import { checkCalendar, checkCaps } from './day-checks.ts';
import { checkKept, checkNotBefore } from './named-nights.ts';
import { expectThat } from './violation.ts';
import { nightOf } from './wall-clock.ts';
import type { ObservedWrite, World } from './world.ts';
import { keysweepNow } from './world.ts';

const DAY = 86_400_000;

/**
 * Checks every write of the night that has just ended.
 * @param policy the one in force
 * @param policies all that may have been in force before: a notice promises what its policy said
 */
export function checkNight(world: World, policy: Policy, policies: readonly Policy[]): void {
  const tonight = world.writes.filter(({ night }) => night === world.night);
  const journalled = world.journal.writes.filter(({ by }) => by === 'api').length;
  expectThat(
    journalled === world.writes.length,
    'the journal of the sandbox holds other writes than the ports let through',
    { journalled },
  );
  if (tonight.length > 0) {
    expectThat(policy.mode === 'enforce', 'invariant 13: a write in a mode that does not act', tonight);
    checkCaps(world, policy, tonight);
  }
  checkDenials(world);
  checkKept(world, policy);
  for (const write of tonight) {
    expectThat(write.userName !== '<root_account>', 'invariant 9: a credential of the root user', write);
    checkReport(write, policy);
    checkReason(write, policy);
    checkExemptions(write, policy);
    checkCalendar(write, policy);
    checkOnce(write, tonight);
    checkNotBefore(write, world, policy);
    if (write.action === 'deactivate') checkDeactivation(write, world, policy, policies);
    if (write.action === 'delete') checkDeletion(write, world, policy, policies);
    expectThat(write.action !== 'reactivate', 'a sweep reactivates nothing', write);
  }
}

/** What AWS denied is tried again at most once a week, and not without a new final notice. */
function checkDenials({ denials, notices, night }: World): void {
  for (const denial of denials.filter((one) => one.night === night)) {
    const { accessKeyId, action } = denial;
    const before = denials.findLast((one) => {
      return one !== denial && one.night <= night && one.accessKeyId === accessKeyId && one.action === action;
    });
    if (before === undefined || before.isForgotten) continue;
    expectThat(denial.at.getTime() - before.at.getTime() >= 7 * DAY, 'tried again within a week of a denial', {
      denial,
      before,
    });
    const announced = notices.slice(before.messagesBefore, denial.messagesBefore).flatMap(({ data }) => data.items);
    const isNotified = announced.some(({ credential, notice }) => {
      return credential?.id === accessKeyId && (notice === 'final-notice' || notice === 'first-notice');
    });
    expectThat(isNotified, 'tried again after a denial without a new final notice', { denial, before });
  }
}

function checkDeactivation(write: ObservedWrite, world: World, policy: Policy, policies: readonly Policy[]): void {
  const limits = limitsOf(write, policy);
  expectThat(write.statusBefore === 'Active', 'only active keys are deactivated', write);
  const age = write.at.getTime() - write.createdAt.getTime();
  const idle = write.shownLastUse === undefined ? undefined : write.at.getTime() - write.shownLastUse.getTime();
  const isOn = (rule: RuleId) => policy.rules[rule]?.enabled !== false;
  const isUnused =
    idle === undefined
      ? age >= limits.neverUsedGrace && isOn('access-key-never-used')
      : idle >= limits.maxIdle && isOn('access-key-unused');
  const isTooOld = age > limits.maxAge && isOn('access-key-too-old');
  expectThat(
    isUnused || isTooOld,
    'invariant 2: nothing justifies it by what IAM shows at the moment of the write',
    write,
  );
  const isInUse = idle !== undefined && idle < limits.inUseWindow;
  expectThat(!isInUse || (limits.deactivateInUse && isTooOld), 'invariant 3: in use', write);
  const period = Math.min(...policies.map((each) => limitsOf(write, each).warn[0] ?? 0));
  checkNotices(write, world, policy, period);
  if (!(limits.deactivateInUse && isTooOld)) checkWarnedWhileIdle(write, world, limits, period);
  checkRestoration(write, world, limits);
}

/** A rule that the ledger has as its reason condemns it by the policy in force, as if it were active. */
function checkReason(write: ObservedWrite, policy: Policy): void {
  const { maxAge, maxIdle, neverUsedGrace, maxInactive } = limitsOf(write, policy);
  const age = write.at.getTime() - write.createdAt.getTime();
  const idle = write.shownLastUse === undefined ? undefined : write.at.getTime() - write.shownLastUse.getTime();
  const condemning: readonly (readonly [RuleId, boolean])[] = [
    ['access-key-too-old', age > maxAge],
    ['access-key-unused', idle !== undefined && idle >= maxIdle],
    ['access-key-never-used', idle === undefined && age >= neverUsedGrace],
    ['access-key-inactive', write.action === 'delete' && Math.min(age, idle ?? age) >= maxInactive],
  ];
  const holds = condemning.some(
    ([rule, condemns]) => condemns && write.rules.includes(rule) && policy.rules[rule]?.enabled !== false,
  );
  expectThat(holds, 'no rule that led to it condemns it by the policy in force', write);
}

/** A restored key stays for the whole grace, and is warned about again. */
function checkRestoration(write: ObservedWrite, { restorations }: World, { restoreGrace }: Policy['accessKeys']): void {
  const last = restorations.filter(({ accessKeyId }) => accessKeyId === write.accessKeyId).at(-1);
  if (last === undefined) return;
  expectThat(write.at.getTime() - last.at.getTime() >= restoreGrace, 'deactivated within restoreGrace', {
    write,
    last,
  });
}

/** A notice given while the key was in use said that it stays active: that was no warning. */
function checkWarnedWhileIdle(write: ObservedWrite, world: World, limits: Policy['accessKeys'], period: number): void {
  const idleSince = write.shownLastUse === undefined ? 0 : write.shownLastUse.getTime() + limits.inUseWindow;
  const notified = notifiedSinceRestoration(write, world)
    .filter(({ at }) => at.getTime() >= idleSince)
    .map(({ at }) => at.getTime());
  expectThat(
    write.at.getTime() - Math.min(...notified) >= period,
    'no notice long enough before since it is out of use',
    {
      write,
      notified,
    },
  );
}

function checkDeletion(write: ObservedWrite, world: World, policy: Policy, policies: readonly Policy[]): void {
  const { deleteAfter } = limitsOf(write, policy);
  expectThat(write.statusBefore !== 'Active', 'invariant 1: an active key is deleted', write);
  const liveStatuses = world.seenInactive.get(write.accessKeyId);
  expectThat(liveStatuses !== undefined, 'invariant 1: no one recorded that it was deactivated', write);
  expectThat(
    write.at.getTime() - (liveStatuses ?? 0) >= deleteAfter,
    'invariant 1: deleted earlier than deleteAfter after the recorded deactivation',
    { write, liveStatuses },
  );
  if (!policies.some(({ accessKeys }) => accessKeys.deactivateInUse)) checkLateUse(write, world, policy);
  // The clock of a deletion is the deactivation's; people are notified at the latest by the final notice.
  checkNotices(write, world, policy, 0);
}

/**
 * Keysweep deactivated it in the middle of its use, which IAM did not show yet: people were notified, and had deleteAfter
 * to reactivate it.
 */
function checkLateUse(write: ObservedWrite, world: World, policy: Policy): void {
  const { accessKeyId } = write;
  const off = world.writes.findLast((one) => one.accessKeyId === accessKeyId && one.action === 'deactivate');
  if (off?.lastUse === undefined) return;
  const { inUseWindow, deleteAfter } = limitsOf(write, policy);
  const isInUse = off.at.getTime() - off.lastUse.getTime() < inUseWindow;
  const isKnown = off.shownLastUse !== undefined && off.shownLastUse >= off.lastUse;
  if (!isInUse || isKnown) return;
  const notified = world.notices.some(({ at, night, data, isDelivered }) => {
    const isEarly = isDelivered && night > off.night && write.at.getTime() - at.getTime() >= deleteAfter;
    const items = data.items.filter(({ credential }) => credential?.id === accessKeyId);
    return isEarly && items.some(({ notice }) => notice !== undefined && !isAhead(notice) && notice !== 'deleted');
  });
  expectThat(notified, 'it was in use when it was deactivated, and no one was notified in time', { write, off });
}

/**
 * Notice was given long enough before, and tonight as well, before the write. The final notice comes so many nights
 * before, wherever in its window each sweep starts.
 */
function checkNotices(write: ObservedWrite, world: World, policy: Policy, period: number): void {
  const notified = notifiedSinceRestoration(write, world);
  const earliest = Math.min(...notified.map(({ at }) => at.getTime()));
  expectThat(write.at.getTime() - earliest >= period, 'no notice long enough before', {
    write,
    earliest: new Date(earliest),
  });
  const { warn } = limitsOf(write, policy);
  const final = Math.ceil((warn.at(-1) ?? 0) / DAY);
  const longest = Math.ceil((warn[0] ?? 0) / DAY) + final + 60;
  const nights = notified.map(({ at }) => nightOf(policy, write.at) - nightOf(policy, at));
  expectThat(
    nights.some((before) => before >= final && before <= longest),
    'no final notice before',
    write,
  );
  // After a crash the announcement may be one of an earlier night.
  expectThat(
    notified.some(({ at }) => at.getTime() > earliest),
    'invariant 7: not announced before it was done',
    write,
  );
}

/** What people were notified of about a key before this write, since it was last restored. */
function notifiedSinceRestoration(write: ObservedWrite, { notices, restorations }: World) {
  const { accessKeyId, messagesBefore } = write;
  const since = restorations.filter((one) => one.accessKeyId === accessKeyId).at(-1)?.messagesBefore ?? 0;
  return notices
    .slice(since, messagesBefore)
    .filter(({ body, isDelivered }) => isDelivered && body.includes(accessKeyId));
}

function checkReport({ at, reportAt, ...write }: ObservedWrite, { limits }: Policy): void {
  const age = reportAt === undefined ? Number.POSITIVE_INFINITY : at.getTime() - reportAt.getTime();
  expectThat(age <= limits.maxReportAge, 'invariant 11: a write by a report that is too old', {
    ...write,
    at,
    reportAt,
  });
}

function checkExemptions(write: ObservedWrite, policy: Policy): void {
  const holding = policy.exemptions.filter(
    ({ expires }) => write.at.getTime() < Date.parse(`${expires}T00:00:00Z`) + DAY,
  );
  const isExempt = holding.some(({ match }) => {
    const isNamed = match.user === 'u*' ? write.userName.startsWith('u') : match.user === write.userName;
    const byUser = match.user === undefined || isNamed;
    const byTag = match.tag === undefined || write.tags.keep === match.tag.keep;
    const isSealed = write.userArn.includes(':user/sealed/');
    return byUser && byTag && (isSealed || (match.path === undefined && match.arn === undefined));
  });
  expectThat(!isExempt, 'invariant 5: an exempt credential', write);
}

function checkOnce(write: ObservedWrite, tonight: readonly ObservedWrite[]): void {
  const same = tonight.filter(({ accessKeyId }) => accessKeyId === write.accessKeyId);
  expectThat(same.length === 1, 'invariant 1: two writes to one credential in one night', same);
}

/** After the last night: everything recovers when the faults are over. */
export async function checkEnd(world: World, policy: Policy, quietNight: () => Promise<void>): Promise<void> {
  for (let night = 0; night < 3; night++) {
    await quietNight();
  }
  const { id } = world.account;
  for (const entry of (await world.ledger.entries(id)).entries) {
    const events = await world.ledger.events(id, entry.credential.id);
    if (!isWarningDeferred(entry, policy, keysweepNow(world))) checkNotified(entry.credential.id, events, world);
    const versions = events.map(({ version }) => version);
    expectThat(
      versions.every((version, index) => version === index + 1),
      'the events of a credential have gaps',
      events,
    );
  }
}

/** A longer restoreGrace came into force before the warning was delivered: the warning comes when the grace is over. */
function isWarningDeferred({ stage, restoration }: LedgerEntry, { accessKeys }: Policy, now: Date): boolean {
  return (
    stage === 'warned' &&
    restoration !== undefined &&
    now.getTime() - restoration.at.getTime() < accessKeys.restoreGrace
  );
}

/** Which notice reports which transition. */
const noticeOf: Readonly<Record<string, string>> = {
  warned: 'first-notice',
  deactivated: 'deactivated',
  deleted: 'deleted',
  restored: 'restored',
  resolved: 'resolved',
  'late-use': 'late-use',
};

/** The last transition was notified, in the night in which it was recorded or later; a change, when it was begun. */
function checkNotified(id: string, events: readonly LedgerEvent[], world: World): void {
  const at = events.findLastIndex(({ type }) => noticeOf[type] !== undefined);
  const last = events[at];
  if (last === undefined) return;
  const night = Math.min(...[last, ...intentsBefore(events, at)].map(({ sweep }) => nightOfSweep(sweep)));
  const notified = itemsOf(world, id).some((item) => item.notice === noticeOf[last.type] && item.night >= night);
  expectThat(notified, 'invariant 7: no one was notified of the last transition', {
    id,
    last,
    now: keysweepNow(world),
  });
}

/** A change may be begun by several sweeps, of which the first one announces it. */
function intentsBefore(events: readonly LedgerEvent[], end: number): readonly LedgerEvent[] {
  const before = events.slice(0, end);
  const start =
    before.findLastIndex(({ type }) => type !== 'deactivation-intended' && type !== 'deletion-intended') + 1;
  return before.slice(start);
}

/** In a history in which nothing went wrong, each transition was notified exactly once. */
export async function checkNotifiedOnce(world: World): Promise<void> {
  const { id: account } = world.account;
  for (const { credential } of (await world.ledger.entries(account)).entries) {
    const events = await world.ledger.events(account, credential.id);
    const due = countEach(events.flatMap(({ type, by }) => noticesFor(type, by)));
    // What will happen has a notice of its own kind for each event.
    const notified = countEach(itemsOf(world, credential.id).map(({ notice }) => (isAhead(notice) ? 'ahead' : notice)));
    expectThat(
      JSON.stringify(notified) === JSON.stringify(due),
      'invariant 7: not every transition was notified once',
      {
        id: credential.id,
        notified,
        due,
        events,
      },
    );
  }
}

function noticesFor(type: LedgerEvent['type'], by: LedgerEvent['by']): readonly string[] {
  switch (type) {
    case 'warned':
    case 'reminded':
      return ['ahead'];
    case 'deactivation-intended':
      return ['deactivated'];
    case 'deletion-intended':
      return ['deleted'];
    case 'restoration-intended':
      return [];
    case 'deactivated':
    case 'deleted':
      // Its own changes are reported by their intents.
      return by === 'person' ? [type] : [];
    default:
      return [type];
  }
}

function isAhead(notice: string): boolean {
  return ['first-notice', 'reminder', 'final-notice', 'still-waiting'].includes(notice);
}

function countEach(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What people were notified of about a key, in order. */
function itemsOf({ notices }: World, id: string): readonly { readonly notice: string; readonly night: number }[] {
  return notices.flatMap(({ data, night, isDelivered }) =>
    data.items.flatMap(({ credential, notice }) =>
      isDelivered && credential?.id === id && notice !== undefined ? [{ notice, night }] : [],
    ),
  );
}

/** The night is a part of the id that each history gives its sweeps and restorations. */
function nightOfSweep(sweep: string): number {
  return Number(/[/](?:restore-)?([\d.]+)/.exec(sweep)?.[1]);
}

function limitsOf({ tags }: ObservedWrite, policy: Policy) {
  const machine = policy.overrides.length > 0 && tags.kind === 'machine';
  return { ...policy.accessKeys, ...(machine ? policy.overrides[0]?.accessKeys : {}) };
}
