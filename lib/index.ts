/** keysweep as constructs, for use inside other CDK apps. */
export { defaultPolicy } from '../core/policy/defaults.ts';
export { loadPolicy } from '../core/policy/load.ts';
export type { Policy } from '../core/policy/policy.ts';
export { AlertTopic, type AlertTopicProps } from './alert-topic.ts';
export { Auditor, type AuditorProps } from './auditor.ts';
export { CredentialHygiene, type CredentialHygieneProps } from './credential-hygiene.ts';
export { DeadLetterQueue } from './dead-letter-queue.ts';
export { KeysweepStack, type KeysweepStackProps } from './keysweep-stack.ts';
export { NightlySchedule, type NightlyScheduleProps } from './nightly-schedule.ts';
