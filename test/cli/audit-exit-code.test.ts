import { describe, expect, it } from 'vitest';
import { exitCodeOf, failOnChoices } from '../../cli/commands/audit.ts';
import { severities } from '../../core/model.ts';
import { auditOf, exemption, finding } from '../support/audit-fixture.ts';

describe('exitCodeOf', () => {
  it.each(severities)('counts findings of severity %s from that severity down', (severity) => {
    const audit = auditOf([finding({ severity })]);
    const counting = failOnChoices.filter((failOn) => exitCodeOf(audit, failOn) === 1);
    expect(counting).toEqual(severities.slice(severities.indexOf(severity)));
  });

  it('is 0 without findings', () => {
    expect(exitCodeOf(auditOf([]), 'info')).toBe(0);
  });

  it('is 0 for what is exempt', () => {
    expect(exitCodeOf(auditOf([finding({ severity: 'critical', status: 'exempt', exemption })]), 'info')).toBe(0);
  });

  it.each(failOnChoices)('is 2 with --fail-on %s as soon as one check could not be made', (failOn) => {
    const audit = auditOf([finding({ severity: 'critical' }), finding({ severity: 'info', status: 'error' })]);
    expect(exitCodeOf(audit, failOn)).toBe(2);
  });
});
