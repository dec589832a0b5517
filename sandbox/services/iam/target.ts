import { validationError } from '../../errors.ts';
import type { Call } from '../../http/operation.ts';
import type { QueryParams } from '../../http/query-params.ts';
import type { KeyOwner, UserRecord } from '../../state/records.ts';

/**
 * Whom a request is about: the named user, else the caller itself.
 * @throws AwsError NoSuchEntity, or ValidationError when a role's session names no one
 */
export function targetOwner(params: QueryParams, call: Call): KeyOwner {
  const name = params.get('UserName');
  if (name !== undefined) {
    return call.world.account.user(name);
  }
  if (call.caller.kind === 'root') {
    return call.world.account.root;
  }
  if (call.caller.userName === undefined) {
    throw validationError('Must specify userName when calling with non-User credentials');
  }
  return call.world.account.user(call.caller.userName);
}

/** The user that a request must name. @throws AwsError NoSuchEntity, ValidationError */
export function namedUser(params: QueryParams, call: Call): UserRecord {
  return call.world.account.user(params.required('UserName'));
}

/** How IAM names a user in the text of an AccessDenied. */
export function userResource(params: QueryParams, call: Call): string {
  return `user ${params.get('UserName') ?? call.caller.userName ?? 'null'}`;
}

/** As {@link userResource}, for the actions where IAM writes the ARN. */
export function userArnResource(params: QueryParams, call: Call): string {
  const { partition, id } = call.world.account;
  return `arn:${partition}:iam::${id}:user/${params.get('UserName') ?? ''}`;
}
