import type { IdSource } from './ids.ts';

/** Temporary credentials of a role. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** `arn:aws:sts::123456789012:assumed-role/Auditor/nightly` */
  readonly arn: string;
  /** `AROA...:nightly` */
  readonly userId: string;
  /** The role's ARN; what it may do is written under this. */
  readonly roleArn: string;
  /** Milliseconds since 1970 on the sandbox's clock; undefined: never. */
  readonly expiresAt: number | undefined;
}

export interface SessionRequest {
  readonly partition: string;
  readonly accountId: string;
  readonly role: { readonly name: string; readonly id: string; readonly arn: string };
  readonly sessionName: string;
  readonly expiresAt: number | undefined;
}

export class Sessions {
  readonly #byKey = new Map<string, Session>();
  readonly #ids: IdSource;

  constructor(ids: IdSource) {
    this.#ids = ids;
  }

  create(request: SessionRequest): Session {
    const { partition, accountId, role, sessionName, expiresAt } = request;
    const session = {
      accessKeyId: this.#ids.next('ASIA'),
      secretAccessKey: this.#ids.secret(),
      sessionToken: this.#ids.token(),
      arn: `arn:${partition}:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
      userId: `${role.id}:${sessionName}`,
      roleArn: role.arn,
      expiresAt,
    };
    this.#byKey.set(session.accessKeyId, session);
    return session;
  }

  find(accessKeyId: string): Session | undefined {
    return this.#byKey.get(accessKeyId);
  }
}
