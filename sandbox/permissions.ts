/** Turns a glob of API actions (`iam:List*`) into a test. Case is ignored, as in IAM policies. */
export function actionMatcher(pattern: string): (action: string) => boolean {
  if (pattern === '*') {
    return () => true;
  }
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 'i');
  return (action) => expression.test(action);
}

/** What each principal may do, by its ARN (a role's ARN for its sessions). Who is not named here may do everything. */
export class Permissions {
  readonly #allowed = new Map<string, readonly ((action: string) => boolean)[]>();

  /** @param actions globs of API actions, or `all`. */
  allow(principalArn: string, actions: readonly string[] | 'all'): void {
    if (actions === 'all') {
      this.#allowed.delete(principalArn);
    } else {
      this.#allowed.set(principalArn, actions.map(actionMatcher));
    }
  }

  allows(principalArn: string, action: string): boolean {
    return this.#allowed.get(principalArn)?.some((matches) => matches(action)) ?? true;
  }
}
