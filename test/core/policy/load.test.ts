import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../core/duration.ts';
import type { JsonSchema } from '../../../core/policy/checked-yaml.ts';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { policyJsonSchema } from '../../../core/policy/json-schema.ts';
import { loadPolicy, PolicyError } from '../../../core/policy/load.ts';
import { starterPolicy } from '../../../core/policy/starter.ts';

function load(text: string) {
  return loadPolicy(`version: 1\n${text}`, 'keysweep.yaml');
}

function problemsOf(text: string): string[] {
  try {
    loadPolicy(text, 'keysweep.yaml');
  } catch (error) {
    if (error instanceof PolicyError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** The path of every setting of the file; `0` stands for an item of a list. */
function settingsOf(schema: JsonSchema): (string | number)[][] {
  const own = Object.entries(schema.properties ?? {});
  const items = schema.items === undefined ? [] : settingsOf(schema.items).map((rest) => [0, ...rest]);
  return [[], ...items, ...own.flatMap(([key, value]) => settingsOf(value).map((rest) => [key, ...rest]))];
}

function nest(path: readonly (string | number)[], value: unknown): unknown {
  return path.reduceRight((inner, key) => (key === 0 ? [inner] : { [key]: inner }), value);
}

describe('loadPolicy: what a file says', () => {
  it('a version alone is the default policy', () => {
    expect(load('')).toEqual(defaultPolicy);
  });

  it('the starter file is the default policy, spelled out', () => {
    expect(loadPolicy(starterPolicy, 'keysweep.yaml')).toEqual(defaultPolicy);
  });

  it('reads the example of the design in full', () => {
    const policy = load(`
mode: enforce
accessKeys: { maxAge: 90d, maxIdle: 45d, neverUsedGrace: 12h, inUseWindow: 2w, deactivateInUse: true, warn: [14d, 1d] }
consolePasswords: { maxAge: 365d }
root: { recentUse: 10d }
limits: { maxDeactivations: 10%, maxDeletions: 5, maxReportAge: 24h }
calendar: { timezone: Europe/Berlin, days: [Mon, Fri], freeze: [2026-12-18/2027-01-04] }
overrides:
  - match: { tag: { kind: machine } }
    accessKeys: { maxAge: 180d }
exemptions:
  - match: { user: "break-glass-*", account: "123456789012" }
    rules: [access-key-unused]
    reason: sealed
    owner: security@example.com
    expires: 2027-06-30
  - match: { accessKeyId: AKIAIOSFODNN7EXAMPLE }
    rules: "*"
    reason: other
    owner: me
    expires: 2027-06-30
rules: { console-mfa-missing: { severity: medium }, access-keys-two-active: off, access-key-unused: on }
deployment: { schedule: { at: "04:05", flexibleWindow: 10m }, email: [a@example.com], logRetention: 30d }
`);
    expect(policy).toMatchObject({
      mode: 'enforce',
      accessKeys: {
        neverUsedGrace: 12 * HOUR,
        inUseWindow: 14 * DAY,
        deactivateInUse: true,
        warn: [14 * DAY, DAY],
        deleteAfter: 30 * DAY,
      },
      consolePasswords: { maxAge: 365 * DAY, maxIdle: 45 * DAY },
      root: { recentUse: 10 * DAY },
      limits: { maxDeactivations: { percent: 10 }, maxDeletions: { count: 5 }, maxReportAge: DAY },
      calendar: { timezone: 'Europe/Berlin', days: ['Mon', 'Fri'], freeze: [{ from: '2026-12-18', to: '2027-01-04' }] },
      overrides: [{ match: { tag: { kind: 'machine' } }, accessKeys: { maxAge: 180 * DAY } }],
      rules: {
        'console-mfa-missing': { enabled: true, severity: 'medium' },
        'access-keys-two-active': { enabled: false },
        'access-key-unused': { enabled: true },
      },
      deployment: {
        schedule: { at: '04:05', timezone: 'Europe/Berlin', flexibleWindow: 10 * MINUTE },
        email: ['a@example.com'],
        logRetention: 30 * DAY,
      },
    });
    expect(policy.exemptions).toHaveLength(2);
    expect(policy.overrides[0]?.accessKeys).toEqual({ maxAge: 180 * DAY });
  });

  it('reads every setting of the deployment, and leaves out what is not set', () => {
    const { deployment } = load(`deployment:
  slack: { workspace: T0123456789, channel: C0123456789 }
  slackWebhookSecret: arn:aws:secretsmanager:eu-central-1:111122223333:secret:keysweep/slack-AbCdEf
  snapshotRetention: 15d
  dashboard: false
  permissionsBoundary: arn:aws:iam::111122223333:policy/security/boundary
  encryptionKey: arn:aws:kms:eu-central-1:111122223333:key/0b1c2d3e-0000-4000-8000-000000000000
  tags: { team: security, Kostenstelle Köln: "4711", empty: "" }
`);
    expect(deployment).toEqual({
      ...defaultPolicy.deployment,
      slack: { workspace: 'T0123456789', channel: 'C0123456789' },
      slackWebhookSecret: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keysweep/slack-AbCdEf',
      snapshotRetention: 15 * DAY,
      dashboard: false,
      permissionsBoundary: 'arn:aws:iam::111122223333:policy/security/boundary',
      encryptionKey: 'arn:aws:kms:eu-central-1:111122223333:key/0b1c2d3e-0000-4000-8000-000000000000',
      tags: { team: 'security', 'Kostenstelle Köln': '4711', empty: '' },
    });
    expect(Object.keys(load('').deployment)).not.toContain('slack');
  });
});

describe('loadPolicy: what is refused, with line, column, path, what was found and what is allowed', () => {
  it.each<[string, string, string]>([
    ['another version', 'version: 2', '1:1: version: found 2, expected version: 1'],
    ['an empty file', '', '1:1: version: missing, expected version: 1'],
    ['a list', '- 1', '1:1: found [1], expected a mapping; allowed keys: version, mode, accessKeys'],
    [
      'an unknown key',
      'version: 1\naccesKeys: {}',
      '2:1: accesKeys: unknown key; allowed keys: version, mode, accessKeys',
    ],
    [
      'an unknown threshold',
      'version: 1\naccessKeys:\n  maxIdel: 4d',
      '3:3: accessKeys.maxIdel: unknown key; allowed keys: maxAge, maxIdle',
    ],
    [
      'an unknown mode',
      'version: 1\nmode: Enforce',
      '2:1: mode: found "Enforce", expected one of audit, warn, enforce',
    ],
    [
      'a number for a duration',
      'version: 1\naccessKeys: { maxAge: 90 }',
      '2:15: accessKeys.maxAge: found 90, expected a duration',
    ],
    ['a negative duration', 'version: 1\naccessKeys: { maxAge: -9d }', 'found "-9d", expected a duration'],
    ['a duration without unit', 'version: 1\naccessKeys: { maxAge: "90" }', 'found "90", expected a duration'],
    ['a limit of nothing', 'version: 1\naccessKeys: { maxIdle: 0d }', 'found "0d", expected a duration of 1m or more'],
    ['an absurd duration', 'version: 1\naccessKeys: { maxIdle: 9999999999d }', 'at most a century'],
    [
      'deletion the day of deactivation',
      'version: 1\naccessKeys: { deleteAfter: 1h }',
      'accessKeys.deleteAfter: found "1h", expected a duration of 1d or more such as 45d or 8w',
    ],
    [
      'minutes where days are the least',
      'version: 1\naccessKeys: { deleteAfter: 1m }',
      'found "1m", expected a duration of 1d or more such as 45d or 8w',
    ],
    [
      'seconds where a minute is the least',
      'version: 1\naccessKeys: { maxAge: 59s }',
      'found "59s", expected a duration of 1m or more such as 45d, 8w, 12h or 30m',
    ],
    [
      'no warning at all',
      'version: 1\naccessKeys: { warn: [] }',
      'accessKeys.warn: found [], expected at least one duration',
    ],
    [
      'warnings in the wrong order',
      'version: 1\naccessKeys: { warn: [1d, 7d] }',
      'found ["1d","7d"], expected durations in descending order',
    ],
    ['a warning twice', 'version: 1\naccessKeys: { warn: [7d, 7d] }', 'expected durations in descending order'],
    ['text for a switch', 'version: 1\naccessKeys: { deactivateInUse: "yes" }', 'found "yes", expected true or false'],
    [
      'a cap over 100 percent',
      'version: 1\nlimits: { maxDeletions: 101% }',
      'limits.maxDeletions: found "101%", expected a whole number such as 10',
    ],
    ['a cap below zero', 'version: 1\nlimits: { maxDeletions: -1 }', 'limits.maxDeletions: found -1'],
    [
      'a time zone that is none',
      'version: 1\ncalendar: { timezone: Europe/Berln }',
      'found "Europe/Berln", expected an IANA time zone',
    ],
    ['an offset for a time zone', 'version: 1\ncalendar: { timezone: "+01:00" }', 'expected an IANA time zone'],
    [
      'an unknown weekday',
      'version: 1\ncalendar: { days: [Monday] }',
      'calendar.days[0]: found "Monday", expected one of Mon, Tue',
    ],
    [
      'a freeze that ends before it starts',
      'version: 1\ncalendar: { freeze: [2027-01-04/2026-12-18] }',
      'calendar.freeze[0]: found',
    ],
    [
      'an override that matches all',
      'version: 1\noverrides: [{ match: {}, accessKeys: { maxAge: 180d } }]',
      'overrides[0].match: found {}, expected at least one of',
    ],
    [
      'an override by key id',
      'version: 1\noverrides: [{ match: { user: a, accessKeyId: A }, accessKeys: { maxAge: 180d } }]',
      'overrides[0].match.accessKeyId: unknown key; allowed keys: user, path, arn, account, tag',
    ],
    [
      'an exemption without owner',
      'version: 1\nexemptions: [{ match: { user: a }, rules: "*", reason: r, expires: 2027-01-01 }]',
      'exemptions[0].owner: missing',
    ],
    [
      'an exemption without reason',
      'version: 1\nexemptions: [{ match: { user: a }, rules: "*", reason: "", owner: o, expires: 2027-01-01 }]',
      'exemptions[0].reason: found ""',
    ],
    [
      'an exemption without end',
      'version: 1\nexemptions: [{ match: { user: a }, rules: "*", reason: r, owner: o }]',
      'exemptions[0].expires: missing, expected a date',
    ],
    [
      'a day that does not exist',
      'version: 1\nexemptions: [{ match: { user: a }, rules: "*", reason: r, owner: o, expires: 2027-02-30 }]',
      'found "2027-02-30", expected a valid date',
    ],
    [
      'an exemption from an unknown rule',
      'version: 1\nexemptions: [{ match: { user: a }, rules: [acces-key], reason: r, owner: o, expires: 2027-01-01 }]',
      'exemptions[0].rules: found ["acces-key"], expected "*" or a list of these rules: user-quarantined',
    ],
    [
      'an empty tag match',
      'version: 1\nexemptions: [{ match: { tag: {} }, rules: "*", reason: r, owner: o, expires: 2027-01-01 }]',
      'exemptions[0].match.tag: found {}',
    ],
    [
      'a number for a tag',
      'version: 1\nexemptions: [{ match: { tag: { a: 1 } }, rules: "*", reason: r, owner: o, expires: 2027-01-01 }]',
      'exemptions[0].match.tag.a: found 1',
    ],
    [
      'an unknown rule',
      'version: 1\nrules: { access-key-old: off }',
      '2:10: rules.access-key-old: unknown key; did you mean access-key-too-old?',
    ],
    [
      'an unknown severity',
      'version: 1\nrules: { access-key-unused: { severity: hgh } }',
      'rules.access-key-unused: found {"severity":"hgh"}, expected on, off',
    ],
    [
      'a time of day that is none',
      'version: 1\ndeployment: { schedule: { at: "24:00" } }',
      'deployment.schedule.at: found "24:00"',
    ],
    [
      'a window over a day',
      'version: 1\ndeployment: { schedule: { flexibleWindow: 25h } }',
      'expected whole minutes, at most 24h',
    ],
    [
      'an address that is none',
      'version: 1\ndeployment: { email: [security] }',
      'deployment.email[0]: found "security", expected an e-mail address',
    ],
    [
      'a workspace by its name',
      'version: 1\ndeployment: { slack: { workspace: acme, channel: C0123456789 } }',
      'deployment.slack.workspace: found "acme", expected the id of a Slack workspace such as T0123456789',
    ],
    [
      'a channel by its name',
      'version: 1\ndeployment: { slack: { workspace: T0123456789, channel: "#security" } }',
      'deployment.slack.channel: found "#security", expected the id of a Slack channel such as C0123456789, not its name',
    ],
    [
      'a Slack configuration by its name',
      'version: 1\ndeployment: { slackConfiguration: security }',
      'deployment.slackConfiguration: found "security", expected the ARN of a Slack channel configuration such as',
    ],
    [
      'two Slack channels of Amazon Q Developer',
      'version: 1\ndeployment: { slack: { workspace: T0123456789, channel: C0123456789 }, slackConfiguration: "arn:aws:chatbot::111122223333:chat-configuration/slack-channel/s" }',
      'expected only one of slack and slackConfiguration',
    ],
    [
      'a path without both slashes',
      'version: 1\ndeployment: { roles: { path: /security } }',
      'deployment.roles.path: found "/security", expected an IAM path with both slashes such as /security/',
    ],
    [
      'a prefix with which names would be too long',
      `version: 1\ndeployment: { roles: { prefix: ${'a'.repeat(49)} } }`,
      'expected at most 48 letters, digits',
    ],
    ['roles without a name', 'version: 1\ndeployment: { roles: {} }', 'expected a path or a prefix'],
    [
      'subnets without security groups',
      'version: 1\ndeployment: { vpc: { subnets: [subnet-0abc1234] } }',
      'deployment.vpc.securityGroups: missing, expected a list of 1 to 5 ids such as sg-0abc1234',
    ],
    [
      'a subnet that is a VPC',
      'version: 1\ndeployment: { vpc: { subnets: [vpc-0abc1234], securityGroups: [sg-0abc1234] } }',
      'deployment.vpc.subnets[0]: found "vpc-0abc1234", expected an id such as subnet-0abc1234',
    ],
    [
      'a subnet twice',
      'version: 1\ndeployment: { vpc: { subnets: [subnet-0abc1234, subnet-0abc1234], securityGroups: [sg-0abc1234] } }',
      'expected each id once',
    ],
    [
      'a stack name with a space',
      'version: 1\ndeployment: { stackName: my stack }',
      'deployment.stackName: found "my stack", expected a letter, then up to 127 letters, digits and hyphens',
    ],
    [
      'a workspace without a channel',
      'version: 1\ndeployment: { slack: { workspace: T0123456789 } }',
      'deployment.slack.channel: missing, expected the id of a Slack channel',
    ],
    [
      'the address of a webhook where its secret belongs',
      'version: 1\ndeployment: { slackWebhookSecret: "https://hooks.example.com/services/T/B/x" }',
      'expected the full ARN of a Secrets Manager secret, including the six characters at the end',
    ],
    [
      'a secret without the six characters',
      'version: 1\ndeployment: { slackWebhookSecret: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:slack" }',
      'expected the full ARN of a Secrets Manager secret, including the six characters at the end',
    ],
    [
      'snapshots that expire before a dead letter',
      'version: 1\ndeployment: { snapshotRetention: 14d }',
      'deployment.snapshotRetention: found "14d", expected a duration of 15d or more',
    ],
    [
      'a dashboard that is neither there nor not',
      'version: 1\ndeployment: { dashboard: maybe }',
      'deployment.dashboard: found "maybe", expected true or false',
    ],
    [
      'a boundary that is a role',
      'version: 1\ndeployment: { permissionsBoundary: "arn:aws:iam::111122223333:role/boundary" }',
      'expected the ARN of a managed policy such as arn:aws:iam::111122223333:policy/boundary',
    ],
    [
      'an alias of a key',
      'version: 1\ndeployment: { encryptionKey: "arn:aws:kms:eu-central-1:111122223333:alias/keysweep" }',
      'expected the ARN of a KMS key (not of an alias)',
    ],
    [
      'a tag that AWS keeps to itself',
      'version: 1\ndeployment: { tags: { "aws:team": security } }',
      'keys must not begin with aws:',
    ],
    [
      'a tag whose value is a number',
      'version: 1\ndeployment: { tags: { cost-center: 4711 } }',
      'deployment.tags.cost-center: found 4711, expected a string such as "4711", of at most 256 characters',
    ],
    [
      'more tags than a resource can have',
      `version: 1\ndeployment: { tags: { ${Array.from({ length: 50 }, (_, n) => `t${n}: v`).join()} } }`,
      'expected at most 49 tags',
    ],
    [
      'tags that IAM does not distinguish',
      'version: 1\ndeployment: { tags: { Team: security, team: platform } }',
      'deployment.tags: found {"Team":"security","team":"platform"}, expected keys that differ in more than case',
    ],
    [
      'a tag that keysweep sets itself, in another case',
      'version: 1\ndeployment: { tags: { Application: hygiene } }',
      'application is set by keysweep itself',
    ],
    [
      'a section without content',
      'version: 1\naccessKeys:\n',
      '2:1: accessKeys: found nothing, expected a mapping; allowed keys: maxAge, maxIdle',
    ],
    [
      'an exemption without match',
      'version: 1\nexemptions: [{ rules: "*", reason: r, owner: o, expires: 2027-01-01 }]',
      '2:14: exemptions[0].match: missing, expected at least one of user, path, arn, account, tag, accessKeyId',
    ],
    [
      'an exemption from no rule',
      'version: 1\nexemptions: [{ match: { user: a }, rules: [], reason: r, owner: o, expires: 2027-01-01 }]',
      '2:36: exemptions[0].rules: found [], expected at least one rule, or "*" for all',
    ],
    [
      'an override that changes nothing',
      'version: 1\noverrides:\n  - match: { user: a }\n',
      '3:5: overrides[0]: found {"match":{"user":"a"}}, expected at least one threshold in accessKeys or consolePasswords',
    ],
    [
      'an override with empty sections',
      'version: 1\noverrides: [{ match: { user: a }, accessKeys: {}, consolePasswords: {} }]',
      '2:13: overrides[0]: found',
    ],
    ['YAML that does not parse', 'version: 1\nmode: [', 'invalid YAML'],
    ['a key twice', 'version: 1\nmode: audit\nmode: enforce', '3:1: invalid YAML: Map keys must be unique'],
    ['an unknown tag', 'version: 1\nmode: !exec audit', 'invalid YAML'],
    ['two documents', 'version: 1\n---\nversion: 1', 'invalid YAML'],
  ])('%s', (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^keysweep\.yaml:\d+:\d+: /);
    expect(problems[0]).toContain(expected);
  });

  it('says it in its own words, whatever comes where', () => {
    const foreign =
      /Too (small|big)|Invalid|received|[<>]=|expected (object|array|string|number|boolean|record|map|int)\b/;
    const wrong = [null, [], {}, [null], [[]], [{}], 0, -1, 1.5, 1e300, '', 'x', true, { x: 1 }, { '': '' }];
    const leaks = settingsOf(policyJsonSchema()).flatMap((path) => {
      return wrong.flatMap((value) => {
        const text = JSON.stringify({ version: 1, ...Object(nest(path, value)) });
        return problemsOf(text).filter((problem) => foreign.test(problem));
      });
    });
    expect(leaks).toEqual([]);
  });

  it('refuses a file that is a bomb of aliases', () => {
    const levels = Array.from(
      { length: 8 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level}, `.repeat(10)}]`,
    );
    expect(problemsOf(`version: 1\nl0: &l0 [x]\n${levels.join('\n')}`)).not.toEqual([]);
  });

  it('names all problems at once, in the order of the file', () => {
    expect(problemsOf('version: 1\nmode: x\nlimits: { maxDeletions: many }\nroot: { recentUse: soon }\n')).toEqual([
      expect.stringMatching(/^keysweep\.yaml:2:1: mode: /),
      expect.stringMatching(/^keysweep\.yaml:3:11: limits\.maxDeletions: /),
      expect.stringMatching(/^keysweep\.yaml:4:9: root\.recentUse: /),
    ]);
  });
});
