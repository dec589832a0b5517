import type { AwsCredentials } from '../../aws/credentials.ts';
import type { ContractAccount } from './account.ts';

export type CounterpartName = 'sandbox' | 'moto';

/** An account of a counterpart that answers requests. */
export interface OpenAccount {
  readonly endpointUrl: string;
  readonly region: string;
  /** Of someone who may do everything and is no user of the account. */
  readonly credentials: AwsCredentials;
  /** The ids of a user's access keys, in the order of the account. Of the keys that it was opened with. */
  accessKeyIds(userName: string): readonly string[];
  /** What the counterpart takes for the present. */
  now(): Date;
  close(): Promise<void>;
}

/** Something that claims to behave like AWS. */
export interface Counterpart {
  readonly name: CounterpartName;
  /** A new account filled as described, with no credential report yet. */
  open(account: ContractAccount): Promise<OpenAccount>;
}
