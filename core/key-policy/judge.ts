/** Whether a key policy allows what a deployment needs. What cannot be evaluated is uncertain, never allowed. */
import { KeysweepError } from '../error.ts';
import { compileGlob } from '../policy/glob.ts';
import { holdsForLogGroups, holdsWithoutKey } from './conditions.ts';
import { type KeyOfDeployment, type KeyUse, keyUses, principalOf } from './uses.ts';

/** `uncertain`: a statement may or may not allow or deny it. */
export type KeyVerdict = 'allowed' | 'missing' | 'uncertain';

/** A key, and what its policy allows, or why its policy could not be read. */
export type KeyCheck = { readonly keyArn: string } & (
  | { readonly uses: readonly JudgedUse[] }
  | { readonly unread: string }
);

/** Whether its policy allows all that is needed, for certain. */
export function isSoundKey(check: KeyCheck): boolean {
  return 'uses' in check && check.uses.every(({ verdict }) => verdict === 'allowed');
}

export interface JudgedUse extends KeyUse {
  readonly verdict: KeyVerdict;
  /** For people; absent if it is allowed. */
  readonly why?: string;
}

/** A statement of a policy, as far as it is read. */
interface Statement {
  readonly Sid?: unknown;
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
  readonly NotPrincipal?: unknown;
  readonly NotAction?: unknown;
  readonly NotResource?: unknown;
}

/** How a statement applies to one use. */
type Fit =
  | { readonly kind: 'none' }
  | { readonly kind: 'allows'; readonly patterns: readonly string[] }
  | { readonly kind: 'excludes' | 'unclear'; readonly why: string };

/**
 * Judges the text of a key policy.
 *
 * @param text the policy, or the answer of `aws kms get-key-policy` around it
 * @throws KeysweepError KeyPolicyInvalid if it is not a policy
 */
export function judgeKeyPolicy(text: string, key: KeyOfDeployment): readonly JudgedUse[] {
  const statements = readStatements(text);
  return keyUses(key).map((use) => ({ ...use, ...judgeUse(use, statements, key.keyArn) }));
}

function readStatements(text: string): readonly Statement[] {
  try {
    const read: unknown = JSON.parse(text);
    const policy = typeof read === 'string' ? JSON.parse(read) : read;
    if (typeof policy?.Policy === 'string') return readStatements(policy.Policy);
    const statements = listOf(policy?.Statement);
    if (statements.length > 0 && statements.every(isObject)) return statements;
  } catch (cause) {
    throw invalid(cause);
  }
  throw invalid(undefined);
}

function invalid(cause: unknown): KeysweepError {
  return new KeysweepError('KeyPolicyInvalid', 'this is not a key policy: expected JSON with statements', {
    cause,
    hint: 'Write it with: aws kms get-key-policy --key-id KEY --policy-name default --output text',
  });
}

function judgeUse(use: KeyUse, statements: readonly Statement[], keyArn: string): Pick<JudgedUse, 'verdict' | 'why'> {
  const fits = statements.filter(({ Effect }) => Effect === 'Allow').map((one) => fitOf(one, use, keyArn));
  const patterns = fits.flatMap((fit) => (fit.kind === 'allows' ? fit.patterns : []));
  const lacking = actionsOf(use).filter((action) => !patterns.some((pattern) => matchesAction(pattern, action)));
  const denial = statements.find((one) => one.Effect === 'Deny' && mayDeny(one, use));
  if (lacking.length === 0) {
    return denial === undefined
      ? { verdict: 'allowed' }
      : { verdict: 'uncertain', why: `${nameOf(denial)} may deny it` };
  }
  const reason = (kind: 'unclear' | 'excludes') => fits.flatMap((fit) => (fit.kind === kind ? fit.why : []))[0];
  const unclear = reason('unclear');
  if (unclear !== undefined) return { verdict: 'uncertain', why: unclear };
  return {
    verdict: 'missing',
    why: reason('excludes') ?? `no statement allows ${principalOf(use)} ${lacking.join(', ')}`,
  };
}

function fitOf(statement: Statement, use: KeyUse, keyArn: string): Fit {
  const { NotPrincipal, NotAction, NotResource, Action, Resource, Condition } = statement;
  const name = nameOf(statement);
  const principal = fitOfPrincipal(statement, use);
  if (NotPrincipal === undefined && principal === 'no') return { kind: 'none' };
  if ([NotPrincipal, NotAction, NotResource].some((part) => part !== undefined)) {
    return { kind: 'unclear', why: `${name} says what it does not apply to, which is not evaluated` };
  }
  const patterns = listOf(Action).map(String);
  if (!patterns.some((pattern) => actionsOf(use).some((action) => matchesAction(pattern, action)))) {
    return { kind: 'none' };
  }
  if (!listOf(Resource).some((resource) => compileGlob(String(resource))(keyArn))) return { kind: 'none' };
  if (typeof principal !== 'string') return { kind: 'unclear', why: `${name} ${principal.unclear}` };
  return fitOfCondition(Condition, use, name) ?? { kind: 'allows', patterns };
}

