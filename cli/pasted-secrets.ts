/** Keeps secrets that a user pasted by mistake out of terminals, CI logs and records. */
import { dirname } from 'node:path';
import { KeysweepError } from '../core/error.ts';
import {
  containsSecret,
  redacted,
  secretInWords,
  withoutLabelledSecrets,
  withoutSecrets,
  withoutUserInfo,
} from '../core/secrets.ts';
import { exists } from './input.ts';
import type { Io, TextSink } from './io.ts';

/** The value of this option may be as random as a secret, and is never printed. */
const mayBeRandom = '--external-id';

/** The value of this option is prose: without the secret it still says something. */
const prose = '--why';

/** The values of these options name files, whatever these are called. */
const fileOptions: ReadonlySet<string> = new Set([
  ...['--file', '--key-policy', '--ledger', '--output-file', '--policy', '--report', '--seed'],
]);

/** A command line that can be used, and what the user should know about it. */
interface SafeArguments {
  readonly args: readonly string[];
  readonly warnings: readonly string[];
}

/** An argument, and the option that it is the value of. */
interface Given {
  readonly option: string | undefined;
  /** `--why=`, where it is the value. */
  readonly prefix: string;
  readonly value: string;
}

/**
 * Refuses a command line with a secret on it before anything is done with it: results, ledgers and messages would repeat
 * it. Cuts it out of prose instead. Throws KeysweepError `SecretGiven`, which names the place only.
 */
export async function withoutPastedSecrets(args: readonly string[], io: Io): Promise<SafeArguments> {
  const warnings: string[] = [];
  const safe: string[] = [];
  for (const [index, arg] of args.entries()) {
    const given = readArgument(arg, args[index - 1] ?? '');
    const { option, prefix, value } = given;
    const place = option === undefined ? `argument ${index + 1}` : `the value of ${option}`;
    if (!(await isSecretIn(given, io))) {
      safe.push(arg);
    } else if (option === prose && says(withoutSecrets(value)) && !containsSecret(withoutSecrets(value))) {
      safe.push(`${prefix}${withoutSecrets(value)}`);
      warnings.push(`${place} contains what looks like ${secretInWords}: ${redacted} is recorded instead. ${advice}`);
    } else {
      throw new KeysweepError(
        'SecretGiven',
        `${place} looks like ${secretInWords}; it was not used, and is not shown`,
        {
          hint: `If it is the name of a user, give the id of the key instead, such as AKIAIOSFODNN7EXAMPLE. Give URLs without user and password.\n${advice}`,
        },
      );
    }
  }
  return { args: safe, warnings };
}

const advice = 'If it is a secret and others can read this command line (CI log, shell history), replace it.';

function readArgument(arg: string, before: string): Given {
  const [prefix = '', joined] = /^(--[a-z-]+)=/.exec(arg) ?? [];
  if (joined !== undefined) return { option: joined, prefix, value: arg.slice(prefix.length) };
  const [option] = /^--[a-z-]+$/.exec(before) ?? [];
  return { option, prefix: '', value: arg };
}

async function isSecretIn({ option, prefix, value }: Given, io: Io): Promise<boolean> {
  if (option === mayBeRandom) return false;
  if (option === '--endpoint-url' && withoutUserInfo(value) !== value) return true;
  if (!containsSecret(value)) return containsSecret(`${prefix}${value}`);
  return option === undefined || !fileOptions.has(option) || containsSecret(await unknownPartOf(value, io));
}

/** What is left of a path without the directories, or the file, that exist: these have their names already. */
async function unknownPartOf(value: string, io: Io): Promise<string> {
  const path = value.replace(/^file:/, '');
  for (let known = path; known !== dirname(known); known = dirname(known)) {
    if (await exists(known, io).catch(() => false)) return path.slice(known.length);
  }
  return path;
}

/** Whether more is left of a text than what was put into it. */
function says(text: string): boolean {
  return /[a-z]{2}/i.test(text.replaceAll(redacted, ''));
}

/**
 * The same process, with secrets cut out of everything that goes to stderr: a file or AWS may have supplied them. In a
 * question the names of users stay, however random: who answers must see whose key is changed.
 */
export function hidingSecrets<T extends Pick<Io, 'stderr'>>(io: T): T & Required<Pick<Io, 'questions'>> {
  const { stderr } = io;
  return { ...io, stderr: hiding(stderr, withoutSecrets), questions: hiding(stderr, withoutLabelledSecrets) };
}

function hiding(sink: TextSink, cut: (text: string) => string): TextSink {
  return {
    isTerminal: sink.isTerminal,
    get columns() {
      return sink.columns;
    },
    write: (text) => sink.write(cut(text)),
  };
}
