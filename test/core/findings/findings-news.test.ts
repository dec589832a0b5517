import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import { compareFindings } from '../../../core/findings/compare.ts';
import { findingsNews } from '../../../core/findings/findings-news.ts';
import { afterDelivery, type FindingsDeliveries } from '../../../core/findings/findings-outbox.ts';
import type { OpenFindings } from '../../../core/findings/open-findings.ts';
import { decodeOpenFindings, encodeOpenFindings } from '../../../core/findings/open-findings-codec.ts';
import type { Audit, Finding } from '../../../core/model.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import type { Mode } from '../../../core/policy/policy.ts';
import {
  auditOf,
  exemption,
  finding,
  findingWithoutCredential,
  rootKeyFinding,
  user,
} from '../../support/audit-fixture.ts';
import { deliveredToAll as all, audiences, deliveredTo } from '../../support/deliveries.ts';

const first = new Date('2026-11-20T02:30:00Z');
/** No people. */
const noPeople = deliveredTo(['bus']);

interface Night {
  readonly found: readonly Finding[];
  /** To whom it was delivered. @default everyone */
  readonly to?: FindingsDeliveries;
  readonly mode?: Mode;
}

/** Everything was published, but of these no message had room for a name. */
const without = (...ids: readonly string[]) => deliveredTo(audiences, ...ids);

/** What each night notifies of: `new ID`, `new ID was SEVERITY`, `resolved ID HOW`, `unjudged ID`, `N critical`. */
function newsOf(...nights: readonly Night[]): readonly (readonly string[])[] {
  let kept: OpenFindings | undefined;
  return nights.map(({ found, to = all, mode = 'audit' }, night) => {
    const audit: Audit = { ...auditOf(found), asOf: new Date(first.getTime() + night * DAY) };
    const open = compareFindings(kept, audit, { ...defaultPolicy, mode });
    kept = decodeOpenFindings(encodeOpenFindings(afterDelivery(open, audit, to)), 'memory');
    return inWords(open, mode);
  });
}

function inWords(open: OpenFindings, mode: Mode): readonly string[] {
  const news = findingsNews(open, mode);
  if (news === undefined) return [];
  return [
    ...news.opened.map(({ finding, raisedFrom }) => {
      return `new ${finding.id}${raisedFrom === undefined ? '' : ` was ${raisedFrom}`}`;
    }),
    ...news.resolved.map(({ finding, resolution }) => `resolved ${finding.id} ${resolution}`),
    ...news.unjudged.map(({ id }) => `unjudged ${id}`),
    ...news.newlyExempt.map(({ finding: { id, exemption } }) => `exempt ${id} by ${exemption?.match}`),
    ...(news.newCritical === 0 ? [] : [`${news.newCritical} critical`]),
  ];
}

const mfa = findingWithoutCredential({ id: 'mfa' });
const idle = finding({ id: 'idle' });
const low = finding({ id: 'idle', severity: 'low' });
const root = rootKeyFinding({ id: 'root' });
const error = (one: Finding): Finding => ({ ...one, status: 'error' });

const sealed: Finding = { ...idle, status: 'exempt', exemption };