/** Whom a statement names. AWS takes `*` and `{"AWS": "*"}` for the same: everyone. */
function principalsOf({ Principal }: Statement) {
  const { AWS, Service } = (Principal ?? {}) as { readonly AWS?: unknown; readonly Service?: unknown };
  const accounts = listOf(AWS).map(String);
  return {
    accounts,
    services: listOf(Service).map(String),
    isEveryone: Principal === '*' || accounts.includes('*'),
  };
}

function fitOfPrincipal(statement: Statement, use: KeyUse): 'yes' | 'no' | { readonly unclear: string } {
  const { accounts, services, isEveryone } = principalsOf(statement);
  const wanted = principalOf(use);
  if (use.use === 'roles') {
    const [, , , , account] = wanted.split(':');
    if (accounts.some((one) => one === wanted || one === account)) return 'yes';
    if (isEveryone) return { unclear: 'is for everyone' };
    return accounts.length === 0
      ? 'no'
      : { unclear: 'names roles or users: all roles of the stack must be among them' };
  }
  if (services.includes(wanted)) return 'yes';
  if (!isEveryone && !services.includes('*')) return 'no';
  return { unclear: 'is for everyone: whether that includes services of AWS is not evaluated' };
}

/** EventBridge sends none of them with what it encrypts. Source: see {@link keyUses}. */
const sourceKeys = /^aws:Source(?:Account|Arn|OrgID|OrgPaths)$/i;

/** Undefined if there is no condition, or one that keysweep's own requests meet. */
function fitOfCondition(condition: unknown, { use, statement }: KeyUse, name: string): Fit | undefined {
  const tests = Object.entries((condition ?? {}) as Record<string, object | null>).flatMap(([operator, keys]) =>
    Object.entries(keys ?? {}).map(([key, values]) => ({ operator, key, values: listOf(values).map(String) })),
  );
  const [sent] = Object.values(statement.Condition ?? {}).flatMap((keys) => Object.entries(keys));
  for (const { operator, key, values } of tests) {
    if (use === 'handover' && sourceKeys.test(key)) {
      if (holdsWithoutKey(operator, values) === 'yes') continue;
      return { kind: 'excludes', why: `${name} requires ${key}, which EventBridge does not send` };
    }
    if (key !== sent?.[0]) return { kind: 'unclear', why: `${name} has a condition on ${key}, which is not evaluated` };
    const holding = holdsForLogGroups(operator, values, sent[1]);
    const text = `${name} has the condition ${operator} ${values.join(', ')} on ${key}`;
    if (holding === 'no') return { kind: 'excludes', why: `${text}, which no log group meets` };
    if (holding === 'unclear') return { kind: 'unclear', why: `${text}: all log groups of the stack must meet it` };
  }
  return undefined;
}

/** Anything that a denial may be about counts: its conditions are not evaluated. */
function mayDeny(statement: Statement, use: KeyUse): boolean {
  const { NotPrincipal, NotAction, Action } = statement;
  const excluded = listOf(NotAction).map(String);
  const denied = listOf(Action).map(String);
  const touches = [...usedActions, ...actionsOf(use)].some((action) => {
    const isNamed = (patterns: readonly string[]) => patterns.some((pattern) => matchesAction(pattern, action));
    return NotAction === undefined ? isNamed(denied) : !isNamed(excluded);
  });
  if (!touches) return false;
  const { accounts, services, isEveryone } = principalsOf(statement);
  if (NotPrincipal !== undefined || isEveryone) return true;
  return use.use === 'roles' ? accounts.length > 0 : services.some((one) => one === '*' || one === principalOf(use));
}

/** What keysweep and the services for it really do with the key. */
const usedActions = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:Encrypt'];

/** What their guides require, without what only the wildcards of the statement add. */
function actionsOf({ use }: KeyUse): readonly string[] {
  const dataKeys = ['kms:Decrypt', 'kms:GenerateDataKey'];
  if (use !== 'logs') return dataKeys;
  return [...dataKeys, 'kms:DescribeKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];
}

/** The names of actions ignore case. */
function matchesAction(pattern: string, action: string): boolean {
  return compileGlob(pattern.toLowerCase())(action.toLowerCase());
}

function nameOf({ Sid }: Statement): string {
  return typeof Sid === 'string' && Sid !== '' ? `the statement ${Sid}` : 'a statement without Sid';
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Statement {
  return typeof value === 'object' && value !== null;
}
