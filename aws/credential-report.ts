import {
  GenerateCredentialReportCommand,
  type GenerateCredentialReportResponse,
  GetCredentialReportCommand,
  type GetCredentialReportResponse,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { describeDuration, SECOND } from '../core/duration.ts';
import { KeysweepError } from '../core/error.ts';
import type { Duration } from '../core/model.ts';
import type { ReportDocument } from '../core/ports.ts';
import { fieldsOf, kindOf } from './error-kind.ts';
import { describeError, toKeysweepError } from './errors.ts';
import type { Timing } from './timing.ts';

const generate = 'iam:GenerateCredentialReport';
const get = 'iam:GetCredentialReport';

/** What to do next: ask for a report, fetch it, or be done. */
type Step =
  | { readonly next: 'generate' | 'get'; readonly said: string; readonly wait: boolean }
  | { readonly next: 'done'; readonly report: ReportDocument };

/** Waits in milliseconds. AWS takes about 2 s for a small account; a large one may take minutes. */
const firstWait = SECOND;
const longestWait = 15 * SECOND;

/**
 * Generates (where AWS finds it due) and fetches the credential report. `patience` bounds the whole: waits, retries
 * and the requests themselves.
 *
 * Two requests where AWS holds a fresh report. Throws KeysweepError ReportUnavailable when patience ends,
 * ReportUnusable for an answer that is no report, AccessDenied and what else waiting does not cure at once.
 */
export async function acquireReport(iam: IAMClient, patience: Duration, timing: Timing): Promise<ReportDocument> {
  const startedAt = timing.monotonic();
  const remaining = () => patience - (timing.monotonic() - startedAt);
  let waits = 0;
  let next: 'generate' | 'get' = 'generate';

  for (;;) {
    const step: Step = next === 'generate' ? await tryGenerate(iam, remaining) : await tryGet(iam, remaining);
    if (step.next === 'done') return step.report;
    if (step.wait && remaining() <= 0) throw unavailable(step.said, patience);
    if (step.wait) await timing.sleep(Math.max(0, Math.min(jitteredWait(waits++, timing), remaining())));
    next = step.next;
  }
}

/** Half of an exponentially growing wait is certain, the other half is left to chance. */
function jitteredWait(waits: number, timing: Timing): number {
  const longest = Math.min(longestWait, firstWait * 1.5 ** waits);
  return longest * (0.5 + timing.random() / 2);
}

async function tryGenerate(iam: IAMClient, remaining: () => number): Promise<Step> {
  let answer: GenerateCredentialReportResponse;
  try {
    answer = await iam.send(new GenerateCredentialReportCommand({}), { abortSignal: timeLimit(remaining()) });
  } catch (error) {
    return { next: 'generate', said: whatWaitingCures(error, generate), wait: true };
  }
  const said = `${generate} answered ${answer.State ?? 'without a state'}`;
  switch (answer.State) {
    case 'COMPLETE':
      return { next: 'get', said, wait: false };
    case 'STARTED':
    case 'INPROGRESS':
      return { next: 'get', said, wait: true };
    default:
      throw unusable(said);
  }
}

async function tryGet(iam: IAMClient, remaining: () => number): Promise<Step> {
  let answer: GetCredentialReportResponse;
  try {
    answer = await iam.send(new GetCredentialReportCommand({}), { abortSignal: timeLimit(remaining()) });
  } catch (error) {
    const said = whatWaitingCures(error, get);
    return { next: isGone(error) ? 'generate' : 'get', said, wait: true };
  }
  return { next: 'done', report: readAnswer(answer) };
}

/** No report, or one too old to be given out: only a new one helps. */
function isGone(error: unknown): boolean {
  return /^CredentialReport(?:NotPresent|Expired)Exception$|^Report(?:NotPresent|Expired)$/.test(
    fieldsOf(error).name ?? '',
  );
}

/** What AWS said, where waiting may help; throws the translated error where it does not. */
function whatWaitingCures(error: unknown, action: string): string {
  if (fieldsOf(error).name === 'AbortError') return `${action} got no answer in time`;
  const said = `${action} failed with ${describeError(error)}`;
  const reportState =
    /^CredentialReport(?:NotReady|NotPresent|Expired)Exception$|^Report(?:InProgress|NotPresent|Expired)$/;
  if (reportState.test(fieldsOf(error).name ?? '')) return said;
  switch (kindOf(error)) {
    case 'throttled':
    case 'service-failure':
    case 'timed-out':
      return said;
    case 'unreachable':
      // A broken connection may heal. A refused one, an unknown name and a distrusted certificate do not.
      if (/ECONNRESET|EPIPE|socket hang up/.test(said)) return said;
  }
  throw toKeysweepError(error, action);
}

function readAnswer({ Content, GeneratedTime, ReportFormat }: GetCredentialReportResponse): ReportDocument {
  if (ReportFormat !== 'text/csv') {
    throw unusable(`${get} answered in the format ${ReportFormat ?? '(none)'} instead of text/csv`);
  }
  if (Content === undefined || Content.byteLength === 0) throw unusable(`${get} answered with an empty report`);
  // Without its time nobody can tell a fresh report from a stale one.
  if (GeneratedTime === undefined || Number.isNaN(GeneratedTime.getTime())) {
    throw unusable(`${get} answered without the time at which the report was generated`);
  }
  return { content: Content, generatedAt: GeneratedTime };
}

function unusable(said: string): KeysweepError {
  return new KeysweepError('ReportUnusable', said, {
    hint: 'check that --endpoint-url or AWS_ENDPOINT_URL names an IAM endpoint; behind a proxy, that it lets the answer through',
  });
}

function unavailable(said: string, patience: Duration): KeysweepError {
  return new KeysweepError(
    'ReportUnavailable',
    `no credential report after ${describeDuration(patience)}; at last ${said}`,
    {
      hint: 'AWS may be busy: try again later or with more --patience, or fetch the report with `aws iam get-credential-report` and give it with --report',
    },
  );
}

/** Aborts a request, its retries included, when patience ends; the last one gets a second all the same. */
function timeLimit(ms: number): AbortSignal {
  return AbortSignal.timeout(Math.max(SECOND, Math.ceil(ms)));
}
