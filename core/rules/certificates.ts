/** What the rules on signing certificates share. */
import { inDays } from '../duration.ts';
import type { CredentialRef, Evidence, ObservedCertificate, ObservedPrincipal } from '../model.ts';
import type { Verdict } from './rule.ts';

export function certificateRef({ slot }: ObservedCertificate): CredentialRef {
  return { kind: 'signing-certificate', slot };
}

export function certificateEvidence({ active, uploadedAt }: ObservedCertificate, asOf: Date): Evidence {
  return {
    status: active.known ? (active.value ? 'Active' : 'Inactive') : null,
    createdAt: uploadedAt.known ? uploadedAt.value.toISOString() : null,
    ageDays: uploadedAt.known ? inDays(asOf.getTime() - uploadedAt.value.getTime()) : null,
  };
}

/** `, uploaded 2019-04-01`, if the date is known. */
export function uploadedOn({ uploadedAt }: ObservedCertificate): string {
  return uploadedAt.known ? `, uploaded ${uploadedAt.value.toISOString().slice(0, 10)}` : '';
}

/** An error where there may be more certificates than are shown. Of more than two, the first ones fill both slots. */
export function hiddenCertificates(principal: ObservedPrincipal): readonly Verdict[] {
  const { certificates, moreThanShown, hiddenCertificates: hidden } = principal;
  const isMore = moreThanShown !== undefined && certificates.length >= 2;
  const why = hidden ?? (isMore ? 'the credential report shows only two' : undefined);
  if (why === undefined) return [];
  const evidence = isMore ? { additionalCredentials: moreThanShown } : {};
  const reason = `cannot be judged for all certificates: ${why}`;
  return [{ status: 'error', reason, evidence, key: 'incomplete' }];
}
