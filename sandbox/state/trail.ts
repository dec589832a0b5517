/** A management event as CloudTrail keeps it. */
export interface TrailEvent {
  /** Milliseconds since 1970, whole seconds. */
  readonly at: number;
  /** `ListUsers` */
  readonly name: string;
  /** `iam.amazonaws.com` */
  readonly source: string;
  readonly region: string;
  readonly readOnly: boolean;
  readonly userName: string | undefined;
  readonly accessKeyId: string | undefined;
  /** ARN of who did it. */
  readonly actorArn: string;
  readonly resources?: readonly { readonly type: string; readonly name: string }[];
  readonly errorCode?: string;
  /** Default: an address for documentation. */
  readonly sourceIp?: string;
  readonly userAgent?: string;
}

/** Events of these services, which have one endpoint for all regions, appear in us-east-1 only. */
const globalServices = new Set(['iam', 'sts', 'signin', 'organizations', 'cloudfront', 'route53']);

/** A call that each service's events show when a use names the service but not the call. */
const typicalCalls: Readonly<Record<string, string>> = {
  autoscaling: 'DescribeAutoScalingGroups',
  cloudformation: 'DescribeStacks',
  cloudwatch: 'DescribeAlarms',
  dynamodb: 'DescribeTable',
  ec2: 'DescribeInstances',
  ecr: 'GetAuthorizationToken',
  ecs: 'DescribeServices',
  iam: 'GetUser',
  kms: 'DescribeKey',
  lambda: 'ListFunctions20150331',
  logs: 'DescribeLogGroups',
  rds: 'DescribeDBInstances',
  s3: 'ListBuckets',
  ses: 'GetSendQuota',
  signin: 'ConsoleLogin',
  sns: 'ListTopics',
  sqs: 'ListQueues',
  sts: 'GetCallerIdentity',
};

/** The events of one account. Old ones are dropped when there are more than `limit`. */
export class Trail {
  readonly #events: TrailEvent[] = [];
  readonly #limit: number;
  /** How many events were dropped: the index of the oldest one that is kept. */
  firstIndex = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  record(event: TrailEvent): void {
    this.#events.push(event);
    if (this.#events.length > this.#limit * 1.1) {
      this.firstIndex += this.#events.splice(0, this.#events.length - this.#limit).length;
    }
  }

  /** In the order in which they were recorded. */
  events(): readonly TrailEvent[] {
    return this.#events;
  }
}

/** The event name, source and region of a use of which only service and region are known. */
export function describeUse(
  service: string,
  region: string,
): Pick<TrailEvent, 'name' | 'source' | 'region' | 'readOnly'> {
  return {
    name: typicalCalls[service] ?? `Describe${service.charAt(0).toUpperCase()}${service.slice(1)}`,
    source: `${service}.amazonaws.com`,
    region: region === 'N/A' ? 'us-east-1' : eventRegion(service, region),
    readOnly: true,
  };
}

/** Where an event appears. */
export function eventRegion(service: string, region: string): string {
  return globalServices.has(service) ? 'us-east-1' : region;
}
