import type { TopicCheck } from '../../core/channels/topic-check.ts';
import type { KeyCheck } from '../../core/key-policy/judge.ts';
import type { Account } from '../../core/model.ts';

/** The channels of some topics, as `keysweep channels` found them, and what it did about them. */
export interface ChannelsDocument {
  readonly account: Pick<Account, 'id' | 'partition'>;
  readonly asOf: Date;
  readonly topics: readonly TopicCheck[];
  /** Addresses that `--fix` has asked SNS to subscribe. */
  readonly subscribed: readonly SubscribedAddress[];
  /** The key of the deployment, if it has one of its own. */
  readonly key?: KeyCheck;
  /** What could not be done, for people. */
  readonly problems: readonly string[];
}

export interface SubscribedAddress {
  readonly topicArn: string;
  readonly endpoint: string;
}
