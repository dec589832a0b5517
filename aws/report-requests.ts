/** The two requests for a credential report, and the possible answers of AWS. */
import {
  GenerateCredentialReportCommand,
  type GenerateCredentialReportResponse,
  GetCredentialReportCommand,
  type GetCredentialReportResponse,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { SECOND } from '../core/duration.ts';
import { KeysweepError } from '../core/error.ts';
import type { Duration } from '../core/model.ts';
import type { ReportDocument } from '../core/ports.ts';
import { fieldsOf, kindOf } from './error-kind.ts';
import { describeError, toKeysweepError } from './errors.ts';

const generate = 'iam:GenerateCredentialReport';
const get = 'iam:GetCredentialReport';

/** What AWS says about its report. `said` is for people. */
export type ReportAnswer =
  | { readonly kind: 'report'; readonly report: ReportDocument }
  /** A report is available and fresh enough. */
  | { readonly kind: 'ready'; readonly said: string }
  | { readonly kind: 'generating'; readonly said: string }
  /** There is none, or it has expired: only a new one helps. */
  | { readonly kind: 'missing'; readonly said: string }
  /** Waiting may help. `isSilent`: the request was aborted without an answer. */
  | { readonly kind: 'failed'; readonly said: string; readonly isSilent?: true };

/**
 * Asks for a new report. `limit`: how long an answer may take, in milliseconds.
 * @throws KeysweepError ReportUnusable for a meaningless answer, and errors that waiting does not cure
 */
export async function askForReport(iam: IAMClient, limit: Duration): Promise<ReportAnswer> {
  let answer: GenerateCredentialReportResponse;
  try {
    answer = await iam.send(new GenerateCredentialReportCommand({}), { abortSignal: timeLimit(limit) });
  } catch (error) {
    return answerWorthWaiting(error, generate);
  }
  const said = `${generate} answered ${answer.State ?? 'without a state'}`;
  switch (answer.State) {
    case 'COMPLETE':
      return { kind: 'ready', said };
    case 'STARTED':
    case 'INPROGRESS':
      return { kind: 'generating', said };
    default:
      throw unusable(said);
  }
}

/** Fetches the report that AWS has. Parameters and errors as in {@link askForReport}. */
export async function fetchReport(iam: IAMClient, limit: Duration): Promise<ReportAnswer> {
  let answer: GetCredentialReportResponse;
  try {
    answer = await iam.send(new GetCredentialReportCommand({}), { abortSignal: timeLimit(limit) });
  } catch (error) {
    return answerWorthWaiting(error, get);
  }
  return { kind: 'report', report: readAnswer(answer) };
}

/** What AWS said, if waiting may help; otherwise throws the translated error. */
function answerWorthWaiting(error: unknown, action: string): ReportAnswer {
  const { name = '' } = fieldsOf(error);
  if (name === 'AbortError') return { kind: 'failed', said: `${action} got no answer in time`, isSilent: true };
  const said = `${action} failed with ${describeError(error)}`;
  if (/^(?:CredentialReportNotReadyException|ReportInProgress)$/.test(name)) return { kind: 'generating', said };
  if (/^CredentialReport(?:NotPresent|Expired)Exception$|^Report(?:NotPresent|Expired)$/.test(name)) {
    return { kind: 'missing', said };
  }
  switch (kindOf(error)) {
    case 'throttled':
    case 'service-failure':
    case 'timed-out':
      return { kind: 'failed', said };
    case 'unreachable':
      // A broken connection may recover. A refused one, an unknown name or an untrusted certificate does not.
      if (/ECONNRESET|EPIPE|socket hang up/.test(said)) return { kind: 'failed', said };
  }
  throw toKeysweepError(error, action);
}

function readAnswer({ Content, GeneratedTime, ReportFormat }: GetCredentialReportResponse): ReportDocument {
  if (ReportFormat !== 'text/csv') {
    throw unusable(`${get} answered in the format ${ReportFormat ?? '(none)'} instead of text/csv`);
  }
  if (Content === undefined || Content.byteLength === 0) throw unusable(`${get} answered with an empty report`);
  // Without its time, a fresh report and a stale one look the same.
  if (GeneratedTime === undefined || Number.isNaN(GeneratedTime.getTime())) {
    throw unusable(`${get} answered without the time at which the report was generated`);
  }
  return { content: Content, generatedAt: GeneratedTime };
}

function unusable(said: string): KeysweepError {
  return new KeysweepError('ReportUnusable', said, {
    hint: 'Check that --endpoint-url or AWS_ENDPOINT_URL names an IAM endpoint. Behind a proxy, check that it passes the answer.',
  });
}

/** Aborts a request when patience ends; the last request gets at least a second. */
function timeLimit(ms: number): AbortSignal {
  return AbortSignal.timeout(Math.max(SECOND, Math.ceil(ms)));
}
