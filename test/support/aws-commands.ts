/** The commands of the AWS CLI that keysweep's pages and messages tell people to run. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface AwsCommand {
  /** The file that has it, from the project's root. */
  readonly place: string;
  /** After `aws`, as a shell passes them: service, operation, options. What the shell would put in stands as it is written. */
  readonly words: readonly string[];
  /** Whether it is to be run as it stands, and not only named: then nothing that it needs may be missing. */
  readonly isComplete: boolean;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const rooms = ['aws', 'cli', 'core', 'engine', 'files', 'lambda', 'lib', 'reports'];
const shellBlock = /^( *)```sh\n(.*?)^\1```$/gms;

/** Every one, by file and in the order of its text. */
export function awsCommands(): readonly AwsCommand[] {
  const code = rooms.flatMap((room) => filesIn(room, '.ts'));
  return [
    ...shellScripts().flatMap(({ place, script }) => scriptCommands(place, script)),
    ...pages().flatMap((place) => mentionsIn(place, read(place).replace(shellBlock, ''))),
    ...code.flatMap((place) => mentionsIn(place, read(place).replaceAll(/\$\{[^{}]*\}/g, 'VALUE'))),
  ];
}

/** The scripts of the pages. */
export function shellScripts(): readonly { readonly place: string; readonly script: string }[] {
  return pages().flatMap((place) => {
    return [...read(place).matchAll(shellBlock)].map(([, , script = '']) => ({ place, script }));
  });
}

function pages(): readonly string[] {
  return ['README.md', 'CONTRIBUTING.md', ...filesIn('docs', '.md'), ...filesIn('examples', '.md')];
}

function read(place: string): string {
  return readFileSync(`${root}${place}`, 'utf8');
}

function filesIn(folder: string, ending: string): readonly string[] {
  const names = readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => `${folder}/${name}`);
}

/** The commands of a script for a POSIX shell. */
export function scriptCommands(place: string, script: string): readonly AwsCommand[] {
  const starts = [...script.matchAll(/(?:^|[\s(])aws (?=[a-z])/g)];
  return starts.map(({ 0: match, index }) => {
    return { place, words: shellWords(script.slice(index + match.length)), isComplete: true };
  });
}

/** One word of a shell, and what stands before it; the parts of a word: quoted, put in by the shell, escaped, plain. */
const shellWord = /(?:[ \t]|\\\n)*((?:'[^']*'|"[^"]*"|\$\([^)]*\)|\\[^\n]|[^\s'"\\()|&;<>#])+)/y;

/** Up to the end of the command. */
function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  const word = new RegExp(shellWord);
  for (let found = word.exec(text); found !== null; found = word.exec(text)) {
    words.push(
      (found[1] ?? '').replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double = '') => single ?? double),
    );
  }
  return words;
}

const mention =
  /\baws ([a-z][a-z0-9-]*) ([a-z][a-z0-9-]*)((?:(?: +| \\\n +)--[a-z][a-z-]*(?:(?: +| \\\n +)(?!-)(?:'[^'\n]*'|[^\s'"`)(\\]+))?)*)/g;

/** In running text: what follows the operation counts as far as it looks like options. */
function mentionsIn(place: string, text: string): readonly AwsCommand[] {
  return [...text.matchAll(mention)].map(([, service = '', operation = '', options = '']) => {
    const words = shellWords(options).map((word) => word.replace(/[.,]$/, ''));
    return { place, words: [service, operation, ...words], isComplete: words.length > 0 };
  });
}
