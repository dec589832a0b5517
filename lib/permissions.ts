/** Statements that more than one role has. Pseudo parameters, so that the text is the same in every environment. */
import { Aws, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { eventSource } from '../core/events.ts';
import type { ArchiveBucket } from './archive-bucket.ts';

/** Users of this account, whatever their path. */
export const users = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:user/*`;

/** Reads that IAM offers for the account as a whole only. */
export function readAccount(actions: readonly string[]): PolicyStatement {
  return new PolicyStatement({ sid: 'ReadAccount', actions: [...actions], resources: ['*'] });
}

/** What the triage asks about single users. */
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

/** Who is subscribed to topics, so that a message counts only where people get it. */
export function readSubscriptions(topics: readonly ITopic[]): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ListSubscriptions',
      actions: ['sns:ListSubscriptionsByTopic'],
      resources: topics.map(({ topicArn }) => topicArn),
    }),
    // The Service Authorization Reference has the topic as a resource that may be named or not, and older editions had
    // none: an action that is judged on no resource is allowed by `*` alone, and a denial here would silence keysweep.
    new PolicyStatement({
      sid: 'ReadSubscriptions',
      actions: ['sns:GetSubscriptionAttributes'],
      resources: ['*'],
    }),
  ];
}

/** Tells cdk-nag why a role may read the attributes of every subscription. */
export function acknowledgeSubscriptions(role: Role): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'GetSubscriptionAttributes cannot be relied on to be authorized on the topic alone; it only reads.',
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
 * Events of these kinds, as keysweep, on the account's default bus.
 *
 * Both condition keys hold a list, one value for each entry of the request: every value must be one of these, and there
 * must be some, because "all of them" is true of none. Source: the Service Authorization Reference for EventBridge.
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

/** Tells cdk-nag why a role may reach every object below these prefixes. */
export function acknowledgePrefixes(role: Role, bucket: ArchiveBucket, prefixes: readonly string[]): void {
  const { logicalId } = bucket.node.defaultChild as CfnBucket;
  Validations.of(role).acknowledge(
    ...prefixes.map((prefix) => ({
      id: `AwsSolutions-IAM5[Resource::<${bucket.stack.resolve(logicalId)}.Arn>/${prefix}*]`,
      reason: `Every run has an object of its own below ${prefix}, whose name holds the account and the time.`,
    })),
  );
}
