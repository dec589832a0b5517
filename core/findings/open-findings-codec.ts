/**
 * Open findings as JSON, for whatever stores them. Unknown rules and properties are kept: another version of keysweep may
 * have written them, and what it found open must not be forgotten.
 */
import * as z from 'zod/mini';
import { accountIdCodec, credentialCodec, findingCodec, timeCodec } from '../audit-codec.ts';
import { severities } from '../model.ts';
import { decodeText, encodeText, type TextFormat } from '../text-codec.ts';
import { type OpenFindings, resolutions } from './open-findings.ts';

const parts = findingCodec.shape;
const exemption = z.looseObject(parts.exemption.def.innerType.shape);

/** In the order of {@link findingCodec}, so that an event that is sent again is identical. */
const finding = z.looseObject({
  ...parts,
  rule: z.string(),
  principal: z.looseObject(parts.principal.shape),
  credential: z.exactOptional(z.looseObject(credentialCodec.shape)),
  exemption: z.exactOptional(exemption),
});

const about = { asOf: timeCodec, finding, since: timeCodec };

const published = [
  z.looseObject({ type: z.literal('opened'), ...about, raisedFrom: z.exactOptional(z.enum(severities)) }),
  z.looseObject({ type: z.literal('exempted'), ...about, exemption }),
  z.looseObject({
    type: z.literal('resolved'),
    ...about,
    resolution: z.enum(resolutions),
    exemption: z.exactOptional(exemption),
  }),
] as const;
const unjudged = z.looseObject({ type: z.literal('unjudged'), ...about });
const change = z.discriminatedUnion('type', [...published, unjudged]);

const recorded = z.array(z.looseObject({ finding, since: timeCodec }));

const format: TextFormat<OpenFindings> = {
  code: 'OpenFindingsInvalid',
  what: 'not a valid record of open findings',
  hint: 'The next audit replaces it; every finding then counts as new.',
  schema: z.looseObject({
    schema: z.literal('keysweep/open-findings/v1'),
    account: accountIdCodec,
    asOf: timeCodec,
    findings: recorded,
    exempt: recorded,
    unjudged: z.array(z.string()),
    notifiedUpTo: z.exactOptional(timeCodec),
    outbox: z.looseObject({
      alerts: z.array(change),
      digests: z.array(change),
      bus: z.array(z.discriminatedUnion('type', [...published])),
    }),
  }),
};

/** @throws KeysweepError OpenFindingsInvalid for a record that could not be read back */
export function encodeOpenFindings(open: OpenFindings): string {
  return encodeText(format, open);
}

/**
 * Reads what {@link encodeOpenFindings} wrote.
 * @param where for messages: a path or a URL
 * @throws KeysweepError OpenFindingsInvalid
 */
export function decodeOpenFindings(text: string, where: string): OpenFindings {
  return decodeText(format, text, where);
}
