import { KeysweepError } from '../core/error.ts';

/** An environment variable that the stack sets. @throws KeysweepError ConfigurationMissing */
export function requireVariable(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new KeysweepError('ConfigurationMissing', `the environment variable ${name} is not set`, {
    hint: 'Deploy the stack again. It sets the variable.',
  });
}
