import { expect } from 'vitest';
import { defaultPolicy } from '../../../core/policy/defaults.ts';
import { audit } from '../../../engine/audit/audit.ts';
import { expectedFindings } from '../account.ts';
import type { ScenarioGroup } from '../scenario.ts';

export const auditScenarios: ScenarioGroup = {
  title: 'the whole audit',
  scenarios: [
    {
      name: 'finds exactly what is wrong with the users, and names each key by its id',
      run: async ({ source, account, keyId }) => {
        const { findings } = await audit({ source }, defaultPolicy, new Date(account.now));
        const found = findings.filter(({ principal }) => principal.kind === 'user');
        expect(found).toHaveLength(expectedFindings.length);
        for (const { rule, user, key, says } of expectedFindings) {
          expect(found).toContainEqual(
            expect.objectContaining({
              rule,
              status: 'fail',
              principal: expect.objectContaining({ name: user }),
              reason: expect.stringContaining(says),
              ...(key !== undefined && { credential: expect.objectContaining({ id: keyId(user, key) }) }),
            }),
          );
        }
      },
    },
  ],
};
