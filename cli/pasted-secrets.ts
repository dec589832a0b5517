/** Keeps secrets that a user pasted by mistake out of terminals, CI logs and records. */
import { KeysweepError } from '../core/error.ts';
import { containsSecret, withoutSecrets } from '../core/secrets.ts';
import type { Io } from './io.ts';

/** The value of this option may be as random as a secret, and is never printed. */
const mayBeRandom = '--external-id';

/**
 * Refuses a command line with a secret on it before anything is done with it: results, ledgers and messages would repeat
 * it. Throws KeysweepError `SecretGiven`, which names the place only.
 */
export function refuseSecrets(args: readonly string[]): void {
  args.forEach((arg, index) => {
    const before = args[index - 1] ?? '';
    if (before === mayBeRandom || arg.startsWith(`${mayBeRandom}=`) || !containsSecret(arg)) return;
    const [, option] = /^(--[a-z-]+)=/.exec(arg) ?? /^(--[a-z-]+)$/.exec(before) ?? [];
    const place = option === undefined ? `argument ${index + 1}` : `the value of ${option}`;
    throw new KeysweepError(
      'SecretGiven',
      `${place} looks like a secret access key, a session token or a URL with a password; it was not used, and is not shown`,
      {
        hint: [
          'Name a key by its id, such as AKIAIOSFODNN7EXAMPLE, and give URLs without user and password.',
          'If it is a secret and others can read this command line (CI log, shell history), replace it.',
        ].join('\n'),
      },
    );
  });
}

/** The same process, with secrets cut out of everything that goes to stderr: a file or AWS may have supplied them. */
export function hidingSecrets<T extends Pick<Io, 'stderr'>>(io: T): T {
  const { stderr } = io;
  return {
    ...io,
    stderr: {
      isTerminal: stderr.isTerminal,
      get columns() {
        return stderr.columns;
      },
      write: (text: string) => stderr.write(withoutSecrets(text)),
    },
  };
}
