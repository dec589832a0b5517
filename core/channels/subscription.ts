/** The subscriptions of a topic, as SNS lists them. Plain data. */

/**
 * A subscription of a topic. `pending`: no one has confirmed it; SNS deletes it 48 hours after the request. `deleted`:
 * someone has unsubscribed, for instance by the link in a message.
 */
export interface Subscription {
  /** As SNS names it: `email`, `sms`, `https`, `lambda`, `sqs`, ... */
  readonly protocol: string;
  readonly endpoint: string;
  readonly state: 'confirmed' | 'pending' | 'deleted';
  /** Only a confirmed one has an ARN. */
  readonly arn?: string;
}

/** What SNS says about one confirmed subscription. Source: the SNS API reference, GetSubscriptionAttributes. */
export interface SubscriptionDetails {
  /** Absent: it gets every message. */
  readonly filter?: SubscriptionFilter;
  /** Its unsubscribe link works only for someone who is signed in (ConfirmationWasAuthenticated). */
  readonly unsubscribesSignedInOnly: boolean;
}

export interface SubscriptionFilter {
  /** JSON, as it was given to SNS. */
  readonly policy: string;
  /** What it filters on. */
  readonly scope: 'MessageAttributes' | 'MessageBody';
}

/** A subscription that a policy declares as a channel that people read. */
export interface DeclaredChannel {
  readonly protocol: string;
  readonly endpoint: string;
}
