/** What was done about a key, and what comes next, in words. */
import { isLifecycleRule } from '../../core/kinds/rules.ts';
import { denialInWords } from '../../core/lifecycle/blocked.ts';
import { type Decision, isRequest } from '../../core/lifecycle/decision.ts';
import type { ForecastEvent } from '../../core/lifecycle/forecast.ts';
import type { KeyDetails } from '../../core/lifecycle/key-details.ts';
import type { LedgerEntry, Warning } from '../../core/lifecycle/ledger.ts';
import { dayInWords, skipReasonInWords, stepInWords, untilInWords } from '../lifecycle-words.ts';
import { printable } from '../printable.ts';
import { dayAndTimeInWords, timeInWords } from '../words.ts';
import type { ExplainDocument } from './document.ts';
import { actorInWords, type Fact, type Section, withAge } from './facts.ts';

/** Of what may go on for a year, the first ones are enough. */
const eventsShown = 8;

export function stageFacts({
  stage,
  stageKnown,
  entry,
  damage,
  isNoticePending,
  findings,
  asOf,
  timezone,
}: ExplainDocument): readonly Fact[] {
  if (damage !== undefined) {
    const claims: readonly Fact[] =
      entry === undefined
        ? []
        : [['entry says', `${entry.stage} since ${timeInWords(entry.since, timezone)}`], ...datesOf(entry, timezone)];
    return [['stage', `unknown: ${printable(damage)}`], ...claims];
  }
  if (!stageKnown) return [['stage', 'unknown: no --ledger given']];
  if (entry === undefined) {
    const leads = findings.some(({ rule, status }) => status !== 'exempt' && isLifecycleRule(rule));
    const others = findings.length === 0 ? '' : 'its findings lead to no change; ';
    return [['stage', leads ? 'none yet: no entry in the ledger' : `compliant: ${others}no entry in the ledger`]];
  }
  return [
    ['stage', `${stage} since ${withAge(entry.since, asOf, timezone)}`],
    ...(entry.rules.length === 0 ? [] : [['reasons', entry.rules.join(', ')] as const]),
    ...datesOf(entry, timezone),
    ...(isNoticePending ? [['notice', undelivered] as const] : []),
  ];
}

const undelivered =
  'the last one was not delivered, so it does not count; the next sweep sends it, or the one due by then';

function datesOf(entry: LedgerEntry, timezone: string | undefined): readonly Fact[] {
  const { warning, deactivation, restoration, deletion, stage, intent, blocked } = entry;
  const facts: Fact[] = [];
  if (stage === 'warned' && warning !== undefined) {
    facts.push(['announced', announcedInWords('deactivated', warning.about, warning.deactivateAt, warning, timezone)]);
  }
  if (deactivation !== undefined) {
    const { by, at, deleteAt } = deactivation;
    const when = timeInWords(at, timezone);
    facts.push(
      by === 'keysweep' ? ['deactivated', `${when}, by keysweep`] : ['inactive', `first seen ${when}, not by keysweep`],
    );
    if (stage === 'deactivated')
      facts.push(['announced', announcedInWords('deleted', undefined, deleteAt, deactivation, timezone)]);
  }
  if (blocked !== undefined && stage !== 'deleted') {
    const what = blocked.action === 'delete' ? 'deletion' : 'deactivation';
    facts.push([
      'denied',
      `${what}, ${denialInWords(blocked)}; last tried ${timeInWords(blocked.lastAttemptAt, timezone)}`,
    ]);
  }
  if (restoration !== undefined) {
    const { at, by, who, why } = restoration;
    const said = why === undefined ? '' : `: ${printable(why)}`;
    facts.push(['restored', `${timeInWords(at, timezone)}, by ${printable(who ?? actorInWords(by))}${said}`]);
  }
  if (deletion !== undefined)
    facts.push(['deleted', `${timeInWords(deletion.at, timezone)}, by ${actorInWords(deletion.by)}`]);
  if (intent !== undefined)
    facts.push(['begun', `${nounOfAction[intent.action]}, ${timeInWords(intent.at, timezone)}; not confirmed yet`]);
  return facts;
}

