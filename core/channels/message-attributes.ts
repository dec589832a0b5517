import { given } from '../given.ts';
import type { Notice } from '../notice.ts';

/**
 * What filter policies select messages by: `kind`, `severity`, `account` and, for an alert, `newFindings`. Undefined: not
 * known yet.
 */
export type MessageAttributes = Readonly<Record<string, string | number | undefined>>;

/** The attributes that a message is published with. */
export function attributesOf({ kind, severity, account, data }: Notice): Readonly<Record<string, string | number>> {
  const { newFindings } = data;
  return { kind, severity, account, ...given({ newFindings }) };
}
