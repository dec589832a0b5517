import { AwsError } from '../../errors.ts';

/** DynamoDB's own name for a request that makes no sense. */
export function validationException(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export const conditionFailedText = 'The conditional request failed';

export function conditionalCheckFailed(): AwsError {
  return new AwsError('ConditionalCheckFailedException', conditionFailedText);
}

export interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: object;
}

export function transactionCanceled(reasons: readonly CancellationReason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const text = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new AwsError('TransactionCanceledException', text, undefined, { Message: text, CancellationReasons: reasons });
}

export function noSuchTable(): AwsError {
  return new AwsError('ResourceNotFoundException', 'Requested resource not found');
}

/** Refuses parameters that the sandbox would ignore. */
export function offerOnly(input: object, offered: readonly string[]): void {
  for (const name of Object.keys(input)) {
    if (!offered.includes(name)) {
      throw validationException(`The sandbox does not offer the parameter ${name}`);
    }
  }
}
