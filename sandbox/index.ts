/** A local AWS account: the wire protocols of AWS on loopback, a movable clock, injected faults. */

export type { SandboxClock } from './clock.ts';
export { AwsError } from './errors.ts';
export type { ActiveFault, Fault, FaultEffect, FaultMatch } from './faults.ts';
export type { PagingOptions } from './paging.ts';
export type { RateLimit } from './rate-limits.ts';
export type { RequestRecord } from './request-log.ts';
export { type Sandbox, type SandboxCredentials, type SandboxOptions, startSandbox } from './sandbox.ts';
export { acmeAccount, acmeNow } from './seeds/acme.ts';
export { type GeneratedAccount, seedAccount } from './seeds/generate.ts';
export type { SandboxAccount } from './state/account.ts';
export type { WriteRecord } from './state/journal.ts';
export type { RefusedUse } from './state/key-usage.ts';
export { type PublishedMessage, textFor } from './state/messages.ts';
export type { AccessKeyRecord, UserRecord } from './state/records.ts';
export type { ReportOptions } from './state/report-generation.ts';
export type * from './state/seed.ts';
export { SeedError, validateSeed } from './state/seed-validation.ts';
export type { Table, TableDefinition, Tables } from './state/tables.ts';
export type { DeliveryAttempt } from './state/topics.ts';
