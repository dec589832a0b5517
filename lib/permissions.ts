/** Policy statements of more than one role. With pseudo parameters, so that the text is the same in every environment. */
import { Aws, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { eventSource } from '../core/events.ts';
import { quarantinePolicies } from '../core/quarantine.ts';
import type { ArchiveBucket } from './archive-bucket.ts';

/** All users of this account, with any path. */
export const users = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:user/*`;

/** Reads that IAM offers only for the account as a whole. */
export function readAccount(actions: readonly string[]): PolicyStatement {
  return new PolicyStatement({ sid: 'ReadAccount', actions: [...actions], resources: ['*'] });
}

/** Reads whom AWS has quarantined: the users with one of these managed policies. */
export function readQuarantine(): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReadQuarantine',
    actions: ['iam:ListEntitiesForPolicy'],
    resources: quarantinePolicies.map((name) => `arn:${Aws.PARTITION}:iam::aws:policy/${name}`),
  });
}

/** What the triage reads about single users. */
export function readUsers(): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReadUsers',
    actions: ['iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys', 'iam:ListUserTags'],
    resources: [users],
  });
}

export function publish(sid: string, topic: ITopic): PolicyStatement {
  return new PolicyStatement({ sid, actions: ['sns:Publish'], resources: [topic.topicArn] });
}

/** Reads who is subscribed to topics, so that a message counts only if people get it. */
export function readSubscriptions(topics: readonly ITopic[]): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ListSubscriptions',
      actions: ['sns:ListSubscriptionsByTopic'],
      resources: topics.map(({ topicArn }) => topicArn),
    }),
    // The Service Authorization Reference lists the topic as an optional resource, and older editions list none: an
    // action without resource types is allowed by `*` only, and a denial here would silence keysweep.
    new PolicyStatement({
      sid: 'ReadSubscriptions',
      actions: ['sns:GetSubscriptionAttributes'],
      resources: ['*'],
    }),
  ];
}

/** Explains to cdk-nag why a role may read the attributes of every subscription. */
export function acknowledgeSubscriptions(role: Role): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'GetSubscriptionAttributes is not reliably authorized on the topic alone. It only reads.',
  });
}

export function getObjects(sid: string, bucket: ArchiveBucket, prefixes: readonly string[]): PolicyStatement {
  return useObjects('s3:GetObject', sid, bucket, prefixes);
}

export function putObjects(sid: string, bucket: ArchiveBucket, prefixes: readonly string[]): PolicyStatement {
  return useObjects('s3:PutObject', sid, bucket, prefixes);
}

function useObjects(action: string, sid: string, bucket: ArchiveBucket, prefixes: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid,
    actions: [action],
    resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
  });
}

/**
 * Allows events of these types, with keysweep as source, on the account's default bus.
 *
 * Both condition keys have a list, with one value for each entry of the request: every value must be one of these, and
 * there must be at least one, because "for all" is true of an empty list. Source: the Service Authorization Reference for EventBridge.
 */
export function putEvents(detailTypes: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'PublishEvents',
    actions: ['events:PutEvents'],
    resources: [`arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/default`],
    conditions: {
      'ForAllValues:StringEquals': { 'events:source': [eventSource], 'events:detail-type': [...detailTypes] },
      Null: { 'events:source': 'false', 'events:detail-type': 'false' },
    },
  });
}

/** Explains to cdk-nag why a role may access every object below these prefixes. */
export function acknowledgePrefixes(role: Role, bucket: ArchiveBucket, prefixes: readonly string[]): void {
  const { logicalId } = bucket.node.defaultChild as CfnBucket;
  Validations.of(role).acknowledge(
    ...prefixes.map((prefix) => ({
      id: `AwsSolutions-IAM5[Resource::<${bucket.stack.resolve(logicalId)}.Arn>/${prefix}*]`,
      reason: `Every run has its own object below ${prefix}, whose name contains the account and the time.`,
    })),
  );
}
