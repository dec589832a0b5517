/** The commands of the AWS CLI that people are told to run exist, with these options, and lack none that is required. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { confirmCommand, topicCommand } from '../../reports/channels/commands.ts';
import { type AwsCommand, awsCommands, scriptCommands } from '../support/aws-commands.ts';
import { codeBlocks } from '../support/doc-page.ts';
import { defaultPython } from './moto/server.ts';

const python = process.env.KEYSWEEP_PYTHON || defaultPython;
const checker = fileURLToPath(new URL('aws-cli/check.py', import.meta.url));
const standIn = fileURLToPath(new URL('aws-cli/aws.py', import.meta.url));

/** What is wrong with commands, in their order; undefined for one that is right. */
function problemsOf(commands: readonly AwsCommand[]): readonly (string | undefined)[] {
  const answer = execFileSync(python, [checker], { input: JSON.stringify(commands), encoding: 'utf8' });
  return JSON.parse(answer).map((problem: string | null) => problem ?? undefined);
}

function problemOf(line: string): string | undefined {
  return problemsOf(scriptCommands('a test', line))[0];
}

it('the commands of pages and messages are right', () => {
  const commands = awsCommands();
  expect(commands.filter(({ isComplete }) => isComplete).length).toBeGreaterThan(40);
  const problems = problemsOf(commands);
  const wrong = commands.flatMap(({ place, words }, at) =>
    problems[at] === undefined ? [] : `${place}: aws ${words.join(' ')}: ${problems[at]}`,
  );
  expect(wrong).toEqual([]);
});

const topic = 'arn:aws:sns:eu-central-1:111122223333:keysweep-digests';

it.each([
  confirmCommand(topic),
  topicCommand(topic, 'unsubscribe', [['subscription-arn', `${topic}:1`]]),
  topicCommand(topic, 'subscribe', [
    ['topic-arn', topic],
    ['protocol', 'email'],
    ['notification-endpoint', 'security@example.com'],
  ]),
  topicCommand(topic, 'set-subscription-attributes', [
    ['subscription-arn', `${topic}:1`],
    ['attribute-name', 'FilterPolicy'],
    ['attribute-value', '{}'],
  ]),
])('so is %s of keysweep channels', (...pieces) => {
  expect(problemOf(pieces.join(' '))).toBeUndefined();
});

describe('what is noticed', () => {
  it.each([
    ['a service', 'aws chatbots list-things', 'there is no service chatbots'],
    ['an operation', 'aws iam set-access-key', 'iam has no operation set-access-key'],
    ['an option', 'aws iam list-access-keys --user alice', /^--user does not exist; there are .*'user-name'/],
    ['a required option', 'aws iam update-access-key --status Active', 'lacks --access-key-id'],
    ['an option without its value', 'aws iam list-access-keys --user-name', /^--user-name takes one value/],
    ['a value too many', 'aws iam list-access-keys --user-name alice ben', /^--user-name takes one value/],
    [
      'a value of a flag',
      'aws dynamodb update-table --table-name T --deletion-protection-enabled true',
      /takes no value/,
    ],
    ['a value of no meaning', 'aws iam update-access-key --access-key-id K --status On', /^--status takes one of/],
    [
      'a key of a structure',
      'aws cloudtrail lookup-events --lookup-attributes Key=Username,Value=root',
      /unknown \['Key'/,
    ],
    ['broken JSON', "aws dynamodb get-item --table-name T --key '{'", /Expecting/],
    ['a waiter', 'aws dynamodb wait table-there --table-name T', /^dynamodb waits for/],
    ['what a waiter needs', 'aws dynamodb wait table-exists', 'lacks --table-name'],
    [
      'the file of a stream',
      'aws lambda invoke --function-name f --invocation-type',
      'names no file for what it returns',
    ],
    ['an option given twice', 'aws iam list-users --region a --region b', '--region is given twice'],
    [
      'a broken query',
      "aws iam list-users --query 'Users[0'",
      /^Bad jmespath expression|Invalid jmespath|Unexpected|Incomplete/,
    ],
    ['words beside the options', 'aws iam list-users now', /belong to no option/],
  ])('%s', (_, line, problem) => {
    expect(problemOf(line)).toMatch(problem);
  });
});

describe.each(shells())('the topics of a Slack configuration that exists, in %s', (shell) => {
  const [ours, theirs] = ['arn:aws:sns:eu-central-1:111122223333:Alerts', 'arn:aws:sns:us-east-1:111122223333:deploys'];
  const [lines = ''] = codeBlocks('docs/operations.md', 'sh').filter((code) => code.includes('aws chatbot'));
  const described = (SnsTopicArns: readonly string[]) => ({
    SlackChannelConfigurations: [{ SlackChannelId: 'C0123456789', SnsTopicArns }],
  });
  const stack = { Stacks: [{ Outputs: [{ OutputKey: 'TopicsForSlack', OutputValue: `${ours} ${ours}2` }] }] };

  it.each([
    ['it has others', described([theirs, `${theirs}2`]), [ours, `${ours}2`, theirs, `${theirs}2`]],
    ['it has none', described([]), [ours, `${ours}2`]],
    ['it has them already', described([`${ours}2`, theirs, ours]), [ours, `${ours}2`, theirs]],
  ])('are added to what is there: %s', (_, configuration, topics) => {
    const calls = callsOf(shell, lines, {
      'chatbot describe-slack-channel-configurations': configuration,
      'cloudformation describe-stacks': stack,
      'chatbot update-slack-channel-configuration': {},
    });
    const update = calls.at(-1) ?? [];
    const channel = update.indexOf('--slack-channel-id');
    expect(update.slice(channel, channel + 3)).toEqual(['--slack-channel-id', 'C0123456789', '--sns-topic-arns']);
    expect(update.slice(channel + 3).toSorted()).toEqual(topics);
  });

  it.each([
    ['the configuration', { 'cloudformation describe-stacks': stack }],
    ['the stack', { 'chatbot describe-slack-channel-configurations': described([theirs]) }],
  ])('stay as they are where %s cannot be read', (_, answers) => {
    expect(callsOf(shell, lines, answers).flatMap(([, operation]) => operation)).not.toContain(
      'update-slack-channel-configuration',
    );
  });
});

/** Those that are installed. */
function shells(): readonly string[] {
  return ['sh', 'bash', 'zsh'].filter((shell) => spawnSync(shell, ['-c', 'exit']).status === 0);
}

/** Runs a script whose `aws` only answers, and gives the words of each call. */
function callsOf(shell: string, script: string, answers: object): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-aws-cli-'));
  try {
    const CALLS = join(folder, 'calls');
    writeFileSync(join(folder, 'aws'), `#!/bin/sh\nexec '${python}' '${standIn}' "$@"\n`);
    chmodSync(join(folder, 'aws'), 0o755);
    const env = { PATH: `${folder}:${process.env.PATH}`, CALLS, ANSWERS: JSON.stringify(answers) };
    spawnSync(shell, ['-c', script], { env });
    return readFileSync(CALLS, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
