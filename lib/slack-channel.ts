import { Annotations, Names, Validations } from 'aws-cdk-lib';
import { LoggingLevel, SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { SlackChannelId } from '../core/policy/policy.ts';
import { partitionOf } from './partition.ts';

/** The channel, and what it shows. */
export interface SlackChannelProps {
  /** The workspace must have been authorized for Amazon Q Developer once, in its console. */
  readonly slack: SlackChannelId;
  /** What the channel shows. */
  readonly topics: readonly ITopic[];
}

/** Needed for the graph below an alarm. None of them shows who or what is in an account. */
const graphActions = ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:GetMetricWidgetImage'];

/**
 * A Slack channel that shows the messages of topics, through Amazon Q Developer in chat applications (the former AWS
 * Chatbot).
 *
 * The channel is for reading. Its role can only draw the graph of an alarm, and so can the guardrail, which otherwise would
 * be AdministratorAccess: whatever role someone links in the channel, no command there can do anything else.
 */
export class SlackChannel extends Construct {
  readonly configuration: SlackChannelConfiguration;
  readonly role: Role;
  readonly guardrail: ManagedPolicy;

  constructor(scope: Construct, id: string, { slack, topics }: SlackChannelProps) {
    super(scope, id);
    this.warnOutsideAws();
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('chatbot.amazonaws.com'),
      description: 'Lets Amazon Q Developer draw keysweep alarms in Slack',
      inlinePolicies: { DrawAlarms: new PolicyDocument({ statements: [drawAlarms()] }) },
    });
    this.guardrail = new ManagedPolicy(this, 'Guardrail', {
      description: 'The most that anyone can do from the Slack channel of keysweep: view alarms',
      statements: [drawAlarms()],
    });
    this.configuration = new SlackChannelConfiguration(this, 'Configuration', {
      slackChannelConfigurationName: Names.uniqueResourceName(this, { maxLength: 64, separator: '-' }),
      slackWorkspaceId: slack.workspace,
      slackChannelId: slack.channel,
      notificationTopics: [...topics],
      // Without policy updates, so that no construct adds to it silently.
      role: this.role.withoutPolicyUpdates(),
      guardrailPolicies: [this.guardrail],
      loggingLevel: LoggingLevel.ERROR,
    });
    for (const part of [this.role, this.guardrail]) {
      Validations.of(part).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'Metrics have no resource types in IAM, and alarms of other stacks may be published to these topics.',
      });
    }
  }

  private warnOutsideAws(): void {
    const partition = partitionOf(this) ?? 'aws';
    if (partition === 'aws') return;
    Annotations.of(this).addWarningV2(
      'keysweep:slackPartition',
      `deployment.slack needs Amazon Q Developer in chat applications, which AWS does not list for the partition ${partition}: the deployment will probably fail. Set deployment.slackWebhookSecret instead.`,
    );
  }
}

function drawAlarms(): PolicyStatement {
  return new PolicyStatement({ sid: 'DrawAlarms', actions: graphActions, resources: ['*'] });
}
