import { type Forecast, type ForecastOptions, forecast } from '../core/lifecycle/forecast.ts';
import type { Remembered } from '../core/lifecycle/night-start.ts';
import type { Snapshot } from '../core/lifecycle/snapshot.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { CredentialSource } from '../core/ports.ts';
import { lookWhereOpen } from './look-again.ts';
import type { Note } from './notes.ts';
import { readAllTags } from './read-tags.ts';

/** What a forecast started from, and what it says. */
export interface Foreseen {
  readonly snapshot: Snapshot;
  readonly forecast: Forecast;
}

export type Horizon = Pick<ForecastOptions, 'from' | 'nights' | 'use' | 'onNight'>;

/** Models mode enforce, whatever the policy says, by what audit and ledger show. */
export function foresee(
  { snapshot, remembered }: { readonly snapshot: Snapshot; readonly remembered: Remembered },
  policy: Policy,
  options: ForecastOptions,
): Forecast {
  return forecast(snapshot, remembered, enforced(policy), options);
}

/** The same, and asks IAM before about all that a sweep of now would ask about, and the later ones. */
export async function foreseeLive(
  source: CredentialSource,
  audited: Snapshot,
  remembered: Remembered,
  policy: Policy,
  horizon: Horizon,
  note: Note,
): Promise<Foreseen> {
  const tagged = await readAllTags(audited, policy, source);
  const { snapshot, sightings } = await lookWhereOpen(source, tagged, remembered, enforced(policy), horizon.from);
  const options = { ...horizon, sightings };
  const first = foresee({ snapshot, remembered }, policy, options);
  if (first.contested.length === 0) return { snapshot, forecast: first };
  const attached = await source.attachedPolicies(first.contested);
  if (attached.ok) {
    return { snapshot, forecast: foresee({ snapshot, remembered }, policy, { ...options, attached: attached.value }) };
  }
  await note(
    `who is exposed or privileged could not be read; where a cap bites, the longest idle go first: ${attached.problem.message}`,
  );
  return { snapshot, forecast: first };
}

function enforced(policy: Policy): Policy {
  return { ...policy, mode: 'enforce' };
}