describe('a message notifies of', () => {
  it.each<[string, readonly Night[], readonly (readonly string[])[]]>([
    [
      'what is exempt from its first night, once',
      [{ found: [sealed] }, { found: [sealed] }, { found: [] }, { found: [sealed] }],
      [['exempt idle by user=break-glass-*'], [], [], ['exempt idle by user=break-glass-*']],
    ],
    [
      'what is exempt by another match, and not what is exempt for a longer time',
      [
        { found: [sealed] },
        { found: [{ ...sealed, exemption: { ...exemption, number: 4, expires: '2028-01-01' } }] },
        { found: [{ ...sealed, exemption: { ...exemption, match: 'tag:keep=*' } }] },
      ],
      [['exempt idle by user=break-glass-*'], [], ['exempt idle by tag:keep=*']],
    ],
    [
      'a credential once, whatever it is exempt from later, and whatever its user is called',
      [
        { found: [sealed] },
        { found: [sealed, { ...sealed, id: 'old', rule: 'access-key-too-old' }] },
        { found: [{ ...sealed, id: 'renamed', principal: user('renamed') }] },
      ],
      [['exempt idle by user=break-glass-*'], [], []],
    ],
    [
      'what is exempt in every mode, though a sweep notifies of such a key, and again where no one was reached',
      [
        { found: [sealed], mode: 'enforce', to: noPeople },
        { found: [sealed], mode: 'enforce' },
        { found: [sealed], mode: 'enforce' },
      ],
      [['exempt idle by user=break-glass-*'], ['exempt idle by user=break-glass-*'], []],
    ],
    [
      'no more of what was exempt and could not be judged for a night',
      [{ found: [sealed] }, { found: [error(idle)] }, { found: [sealed] }],
      [['exempt idle by user=break-glass-*'], ['unjudged idle'], []],
    ],
    ['nothing of an account in order', [{ found: [] }, { found: [] }], [[], []]],
    ['everything on the first night, and nothing again', [{ found: [mfa] }, { found: [mfa] }], [['new mfa'], []]],
    [
      'what is resolved, and how',
      [{ found: [mfa, idle] }, { found: [{ ...idle, status: 'exempt', exemption }] }],
      [
        ['new mfa', 'new idle'],
        ['resolved mfa no-longer-found', 'resolved idle exempted', 'exempt idle by user=break-glass-*'],
      ],
    ],
    [
      'what comes back',
      [{ found: [mfa] }, { found: [] }, { found: [mfa] }],
      [['new mfa'], ['resolved mfa no-longer-found'], ['new mfa']],
    ],
    ['nothing but the alert’s where only critical is new', [{ found: [root] }, { found: [root] }], [[], []]],
    ['how many critical ones are new beside others', [{ found: [root, mfa] }], [['new mfa', '1 critical']]],
    ['that a critical one is resolved', [{ found: [root] }, { found: [] }], [[], ['resolved root no-longer-found']]],
    [
      'a critical one that became less severe before anyone was notified of it',
      [{ found: [root], to: noPeople }, { found: [rootKeyFinding({ id: 'root', severity: 'high' })] }],
      [[], ['new root']],
    ],
    ['nothing of one that became less severe', [{ found: [idle] }, { found: [low] }], [['new idle'], []]],
    ['what is more severe than they know', [{ found: [low] }, { found: [idle] }], [['new idle'], ['new idle was low']]],
    [
      'nothing where it is again as they know it',
      [{ found: [low] }, { found: [idle], to: noPeople }, { found: [low] }],
      [['new idle'], ['new idle was low'], []],
    ],
    [
      'once what was raised twice, from what they know',
      [{ found: [low] }, { found: [{ ...idle, severity: 'medium' }], to: noPeople }, { found: [idle] }],
      [['new idle'], ['new idle was low'], ['new idle was low']],
    ],
    [
      'again what no message had room for',
      [{ found: [mfa, idle, root], to: without('idle', 'root') }, { found: [mfa, idle, root] }],
      [
        ['new mfa', 'new idle', '1 critical'],
        ['new idle', '1 critical'],
      ],
    ],
    [
      'as new what was raised before they were notified of it',
      [{ found: [low], to: noPeople }, { found: [idle] }],
      [['new idle'], ['new idle']],
    ],
  ])('%s', (_, nights, news) => {
    expect(newsOf(...nights)).toEqual(news);
  });
});

describe('what is pending', () => {
  it.each<[string, readonly Night[], readonly (readonly string[])[]]>([
    [
      'is in each message until it is delivered',
      [{ found: [mfa], to: noPeople }, { found: [mfa] }, { found: [mfa] }],
      [['new mfa'], ['new mfa'], []],
    ],
    [
      'is resolved where it no longer exists meanwhile: someone may have been notified that it exists',
      [{ found: [mfa], to: noPeople }, { found: [] }, { found: [] }],
      [['new mfa'], ['resolved mfa no-longer-found'], []],
    ],
    [
      'is new where it is back meanwhile: someone may have been notified that it no longer exists',
      [{ found: [mfa] }, { found: [], to: noPeople }, { found: [mfa] }],
      [['new mfa'], ['resolved mfa no-longer-found'], ['new mfa']],
    ],
    [
      'is all but the critical one where the alert alone was delivered',
      [{ found: [root, mfa], to: deliveredTo(['alerts', 'bus']) }, { found: [root, mfa] }],
      [['new mfa', '1 critical'], ['new mfa']],
    ],
    [
      'stays counted where the alert alone was not delivered',
      [{ found: [root, mfa], to: deliveredTo(['digests', 'bus']) }, { found: [root] }],
      [
        ['new mfa', '1 critical'],
        ['resolved mfa no-longer-found', '1 critical'],
      ],
    ],
  ])('%s', (_, nights, news) => {
    expect(newsOf(...nights)).toEqual(news);
  });
});

