/** The evidence of a finding in words. */
import { describeDuration } from '../core/duration.ts';
import { isRetirableKind } from '../core/kinds/kinds.ts';
import type { CredentialRef, Evidence, FindingSubject } from '../core/model.ts';
import { printable } from './printable.ts';
import { credentialInWords, timeInWords } from './words.ts';

/** When the credential was made, and when it was last used, service and region included. */
export function sinceWhen({ createdAt, lastUsed, lastUsedAt, lastUsedService, lastUsedRegion }: Evidence) {
  const place = [lastUsedService, lastUsedRegion].filter((part) => typeof part === 'string').map(String);
  const used =
    typeof lastUsedAt === 'string'
      ? `last used ${instantInWords(lastUsedAt)}${place.length === 0 ? '' : ` (${printable(place.join(', '))})`}`
      : lastUseInWords(lastUsed);
  const created = typeof createdAt === 'string' ? `created ${instantInWords(createdAt)}` : undefined;
  const parts = [created, used].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** Since when audits find it, by the times (ISO 8601) of the first that did and of this one. */
export function foundWhen(foundAt: string | undefined, at: string): string | undefined {
  if (foundAt === undefined) return undefined;
  const before = new Date(at).getTime() - new Date(foundAt).getTime();
  if (before <= 0) return 'new since the last audit';
  const ago = Number.isNaN(before) ? '' : `, ${describeDuration(before)} before this audit`;
  return `first on ${instantInWords(foundAt)}${ago}`;
}

/** The name of the credential that a finding is about; undefined where it is about none. */
export function keyInWords(principal: FindingSubject, credential: CredentialRef | undefined): string | undefined {
  if (credential === undefined) return undefined;
  const name = credentialInWords(credential);
  const isNameless = principal.kind === 'root' && isRetirableKind(credential.kind) && credential.id === undefined;
  return isNameless ? `${name} (AWS shows the ids of root keys only to the root user)` : name;
}

function lastUseInWords(lastUsed: unknown): string | undefined {
  if (lastUsed === 'never') return 'never used';
  if (lastUsed === 'untracked') return 'use not tracked by IAM';
  return lastUsed === 'unknown' ? 'last use unknown' : undefined;
}

/** `2026-11-22 02:30 UTC` of a time in ISO 8601; another text as it is. */
export function instantInWords(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? printable(iso) : timeInWords(time);
}
