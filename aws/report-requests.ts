/** The two requests for a credential report, and what AWS may answer to them. */
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
  /** There is one that is fresh enough to be fetched. */
  | { readonly kind: 'ready'; readonly said: string }
  | { readonly kind: 'generating'; readonly said: string }
  /** There is none, or one too old to be given out: only a new one helps. */
  | { readonly kind: 'missing'; readonly said: string }
  /** Waiting may help. `isSilent`: the request was given up without any answer. */
  | { readonly kind: 'failed'; readonly said: string; readonly isSilent?: true };

/**
 * Asks for a new report. `limit`: how long an answer may take, in milliseconds.
 * @throws KeysweepError ReportUnusable for an answer that says nothing, and what waiting does not cure
 */
export async function askForReport(iam: IAMClient, limit: Duration): Promise<ReportAnswer> {
  let answer: GenerateCredentialReportResponse;
  try {
    answer = await iam.send(new GenerateCredentialReportCommand({}), { abortSignal: timeLimit(limit) });
  } catch (error) {
    return whatWaitingCures(error, generate);
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

/** Fetches the report that AWS holds. Parameters and errors as those of {@link askForReport}. */
export async function fetchReport(iam: IAMClient, limit: Duration): Promise<ReportAnswer> {
  let answer: GetCredentialReportResponse;
  try {
    answer = await iam.send(new GetCredentialReportCommand({}), { abortSignal: timeLimit(limit) });
  } catch (error) {
    return whatWaitingCures(error, get);
  }
  return { kind: 'report', report: readAnswer(answer) };
}

/** What AWS said, where waiting may help; throws the translated error where it does not. */
function whatWaitingCures(error: unknown, action: string): ReportAnswer {
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
      // A broken connection may heal. A refused one, an unknown name and a distrusted certificate do not.
      if (/ECONNRESET|EPIPE|socket hang up/.test(said)) return { kind: 'failed', said };
  }
  throw toKeysweepError(error, action);
}

function readAnswer({ Content, GeneratedTime, ReportFormat }: GetCredentialReportResponse): ReportDocument {
  if (ReportFormat !== 'text/csv') {
    throw unusable(`${get} answered in the format ${ReportFormat ?? '(none)'} instead of text/csv`);
  }
  if (Content === undefined || Content.byteLength === 0) throw unusable(`${get} answered with an empty report`);
  // Without its time no one can tell a fresh report from a stale one.
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

/** Aborts a request when patience ends; the last one gets a second all the same. */
function timeLimit(ms: number): AbortSignal {
  return AbortSignal.timeout(Math.max(SECOND, Math.ceil(ms)));
}
