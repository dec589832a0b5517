/** Commands of the AWS CLI in pages and messages, as far as their form shows mistakes. What they name: test/contract/aws-cli. */
import { describe, expect, it } from 'vitest';
import { awsCommands, scriptCommands, shellScripts } from '../support/aws-commands.ts';

const commands = awsCommands();

it('are found, in pages and in messages', () => {
  const places = new Set(commands.filter(({ isComplete }) => isComplete).map(({ place }) => place.split('/')[0]));
  expect([...places].toSorted()).toEqual(expect.arrayContaining(['core', 'docs', 'reports']));
});

it('name service, operation and options as the AWS CLI spells them, and no option twice', () => {
  for (const { place, words } of commands) {
    const [service, operation, ...rest] = words;
    const text = `${place}: aws ${words.join(' ')}`;
    for (const word of [service, operation]) expect(word, text).toMatch(/^[a-z][a-z0-9-]*$/);
    const options = rest.flatMap((word) => /^--([^=]*)/.exec(word)?.[1] ?? []);
    for (const option of options) expect(option, text).toMatch(/^[a-z][a-z-]*$/);
    expect(new Set(options).size, text).toBe(options.length);
  }
});

it('do not rely on a shell that splits a variable into words, which zsh does not', () => {
  for (const { place, script } of shellScripts()) {
    const unquoted = script.replaceAll(/"[^"]*"|'[^']*'/g, '""');
    expect(unquoted, place).not.toMatch(/(?<=\s)\$\w/);
  }
});

describe('a script', () => {
  it.each<[string, readonly (readonly string[])[]]>([
    ['aws iam list-users', [['iam', 'list-users']]],
    [
      'aws a b --c d \\\n  --e # why\naws f g',
      [
        ['a', 'b', '--c', 'd', '--e'],
        ['f', 'g'],
      ],
    ],
    [
      'X=$(aws a b --c "$D" --query \'E[0] | F\') &&\naws g h > i',
      [
        ['a', 'b', '--c', '$D', '--query', 'E[0] | F'],
        ['g', 'h'],
      ],
    ],
    ['aws a b --c $(echo "$D" | sort) --e', [['a', 'b', '--c', '$(echo $D | sort)', '--e']]],
    ["aws a b --c ''", [['a', 'b', '--c', '']]],
    ['npx cdk deploy; saws a b', []],
  ])('%j has the commands %j', (script, words) => {
    expect(scriptCommands('a test', script).map((command) => command.words)).toEqual(words);
  });
});
