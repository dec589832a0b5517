/** Which installation of keysweep a command works with, if it is given no ledger: never one that may be the wrong one. */
import * as z from 'zod/mini';
import { KeysweepError } from '../error.ts';
import { accountInArn } from '../expected-account.ts';
import type { LiveRead } from '../ports.ts';
import {
  type Installation,
  type InstallationMark,
  installationRole,
  installationsPath,
  optionsOfMark,
} from './installation.ts';

/** A parameter below {@link installationsPath}. */
export interface InstallationParameter {
  readonly name: string;
  readonly value: string;
}

export interface InstallationFacts {
  /** The account of the caller. */
  readonly account: string;
  /** Where the parameters were read: the region of the mark if it is known, else the caller's. */
  readonly region: string;
  readonly parameters: LiveRead<readonly InstallationParameter[]>;
  readonly mark: LiveRead<InstallationMark>;
  /** The stack that was asked for, and the region, if it was given on purpose. */
  readonly asked: { readonly stack?: string; readonly region?: string };
}

/**
 * `none`: keysweep is not installed. The others: that cannot be determined, and why. `marked`: but there is an installation,
 * and which ledger it has. `unmarked`: but no role marks one, so there is hardly any.
 */
export type InstallationChoice =
  | { readonly kind: 'found'; readonly installation: Installation; readonly warning?: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'marked'; readonly mark: InstallationMark; readonly why: string }
  | { readonly kind: 'unmarked' | 'unknown'; readonly why: string };

/**
 * Chooses the one installation that all facts agree on.
 *
 * Throws KeysweepError InstallationAmbiguous if there are several and none was asked for, StackUnknown if the stack that
 * was asked for is not among them, InstallationMismatch if a fact contradicts another, and InstallationInvalid for a
 * parameter that is not one of keysweep.
 */
export function chooseInstallation({
  account,
  region,
  parameters,
  mark,
  asked,
}: InstallationFacts): InstallationChoice {
  const place = `account ${account}, region ${region}`;
  if (mark.ok && asked.region !== undefined && asked.region !== mark.value.region) {
    throw mismatch(`--region says ${asked.region}, but keysweep is installed in ${mark.value.region}`, mark);
  }
  if (mark.ok && mark.value.account !== account) {
    throw mismatch(
      `the role ${installationRole} names account ${mark.value.account}, but ${account} is expected`,
      mark,
    );
  }
  if (!parameters.ok) return withoutParameter(parameters.problem.message, mark, asked);
  const stacks = parameters.value.map(({ name }) => stackOf(name));
  const chosen = parameters.value.filter(({ name }) => asked.stack === undefined || stackOf(name) === asked.stack);
  const [parameter, ...others] = chosen;
  if (parameter === undefined) {
    if (asked.stack !== undefined) throw unknownStack(asked.stack, stacks, place);
    if (mark.ok) return withoutParameter(`there is no parameter ${installationsPath}/STACK in ${place}`, mark, asked);
    if (mark.problem.code === 'not-found') return { kind: 'none' };
    const elsewhere = `whether it is in another region is not known: ${mark.problem.message}`;
    return { kind: 'unknown', why: `there is none in ${place}, and ${elsewhere}` };
  }
  if (others.length > 0) throw ambiguous(stacks, place);
  const installation = readInstallation(parameter);
  const said = [
    ['stack', installation.stack, stackOf(parameter.name)],
    ['account', installation.account, account],
    ['region', installation.region, region],
    ...[installation.topicArn, installation.alertTopicArn, installation.alarmTopicArn].map(
      (arn) => ['topic of account', accountInArn(arn), account] as const,
    ),
    ...(mark.ok ? ([['ledger', installation.ledger, mark.value.table]] as const) : []),
  ] as const;
  const wrong = said.find(([, value, expected]) => value !== expected);
  if (wrong !== undefined) {
    const [what, value, expected] = wrong;
    throw mismatch(`the parameter ${parameter.name} names ${what} ${value}, but ${expected} is expected`, mark);
  }
  if (mark.ok || mark.problem.code !== 'not-found') return { kind: 'found', installation };
  const warning = `there is a parameter ${parameter.name}, but no role ${installationRole}: was the stack deleted?`;
  return { kind: 'found', installation, warning };
}

function withoutParameter(
  why: string,
  mark: LiveRead<InstallationMark>,
  asked: InstallationFacts['asked'],
): InstallationChoice {
  // The role does not say of which stack it is.
  if (mark.ok) return asked.stack === undefined ? { kind: 'marked', mark: mark.value, why } : { kind: 'unknown', why };
  return mark.problem.code === 'not-found' ? { kind: 'unmarked', why } : { kind: 'unknown', why };
}

function stackOf(name: string): string {
  return name.slice(installationsPath.length + 1);
}

const installationSchema = z.object({
  schema: z.literal('keysweep/installation/v1'),
  stack: z.string(),
  account: z.string(),
  region: z.string(),
  ledger: z.string(),
  topicArn: z.string(),
  alertTopicArn: z.string(),
  alarmTopicArn: z.string(),
  eventBus: z.string(),
  forwarderArn: z.exactOptional(z.string()),
});

/** Throws KeysweepError InstallationInvalid. */
export function readInstallation({ name, value }: InstallationParameter): Installation {
  const read = installationSchema.safeParse(parseJson(value));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')})`;
  throw new KeysweepError('InstallationInvalid', `the parameter ${name} is not one that keysweep reads${where}`, {
    hint: 'Deploy the stack again with this version of keysweep, or name the places: --ledger, --topic-arn, --region.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function ambiguous(stacks: readonly string[], place: string): KeysweepError {
  const found = `found ${stacks.length} installations of keysweep in ${place}: ${stacks.join(', ')}`;
  return new KeysweepError('InstallationAmbiguous', found, {
    hint: 'Say which one with --stack NAME, or name the ledger with --ledger.',
  });
}

function unknownStack(stack: string, stacks: readonly string[], place: string): KeysweepError {
  const others = stacks.length === 0 ? 'found none' : `found ${stacks.join(', ')}`;
  return new KeysweepError('StackUnknown', `no installation ${JSON.stringify(stack)} in ${place}: ${others}`, {
    hint: 'Check --stack, --region and the account of the credentials.',
  });
}

function mismatch(what: string, mark: LiveRead<InstallationMark>): KeysweepError {
  return new KeysweepError('InstallationMismatch', what, {
    hint: [
      'Nothing was read from any ledger, and nothing was changed.',
      mark.ok
        ? `To use the ledger of the installation: ${optionsOfMark(mark.value)}`
        : 'Name the ledger with --ledger.',
    ].join('\n'),
  });
}
