/** `--stack`, and what a command works with if it is given no ledger: that of the installation in the account. */
import { Option } from 'commander';
import type { Caller } from '../aws/caller.ts';
import type { AwsSession } from '../aws/session.ts';
import { KeysweepError } from '../core/error.ts';
import { given } from '../core/given.ts';
import { busOf, type Installation, installationRole, optionsOfMark } from '../core/installation/installation.ts';
import { printable } from '../reports/printable.ts';
import type { Io } from './io.ts';
import type { LedgerPlace } from './ledger.ts';
import type { Note } from './notes.ts';

export interface InstallationOptions {
  readonly stack?: string;
  readonly region?: string;
}

/** Where a command keeps its records and whom it notifies. */
export interface Places {
  readonly ledger?: LedgerPlace;
  /** Why it is not known whether there is a ledger: what a command shows without it is incomplete. */
  readonly ledgerUnknown?: string;
  /** Why only the ledger of the installation is known: a command that notifies people would not find the rest. */
  readonly topicUnknown?: string;
  readonly topicArn?: string;
  /** Of alerts about critical findings. */
  readonly alertTopicArn?: string;
  /** Name or ARN. */
  readonly eventBus?: string;
}

export interface LedgerPlaces extends Places {
  readonly ledger: LedgerPlace;
}

interface PlaceOptions extends InstallationOptions, Places {
  readonly notify?: boolean;
}

/** @param instead the option that names the place itself */
export function stackOption(instead: 'ledger' | 'topicArn'): Option {
  const text = 'the installation to use, by the name of its stack, if there are several';
  return new Option('--stack <name>', text).conflicts(instead);
}

interface Search {
  readonly session: AwsSession;
  readonly io: Io;
  readonly note: Note;
}

/**
 * Ledger, topic and bus as given; without a ledger, those of the installation in the account, with a note for the user. A
 * command that only reads may do without, but is incomplete if it is not known whether there is one: see
 * {@link Places.ledgerUnknown}.
 *
 * Throws KeysweepError as {@link requireInstallation} does if the command writes, else those of
 * core/installation/choose-installation.ts.
 */
export async function placesOf(
  options: PlaceOptions,
  { use, ...search }: Search & { readonly use: 'read' | 'write' },
): Promise<Places> {
  if (use === 'write') return requirePlaces(options, search);
  const { ledger, topicArn, eventBus } = options;
  const asGiven = given({ ledger, topicArn, alertTopicArn: topicArn, eventBus });
  return ledger === undefined ? { ...asGiven, ...(await findPlaces(options, search)) } : asGiven;
}

/** As {@link placesOf}, for a command that writes. */
export async function requirePlaces(options: PlaceOptions, search: Search): Promise<LedgerPlaces> {
  const { ledger, topicArn, eventBus } = options;
  if (ledger !== undefined) return { ledger, ...given({ topicArn, alertTopicArn: topicArn, eventBus }) };
  return placesIn(await requireInstallation('--ledger', options, search), options, await search.session.caller());
}

function placesIn(
  installed: Installation,
  { topicArn, eventBus, notify }: PlaceOptions,
  { partition }: Caller,
): LedgerPlaces {
  return {
    ledger: { kind: 'dynamodb', table: installed.ledger, installed },
    eventBus: eventBus ?? busOf(installed, partition),
    // A topic that is given gets everything.
    ...given({
      topicArn: topicArn ?? (notify === false ? undefined : installed.topicArn),
      alertTopicArn: topicArn ?? (notify === false ? undefined : installed.alertTopicArn),
    }),
  };
}

/** What is known of the installation in the account of the session, for a command that only reads. */
async function findPlaces(options: PlaceOptions, search: Search): Promise<Places> {
  const { choice } = await choose(options, search);
  switch (choice.kind) {
    case 'found':
      return placesIn(choice.installation, options, await search.session.caller());
    case 'none':
      return {};
    case 'marked': {
      const { table, region } = choice.mark;
      await search.note(`using the ledger dynamodb:${table} in ${region}, which the role ${installationRole} names`);
      return { ledger: { kind: 'dynamodb', table, installed: { region } }, topicUnknown: choice.why };
    }
    case 'unmarked':
      await search.note(`${undetermined}: ${choice.why}`);
      return {};
    case 'unknown':
      return { ledgerUnknown: `${undetermined}, so its ledger was not read: ${choice.why}; name it with --ledger` };
  }
}

const undetermined = 'cannot determine whether keysweep is installed in this account';

/**
 * The installation in the account of the session.
 *
 * Throws KeysweepError InstallationMissing, InstallationUnknown, and those of core/installation/choose-installation.ts.
 *
 * @param instead the option that makes it unnecessary
 */
export async function requireInstallation(
  instead: '--ledger' | '--topic-arn',
  asked: InstallationOptions,
  search: Search,
): Promise<Installation> {
  const { choice, place } = await choose(asked, search);
  if (choice.kind === 'found') return choice.installation;
  const missing = `no ${instead} was given, and `;
  if (choice.kind === 'none') {
    throw new KeysweepError('InstallationMissing', `${missing}there is no installation of keysweep in ${place}`, {
      hint: `Check account and region (--profile, --region), or give ${instead}.`,
    });
  }
  const options = choice.kind === 'marked' ? optionsOfMark(choice.mark) : '--ledger dynamodb:TABLE --region REGION';
  const instruction = instead === '--ledger' ? `${options} --topic-arn ARN` : '--topic-arn ARN';
  throw new KeysweepError('InstallationUnknown', `${missing}the installation cannot be determined: ${choice.why}`, {
    hint: `Name what it would have named: ${instruction}`,
  });
}

/** Reads what there is, and chooses; an installation that was found is named in a note. */
async function choose({ stack, region: askedRegion }: InstallationOptions, { session, io, note }: Search) {
  const [{ chooseInstallation }, { readInstallationMark }, { readInstallationParameters }] = await Promise.all([
    import('../core/installation/choose-installation.ts'),
    import('../aws/installation-mark.ts'),
    import('../aws/installation-parameters.ts'),
  ]);
  const { id: account } = await session.caller();
  const mark = await readInstallationMark(session);
  const region = mark.ok ? mark.value.region : await session.region();
  const parameters = await readInstallationParameters(session, region);
  const asked = given({ stack, region: askedRegion });
  const choice = chooseInstallation({ account, region, parameters, mark, asked });
  if (choice.kind === 'found') {
    // Also with --quiet: it may be the wrong ledger.
    if (choice.warning !== undefined) await io.stderr.write(`keysweep: warning: ${printable(choice.warning)}\n`);
    const { stack: name, ledger } = choice.installation;
    await note(`using the installation ${name} in ${region}: ledger dynamodb:${ledger}`);
  }
  return { choice, place: `account ${account}, region ${region}` };
}
