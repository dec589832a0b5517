/** Cases from the tests of other projects (test/fixtures/peers.txt): each gets the verdict that is right. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../../core/duration.ts';
import type { Finding } from '../../../core/model.ts';
import { observeReport } from '../../../core/observe.ts';
import { loadPolicy } from '../../../core/policy/load.ts';
import { parseReport } from '../../../core/report/parse.ts';
import { evaluate } from '../../../core/rules/evaluate.ts';
import { ruleIds } from '../../../core/rules/ids.ts';
import { bytes, type Row, reportBytes, rootRow, userRow } from '../../support/report-builder.ts';

interface PeerCase {
  readonly name: string;
  readonly asOf: Date;
  readonly policy: string;
  readonly rows: readonly Row[];
  /** `access-key-unused alice/1 fail` */
  readonly verdicts: readonly string[];
}

function readCase(peer: string, block: string): PeerCase {
  const [what = '', ...lines] = block.split('\n').map((line) => line.trim());
  const given = (word: string) => lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
  const asOf = new Date(given('at') ?? '2026-11-20T12:00:00Z');
  const rows = lines.filter((line) => !/^(?:at|policy|=) /.test(line)).map((line) => readRow(line, asOf));
  return {
    name: `${peer}: ${what}`,
    asOf,
    policy: JSON.stringify({ version: 1, ...JSON.parse(given('policy') ?? '{}') }),
    rows: rows.some(({ user }) => user === '<root_account>') ? rows : [rootRow(), ...rows],
    verdicts: lines.filter((line) => line.startsWith('= ')).map((line) => line.slice(2)),
  };
}

/** What the words of a row mean, by the column of what they belong to. */
const columns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  created: { '': 'user_creation_time' },
  password: { '': 'password_enabled', used: 'password_last_used', changed: 'password_last_changed' },
  ...Object.fromEntries(
    [1, 2].flatMap((slot) => {
      const key = `access_key_${slot}`;
      const cert = `cert_${slot}`;
      return [
        [`key${slot}`, { '': `${key}_active`, created: `${key}_last_rotated`, used: `${key}_last_used_date` }],
        [`cert${slot}`, { '': `${cert}_active`, created: `${cert}_last_rotated` }],
      ];
    }),
  ),
};

const text = readFileSync(new URL('../../fixtures/peers.txt', import.meta.url), 'utf8');
const cases = text
  .split(/^## /m)
  .slice(1)
  .flatMap((section) => {
    const [peer = '', ...blocks] = section.trim().split(/\n\n+/);
    return blocks.map((block) => readCase(peer, block));
  });

function readRow(line: string, asOf: Date): Row {
  const [name = '', ...parts] = line.split('; ');
  const fields = Object.fromEntries(
    parts.flatMap((part): [string, string][] => {
      const [thing = '', first = '', ...pairs] = part.split(' ');
      if (part === 'mfa') return [['mfa_active', 'true']];
      const words = ['', first, ...pairs];
      return words.flatMap((word, at) =>
        at % 2 === 0 ? [[columnOf(thing, word), valueIn(words[at + 1] ?? '', asOf)]] : [],
      );
    }),
  );
  return name === 'root'
    ? { ...rootRow({ mfa_active: 'false' }), ...fields }
    : userRow(name, { user_creation_time: '2010-01-01T00:00:00Z', ...fields });
}

function columnOf(thing: string, word: string): string {
  const column = columns[thing]?.[word];
  if (column === undefined) throw new Error(`no column is called ${thing} ${word}`);
  return column;
}

function valueIn(word: string, asOf: Date): string {
  const days = /^-(\d+)d$/.exec(word)?.[1];
  if (days !== undefined) return new Date(asOf.getTime() - Number(days) * DAY).toISOString();
  return { on: 'true', off: 'false' }[word] ?? word;
}

const keyUnused = ['access-key-unused', 'access-key-never-used'];
const passwordUnused = ['console-password-unused', 'console-password-never-used'];
const groups: Readonly<Record<string, readonly string[]>> = {
  'key-unused': keyUnused,
  'password-unused': passwordUnused,
  'anything-unused': [...keyUnused, ...passwordUnused],
};

/** The worst that the rules say of the user, or of the credential in one slot. */
function judge(findings: readonly Finding[], rule: string, subject: string): string {
  const [who = '', slot] = subject.split('/');
  const rules = groups[rule] ?? [rule];
  const own = findings.filter(({ rule: id, principal, credential }) => {
    const name = principal.kind === 'root' ? 'root' : principal.name;
    const isMeant = who === '*' ? principal.kind === 'user' : name === who;
    return rules.includes(id) && isMeant && (slot === undefined || credential?.slot === Number(slot));
  });
  return (['fail', 'error', 'exempt'] as const).find((status) => own.some((one) => one.status === status)) ?? 'pass';
}

describe('cases of other projects', () => {
  it.each(cases)('$name', ({ asOf, policy, rows, verdicts }) => {
    const observation = observeReport(parseReport(reportBytes(rows)));
    const findings = evaluate(observation, loadPolicy(policy, 'keysweep.yaml'), asOf);
    const found = verdicts.map((verdict) => {
      const [rule = '', subject = ''] = verdict.split(' ');
      return `${rule} ${subject} ${judge(findings, rule, subject)}`;
    });
    expect(found).toEqual(verdicts);
  });

  it('are all read, and name rules that there are', () => {
    expect(cases.length).toBeGreaterThanOrEqual(100);
    for (const { name, verdicts } of cases) {
      expect(verdicts.length, name).toBeGreaterThan(0);
      for (const verdict of verdicts) {
        expect(verdict, name).toMatch(/^[a-z-]+ \S+ (?:pass|fail|exempt|error)$/);
        const [rule = ''] = verdict.split(' ');
        expect([...ruleIds, ...Object.keys(groups)], name).toContain(rule);
      }
    }
  });

  it.each([
    ['a header without any row (CloudSploit passes it)', reportBytes([])],
    ['an empty file (CloudSploit says nothing, Guardian refuses it)', bytes('')],
    ['five columns (Guardian refuses it)', bytes('user,arn,user_creation_time,password_enabled,mfa_active\na,b,c,d,e')],
  ])('refuses %s', (_, content) => expect(() => parseReport(content)).toThrow());

  it.each(['9999999999d', '*&^'])('refuses the limit %s (AWS Config rules refuse it)', (maxAge) => {
    const policy = JSON.stringify({ version: 1, accessKeys: { maxAge } });
    expect(() => loadPolicy(policy, 'keysweep.yaml')).toThrow(/maxAge/);
  });
});
