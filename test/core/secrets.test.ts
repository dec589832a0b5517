import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidenceOfName } from '../../core/name-evidence.ts';
import { containsSecret, withoutLabelledSecrets, withoutSecrets, withoutUserInfo } from '../../core/secrets.ts';

// The example of the IAM User Guide.
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const slashless = secret.replaceAll('/', '+');
const sessionToken = 'aB3dE5gH7kL9mN1pQ2rS4tU6vW8xY0zA+'.repeat(10);
const id = 'AKIAIOSFODNN7EXAMPLE';

describe('withoutSecrets', () => {
  it.each([
    [secret, '<redacted>'],
    [`not an access key id: "${secret}"`, 'not an access key id: "<redacted>"'],
    [`"${secret.replaceAll('/', '\\/')}"`, '"<redacted>"'],
    [`file:${secret}`, 'file:<redacted>'],
    [`arn:aws:iam::123456789012:user/${secret}`, 'arn:aws:iam::123456789012:<redacted>'],
    [`${id}:${secret}`, `${id}:<redacted>`],
    [`Access key ID,Secret access key\n${id},${secret}`, `Access key ID,Secret access key\n${id},<redacted>`],
    [`${id}/${secret}`, '<redacted>'],
    [secret.slice(1), '<redacted>'],
    [secret.slice(0, -2), '<redacted>'],
    [secret.slice(2), '<redacted>'],
    [`${secret}x`, '<redacted>'],
    [`role/CloudOps/${secret}`, '<redacted>'],
    ['password:hunter2', 'password:<redacted>'],
    ['jane:hunter2@localhost', '<redacted>@localhost'],
    ['jane:hun/ter2@db.example.com:5432', '<redacted>@db.example.com:5432'],
    ['postgres://jane:pass@host/db', 'postgres://<redacted>@host/db'],
    ['https://hooks.slack-gov.com/services/T0/B0/abc', 'https://hooks.slack-gov.com/<redacted>'],
    ['https://discord.com/api/webhooks/1/abc', 'https://discord.com/api/<redacted>'],
    ['https://discord.com/api/v10/webhooks/1/abc', 'https://discord.com/api/v10/<redacted>'],
    ['https://outlook.office.com/webhook/1@2/IncomingWebhook/3/4', 'https://outlook.office.com/<redacted>'],
    ['to=https%3A%2F%2Fhooks.slack.com%2Fservices%2FT0%2FB0%2Fabc', 'to=https%3A%2F%2Fhooks.slack.com%2F<redacted>'],
    ['"https:\\/\\/hooks.slack.com\\/services\\/T0\\/B0"', '"https:\\/\\/hooks.slack.com\\/<redacted>"'],
    ['https://x.webhook.office.com/webhookb2/1@2/IncomingWebhook/3', 'https://x.webhook.office.com/<redacted>'],
    [
      'https://prod-12.westeurope.logic.azure.com:443/workflows/0a/triggers/manual/paths/invoke?sv=1.0&sig=a-b_c',
      'https://prod-12.westeurope.logic.azure.com:443/workflows/0a/triggers/manual/paths/invoke?sv=1.0&sig=<redacted>',
    ],
    [
      'https://0a.1b.environment.api.powerplatform.com:443/powerautomate/x/invoke?sig=a-b_c&sv=1',
      'https://0a.1b.environment.api.powerplatform.com:443/powerautomate/x/invoke?sig=<redacted>',
    ],
    [
      'https://chat.googleapis.com/v1/spaces/AAAA/messages?key=AIza-x&token=y_z',
      'https://chat.googleapis.com/v1/spaces/AAAA/messages?key=<redacted>',
    ],
    [
      'https%3A%2F%2Fchat.googleapis.com%2Fv1%2Fspaces%2FA%2Fmessages%3Fkey%3Dx%26token%3Dy',
      'https%3A%2F%2Fchat.googleapis.com%2Fv1%2Fspaces%2FA%2Fmessages%3Fkey%3D<redacted>',
    ],
    [`https://example.com/${encodeURIComponent(secret)}/x`, 'https://example.com<redacted>'],
    [`https://example.com/x/${secret}/y`, 'https://example.com<redacted>'],
    [`https://example.com/SecOps/${secret}`, 'https://example.com<redacted>'],
    [`https://example.com/SecOps/${secret.slice(2)}`, 'https://example.com<redacted>'],
    [`https://example.com/${secret}xy`, 'https://example.com<redacted>'],
    [`https://example.com/SecOps/${slashless.slice(0, -2)}`, 'https://example.com<redacted>'],
    [`https://example.com/x-${slashless}xy/z`, 'https://example.com/x-<redacted>'],
    [`https://example.com/x-IQoJb3JpZ2luX2VjEPz${sessionToken}`, 'https://example.com/x-<redacted>'],
    [`https://example.com/x?key=${secret}`, 'https://example.com/x?key=<redacted>'],
    [`https://${secret}`, 'https:<redacted>'],
    ['export AWS_SECRET_ACCESS_KEY=short', 'export AWS_SECRET_ACCESS_KEY=<redacted>'],
    ['--aws-secret-access-key=short', '--aws-secret-access-key=<redacted>'],
    ['aws_session_token = short', 'aws_session_token = <redacted>'],
    ['{"SecretAccessKey": "short", "a": 1}', '{"SecretAccessKey": "<redacted>", "a": 1}'],
    ['https://jane:pass@host:8443/x', 'https://<redacted>@host:8443/x'],
    ['http://jane:pa/ss@host/x', 'http://<redacted>@host/x'],
    [`http://${id}:${encodeURIComponent(secret)}@127.0.0.1:4566`, 'http://<redacted>@127.0.0.1:4566'],
    [
      'https://s3.amazonaws.com/b?X-Amz-Signature=0123abcd&x=1',
      'https://s3.amazonaws.com/b?X-Amz-Signature=<redacted>&x=1',
    ],
    ['https://hooks.slack.com/services/T0/B0/abc', 'https://hooks.slack.com/<redacted>'],
    [`IQoJb3JpZ2luX2VjEPz${'aB3dE5gH7/'.repeat(40)}==`, '<redacted>=='],
  ])('%s', (text, expected) => {
    expect(withoutSecrets(text)).toBe(expected);
    expect(withoutSecrets(expected)).toBe(expected);
    expect(containsSecret(text)).toBe(true);
  });

  it.each([
    id,
    'AIDACKCEVSQ6C2EXAMPLE',
    'dynamodb:KeysweepOrganizationNotificationsTopicBFC7AF6E',
    'arn:aws:sns:eu-central-1:123456789012:Keysweep-TopicBFC7AF6E-AbCdEfGhIjKl',
    'AWSCompromisedKeyQuarantineV2',
    'file:/home/ann/work/MyCompany1/keysweep/ledgers/production/main',
    '/home/ann/IdeaProjects/AcmeCloudOps/IamPolicies/v2/keysweep.yaml',
    'arn:aws:iam::123456789012:role/CloudOps/DataPlatform/KeysweepRoles/Auditor',
    '/CloudOps/DataPlatform/KeysweepUsers/Prod/',
    // Exactly 40 characters.
    'AWSServiceRoleForConfigMultiAccountSetup',
    'SecretsManagerRDSMySQLRotationSingleUser',
    'GitHubActionsOIDCDeployRoleForTeamXYZ2',
    'CDKToolkitCFNExecRoleForDevOpsInEUWest1',
    'MyCompanyCIUserForECSAndEKSDeploysInEU1',
    'BackupOfMSSQLDBsToS3ForDRInEUWest1AndUK',
    'SQLServerRDSBackupToS3UserForBIAndDWTeam',
    'JenkinsCIToECRPushUserForQAInUSEast1AndAP',
    'SvcProdDbBackupToS3EuWest1',
    'CiCdDeployProdEuWest1User',
    'TfCloudProdEuC1DeployUser',
    `${id},AKIAI44QH8DHBEXAMPLE`,
    `${id}/AKIAI44QH8DHBEXAMPLE`,
    `${id}/TheNightlyExportOfB`,
    `${id}:billing-export needs it`,
    'password:reset flow',
    'mailto:jane@example.com',
    'https://jane@git.example.com/acme/infra',
    'https://docs.google.com/document/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit',
    'https://acme.sharepoint.com/:w:/s/SecOps/EaBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcdefghijkl?e=AbCdEf',
    'https://drive.google.com/file/d/1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVw/view',
    'https://github.com/AcmeCloudOps/IamPolicies/commit/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
    'https://github.com/AcmeCloudOps/IamPolicies/blob/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567/Docs/ReadMe.md',
    'https://docs.google.com/spreadsheets/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit?sig=1',
    'https://learn.microsoft.com/en-us/azure/logic-apps/x?key=value',
    'https://portal.azure.com/?feature=x&sig=short',
    'https://discord.com/api/v10/channels/1',
    '/var/folders/z5/0k3n_wq97b5f6x2b8h3z7q8h0000gn/T/keysweepAbCdEf',
    '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
    'http://127.0.0.1:4566/path@home',
    'jane.doe+test@example.com',
    'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws configure sso',
    'deployment.slackWebhookSecret: expected the ARN of a secret',
    'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keysweep-slack-AbCdEf',
  ])('leaves %s as it is', (text) => {
    expect(withoutSecrets(text)).toBe(text);
    expect(containsSecret(text)).toBe(false);
  });

  it('finds random base64 of 30 bytes wherever it is pasted', () => {
    const around = fc.constantFrom(['', ''], ['user ', ' has'], ['"', '"'], ['x=', ''], ['a/', '/b'], ['k:', ';']);
    const key = fc.uint8Array({ minLength: 30, maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    // What AWS makes is random; fast-check also tries the likes of 40 times A.
    const isLikely = (text: string) => new Set(text).size >= 20;
    fc.assert(
      fc.property(key.filter(isLikely), around, (text, [before, after]) => {
        expect(withoutSecrets(`${before}${text}${after}`)).not.toContain(text);
      }),
      { seed: 7 },
    );
  });

  it('takes no random secret access key for a name, in 5,000', () => {
    const random = fc.noBias(fc.uint8Array({ minLength: 30, maxLength: 30 }));
    fc.assert(
      fc.property(random, (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(evidenceOfName(text)).toBeLessThan(15);
        expect(containsSecret(text)).toBe(true);
        expect(containsSecret(`/home/ann/IdeaProjects/AcmeCloudOps/${text}`)).toBe(true);
      }),
      { seed: 7, numRuns: 5000 },
    );
  });
});

describe('withoutLabelledSecrets', () => {
  it.each([
    [`user/${secret}`, `user/${secret}`],
    [`aws_secret_access_key=${secret}`, 'aws_secret_access_key=<redacted>'],
    ['https://hooks.slack.com/services/T0/B0/abc', 'https://hooks.slack.com/<redacted>'],
  ])('%s', (text, expected) => {
    expect(withoutLabelledSecrets(text)).toBe(expected);
  });
});

describe('containsSecret', () => {
  it.each([
    [secret.replace('ENG/', 'ENG\n  /'), true],
    [`${secret.slice(1, 15)} ${secret.slice(15, 30)} ${secret.slice(30)}\n`, true],
    [`${secret.slice(3, 15)} ${secret.slice(15)}`, false],
    ['Replaces MyOldKey of TheNightlyExportUserX', false],
    [`${id} of TheNightlyExport`, false],
  ])('%j, in pieces: %s', (text, expected) => {
    expect(containsSecret(text)).toBe(expected);
  });
});

describe('withoutUserInfo', () => {
  it.each([
    ['jane:hunter2@localhost', '<redacted>@localhost'],
    ['jane:hunter2@example.com/x', '<redacted>@example.com/x'],
    ['//jane:hunter2@example.com', '//<redacted>@example.com'],
    ['https:/jane:hun/ter2@example.com', 'https:/<redacted>@example.com'],
    ['jane:p@ss@example.com:1', '<redacted>@example.com:1'],
    ['http://127.0.0.1:4566/path@home', 'http://127.0.0.1:4566/path@home'],
    ['localhost:4566', 'localhost:4566'],
    ['[::1]:4566', '[::1]:4566'],
  ])('%s', (url, expected) => {
    expect(withoutUserInfo(url)).toBe(expected);
  });
});
