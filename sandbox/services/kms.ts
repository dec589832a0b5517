import { awsError } from '../errors.ts';
import type { Call, JsonOperation, Service } from '../http/operation.ts';

/** A key of KMS by its id or its ARN, as its ARN. */
function keyArn(keyId: unknown, { world, region }: Call): string {
  const text = String(keyId);
  return text.startsWith('arn:')
    ? text
    : `arn:${world.account.partition}:kms:${region}:${world.account.id}:key/${text}`;
}

const createKey: JsonOperation = {
  event: 'write',
  run({ Policy }, call) {
    const { world } = call;
    const KeyId = world.ids.uuid();
    const Arn = keyArn(KeyId, call);
    world.keyPolicies.set(Arn, typeof Policy === 'string' ? Policy : defaultPolicy(call));
    return { KeyMetadata: { AWSAccountId: world.account.id, KeyId, Arn, Enabled: true, KeyState: 'Enabled' } };
  },
};

/** Source: the KMS Developer Guide, "Default key policy". */
function defaultPolicy({ world: { account } }: Call): string {
  const statement = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: `arn:${account.partition}:iam::${account.id}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [statement] });
}

const getKeyPolicy: JsonOperation = {
  event: 'read',
  resource: ({ KeyId }, call) => keyArn(KeyId, call),
  run({ KeyId, PolicyName = 'default' }, call) {
    const arn = keyArn(KeyId, call);
    const policy = call.world.keyPolicies.get(arn);
    if (policy === undefined) throw awsError('NotFoundException', `Key '${arn}' does not exist`);
    if (PolicyName !== 'default') throw awsError('NotFoundException', 'No such policy exists');
    return { Policy: policy, PolicyName };
  },
};

/** The policies of KMS keys. A key encrypts nothing. */
export const kms: Service = {
  name: 'kms',
  protocol: 'json',
  target: 'TrentService',
  operations: { CreateKey: createKey, GetKeyPolicy: getKeyPolicy },
};
