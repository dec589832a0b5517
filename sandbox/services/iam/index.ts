import type { Service } from '../../http/operation.ts';
import { accessKeyOperations } from './access-keys.ts';
import { accountOperations } from './account.ts';
import { reportOperations } from './report.ts';
import { userOperations } from './users.ts';

/** AWS Identity and Access Management. */
export const iam: Service = {
  name: 'iam',
  protocol: 'query',
  version: '2010-05-08',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  operations: { ...reportOperations, ...userOperations, ...accessKeyOperations, ...accountOperations },
};
