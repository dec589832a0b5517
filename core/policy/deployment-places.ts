/** Whether the resources that the deployment settings name can be used from where the stack is. Pure. */
import type { Deployment } from './policy.ts';

/** Where the stack is deployed to, as far as that is known. */
export interface StackPlace {
  readonly partition?: string;
  readonly region?: string;
  readonly account?: string;
}

type Part = keyof StackPlace;

/** A setting whose resource is elsewhere. */
export interface Misplaced {
  readonly setting: string;
  /** For people: both places. */
  readonly text: string;
  /** False if AWS allows it in principle, with a policy on the other side. */
  readonly isFatal: boolean;
}

const settings: readonly (keyof Deployment)[] = [
  'encryptionKey',
  'slackWebhookSecret',
  'slackConfiguration',
  'permissionsBoundary',
];

/** IAM accepts no boundary of another account; keys and secrets may be shared. `aws` is AWS's own account. */
const isShareable: ReadonlySet<keyof Deployment> = new Set<keyof Deployment>(['encryptionKey', 'slackWebhookSecret']);

/** Every resource that is not where the stack is. @param stack what is not known is not judged */
export function misplaced(deployment: Deployment, stack: StackPlace): readonly Misplaced[] {
  return settings.flatMap((setting) => {
    const arn = deployment[setting];
    if (typeof arn !== 'string') return [];
    const place = placeOf(arn);
    return (['partition', 'region', 'account'] as const).flatMap((part): Misplaced[] => {
      const [there, here] = [place[part], stack[part]];
      if (there === undefined || here === undefined || there === here) return [];
      const text = `deployment.${setting} is in ${words[part]} ${there}, but the stack is deployed to ${words[part]} ${here}`;
      return [{ setting, text, isFatal: part !== 'account' || !isShareable.has(setting) }];
    });
  });
}

/** Settings that contradict each other, wherever the stack is: both must be in its region and partition. */
export function contradictions(deployment: Deployment): readonly string[] {
  const named = settings.flatMap((setting) => {
    const arn = deployment[setting];
    return typeof arn === 'string' ? [{ setting, place: placeOf(arn) }] : [];
  });
  return (['partition', 'region'] as const).flatMap((part) => {
    const [first, ...others] = named.filter(({ place }) => place[part] !== undefined);
    const other = others.find(({ place }) => place[part] !== first?.place[part]);
    if (first === undefined || other === undefined) return [];
    return `deployment.${first.setting} is in ${words[part]} ${first.place[part]}, but deployment.${other.setting} in ${other.place[part]}: both must be in that of the stack`;
  });
}

const words: Readonly<Record<Part, string>> = { partition: 'partition', region: 'region', account: 'account' };

/** What an ARN says; IAM and Amazon Q Developer have no regions, and the policies of AWS no account. */
function placeOf(arn: string): StackPlace {
  const [, partition, , region, account] = arn.split(':');
  return {
    ...(partition ? { partition } : {}),
    ...(region ? { region } : {}),
    ...(account && account !== 'aws' ? { account } : {}),
  };
}
