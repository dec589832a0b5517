import { createColors } from 'picocolors';
import { describeDuration, formatDuration } from '../../core/duration.ts';
import type { CredentialThresholds } from '../../core/kinds/kind.ts';
import { kindOf, type RetirableKind } from '../../core/kinds/kinds.ts';
import { isLifecycleRule } from '../../core/kinds/rules.ts';
import { denialInWords } from '../../core/lifecycle/blocked.ts';
import { type Decision, isRequest } from '../../core/lifecycle/decision.ts';
import type { ForecastEvent } from '../../core/lifecycle/forecast.ts';
import type { KeyDetails } from '../../core/lifecycle/key-details.ts';
import type { LedgerEntry, Warning } from '../../core/lifecycle/ledger.ts';
import type { LastUse } from '../../core/model.ts';
import type { ApplicableExemption, ApplicableOverride } from '../../core/policy/applicable.ts';
import { describeMatch } from '../../core/policy/match.ts';
import { dayInWords, skipReasonInWords, stepInWords, untilInWords } from '../lifecycle-words.ts';
import { printable } from '../printable.ts';
import { commandLines, piecesOf } from '../shell-command.ts';
import type { TextStyle } from '../table.ts';
import { wrap } from '../text-layout.ts';
import { accountInWords, dayAndTimeInWords, timeInWords } from '../words.ts';
import { type ExplainDocument, undoOfKey } from './document.ts';

type Fact = readonly [label: string, text: string];
type Section = readonly [heading: string, facts: readonly Fact[]];

const labelCells = 12;
/** Of what may go on for a year, the first ones are enough. */
const eventsShown = 8;

/** The details of one key for people: what it is, what is wrong, which policy holds, what was done, what comes next. */
export function renderExplainTable(details: ExplainDocument, style: TextStyle): string {
  const width = Math.min(Math.max(style.width, 40), 110);
  const colors = createColors(style.color);
  const title = `${printable(details.credential.id)} of ${printable(details.principal.name)}, AWS account ${accountInWords(details.account)}, as of ${timeInWords(details.asOf, details.timezone)}`;
  const sections: readonly Section[] = [
    ['THE KEY', keyFacts(details)],
    ['FINDINGS', findingFacts(details)],
    ['POLICY', policyFacts(details)],
    ['STAGE', stageFacts(details)],
    ['HISTORY', historyFacts(details)],
    ['NOW', [['decision', decisionInWords(details)]]],
    ...nextSections(details),
  ];
  const blocks = sections
    .filter(([, facts]) => facts.length > 0)
    .map(([heading, facts]) => [colors.bold(heading), ...layOutFacts(facts, width)]);
  const undo = undoLines(details, width);
  if (undo.length > 0) blocks.push([colors.bold('UNDO'), ...undo]);
  return `${[wrap(title, width).map(colors.bold), ...blocks].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function undoLines(details: ExplainDocument, width: number): readonly string[] {
  const { undo, undoWithAwsCli } = undoOfKey(details);
  const lines = undo === undefined ? [] : [...commandLines(piecesOf(undo), width - 2)];
  if (undoWithAwsCli !== undefined) {
    const how = undo === undefined ? 'with the AWS CLI' : 'or with the AWS CLI alone';
    const text = `${how}; the next sweep then reports it as reactivated by someone else:`;
    lines.push(...wrap(text, width - 2), ...commandLines(piecesOf(undoWithAwsCli), width - 2));
  }
  return lines.map((line) => `  ${line}`);
}

function keyFacts({ principal, owner, ownerUnknown, liveStatus, asOf, timezone }: KeyDetails): readonly Fact[] {
  const user: Fact = ['user', `${printable(principal.name)} (${printable(principal.arn)})`];
  const owned: readonly Fact[] =
    owner !== undefined
      ? [['owner', printable(owner)]]
      : ownerUnknown === undefined
        ? []
        : [['owner', `unknown: ${printable(ownerUnknown)}`]];
  switch (liveStatus.kind) {
    case 'not-found':
      return [user, ...owned, ['status', 'no longer exists in IAM']];
    case 'unknown':
      return [user, ...owned, ['status', `unknown: ${printable(liveStatus.why)}`]];
    case 'seen':
      return [
        user,
        ...owned,
        ['status', liveStatus.status],
        ['created', withAge(liveStatus.createdAt, asOf, timezone)],
        ['last used', lastUseInWords(liveStatus.lastUse, asOf, timezone)],
      ];
  }
}

function findingFacts({ findings, liveStatus }: KeyDetails): readonly Fact[] {
  if (liveStatus.kind !== 'seen' && findings.length === 0) return [];
  if (findings.length === 0) return [['none', 'the key is compliant']];
  return findings.map(({ rule, status, severity, reason, exemption }) => {
    const label = status === 'fail' ? severity : status === 'error' ? 'not judged' : 'exempt';
    const until = exemption === undefined ? '' : `; exempt until ${exemption.expires}: ${printable(exemption.reason)}`;
    return [label, `${rule}: ${printable(reason)}${until}`];
  });
}

function policyFacts({ policy, credential }: KeyDetails): readonly Fact[] {
  return [
    ['mode', policy.mode],
    [
      'limits',
      policy.limits === undefined ? 'unknown: an override may apply' : limitsInWords(policy.limits, credential.kind),
    ],
    ...policy.overrides.map((one): Fact => ['override', overrideInWords(one)]),
    ...policy.exemptions.map((one): Fact => ['exemption', exemptionInWords(one)]),
    ...(policy.exemptions.length === 0 ? [['exemption', 'none'] as const] : []),
  ];
}

/** Those that apply to the kind. */
function limitsInWords(limits: CredentialThresholds, kind: RetirableKind): string {
  const { use, off } = kindOf(kind);
  const { maxAge, maxIdle, neverUsedGrace, inUseWindow, deactivateInUse, warn, deleteAfter } = limits;
  const evenSo = deactivateInUse ? ', but deactivated when too old' : '';
  const parts = [
    `too old after ${formatDuration(maxAge)}`,
    use === 'tracked' && `unused after ${formatDuration(maxIdle)} (never used: ${formatDuration(neverUsedGrace)})`,
    off === 'status' &&
      (use === 'tracked' ? `in use for ${formatDuration(inUseWindow)} after a use` : 'in use') + evenSo,
    off === 'status' && `notices ${warn.map(formatDuration).join(', ')} before it is deactivated`,
    off === 'status' && `deleted ${formatDuration(deleteAfter)} after that`,
  ];
  return parts.filter((part) => part !== false).join('; ');
}

function overrideInWords({ number, override, applies }: ApplicableOverride): string {
  const verb = applies === 'yes' ? 'applies' : 'may apply: what it matches is not known';
  return `#${number} ${verb} (${printable(describeMatch(override.match))})`;
}

