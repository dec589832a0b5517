import { IAMServiceException } from '@aws-sdk/client-iam';

/** An error as the SDK makes it of an answer of IAM: its name, the HTTP status and the text. */
export function serviceError(name: string, status: number, message = 'Unknown'): IAMServiceException {
  return new IAMServiceException({
    name,
    message,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status },
  });
}

/** An error of a connection as Node.js makes it. */
export function networkError(code: string, message = `connect ${code} 192.0.2.1:443`): Error {
  return Object.assign(new Error(message), { code });
}
