import { describe, expect, it } from 'vitest';
import { loadPolicy, PolicyError } from '../../../core/policy/load.ts';

function problemsOf(text: string): readonly string[] {
  try {
    loadPolicy(`version: 1\n${text}\n`, 'p');
  } catch (error) {
    if (error instanceof PolicyError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

const exemption = (expires: string, rules = '"*"') =>
  `exemptions: [{ match: { user: a }, rules: ${rules}, reason: r, owner: o, expires: ${expires} }]`;

describe('what is wrong with a value is reported once', () => {
  it.each([
    [exemption('never'), 'exemptions[0].expires: found "never", expected a date such as 2027-06-30'],
    [exemption('31.12.2026'), 'exemptions[0].expires: found "31.12.2026", expected a date such as 2027-06-30'],
    [exemption('2027-02-30'), 'exemptions[0].expires: found "2027-02-30", expected a valid date, such as 2027-06-30'],
    [exemption('20270630'), 'exemptions[0].expires: found 20270630, expected a date such as 2027-06-30'],
    [exemption('""'), 'exemptions[0].expires: found "", expected a date such as 2027-06-30'],
    ['calendar: { freeze: [soon] }', 'calendar.freeze[0]: found "soon", expected two dates'],
    ['calendar: { timezone: Berlin }', 'calendar.timezone: found "Berlin", expected an IANA time zone'],
    ['calendar: { days: [Monday] }', 'calendar.days[0]: found "Monday", expected one of Mon'],
    ['accessKeys: { maxAge: never }', 'accessKeys.maxAge: found "never", expected a duration'],
    ['accessKeys: { warn: [1d, 7d] }', 'accessKeys.warn: found ["1d","7d"], expected durations in descending order'],
    ['limits: { maxDeletions: few }', 'limits.maxDeletions: found "few", expected a whole number'],
    ['deployment: { schedule: { at: "25:00" } }', 'deployment.schedule.at: found "25:00", expected a time of day'],
    ['deployment: { schedule: { flexibleWindow: 30s } }', 'deployment.schedule.flexibleWindow: found "30s", expected'],
    ['notices: { channels: [{ protocol: sqs, endpoint: "a b" }] }', 'notices.channels[0].endpoint: found "a b"'],
    ['mode: on', 'mode: found "on", expected one of audit'],
  ])('%s', (text, expected) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('a mistyped name is understood', () => {
  it.each([
    [
      'rules: { access-keys-two-activ: off }',
      'rules.access-keys-two-activ: unknown key; did you mean access-keys-two-active?',
    ],
    ['rules: { nothing-like-it: off }', 'rules.nothing-like-it: unknown key; allowed keys: user-quarantined, '],
    ['acessKeys: { maxAge: 5d }', 'notices, deployment; did you mean accessKeys?'],
    ['accessKeys: { max_age: 5d }', 'maxInactive; did you mean maxAge?'],
    [exemption('2027-06-30', '[access-key-unusd]'), 'expected "*" or a list of rules; did you mean access-key-unused?'],
    [exemption('2027-06-30', 'access-key-unused'), 'expected "*" or a list of these rules: user-quarantined, '],
    [exemption('2027-06-30', 'access-key-unusd'), 'expected "*" or a list of rules; did you mean [access-key-unused]?'],
    [
      exemption('2027-06-30', '[access-key-unused, nothing]'),
      'expected "*" or a list of these rules: user-quarantined',
    ],
  ])('%s', (text, expected) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(expected)]);
  });
});
