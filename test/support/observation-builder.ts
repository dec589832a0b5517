/** Observations as plain data, for tests of rules and policies. */
import { DAY } from '../../core/duration.ts';
import type { Known, LastUse, Observation, ObservedCredential, ObservedPrincipal } from '../../core/model.ts';
import { defaultPolicy } from '../../core/policy/defaults.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { account } from './report-builder.ts';

/** The moment that tests speak of. */
export const asOf = new Date('2026-11-22T02:30:00.000Z');

/** `age` milliseconds before {@link asOf}. */
export function ago(age: number): Date {
  return new Date(asOf.getTime() - age);
}

export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

export function unknown(why = 'for a test'): { readonly known: false; readonly why: string } {
  return { known: false, why };
}

export const never: LastUse = { kind: 'never' };

export function used(age: number): LastUse {
  return { kind: 'used', at: ago(age) };
}

export function unknownUse(why = 'for a test'): LastUse {
  return { kind: 'unknown', why };
}

/** An active key in slot 1, created a year ago and used an hour ago. */
export function accessKey(fields: Partial<ObservedCredential> = {}): ObservedCredential {
  return {
    ref: { kind: 'access-key', slot: 1 },
    status: known('Active'),
    createdAt: known(ago(30 * DAY)),
    lastUse: used(DAY),
    source: 'report',
    ...fields,
  };
}

/** A user without any credential. */
export function user(fields: Partial<ObservedPrincipal> = {}, name = 'alice'): ObservedPrincipal {
  return {
    principal: { kind: 'user', name, arn: `arn:aws:iam::${account}:user/${name}` },
    createdAt: known(ago(4000 * DAY)),
    password: { enabled: known(false), lastUse: never },
    mfaActive: known(false),
    credentials: [],
    certificates: [],
    tags: unknown('the tags were not read'),
    ...fields,
  };
}

/** A root user in good order. */
export function rootUser(fields: Partial<ObservedPrincipal> = {}): ObservedPrincipal {
  return {
    ...user({ password: { enabled: known(true), lastUse: used(400 * DAY) }, mfaActive: known(true), tags: known({}) }),
    principal: { kind: 'root', name: '<root_account>', arn: `arn:aws:iam::${account}:root` },
    ...fields,
  };
}

export function observation(users: readonly ObservedPrincipal[], fields: Partial<Observation> = {}): Observation {
  return {
    account: { id: account, partition: 'aws' },
    report: { rows: users.length + 1, generatedAt: asOf },
    root: rootUser(),
    users,
    ...fields,
  };
}

export function policyWith(fields: Partial<Policy> = {}): Policy {
  return { ...defaultPolicy, ...fields };
}
