import type { ScenarioGroup } from '../scenario.ts';
import { accountScenarios } from './account.ts';
import { archiveScenarios } from './archive.ts';
import { auditScenarios } from './audit.ts';
import { busScenarios } from './bus.ts';
import { credentialReportScenarios } from './credential-report.ts';
import { keyPolicyScenarios } from './key-policies.ts';
import { keyReadScenarios } from './key-reads.ts';
import { keyWriteScenarios } from './key-writes.ts';
import { ledgerScenarios } from './ledger.ts';
import { listenerScenarios } from './listeners.ts';
import { noticeScenarios } from './notices.ts';
import { parameterScenarios } from './parameters.ts';
import { userScenarios } from './users.ts';

/** Everything that keysweep relies on AWS for and that a counterpart can show. */
export const contract: readonly ScenarioGroup[] = [
  credentialReportScenarios,
  keyReadScenarios,
  keyWriteScenarios,
  userScenarios,
  accountScenarios,
  noticeScenarios,
  listenerScenarios,
  ledgerScenarios,
  archiveScenarios,
  busScenarios,
  parameterScenarios,
  keyPolicyScenarios,
  auditScenarios,
];
