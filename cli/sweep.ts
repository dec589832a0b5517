import { randomUUID } from 'node:crypto';
import { systemTiming } from '../aws/timing.ts';
import type { Rotation } from '../core/lifecycle/rotation.ts';
import type { Snapshot } from '../core/lifecycle/snapshot.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { SweepPorts } from '../engine/sweep/ports.ts';
import { deedsOf, type RotationDocument } from '../reports/rotation/document.ts';
import { renderDeeds } from '../reports/rotation/table.ts';
import { auditOpenAccount, type OpenAccount, withAccount } from './account.ts';
import type { ExitCode } from './command.ts';
import { readPolicy } from './input.ts';
import { confirm, type Io } from './io.ts';
import { describePlace, type LedgerPlace, noLedger, type OpenLedger, openLedger, readLedger } from './ledger.ts';
import { type Note, notePolicyProblems, noteTo } from './notes.ts';
import { alertOnce, commandOptionsOf, type NoticeOptions, openEventBus, openNotifier } from './notices.ts';
import type { AwsOptions, PrintOptions } from './options.ts';
import { openPrinter } from './output.ts';
import { finishRotation, moveReport, showOn } from './rotation.ts';
import { styleFor } from './terminal.ts';

export interface SweepCommandOptions extends AwsOptions, PrintOptions, NoticeOptions {
  readonly policy?: string;
  readonly asOf?: Date;
  readonly ledger?: LedgerPlace;
  readonly enforce?: boolean;
  readonly yes?: boolean;
}

/** Audit and rotation of one account; see commands/sweep.ts. */
export async function runSweep(options: SweepCommandOptions, io: Io): Promise<ExitCode> {
  const note = noteTo(io, options.quiet === true);
  const printer = await openPrinter(options, io, note);
  const policy = await readPolicy(options.policy, io, note);
  const enforces = options.enforce === true && policy.mode !== 'audit';
  await noteConduct(options, policy, note);
  const document = await withAccount(options, io, async (account) => {
    const ledger = await openFor(options, enforces, account, io, note);
    try {
      return await sweep(options, policy, enforces, account, ledger, io);
    } finally {
      await ledger.close();
    }
  });
  return finishRotation(document, options, printer, io);
}

/** Says which of the two things that it takes is missing, or how far the mode goes. */
async function noteConduct({ enforce = false }: SweepCommandOptions, { mode }: Policy, note: Note): Promise<void> {
  if (mode === 'audit') {
    const both = enforce ? '' : ', and --enforce was not given';
    return note(`dry run: the policy says mode: audit, in which a sweep does nothing about keys${both}`);
  }
  if (!enforce) return note(`dry run: --enforce was not given (the policy says mode: ${mode})`);
  if (mode === 'warn') await note('mode warn: people are told, nothing is switched off or deleted');
}

async function openFor(
  { ledger: place }: SweepCommandOptions,
  enforces: boolean,
  { session }: OpenAccount,
  io: Io,
  note: Note,
): Promise<OpenLedger> {
  if (place === undefined) return noLedger();
  return enforces
    ? openLedger(place, session, io, note)
    : readLedger(place, session, (await session.caller()).id, io, note);
}

async function sweep(
  options: SweepCommandOptions,
  policy: Policy,
  enforces: boolean,
  account: OpenAccount,
  ledger: OpenLedger,
  io: Io,
): Promise<RotationDocument> {
  const [{ sweepAccount }, { tellMachines }, { sweepId }, { createIamCredentialActions }] = await Promise.all([
    import('../engine/sweep/sweep.ts'),
    import('../engine/sweep/tell-machines.ts'),
    import('../engine/sweep/ports.ts'),
    import('../aws/iam-credential-actions.ts'),
  ]);
  const { session, source, progress } = account;
  const { asOf, topicArn, ledger: place } = options;
  const clock = { now: asOf === undefined ? io.now : () => asOf };
  const notifier = enforces ? await openNotifier(options, session) : undefined;
  const events = enforces ? await openEventBus(options, session) : undefined;
  // Only what may write gets what writes.
  const actions = enforces && policy.mode === 'enforce' ? createIamCredentialActions(session) : undefined;
  const ports: SweepPorts = {
    ...{ source, actions, ledger, notifier, clock },
    ...{ timing: systemTiming, onProgress: showOn(progress) },
  };
  const snapshot = moveReport(await auditOpenAccount(account, policy, clock.now()), asOf, io.now());
  await notePolicyProblems(snapshot.audit, noteTo(io, options.quiet === true));
  if (actions !== undefined) await askFirst(options, policy, ports, snapshot, account, io);
  let unheard: string | undefined;
  if (notifier !== undefined && topicArn !== undefined) {
    await progress.end();
    const note = noteTo(io, options.quiet === true);
    unheard = await alertOnce(snapshot.audit, { ledger, notifier, topicArn, policy, now: clock.now(), note });
  }
  const commandOptions = place === undefined ? undefined : await commandOptionsOf(place, options, session, io);
  const rotated = await sweepAccount(ports, policy, snapshot, {
    sweep: sweepId(clock.now(), randomUUID()),
    enforce: enforces,
    ...(enforces && { remainingTime: untilInterrupted(io) }),
    ...(commandOptions !== undefined && { commandOptions }),
  });
  const rotation = withProblem(await tellMachines(events, rotated), unheard);
  return {
    kind: 'sweep',
    rotation,
    report: snapshot.audit.report,
    ...(snapshot.audit.usage !== undefined && { usage: snapshot.audit.usage }),
    ...(place !== undefined && { ledger: describePlace(place) }),
    ...(enforces && topicArn !== undefined && { topicArn }),
    requests: source.requests(),
  };
}

/** A sweep whose alert no one has got is not complete, whatever else it did. */
function withProblem(rotation: Rotation, problem: string | undefined): Rotation {
  if (problem === undefined) return rotation;
  const { outcome, problems } = rotation;
  return { ...rotation, problems: [...problems, problem], outcome: outcome === 'complete' ? 'partial' : outcome };
}

/** At a terminal a person sees the deeds first. A script has said --enforce, and nobody could answer it. */
async function askFirst(
  { yes, color }: SweepCommandOptions,
  policy: Policy,
  ports: SweepPorts,
  snapshot: Snapshot,
  { progress }: OpenAccount,
  io: Io,
): Promise<void> {
  if (yes === true || io.ask === undefined) return;
  const { sweepAccount } = await import('../engine/sweep/sweep.ts');
  const planned: Rotation = await sweepAccount(ports, policy, snapshot, { sweep: 'plan', enforce: false });
  const deeds = deedsOf(planned);
  if (deeds.length === 0) return;
  await progress.end();
  const off = deeds.filter(({ type }) => type === 'deactivate').length;
  const about = renderDeeds(planned, styleFor(io.stderr, io.env, color));
  await confirm(about, `Switch off ${off} and delete ${deeds.length - off}?`, io.ask, io);
}

/** Plenty of time, until the user asks the process to end. */
function untilInterrupted(io: Io): () => number {
  let time = Number.POSITIVE_INFINITY;
  void io.interrupted().then(() => {
    time = 0;
  });
  return () => time;
}
