import type { IAMClient } from '@aws-sdk/client-iam';
import { describeDuration, SECOND } from '../core/duration.ts';
import { KeysweepError } from '../core/error.ts';
import type { Duration } from '../core/model.ts';
import type { ReportDocument, Timing } from '../core/ports.ts';
import { askForReport, fetchReport, type ReportAnswer } from './report-requests.ts';

/** What is asked next: for a new report, for that one, or for the one that AWS still holds. */
type Question = 'generate' | 'get' | 'cached';

/** Waits in milliseconds. AWS takes about 2 s for a small account; a large one may take minutes. */
const firstWait = SECOND;
const longestWait = 15 * SECOND;

/** The part of patience that is kept for the report that AWS still holds. */
const shareForCached = 0.25;

/**
 * Generates (where AWS finds it due) and fetches the credential report. `patience` bounds the whole: waits, retries
 * and the requests themselves. Where AWS refuses a new one to the end, or denies it, the one that it still holds is
 * taken, and says so: {@link ReportDocument.notRenewed}.
 *
 * Two requests where AWS holds a fresh report. Throws KeysweepError ReportUnavailable when patience ends,
 * ReportUnusable for an answer that is no report, AccessDenied and what else waiting does not cure at once.
 *
 * @param iam sends each request once: what is repeated, and for how long, is decided here
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
  // Why AWS failed at last: a request that got no answer after that does not make it untrue.
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
        // By that answer the client has set its clock right.
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

/** Half of an exponentially growing wait is certain, the other half is left to chance. */
function jitteredWait(waits: number, timing: Timing): number {
  const longest = Math.min(longestWait, firstWait * 1.5 ** waits);
  return longest * (0.5 + timing.random() / 2);
}

function unavailable(said: string, elapsed: Duration): KeysweepError {
  return new KeysweepError(
    'ReportUnavailable',
    `no credential report after ${describeDuration(elapsed)}; at last ${said}`,
    {
      hint: 'AWS may be busy: try again later or with more --patience, or fetch the report with `aws iam get-credential-report` and give it with --report',
    },
  );
}
