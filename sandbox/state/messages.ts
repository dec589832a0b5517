/** Messages of SNS topics. */

export interface MessageAttribute {
  readonly type: string;
  readonly value: string;
}

/** A message as it was published. */
export interface PublishedMessage {
  readonly id: string;
  readonly at: Date;
  readonly topicArn: string;
  readonly subject: string | undefined;
  /** The Message parameter; with `structure` json the JSON text. */
  readonly body: string;
  readonly structure: 'json' | undefined;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** The text by protocol, for `structure` json: `email`, `https`, `default`, ... */
  readonly bodies: Readonly<Record<string, string>>;
}

/** What a subscriber of a protocol gets of a message. */
export function textFor(message: PublishedMessage, protocol: string): string {
  return message.bodies[protocol] ?? message.bodies.default ?? message.body;
}
