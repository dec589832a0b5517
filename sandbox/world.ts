import type { SandboxClock } from './clock.ts';
import type { PagingOptions } from './paging.ts';
import type { Permissions } from './permissions.ts';
import type { SandboxAccount } from './state/account.ts';
import type { Buckets } from './state/buckets.ts';
import type { BusEvent } from './state/bus-event.ts';
import type { IdSource } from './state/ids.ts';
import type { Parameters } from './state/parameters.ts';
import type { ReportGeneration } from './state/report-generation.ts';
import type { Sessions } from './state/sessions.ts';
import type { Tables } from './state/tables.ts';
import type { Topics } from './state/topics.ts';
import type { Trail } from './state/trail.ts';

/** All that the operations work on. */
export interface World {
  readonly clock: SandboxClock;
  readonly account: SandboxAccount;
  readonly report: ReportGeneration;
  readonly sessions: Sessions;
  readonly topics: Topics;
  readonly tables: Tables;
  readonly trail: Trail;
  readonly buckets: Buckets;
  readonly parameters: Parameters;
  /** Policies of KMS keys, by the ARN of the key. */
  readonly keyPolicies: Map<string, string>;
  /** Every event put on the default bus. */
  readonly busEvents: BusEvent[];
  readonly permissions: Permissions;
  readonly ids: IdSource;
  readonly paging: PagingOptions;
  /** How long after an event CloudTrail shows it, in milliseconds. */
  readonly trailDelayMs: number;
  /** The machine's own time, for what clients compare with it. */
  readonly machineTime: () => Date;
}
