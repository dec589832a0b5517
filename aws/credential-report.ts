import type { IAMClient } from '@aws-sdk/client-iam';
import { describeDuration, SECOND } from '../core/duration.ts';
import { KeysweepError } from '../core/error.ts';
import type { Duration } from '../core/model.ts';
import type { ReportDocument, Timing } from '../core/ports.ts';
import { askForReport, fetchReport, type ReportAnswer } from './report-requests.ts';

/** The next request: for a new report, for that report, or for the one that AWS still has. */
type Question = 'generate' | 'get' | 'cached';

/** Waits in milliseconds. AWS takes about 2 s for a small account; a large one may take minutes. */
const firstWait = SECOND;
const longestWait = 15 * SECOND;

/** The share of patience that is reserved for the report that AWS still has. */
const shareForCached = 0.25;

/**
 * Generates the credential report, if AWS considers it due, and fetches it. `patience` limits the total time: waits,
 * retries and the requests themselves. If AWS does not generate a new one in that time, or denies it, uses the one that
 * AWS still has, and says so: {@link ReportDocument.notRenewed}.
 *
 * Two requests if AWS has a fresh report. Throws KeysweepError ReportUnavailable when patience ends, ReportUnusable for
 * an answer that is not a report, and at once AccessDenied and other errors that waiting does not cure.
 *
 * @param iam sends each request once: this function decides what is repeated, and for how long
 */
export async function acquireReport(iam: IAMClient, patience: Duration, timing: Timing): Promise<ReportDocument> {
  const startedAt = timing.monotonic();
  const elapsed = () => timing.monotonic() - startedAt;
  const remaining = () => patience - elapsed();
  let waits = 0;
  let question: Question = 'generate';
  let denied: KeysweepError | undefined;
  let isSkewed = false;
  let isAnyCached = true;
  // The last error from AWS: a later request without an answer does not replace it.
  let failure: string | undefined;
  let whyNotRenewed = '';

  for (;;) {
    let answer: ReportAnswer;
    try {
      answer = await (question === 'generate' ? askForReport : fetchReport)(iam, remaining());
    } catch (error) {
      if (denied !== undefined || !(error instanceof KeysweepError)) throw denied ?? error;
      if (error.code === 'AccessDenied' && question === 'generate') {
        denied = error;
        answer = { kind: 'failed', said: error.message };
      } else if (error.code === 'ClockSkewed' && !isSkewed) {
        // The client has corrected its clock from that answer.
        isSkewed = true;
        answer = { kind: 'failed', said: error.message };
      } else throw error;
    }
    if (answer.kind === 'report') {
      return question === 'cached' ? { ...answer.report, notRenewed: whyNotRenewed } : answer.report;
    }
    const isSilent = answer.kind === 'failed' && answer.isSilent === true;
    const isKnown = isSilent || question === 'cached';
    const said = isKnown ? (failure ?? answer.said) : answer.said;
    if (!isKnown) failure = answer.kind === 'failed' || answer.kind === 'missing' ? answer.said : undefined;
    if (question === 'generate' && answer.kind === 'failed') {
      whyNotRenewed = said;
      if (denied !== undefined || (isAnyCached && remaining() <= patience * shareForCached)) {
        question = 'cached';
        continue;
      }
    }
    if (question === 'cached' && answer.kind === 'missing') {
      if (denied !== undefined) throw denied;
      isAnyCached = false;
    }
    if (answer.kind !== 'ready') {
      if (remaining() <= 0) throw denied ?? unavailable(said, elapsed());
      await timing.sleep(Math.max(0, Math.min(jitteredWait(waits++, timing), remaining())));
    }
    question = nextQuestion(question, answer, denied !== undefined);
  }
}

function nextQuestion(asked: Question, { kind }: ReportAnswer, isDenied: boolean): Question {
  if (isDenied) return 'cached';
  if (kind === 'ready' || kind === 'generating') return 'get';
  return kind === 'failed' && asked === 'get' ? 'get' : 'generate';
}

/** An exponentially growing wait: half of it fixed, half of it random. */
function jitteredWait(waits: number, timing: Timing): number {
  const longest = Math.min(longestWait, firstWait * 1.5 ** waits);
  return longest * (0.5 + timing.random() / 2);
}

function unavailable(said: string, elapsed: Duration): KeysweepError {
  return new KeysweepError(
    'ReportUnavailable',
    `no credential report after ${describeDuration(elapsed)}; last answer: ${said}`,
    {
      hint: 'AWS may be busy. Try again later or with more --patience, or fetch the report with aws iam get-credential-report and use --report.',
    },
  );
}
