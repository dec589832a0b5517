/**
 * The CDK app: keysweep for one account, as keysweep.yaml says. `cdk synth` and `cdk deploy` run it; see cdk.json.
 * Another policy file: `-c policy=FILE`. Its name in the CDK is Keysweep, whatever `deployment.stackName` says.
 */
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { printError } from '../cli/errors.ts';
import { readPolicy } from '../cli/input.ts';
import { hidingSecrets } from '../cli/pasted-secrets.ts';
import { processIo } from '../cli/process-io.ts';
import { KeysweepError } from '../core/error.ts';
import { KeysweepStack, type KeysweepStackProps } from '../lib/keysweep-stack.ts';

const io = hidingSecrets(processIo());

/** Builds the app; the CDK synthesizes it when the process has nothing left to do. */
async function main(): Promise<void> {
  // cfn-lint checks CloudFormation's own schema on every change of this project: here it would only take most of the
  // time of each synth. cdk-nag checks every time, because the policy file decides what is deployed.
  const app = new App({ builtinCloudFormationValidation: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const named: unknown = app.node.tryGetContext('policy');
  const { policy } = await readPolicy(named === undefined ? undefined : String(named), io, (text) => {
    return io.stderr.write(`keysweep: ${text}\n`);
  });
  new KeysweepStack(app, 'Keysweep', { ...environment(), policy });
}

/** The account and region of the CLI's credentials; without any, the template fits every account and region. */
function environment(): Pick<KeysweepStackProps, 'env'> {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = io.env;
  return account === undefined || region === undefined ? {} : { env: { account, region } };
}

try {
  await main();
} catch (error) {
  if (!(error instanceof KeysweepError)) throw error;
  await printError(error, io);
  // At once: otherwise the unfinished app would be synthesized.
  process.exit(1);
}