function exemptionInWords({ number, exemption, applies }: ApplicableExemption): string {
  const { match, rules, owner, reason, expires } = exemption;
  const verb = { yes: 'applies', maybe: 'may apply: what it matches is not known', expired: 'has expired' }[applies];
  const scope = rules === '*' ? 'every rule' : rules.join(', ');
  return `#${number} ${verb} (${printable(describeMatch(match))}) for ${scope}, until ${expires}, ${printable(owner)}: ${printable(reason)}`;
}

function stageFacts({
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

function historyFacts({ events, timezone }: KeyDetails): readonly Fact[] {
  return events.map(({ at, type, by, detail }) => {
    return [timeInWords(at, timezone), `${type} by ${actorInWords(by)}: ${printable(detail)}`];
  });
}

function actorInWords(actor: 'keysweep' | 'person'): string {
  return actor === 'keysweep' ? 'keysweep' : 'someone';
}

function decisionInWords({ decision, asOf, timezone }: KeyDetails): string {
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

function nextSections({ next, liveStatus, entry, damage, timezone }: KeyDetails): readonly Section[] {
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

function lastUseInWords(lastUse: LastUse, asOf: Date, timezone: string | undefined): string {
  switch (lastUse.kind) {
    case 'never':
      return 'never';
    case 'untracked':
      return 'not tracked by IAM: it counts as in use';
    case 'unknown':
      return `unknown: ${printable(lastUse.why)}`;
    case 'used': {
      const place = [lastUse.service, lastUse.region].filter((part) => part !== undefined).map(printable);
      return `${withAge(lastUse.at, asOf, timezone)}${place.length === 0 ? '' : `, ${place.join(', ')}`}`;
    }
  }
}

function withAge(time: Date, asOf: Date, timezone: string | undefined): string {
  return `${timeInWords(time, timezone)} (${describeDuration(asOf.getTime() - time.getTime())} ago)`;
}

function layOutFacts(facts: readonly Fact[], width: number): readonly string[] {
  const cells = Math.max(labelCells, ...facts.map(([label]) => label.length + 2));
  return facts.flatMap(([label, text]) => {
    return wrap(text, width - cells - 2).map((line, index) => {
      return `  ${(index === 0 ? label : '').padEnd(cells)}${line}`.trimEnd();
    });
  });
}
