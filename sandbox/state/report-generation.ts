import type { SandboxClock } from '../clock.ts';
import { awsError } from '../errors.ts';
import type { SandboxAccount } from './account.ts';
import { wholeSeconds } from './build-account.ts';
import { renderCredentialReport } from './credential-report.ts';

export interface ReportOptions {
  /**
   * How long a generation takes. `polls`: so many requests for the report or its state are answered with "not yet" before it is
   * complete, whatever the time; the default is 1, so that every client has to poll and none has to wait for the
   * sandbox's clock to be moved. `durationMs`: so long on the sandbox's clock.
   */
  readonly generation?: { readonly polls: number } | { readonly durationMs: number };
  /** How long a report is kept before it may be generated again, in milliseconds. Default 4 hours, as AWS does. */
  readonly maxAgeMs?: number;
  /** What GetCredentialReport does with an older one: ReportExpired (the default), or the old bytes. */
  readonly whenExpired?: 'error' | 'serve';
  /** Adds the 23rd column, additional_credentials_info. Default false. */
  readonly additionalCredentialsInfo?: boolean;
}

export interface CredentialReport {
  /** The CSV in base64, as GetCredentialReport hands it over. */
  readonly base64: string;
  /** Milliseconds since 1970, whole seconds. */
  readonly generatedAt: number;
}

interface Generation {
  readonly report: CredentialReport;
  readonly startedAt: number;
  polls: number;
}

/** The account's credential report: at most one, generated on demand and kept for hours. */
export class ReportGeneration {
  readonly #account: SandboxAccount;
  readonly #clock: SandboxClock;
  readonly #options: ReportOptions;
  #current: CredentialReport | undefined;
  #running: Generation | undefined;

  constructor(account: SandboxAccount, clock: SandboxClock, options: ReportOptions) {
    this.#account = account;
    this.#clock = clock;
    this.#options = options;
  }

  /** GenerateCredentialReport. */
  generate(): 'STARTED' | 'INPROGRESS' | 'COMPLETE' {
    if (this.#running !== undefined) {
      return this.#poll() ? 'COMPLETE' : 'INPROGRESS';
    }
    if (this.#current !== undefined && !this.#isExpired(this.#current)) {
      return 'COMPLETE';
    }
    this.#running = this.#start();
    return 'STARTED';
  }

  /** GetCredentialReport. @throws AwsError ReportNotPresent, ReportInProgress, ReportExpired */
  get(): CredentialReport {
    if (this.#running !== undefined && !this.#poll()) {
      throw awsError('ReportInProgress');
    }
    if (this.#current === undefined) {
      throw awsError('ReportNotPresent');
    }
    if (this.#isExpired(this.#current) && this.#options.whenExpired !== 'serve') {
      throw awsError('ReportExpired');
    }
    return this.#current;
  }

  /** The report shows the moment when its generation started. */
  #start(): Generation {
    const now = this.#clock.now().getTime();
    const { additionalCredentialsInfo = false } = this.#options;
    const csv = renderCredentialReport(this.#account, now, { additionalCredentialsInfo });
    return { report: { base64: csv.toString('base64'), generatedAt: wholeSeconds(now) }, startedAt: now, polls: 0 };
  }

  /** Asks whether the running generation is done, and takes its result if so. */
  #poll(): boolean {
    const running = this.#running;
    if (running === undefined) {
      return true;
    }
    const generation = this.#options.generation ?? { polls: 1 };
    const done =
      'polls' in generation
        ? running.polls >= generation.polls
        : this.#clock.now().getTime() >= running.startedAt + generation.durationMs;
    running.polls += 1;
    if (done) {
      this.#current = running.report;
      this.#running = undefined;
    }
    return done;
  }

  #isExpired(report: CredentialReport): boolean {
    return this.#clock.now().getTime() - report.generatedAt >= (this.#options.maxAgeMs ?? 4 * 3_600_000);
  }
}