describe('a check that is not possible', () => {
  it.each<[string, readonly Night[], readonly (readonly string[])[]]>([
    ['is in one message while it lasts', [{ found: [error(mfa)] }, { found: [error(mfa)] }], [['unjudged mfa'], []]],
    [
      'is in another one when it comes back',
      [{ found: [error(mfa)] }, { found: [] }, { found: [error(mfa)] }],
      [['unjudged mfa'], [], ['unjudged mfa']],
    ],
    [
      'is in each message until it is delivered',
      [{ found: [error(mfa)], to: noPeople }, { found: [error(mfa)] }],
      [['unjudged mfa'], ['unjudged mfa']],
    ],
    [
      'resolves nothing',
      [{ found: [mfa] }, { found: [error(mfa)] }, { found: [mfa] }],
      [['new mfa'], ['unjudged mfa'], []],
    ],
    ['is the alert’s where it is critical', [{ found: [error(root)] }], [[]]],
    [
      'is in it in every mode: the digest of a sweep leaves it out',
      [{ found: [error(idle)], mode: 'enforce' }],
      [['unjudged idle']],
    ],
  ])('%s', (_, nights, news) => {
    expect(newsOf(...nights)).toEqual(news);
  });
});

describe('the mode of the policy', () => {
  const rules = [
    'access-key-unused',
    'access-key-never-used',
    'access-key-too-old',
    'access-key-inactive',
    'access-keys-two-active',
    'console-mfa-missing',
    'console-password-unused',
    'report-stale',
  ] as const;
  const found = rules.map((rule) => finding({ id: rule, rule }));

  it.each<[Mode, number]>([
    ['audit', 0],
    ['warn', 4],
    ['enforce', 4],
  ])('%s leaves the first %i of the rules to the digest of the sweep', (mode, count) => {
    expect(newsOf({ found, mode }, { found: [], mode })).toEqual([
      rules.slice(count).map((rule) => `new ${rule}`),
      rules.slice(count).map((rule) => `resolved ${rule} no-longer-found`),
    ]);
  });

  it('may change: what the sweep notified of is not new, and what is pending is the sweep’s', () => {
    expect(newsOf({ found, mode: 'warn' }, { found, mode: 'audit' })[1]).toEqual([]);
    expect(newsOf({ found: [idle, mfa], to: noPeople }, { found: [idle, mfa], mode: 'warn' })[1]).toEqual(['new mfa']);
  });
});

describe('since when', () => {
  const notifiedUpTo = (night: number, ...to: readonly FindingsDeliveries[]) => {
    let kept: OpenFindings | undefined;
    for (let at = 0; at <= night; at++) {
      const audit = {
        ...auditOf([mfa, finding({ id: `${at}`, principal: user(`u${at}`) })]),
        asOf: new Date(first.getTime() + at * DAY),
      };
      const open = compareFindings(kept, audit, defaultPolicy);
      if (at === night) return findingsNews(open, 'audit')?.notifiedUpTo?.getTime();
      kept = afterDelivery(open, audit, to[at] ?? all);
    }
    return undefined;
  };

  it.each([
    ['none on the first night', 0, [], undefined],
    ['none while no one could be notified', 2, [noPeople, noPeople], undefined],
    ['the audit before', 2, [all, all], first.getTime() + DAY],
    ['the last audit of which they know everything', 3, [all, noPeople, noPeople], first.getTime()],
  ] as const)('is %s', (_, night, to, expected) => {
    expect(notifiedUpTo(night, ...to)).toBe(expected);
  });
});
