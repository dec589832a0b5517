/** Answers of a security token service that are not of the account that was asked for. */
import type { FaultEffect } from '../../sandbox/faults.ts';
import type { SandboxCredentials } from '../../sandbox/sandbox.ts';

/** What AssumeRole answers: these credentials, said to be of the session `arn`; without it, of no one. */
export function assumedRole(credentials: SandboxCredentials, arn?: string): FaultEffect {
  const user =
    arn === undefined ? '' : `<AssumedRoleUser><AssumedRoleId>A:x</AssumedRoleId><Arn>${arn}</Arn></AssumedRoleUser>`;
  return answer(
    'AssumeRole',
    `<Credentials><AccessKeyId>${credentials.accessKeyId}</AccessKeyId><SecretAccessKey>${credentials.secretAccessKey}</SecretAccessKey><SessionToken>${credentials.sessionToken}</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>${user}`,
  );
}

/** What GetCallerIdentity answers: a session in this account. */
export function callerOf(account: string): FaultEffect {
  const arn = `arn:aws:sts::${account}:assumed-role/audit/keysweep`;
  return answer('GetCallerIdentity', `<Arn>${arn}</Arn><UserId>A:x</UserId><Account>${account}</Account>`);
}

function answer(action: string, result: string): FaultEffect {
  const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
  const body = `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result></${action}Response>`;
  return { kind: 'garbage', status: 200, body };
}
