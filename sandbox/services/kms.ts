import { awsError } from '../errors.ts';
import type { JsonOperation, Service } from '../http/operation.ts';

const getKeyPolicy: JsonOperation = {
  event: 'read',
  resource: ({ KeyId }) => String(KeyId),
  run({ KeyId }, { world }) {
    const policy = world.keyPolicies.get(String(KeyId));
    if (policy === undefined) throw awsError('NotFoundException', `Key '${String(KeyId)}' does not exist`);
    return { Policy: policy, PolicyName: 'default' };
  },
};

/** The policies of KMS keys: keys are made by the test, by their ARN, and encrypt nothing. */
export const kms: Service = {
  name: 'kms',
  protocol: 'json',
  target: 'TrentService',
  operations: { GetKeyPolicy: getKeyPolicy },
};
