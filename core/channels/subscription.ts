/** What takes the messages of a topic, as SNS lists it. Plain data. */

/**
 * A subscription of a topic. `pending`: no one has confirmed it; SNS deletes it 48 hours after it was asked for.
 * `deleted`: someone has unsubscribed, by the link in a message for instance.
 */
export interface Subscription {
  /** As SNS names them: `email`, `sms`, `https`, `lambda`, `sqs`, ... */
  readonly protocol: string;
  readonly endpoint: string;
  readonly state: 'confirmed' | 'pending' | 'deleted';
  /** Only a confirmed one has an ARN. */
  readonly arn?: string;
}

/** What SNS says of one confirmed subscription beside the list. Source: the SNS API reference, GetSubscriptionAttributes. */
export interface SubscriptionDetails {
  /** Absent: it gets every message. */
  readonly filter?: SubscriptionFilter;
  /** Its unsubscribe link works only for who is signed in (ConfirmationWasAuthenticated). */
  readonly unsubscribesSignedInOnly: boolean;
}

export interface SubscriptionFilter {
  /** JSON, as it was given to SNS. */
  readonly policy: string;
  /** What it looks at. */
  readonly scope: 'MessageAttributes' | 'MessageBody';
}

/** A subscription that a policy declares: whatever it is, people read what arrives there. */
export interface DeclaredChannel {
  readonly protocol: string;
  readonly endpoint: string;
}
