import { afterAll, beforeAll, describe } from 'vitest';
import { describeLedger } from '../ledger/ledger-contract.ts';
import { useAwsConfig } from '../support/aws-config.ts';
import { describeAcceptance } from './acceptance.ts';
import { openLedgerTable } from './ledger.ts';
import { motoCounterpart } from './moto/counterpart.ts';
import { type MotoServer, startMoto } from './moto/server.ts';
import { describeContract } from './scenario.ts';
import { contract } from './scenarios/index.ts';

let moto: MotoServer;

beforeAll(async () => {
  moto = await startMoto();
});

afterAll(() => moto?.close());

describe('the command line', () => describeAcceptance(() => motoCounterpart(moto)));

describe('the contract', () => {
  useAwsConfig();
  describeContract(contract, () => motoCounterpart(moto), 'moto');
});

describe('the ledger in DynamoDB', () => {
  useAwsConfig();
  describeLedger(() => openLedgerTable(motoCounterpart(moto)));
});
