import { useAwsConfig } from '../support/aws-config.ts';
import { sandboxCounterpart } from './sandbox-counterpart.ts';
import { describeContract } from './scenario.ts';
import { contract } from './scenarios/index.ts';

useAwsConfig();
describeContract(contract, () => sandboxCounterpart, 'sandbox');
