/** One live audit in a process of its own: `measure-audit ENDPOINT AS_OF`. Credentials come from the environment. */
import { createIamCredentialSource } from '../aws/iam-credential-source.ts';
import { connect } from '../aws/session.ts';
import { defaultPolicy } from '../core/policy/defaults.ts';
import { audit } from '../engine/audit/audit.ts';
import type { AuditMeasurement } from './cases.ts';

const [endpointUrl = '', asOf = ''] = process.argv.slice(2);
const session = connect({ endpointUrl, region: 'us-east-1' });
const startedAt = performance.now();
const { summary, stats } = await audit({ source: createIamCredentialSource(session) }, defaultPolicy, new Date(asOf));
const measurement: AuditMeasurement = {
  wallMs: performance.now() - startedAt,
  peakMemory: process.resourceUsage().maxRSS * 1024,
  findings: summary.fail,
  errors: summary.error,
  requests: stats.requests,
};
session.close();
process.stdout.write(JSON.stringify(measurement));
