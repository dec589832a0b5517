/** What `keysweep init` writes: a policy that changes nothing in AWS, with every setting explained. */
export const starterPolicy = `# The policy of keysweep. Check it with: keysweep policy check
version: 1

# audit: findings only. warn: also notifies owners and sets dates. enforce: also deactivates and deletes what is due.
mode: audit

accessKeys:
  maxAge: 90d              # an active key older than this is too old (CIS: rotate every 90 days or less)
  maxIdle: 45d             # an active key not used for this long or longer is unused (CIS: 45 days or greater)
  neverUsedGrace: 7d       # a new key may stay unused for less than this
  inUseWindow: 14d         # a key used more recently than this is in use
  deactivateInUse: false   # true: keys that are too old are deactivated even while in use
  warn: [14d, 7d, 1d]      # notices before a deactivation; the first one starts the clock
  deleteAfter: 30d         # from the recorded deactivation to the deletion
  restoreGrace: 14d        # a restored key is skipped for this long
  maxInactive: 90d         # an inactive key should be deleted within this time

consolePasswords:
  maxIdle: 45d
  neverUsedGrace: 7d
  # maxAge: 365d           # off unless set

root:
  recentUse: 30d           # a more recent use of the root user is a finding

limits:
  maxDeactivations: 10     # per sweep, a number or a percentage such as 5%; the rest are deferred
  maxDeletions: 5
  maxReportAge: 24h        # a credential report older than this leads to no action

calendar:                  # when credentials may be deactivated or deleted; notices are sent every night
  timezone: UTC
  days: [Mon, Tue, Wed, Thu]
  # freeze: [2026-12-18/2027-01-04]

# Other thresholds for some users; the first match wins.
# overrides:
#   - match: { tag: { kind: machine } }
#     accessKeys: { maxAge: 180d }

# What is exempt, why, who is responsible, and until when. Globs are anchored: "svc-*" does not match "my-svc-1".
# Prefer exact names and key ids: anyone who can tag a user, often the user itself, can make it match a tag, and anyone
# who can create users can make one match a glob. Every newly exempt key is announced.
# exemptions:
#   - match: { user: "break-glass-*" }   # user | path | arn | accessKeyId | tag | account
#     rules: [access-key-unused]         # or "*"
#     reason: sealed emergency access, tested each quarter
#     owner: security@example.com
#     expires: 2027-06-30

# Disable rules or change their severity: critical, high, medium, low or info.
# rules:
#   access-keys-two-active: off
#   console-mfa-missing: { severity: high }

notices:
  ownerTag: owner          # the user tag that names the owner of a user's credentials
  # A notice counts once a channel that reaches people accepted it: a confirmed e-mail address or phone number, or Slack.
  # Queues, functions and filtered subscriptions count only if they are declared here.
  # channels: [{ protocol: sqs, endpoint: "arn:aws:sqs:eu-central-1:111122223333:tickets" }]

# Settings for cdk deploy.
deployment:
  schedule: { at: "04:30", flexibleWindow: 30m }
  firstAudit: false        # true: audits right after the first deployment; nothing is changed before the first night
  # email: [security@example.com]      # gets alerts, digests and alarms; each address must confirm AWS's e-mail
  # noRecipients: accepted             # mode warn or enforce without email and Slack: you subscribe channels by hand
  logRetention: 90d
  snapshotRetention: 400d  # snapshots of audits and full reports in the bucket
  dashboard: true
  # slack: { workspace: T0123456789, channel: C0123456789 }   # through Amazon Q Developer in chat applications
  # slackConfiguration: arn:aws:chatbot::111122223333:chat-configuration/slack-channel/security   # if configured already
  # slackWebhookSecret: arn:aws:secretsmanager:eu-central-1:111122223333:secret:keysweep-slack-AbCdEf   # or a webhook
  # stackName: Keysweep
  # architecture: arm64
  # roles: { path: /security/, prefix: keysweep- }
  # vpc: { subnets: [subnet-0123456789abcdef0], securityGroups: [sg-0123456789abcdef0] }
  # permissionsBoundary: arn:aws:iam::111122223333:policy/boundary
  # encryptionKey: arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000000
  # ledgerTable: keysweep-ledger-restored   # continue a ledger that exists, such as one restored from a backup
  # tags: { cost-center: "4711" }
`;