const nounOfAction = { deactivate: 'deactivation', delete: 'deletion', restore: 'reactivation' } as const;

function announcedInWords(
  what: string,
  about: Warning['about'],
  raw: Date,
  { deferral, promisedNight }: Pick<Warning, 'deferral' | 'promisedNight'>,
  timezone: string | undefined,
): string {
  const inWords = (night: Date) => dayAndTimeInWords(night, timezone);
  if (about === 'rotate') return 'stays active: it was in use';
  if (about === 'remove') return 'nothing: its owner was asked to delete it';
  if (about === 'unknown') return 'nothing, until its last use is known';
  if (deferral === undefined) return `${what} on ${inWords(promisedNight ?? raw)} or later`;
  return deferral.to === undefined
    ? `not ${what} while the policy stays as it is`
    : `${what} on ${inWords(promisedNight ?? deferral.to)} or later, deferred from ${inWords(raw)}`;
}

export function historyFacts({ events, timezone }: KeyDetails): readonly Fact[] {
  return events.map(({ at, type, by, detail }) => {
    return [timeInWords(at, timezone), `${type} by ${actorInWords(by)}: ${printable(detail)}`];
  });
}

export function decisionInWords({ decision, asOf, timezone }: KeyDetails): string {
  const why = printable(decision.why);
  if (decision.type !== 'skip') return `${wouldBe(decision, timezone)}: ${why}`;
  const { skipReason, until } = decision;
  const date =
    until === undefined || until <= asOf ? '' : `, ${untilInWords(skipReason, dayAndTimeInWords(until, timezone))}`;
  return `skipped (${skipReasonInWords(skipReason)}${date}): ${why}`;
}

function wouldBe(decision: Exclude<Decision, { readonly type: 'skip' }>, timezone: string | undefined): string {
  const step = stepInWords(decision);
  if (decision.type !== 'warn' || isRequest(decision.about) || decision.dueAt === undefined) return step;
  const change = decision.about === 'delete' ? 'deleted' : 'deactivated';
  return `${step} (${change} on ${dayAndTimeInWords(decision.dueAt, timezone)} or later)`;
}

export function nextSections({ next, liveStatus, entry, damage, timezone }: KeyDetails): readonly Section[] {
  if (liveStatus.kind !== 'seen' || damage !== undefined) return [];
  const { ifUsed, ifNotUsed } = next;
  const isDenied = entry?.blocked !== undefined && ifNotUsed.some(({ type }) => type === entry.blocked?.action);
  const heading = `NEXT STEPS IN MODE ENFORCE${isDenied ? ', IF AWS ALLOWS IT' : ''}`;
  const isSame = ifUsed.length === ifNotUsed.length && ifUsed.every((event, at) => isSameEvent(event, ifNotUsed[at]));
  if (isSame) return [[heading, eventFacts(ifNotUsed, timezone)]];
  return [
    [`${heading}, IF IT IS STILL USED`, eventFacts(ifUsed, timezone)],
    [`${heading}, IF IT IS NO LONGER USED`, eventFacts(ifNotUsed, timezone)],
  ];
}

function isSameEvent(a: ForecastEvent, b: ForecastEvent | undefined): boolean {
  return a.type === b?.type && a.notice === b.notice && a.about === b.about && a.night.getTime() === b.night.getTime();
}

function eventFacts(events: readonly ForecastEvent[], timezone: string | undefined): readonly Fact[] {
  if (events.length === 0) return [['', 'nothing within a year']];
  const shown = events.slice(0, eventsShown);
  const more = events.length - shown.length;
  return [
    ...shown.map((event): Fact => [dayInWords(event.night, timezone).slice(0, 10), stepInWords(event)]),
    ...(more > 0 ? [['', `and ${more} more within a year`] as const] : []),
  ];
}
